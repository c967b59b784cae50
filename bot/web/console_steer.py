"""发, 撤, 作废, 同意, 不同意 as buttons: the same verbs as in chat, for the same people."""

from flask import redirect, request
from werkzeug.wrappers import Response

from bot.web.console_directive import PLACE, allowed, may_confirm, preview_of, seen
from bot.web.console_order import cleaned
from bot.web.guard import Visit
from handlers import steer_directive, wording
from handlers.domain.directive import Directive, State
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.message import Channel, Inbound, Kind
from handlers.ports import Turn
from nlp.command import Command, CommandKind
from nlp.privacy import find_private
from store.work import SqlWork

_REASON_LONGEST = 100


def go(visit: Visit, directive_id: int) -> Response:
    """Send the draft that this very page shows; a second press of the button changes nothing."""
    with visit.parts.store.begin() as work:
        draft = seen(visit, work, directive_id)
        if draft.author_id != visit.person.id:
            raise UnknownNode(f"directive {directive_id}")
        if draft.state is State.PREVIEW:
            if not allowed(visit, draft).go or preview_of(visit, draft, work) is None:
                raise Refused(wording.preview_gone())
            steer_directive.go(visit.person, PLACE, work, visit.context)
    return _back(directive_id)


def stop(visit: Visit, directive_id: int) -> Response:
    """Stop the directive wherever it stands: 撤 before it is out, 作废 after."""
    with visit.parts.store.begin() as work:
        target = seen(visit, work, directive_id)
        may = allowed(visit, target)
        if may.stop or may.void:
            steer_directive.stop(target, visit.person, work, visit.context)
        elif target.author_id != visit.person.id:
            raise UnknownNode(f"directive {directive_id}")
    return _back(directive_id)


def approve(visit: Visit, directive_id: int) -> Response:
    """Be the second person who says yes, before it goes or, in war, right after."""
    return _second(visit, directive_id, CommandKind.APPROVE)


def refuse(visit: Visit, directive_id: int) -> Response:
    """Be the second person who says no; the reason goes to the author."""
    return _second(visit, directive_id, CommandKind.REFUSE)


def _second(visit: Visit, directive_id: int, kind: CommandKind) -> Response:
    with visit.parts.store.begin() as work:
        draft = seen(visit, work, directive_id)
        may = allowed(visit, draft)
        if not may_confirm(visit, draft):
            raise UnknownNode(f"directive {directive_id}")
        if may.confirm or (may.review and kind is CommandKind.APPROVE):
            _say(visit, draft, kind, work)
            if may.review or kind is CommandKind.REFUSE:  # the verb notes the other case itself
                visit.note(work, kind.value, draft.code, "duty")
    return _back(directive_id)


def _say(visit: Visit, draft: Directive, kind: CommandKind, work: SqlWork) -> None:
    """Say it as it would be said in chat; Refused with the answer when it changed nothing."""
    now, args = visit.context.now, {"reason": _reason()}
    inbound = Inbound("console", Channel.WECOM_APP, Kind.TEXT, visit.person.userid, PLACE, "", {}, now, now)
    turn = Turn(inbound, visit.person, None, "")
    answer = steer_directive.handle(turn, Command(kind, draft.code, args), work, visit.context)
    after = work.directives.get(draft.id)
    if after is not None and (after.state, after.reviewed_at) == (draft.state, draft.reviewed_at):
        raise Refused("\n".join(say.text for say in answer or ()))


def _reason() -> str:
    reason = " ".join(cleaned(request.form.get("reason", "")).split())[:_REASON_LONGEST]
    if find_private(reason):
        raise Refused("原因里请不要写身份证号、电话名单、车牌。")
    return reason


def _back(directive_id: int) -> Response:
    return redirect(f"/console/directive/{directive_id}", code=303)

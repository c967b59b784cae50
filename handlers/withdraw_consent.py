"""撤回同意: one call, at once, without a reason. What was kept under that consent is destroyed with its key."""

from dataclasses import replace

from handlers.domain.consent import Consent, ConsentPurpose, ConsentState, Speaker, Way, newest
from handlers.domain.declared import Subject
from handlers.domain.errors import Refused
from handlers.domain.rights import RequestState, RightKind
from handlers.domain.threshold import TaskKind, TaskState
from handlers.ports import Context, Work
from handlers.rights_grants import due_at, mine
from handlers.wording import own_data as say

_CALLS = frozenset({TaskKind.FEVER, TaskKind.WELFARE})
"""Calls that were ours to make; what somebody asked for themselves stays."""


def withdraw(token: str, row: str | None, purpose: ConsentPurpose, work: Work, ctx: Context) -> str:
    """Take back what was consented to for *purpose*; returns what to tell. Doing it again changes nothing.

    *row* names the person on the sheet the token belongs to, None with a token of one person. Raises UnknownNode when
    it opens nothing; Refused when the consent that stands was not given on this sheet.
    """
    who = mine(token, row, work, ctx)
    held = newest(work.consents.of(who.subject.id)).get(purpose)
    if held is None or held.state is not ConsentState.GRANTED:
        return say.nothing_to_withdraw()
    if not who.whole and held.sheet_id != who.sheet_id:
        raise Refused(say.not_by_this_link())
    speaker = Speaker.SELF if who.whole else held.said_by
    _take_back(replace(held, said_by=speaker, way=Way.PAGE, sheet_id=who.sheet_id), who.subject, work, ctx)
    return say.withdrawn(purpose)


def call_no_more(subject: Subject, way: Way, work: Work, ctx: Context) -> bool:
    """Take back what the person themselves consented to: to be called. False when that does not stand."""
    held = newest(work.consents.of(subject.id)).get(ConsentPurpose.CARE)
    if held is None or held.state is not ConsentState.GRANTED:
        return False
    _take_back(replace(held, said_by=Speaker.SELF, way=way, sheet_id=None), subject, work, ctx)
    return True


def _take_back(held: Consent, subject: Subject, work: Work, ctx: Context) -> None:
    work.consents.add(subject.id, [replace(held, state=ConsentState.WITHDRAWN, at=ctx.now)])
    request = work.rights.ask(subject.id, RightKind.WITHDRAW, ctx.now, due_at(ctx))
    work.audit.note(ctx.now, None, "withdraw", f"subject:{subject.id}", "proof", held.purpose.value)
    work.rights.answer(request, RequestState.DONE, ctx.now)
    _undo(held.purpose, subject, work, ctx)


def _undo(purpose: ConsentPurpose, subject: Subject, work: Work, ctx: Context) -> None:
    """Stop what rested on the consent: nothing queued goes out any more, and nothing kept under it stays."""
    if purpose is ConsentPurpose.HEALTH:
        work.erasure.erase_health(subject.id, "withdrawn", ctx.now)
    elif purpose is ConsentPurpose.CARE:
        work.erasure.stop_letters(subject.id, ctx.now)
        for task in work.care_tasks.of_subject(subject.id):
            if task.kind in _CALLS and task.state is not TaskState.CLOSED and not task.urgent:
                work.care_tasks.close(task, "", ctx.now)
    else:
        work.erasure.erase(subject.id, "withdrawn", ctx.now)

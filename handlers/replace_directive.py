"""更新 D-3 …, 上午那个通知作废 改成…, D-3 截止改4点半: a correction of what is out, previewed like a new one."""

from dataclasses import replace
from datetime import datetime

from handlers import wording
from handlers.domain.directive import LIVE, UNSENT, Directive, Kind, State, may_steer, number_of
from handlers.domain.errors import Refused
from handlers.domain.policy import Action
from handlers.domain.rules import rules_over
from handlers.drafts import check_body, reach_of, show, until_of
from handlers.ports import Context, Say, Turn, Work
from handlers.replacing import REMEMBERED, meant
from handlers.sending import go, previewed
from handlers.spoken import Spoken, SpokenKind
from nlp.command import Command, CommandKind
from nlp.dates import read_deadline

intents = frozenset({SpokenKind.REVISE, CommandKind.AMEND})


def handle(turn: Turn, said: Spoken | Command, work: Work, ctx: Context) -> list[Say] | None:
    """Answer with the preview of the correction; None when the words are about something else."""
    if not ctx.tree.viewable(turn.person, turn.person.nodes(), Action.ISSUE):
        return None
    if said.kind is CommandKind.AMEND:
        return _deadline(turn, said, work, ctx) if said.ref else None
    which = said.args.get("which", "")
    draft = previewed(turn.person, turn.place, work, ctx)
    if draft is not None and said.ref is None and not which:
        return [Say(_redraft(turn, draft, said.args["body"], work, ctx))]
    target = _target(turn, said.ref, which, work, ctx)
    if isinstance(target, str):
        return [Say(target)]
    at = read_deadline(said.args["body"], turn.inbound.sent_at) or target.deadline_at
    return [Say(_revised(turn, target, said.args["body"], at, work, ctx))]


def _redraft(turn: Turn, draft: Directive, body: str, work: Work, ctx: Context) -> str:
    """改成…, said to a preview: the draft's text is exchanged, nothing has gone out yet."""
    check_body(body)
    at = read_deadline(body, turn.inbound.sent_at) or draft.deadline_at
    draft = replace(draft, body=body, deadline_at=at)
    work.directives.move(draft, UNSENT)
    return show(draft, turn.place, work, ctx)


def _deadline(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    target = _target(turn, command.ref, "", work, ctx)
    if isinstance(target, str):
        return [Say(target)]
    at = read_deadline(command.args["deadline"], turn.inbound.sent_at)
    if at is None or at <= ctx.now:
        return [Say(wording.bad_deadline(command.args["deadline"]))]
    if target.state in UNSENT:
        work.directives.move(replace(target, deadline_at=at), {target.state})
        return [Say(wording.deadline_moved(until_of(replace(target, deadline_at=at), ctx) or ""))]
    preview = _revised(turn, target, target.body, at, work, ctx)
    return go(turn.person, turn.place, work, ctx) if "go" in command.args else [Say(preview)]


def _target(turn: Turn, ref: str | None, which: str, work: Work, ctx: Context) -> Directive | str:
    """Return the directive meant, or what to say when there is not exactly one that may be corrected."""
    if ref is not None:
        found = work.directives.by_number(number_of(ref))
        if found is None:
            raise Refused(wording.no_such_directive(ref))
    else:
        words = which or "今天"
        candidates = [d for d in meant(turn.person, words, work, ctx) if d.created_at > ctx.now - REMEMBERED]
        if len(candidates) != 1:
            named = [(d.code, d.body) for d in candidates]
            return wording.which_to_change(named) if named else wording.nothing_to_change()
        found = candidates[0]
    if not may_steer(found, turn.person.id):
        return wording.not_yours_to_steer(found.code)
    if found.kind is Kind.CANCEL:
        return wording.cancel_stays(found.code)
    if found.state in LIVE | UNSENT | {State.CLOSED}:
        return found
    follower = work.directives.follower(found.id)
    return wording.stopped_already(found.code, follower.code if follower else None)


def _revised(turn: Turn, target: Directive, body: str, deadline_at: datetime | None, work: Work, ctx: Context) -> str:
    """Draft the correction and return its preview. What has not gone out yet is dropped and simply drafted anew."""
    if not ctx.tree.views_all(turn.person, target.audience.nodes, Action.ISSUE):
        raise Refused(wording.not_allowed("给那里下发通知"))
    check_body(body)
    unsent = target.state in UNSENT
    if unsent:
        work.directives.move(replace(target, state=State.DROPPED, ended_at=ctx.now, due_at=None), UNSENT)
    rules = rules_over(work.modes.current(ctx.now), ctx.tree, ctx.county, target.audience.nodes, ctx.now)
    draft = replace(
        target,
        id=0,
        number=None,
        kind=target.kind if unsent else Kind.UPDATE,
        refers_to=target.refers_to if unsent else target.id,
        author_id=turn.person.id,
        confirmer_id=None,
        body=body,
        ladder=tuple((int(rung.after.total_seconds() // 60), rung.tell) for rung in rules.ladder),
        compulsory=rules.compulsory,
        state=State.PREVIEW,
        created_at=ctx.now,
        due_at=None,
        deadline_at=deadline_at if deadline_at and deadline_at > ctx.now else None,
        issued_at=None,
        ended_at=None,
        reviewed_at=None,
    )
    draft = work.directives.add(replace(draft, reach=reach_of(draft, work, ctx)))
    work.audit.note(ctx.now, turn.person.id, "revise", target.code, "duty", "preview")
    return show(draft, turn.place, work, ctx)

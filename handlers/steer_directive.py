"""发, 撤, 作废, 同意, 不同意: the words that move a directive, counted only from its author or its confirmer."""

from dataclasses import replace
from datetime import timedelta

from handlers import wording
from handlers.domain.directive import LIVE, UNSENT, Directive, State, after_go, may_steer, needs_review, number_of
from handlers.domain.errors import Refused
from handlers.domain.people import Person
from handlers.domain.policy import Action, may
from handlers.domain.talk import Topic
from handlers.issue_directive import reach_of, where_of
from handlers.letters import private
from handlers.ports import Context, Say, Turn, Work
from handlers.replace_directive import cancel_directive
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.GO, CommandKind.UNDO, CommandKind.VOID, CommandKind.APPROVE, CommandKind.REFUSE})


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Answer one steering word."""
    if command.kind is CommandKind.GO:
        return go(turn.person, turn.place, work, ctx)
    if command.kind in (CommandKind.APPROVE, CommandKind.REFUSE):
        return _second(turn, command, work, ctx)
    return _stop(turn, command, work, ctx)


def go(person: Person, place: str, work: Work, ctx: Context) -> list[Say]:
    """Send the draft this person was last shown in this place: hold it, or ask for the second person."""
    talk = work.talks.last(person.id, place, [Topic.PREVIEW], ctx.now)
    draft = work.directives.get(talk.subject_id) if talk and talk.subject_id else None
    if draft is None or draft.state is not State.PREVIEW or draft.author_id != person.id:
        return [Say(wording.preview_gone())]
    draft = replace(draft, reach=reach_of(draft, work, ctx), number=work.directives.next_number())
    moved = after_go(draft, confirm_above=ctx.county.confirm_above, hold=ctx.county.hold, now=ctx.now)
    if not work.directives.move(moved, {State.PREVIEW}):
        return [Say(wording.preview_gone())]
    work.talks.drop(person.id, place, [Topic.PREVIEW])
    work.audit.note(ctx.now, person.id, "issue", moved.code, "duty", moved.state)
    if moved.state is State.SECOND:
        return _ask_second(moved, person, work, ctx)
    seconds = int((moved.due_at - ctx.now).total_seconds()) if moved.due_at else 0
    return [Say(wording.held(moved, seconds))]


def _ask_second(draft: Directive, author: Person, work: Work, ctx: Context) -> list[Say]:
    asked = confirmers(draft, work, ctx)
    if not asked:
        raise Refused("要第二人同意,但这里没有别的能复核的人。请先在花名册里设一位副职。")
    text = wording.please_confirm(draft, author.name, where_of(draft.audience, ctx))
    work.outbox.put([private(p.userid, p.id, text, ctx.now, directive_id=draft.id) for p in asked], ctx.now)
    people = draft.reach.people if draft.reach else 0
    return [Say(wording.needs_second(people, ctx.county.confirm_above))]


def confirmers(draft: Directive, work: Work, ctx: Context) -> list[Person]:
    """Return who else may confirm the draft: at its scope, else the nearest node above that has somebody."""
    leaves = work.people.leaves(ctx.day)
    near = work.people.holders(ctx.day, ("deputy", "township_lead", "county_lead"))
    for scope in (draft.scope_id, *ctx.tree.ancestors(draft.scope_id)):
        here = {row.person_id for row in near if row.node_id == scope} - {draft.author_id} - set(leaves)
        people = [p for p in work.people.many(here, ctx.day).values() if _may_confirm(p, draft, ctx)]
        if people:
            return people
    return []


def _may_confirm(person: Person, draft: Directive, ctx: Context) -> bool:
    return person.id != draft.author_id and all(
        may(person, Action.CONFIRM, node, ctx.tree) for node in draft.audience.nodes
    )


def _second(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    draft = _named(command, work) or _only_pending(turn.person, work, ctx)
    if draft is None or not _may_confirm(turn.person, draft, ctx):
        return [Say(wording.not_ours(command.ref) if draft is None else wording.not_yours_to_steer(draft.code))]
    if draft.state in LIVE:
        if command.kind is CommandKind.REFUSE or not draft.urgent or not needs_review(draft, ctx.county.confirm_above):
            return [Say(wording.late_answer(draft.code))]
        work.audit.note(ctx.now, turn.person.id, "review", draft.code, "duty", "ok")
        work.directives.move(replace(draft, confirmer_id=turn.person.id, reviewed_at=ctx.now), LIVE)
        return [Say(wording.reviewed(draft))]
    if draft.state is not State.SECOND or ctx.now - draft.created_at > ctx.county.preview_for + timedelta(minutes=10):
        return [Say(wording.preview_gone())]
    author = work.people.get(draft.author_id, ctx.day)
    if command.kind is CommandKind.REFUSE:
        work.audit.note(ctx.now, turn.person.id, "refuse", draft.code, "duty", "dropped")
        work.directives.move(replace(draft, state=State.DROPPED, ended_at=ctx.now), {State.SECOND})
        text = wording.refused_second(draft, command.args.get("reason", ""))
        if author:
            work.outbox.put([private(author.userid, author.id, text, ctx.now)], ctx.now)
        return [Say(text)]
    held = replace(draft, state=State.HELD, confirmer_id=turn.person.id, due_at=ctx.now + ctx.county.hold)
    if not work.directives.move(held, {State.SECOND}):
        return [Say(wording.preview_gone())]
    work.audit.note(ctx.now, turn.person.id, "confirm", held.code, "duty", "held")
    text = wording.held(held, int(ctx.county.hold.total_seconds()))
    if author:
        work.outbox.put([private(author.userid, author.id, text, ctx.now)], ctx.now)
    return [Say(text)]


def _stop(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    target = _named(command, work) or _latest(turn.person, work, ctx)
    if target is None:
        return [Say(wording.preview_gone())]
    if not may_steer(target, turn.person.id) and not _reviewer(turn.person, target, command, ctx):
        return [Say(wording.not_yours_to_steer(target.code))]
    return [Say(stop(target, turn.person, work, ctx))]


def _reviewer(person: Person, target: Directive, command: Command, ctx: Context) -> bool:
    """An urgent one that went out on one word may be voided by whoever may confirm it: that is the review."""
    unreviewed = target.state in LIVE and target.confirmer_id is None and target.reviewed_at is None
    return command.kind is CommandKind.VOID and unreviewed and target.urgent and _may_confirm(person, target, ctx)


def stop(target: Directive, person: Person, work: Work, ctx: Context) -> str:
    """Stop *target* wherever it stands and return what to say: unsent ones are dropped, sent ones cancelled."""
    if target.state in UNSENT:
        gone = work.directives.move(replace(target, state=State.DROPPED, ended_at=ctx.now), UNSENT)
        if gone:
            work.audit.note(ctx.now, person.id, "drop", target.code, "duty", "ok")
            return wording.dropped(target.code)
        target = work.directives.get(target.id) or target
    if target.state not in LIVE and target.state is not State.CLOSED:
        return wording.late_answer(target.code)
    stopped, out = cancel_directive(target, person.id, work, ctx)
    work.audit.note(ctx.now, person.id, "cancel", target.code, "duty", "ok")
    return wording.aborted(target.code, stopped, out)


def _named(command: Command, work: Work) -> Directive | None:
    if command.ref is None:
        return None
    found = work.directives.by_number(number_of(command.ref))
    if found is None:
        raise Refused(wording.not_ours(command.ref))
    return found


def _latest(person: Person, work: Work, ctx: Context) -> Directive | None:
    """撤 without a number: the author's newest that can still be stopped, within ten minutes of its 发."""
    found = work.directives.steered_by(person.id, UNSENT | LIVE, ctx.now - ctx.county.preview_for)
    return found[0] if found else None


def _only_pending(person: Person, work: Work, ctx: Context) -> Directive | None:
    pending = [d for d in work.directives.due({State.SECOND}, ctx.now) if _may_confirm(person, d, ctx)]
    return pending[0] if len(pending) == 1 else None

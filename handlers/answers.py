"""Writing down what somebody answers to a directive, for themselves and for those they stand in for."""

from dataclasses import dataclass

from handlers import wording
from handlers.domain.daily_text import reason as kind_of_reason
from handlers.domain.directive import LIVE, Directive, Kind, Receipt, ReceiptState, State
from handlers.domain.people import Person, stand_in, stood_in_for
from handlers.domain.rules import rules_over
from handlers.letters import delayed, private
from handlers.ports import Context, Say, Work

# what an answer does not undo: a later 收到 takes nothing back from 收到 or 办好了
_KEPT = {
    ReceiptState.ACKNOWLEDGED: frozenset({ReceiptState.ACKNOWLEDGED, ReceiptState.DONE}),
    ReceiptState.DONE: frozenset({ReceiptState.DONE}),
    ReceiptState.BLOCKED: frozenset(),
}


_UNFINISHED = (ReceiptState.WAITING, ReceiptState.ACKNOWLEDGED, ReceiptState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said, and by which way: word, button, relay."""

    state: ReceiptState
    via: str = "word"
    blocker: str | None = None


def awaited(person: Person, work: Work, ctx: Context) -> tuple[Directive, ...]:
    """Return the live directives that wait for this person, or for somebody they stand in for, oldest first."""
    covered = stood_in_for(person.id, work.people.leaves(ctx.day))
    found = {one.id: one for who in (person.id, *covered) for one in work.directives.awaiting(who, ctx.now)}
    return tuple(found[key] for key in sorted(found))


def unfinished(person: Person, work: Work, ctx: Context) -> tuple[Directive, ...]:
    """Return the live directives on which this person, or somebody they stand in for, has not said 办好了."""
    covered = stood_in_for(person.id, work.people.leaves(ctx.day))
    mine = work.directives.awaiting(person.id, ctx.now, _UNFINISHED)
    found = {one.id: one for who in covered for one in work.directives.awaiting(who, ctx.now)}
    found |= {one.id: one for one in mine}
    return tuple(found[key] for key in sorted(found))


def record(directive: Directive, person: Person, answer: Answer, work: Work, ctx: Context) -> list[Say]:
    """Write the answer down; the ladders of all it speaks for stop with it."""
    if directive.kind is Kind.CANCEL:
        return [Say(wording.not_owed(directive.code))]
    own, others = work.receipts.of(directive.id, person.id), _covered(directive, person, work, ctx)
    if own is None and not others:
        return [Say(wording.not_owed(directive.code))]
    if directive.state not in LIVE | {State.CLOSED}:
        return [Say(ended(directive, work))]
    if own is not None and own.state not in _KEPT[answer.state]:
        work.receipts.answer(own.id, answer.state, answer.via, answer.blocker, ctx.now)
    for receipt in others:
        work.receipts.answer(receipt.id, answer.state, "substitute", answer.blocker, ctx.now)
    if answer.state is ReceiptState.BLOCKED:
        place = own.node_id if own else others[0].node_id
        kind = kind_of_reason(answer.blocker or "")
        _tell_author(directive, place, kind, work, ctx)
        return [Say(wording.blocked(directive.code, kind))]
    said = wording.finished if answer.state is ReceiptState.DONE else wording.acknowledged
    return [Say(said(directive.code) + (wording.also_for(len(others)) if others else ""))]


def ended(directive: Directive, work: Work) -> str:
    """Return what to say of a directive that is over, and where to look instead."""
    follower = work.directives.follower(directive.id)
    return wording.late_answer(directive.code, follower.code if follower else None)


def _covered(directive: Directive, person: Person, work: Work, ctx: Context) -> list[Receipt]:
    """Return the open receipts of people on leave this person stands in for, and of the silent ones beside them in
    whose stead they were asked."""
    away = stood_in_for(person.id, work.people.leaves(ctx.day))
    found = [receipt for who in away if (receipt := work.receipts.of(directive.id, who))]
    if directive.tells_by("substitute", ctx.now):
        found += work.receipts.open_at(directive.id, person.nodes())
    return [
        receipt
        for receipt in {one.id: one for one in found}.values()
        if receipt.state is ReceiptState.WAITING
        and receipt.person_id != person.id
        and (receipt.person_id in away or directive.told(receipt.rung, "substitute"))
    ]


def _tell_author(directive: Directive, place: int, kind: str, work: Work, ctx: Context) -> None:
    """The first of each reason reaches whoever issued it; the same again is added up in 进度 and not told again."""
    same = [r for r in work.receipts.blocked(directive.id) if kind_of_reason(r.blocker or "") == kind]
    author = work.people.get(stand_in(directive.author_id, work.people.leaves(ctx.day)) or 0, ctx.day)
    if len(same) > 1 or author is None:
        return
    rules = rules_over(work.modes.current(ctx.now), ctx.tree, ctx.county, directive.audience.nodes, ctx.now)
    text = wording.blocker_came(directive.code, ctx.tree.name_within(place, directive.scope_id), kind)
    letter = private(author.userid, author.id, text, ctx.now, directive_id=directive.id)
    work.outbox.put(delayed([letter], rules.loud_at(ctx.now, ctx.county.tz)), ctx.now)

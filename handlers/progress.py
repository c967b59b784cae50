"""进度: how far a directive has come, never more than the channels prove."""

from collections import defaultdict

from handlers import wording
from handlers.domain.daily_text import reason
from handlers.domain.directive import LIVE, Directive, Kind, State, may_steer, number_of
from handlers.domain.errors import UnknownNode
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import Spoken, SpokenKind, codes_in
from handlers.wording import burden
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.PROGRESS, SpokenKind.FOLLOW, SpokenKind.NUDGE})

_NOT_OUT = frozenset({State.HELD, State.SECOND, State.DROPPED})
_REASONS_SHOWN, _PLACES_SHOWN = 5, 5


def handle(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say]:
    """Answer with receipts, sending states, blockers; counts only."""
    if said.kind is SpokenKind.NUDGE:
        return [Say(wording.nudging_is_ours())]
    quoted = codes_in(turn.quoted)
    ref = said.ref or (quoted[0] if len(quoted) == 1 else None)
    directive = _which(turn, ref, work, ctx)
    if directive is None:
        if ref and said.kind is SpokenKind.FOLLOW and _owes(turn, ref, work):
            return [Say(wording.how_to_answer(ref), private=turn.in_group)]
        return [Say(wording.not_there_to_follow(ref) if ref else wording.nothing_to_follow())]
    return [Say(_not_out(turn, directive, ctx) or report(directive, work, ctx))]


def _not_out(turn: Turn, directive: Directive, ctx: Context) -> str | None:
    """Say where one stands that has not gone out, to who may steer it; None when it has."""
    if directive.state not in _NOT_OUT:
        return None
    if not may_steer(directive, turn.person.id):
        return wording.not_there_to_follow(directive.code)
    if directive.state is State.HELD and directive.due_at:
        return wording.held(directive, max(int((directive.due_at - ctx.now).total_seconds()), 0))
    return (
        wording.waits_for_second(directive.code) if directive.state is State.SECOND else wording.dropped(directive.code)
    )


def report(directive: Directive, work: Work, ctx: Context) -> str:
    """Return the progress of *directive* in words."""
    if directive.kind is Kind.CANCEL:
        return wording.cancel_progress(directive.code, work.outbox.reach(directive.id))
    kept = work.fatigue.of_directive(directive.id)
    later = {row.person_id: row.due_at for row in kept if row.state == "waiting"}
    unsent = {row.person_id for row in kept if row.state == "unsent"}
    waiting = [receipt for receipt in work.receipts.waiting(directive.id) if receipt.person_id not in later]
    nodes = dict.fromkeys(receipt.node_id for receipt in waiting)
    silent = [ctx.tree.name_within(node, directive.scope_id) for node in nodes if ctx.tree.has(node)]
    said = wording.progress(
        directive,
        work.receipts.counts(directive.id),
        work.outbox.reach(directive.id),
        _blockers(directive, work),
        work.receipts.places(directive.id),
        silent[:_PLACES_SHOWN],
        len(silent),
        sum(1 for receipt in waiting if receipt.rung > 0 and receipt.person_id not in unsent),
    )
    until = min((at for at in later.values() if at is not None), default=None)
    return "\n".join((said, burden.waits(len(later), ctx.local(until)))) if until is not None else said


def _blockers(directive: Directive, work: Work) -> list[tuple[str, int]]:
    """Return what is missing and in how many places, the most often said first."""
    places: dict[str, set[int]] = defaultdict(set)
    for receipt in work.receipts.blocked(directive.id):
        places[reason(receipt.blocker or "没说原因")].add(receipt.node_id)
    counted = sorted(((said, len(nodes)) for said, nodes in places.items()), key=lambda item: (-item[1], item[0]))
    return counted[:_REASONS_SHOWN]


def _which(turn: Turn, ref: str | None, work: Work, ctx: Context) -> Directive | None:
    if ref:
        found = work.directives.by_number(number_of(ref))
        return found if found and _sees(turn, found, ctx) else None
    mine = work.directives.steered_by(
        turn.person.id, LIVE | {State.CLOSED, State.HELD, State.SECOND}, ctx.now - ctx.county.war_fuse
    )
    if own := next((d for d in mine if _sees(turn, d, ctx)), None):  # the post may have ended meanwhile
        return own
    scopes = {node for own in turn.person.nodes() for node in (own, *ctx.tree.ancestors(own))}
    return next((d for d in work.directives.live(scopes) if _sees(turn, d, ctx)), None)


def _owes(turn: Turn, ref: str, work: Work) -> bool:
    found = work.directives.by_number(number_of(ref))
    return found is not None and work.receipts.of(found.id, turn.person.id) is not None


def _sees(turn: Turn, directive: Directive, ctx: Context) -> bool:
    """Return whether the person sees every place the directive speaks to; else it is as if it were not there."""
    try:
        for node in directive.audience.nodes:
            ctx.tree.view(turn.person, node)
    except UnknownNode:
        return False
    return True

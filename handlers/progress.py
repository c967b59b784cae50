"""进度: how far a directive has come, never more than the channels prove."""

from collections import Counter

from handlers import wording
from handlers.domain.directive import LIVE, Directive, State, number_of
from handlers.domain.policy import Action, may
from handlers.ports import Context, Say, Turn, Work
from nlp.command import Command, CommandKind

intents = frozenset({CommandKind.PROGRESS})


def handle(turn: Turn, command: Command, work: Work, ctx: Context) -> list[Say]:
    """Answer with receipts, sending states, blockers; counts only."""
    directive = _which(turn, command, work, ctx)
    if directive is None or not may(turn.person, Action.SEE_COUNTS, directive.scope_id, ctx.tree):
        return [Say(wording.not_ours(command.ref) if command.ref else "您这里没有正在办的通知。")]
    return [Say(report(directive, work))]


def report(directive: Directive, work: Work) -> str:
    """Return the progress of *directive* in words."""
    blockers = Counter(r.blocker or "没说原因" for r in work.receipts.blocked(directive.id))
    return wording.progress(
        directive,
        work.receipts.counts(directive.id),
        work.outbox.reach(directive.id),
        dict(blockers.most_common(5)),
        sum(1 for receipt in work.receipts.waiting(directive.id) if receipt.rung > 0),
    )


def _which(turn: Turn, command: Command, work: Work, ctx: Context) -> Directive | None:
    if command.ref:
        return work.directives.by_number(number_of(command.ref))
    mine = work.directives.steered_by(turn.person.id, LIVE | {State.CLOSED}, ctx.now - ctx.county.war_fuse)
    if mine:
        return mine[0]
    scopes = {node for own in turn.person.nodes() for node in (own, *ctx.tree.ancestors(own))}
    live = [d for d in work.directives.live(scopes) if may(turn.person, Action.SEE_COUNTS, d.scope_id, ctx.tree)]
    return live[0] if live else None

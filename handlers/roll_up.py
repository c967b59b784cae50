"""汇总: what stands at a place right now, from the counters, with its coverage."""

from handlers import wording
from handlers.domain.daily_layout import printed
from handlers.domain.daily_text import figure
from handlers.domain.report import DAILY, ReportStatus
from handlers.ports import Context, Say, Turn, Work
from handlers.spoken import Spoken, SpokenKind
from nlp.command import Command, CommandKind
from nlp.metrics import label_of, unit_of

intents = frozenset({CommandKind.ROLLUP, SpokenKind.COVERAGE})

SHOWN = 14


def handle(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say]:
    """Answer with the figures of the place named, else of the group's node, else of the sender's own."""
    if where := said.args.get("where"):
        return [Say(_named(where, turn, work, ctx))]
    node = turn.chat.node_id if turn.chat else next(iter(turn.person.nodes()), None)
    if node is None:
        return [Say(wording.not_there())]
    ctx.tree.view(turn.person, node)
    return [Say(standing(node, work, ctx))]


def _named(where: str, turn: Turn, work: Work, ctx: Context) -> str:
    """Return the figures of a place by its name; one that is not there and one that is not theirs are one answer."""
    found = ctx.tree.viewable(turn.person, [node.id for node in ctx.tree.find(where)])
    if len(found) > 1:
        return wording.which_place([ctx.tree.path_name(node) for node in found])
    return standing(found[0], work, ctx) if found else wording.not_there()


def standing(node: int, work: Work, ctx: Context) -> str:
    """Return today's figures and coverage of *node* in words; a figure nobody gave is not there, not 0."""
    expected = ctx.tree.within(node, ctx.county.report_level)
    reported = work.reports.reported(expected, ctx.day, DAILY)
    missing = [ctx.tree.name_within(n, node) for n in expected if n not in reported]
    tally = work.reports.tally(node, ctx.day, DAILY)
    figures = [f"{label_of(key)}{figure(tally[key].value)}{unit_of(key)}" for key in sorted(tally, key=printed)]
    text = "、".join(figures[:SHOWN]) + (f" 等{len(figures)}项" if len(figures) > SHOWN else "")
    differing = [
        wording.own_and_below(label_of(key), figure(c.own), figure(c.below)) for key, c in tally.items() if c.differs
    ]
    pending = len(work.reports.reported(expected, ctx.day, DAILY, [ReportStatus.READ]))
    return wording.roll_up(ctx.tree.path_name(node), len(reported), len(expected), text, missing, differing, pending)

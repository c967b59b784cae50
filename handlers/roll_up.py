"""汇总: what stands at a place right now, from the counters, with its coverage."""

import re
from datetime import date, timedelta

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
_YESTERDAY = re.compile(r"昨天|昨日")


def handle(turn: Turn, said: Command | Spoken, work: Work, ctx: Context) -> list[Say]:
    """Answer with the figures of the place named, else of the group's node, else of the sender's own: today's, or
    yesterday's (昨天汇总)."""
    day = ctx.day - timedelta(days=1) if _YESTERDAY.search(turn.text) else ctx.day
    if where := said.args.get("where"):
        return [Say(_named(where, turn, work, ctx, day))]
    node = here(turn, ctx)
    return [Say(standing(node, work, ctx, day) if node is not None else wording.not_there())]


def here(turn: Turn, ctx: Context) -> int | None:
    """Return the place a question without a name is about: the group's, where that is more than the sender may see
    their own in it; in a 1:1 their own."""
    own = turn.person.nodes()
    places = (turn.chat.node_id, *(n for n in own if ctx.tree.contains(turn.chat.node_id, n))) if turn.chat else own
    return next(iter(ctx.tree.viewable(turn.person, places)), None)


def _named(where: str, turn: Turn, work: Work, ctx: Context, day: date) -> str:
    """Return the figures of a place by its name; one that is not there and one that is not theirs are one answer."""
    name = _YESTERDAY.sub("", where)
    found = ctx.tree.viewable(turn.person, [node.id for node in ctx.tree.find(name)])
    if len(found) > 1:
        return wording.which_place([ctx.tree.path_name(node) for node in found])
    return standing(found[0], work, ctx, day) if found else wording.not_there()


def standing(node: int, work: Work, ctx: Context, day: date | None = None) -> str:
    """Return the figures and coverage of *node* in words, today's unless *day* says otherwise; a figure nobody gave is
    not there, not 0."""
    day = day or ctx.day
    expected = ctx.tree.within(node, ctx.county.report_level)
    reported = work.reports.reported(expected, day, DAILY)
    missing = [ctx.tree.name_within(n, node) for n in expected if n not in reported and n != node]
    tally = work.reports.tally(node, day, DAILY)
    figures = [f"{label_of(key)}{figure(tally[key].value)}{unit_of(key)}" for key in sorted(tally, key=printed)]
    text = "、".join(figures[:SHOWN]) + (f" 等{len(figures)}项" if len(figures) > SHOWN else "")
    differing = [
        wording.own_and_below(label_of(key), figure(c.own), figure(c.below)) for key, c in tally.items() if c.differs
    ]
    when = "今天" if day == ctx.day else f"{day.month}月{day.day}日"
    pending = len(work.reports.reported(expected, day, DAILY, [ReportStatus.READ]))
    place = ctx.tree.path_name(node)
    return wording.roll_up(place, len(reported), len(expected), text, missing, differing, pending, when)

"""Paper cards typed in on a page: the households on paper under a node × the last seven days."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request
from werkzeug.wrappers import Response

from bot.web.guard import Visit
from handlers.catch_up import CatchUp
from handlers.catch_up_words import DayWords, read_line
from handlers.domain.four_ones import ContactState
from handlers.domain.hierarchy import HOUSEHOLD, Node
from handlers.domain.policy import Action
from handlers.paper_homes import enrolled, on_paper
from handlers.wording import catch_up as say
from store.work import SqlWork

DAYS = 7
SHOWN = 60


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One household; `days` are (day, its field's name, whether something stands there, whether it was on a plan)."""

    home: Node
    days: tuple[tuple[date, str, bool, bool], ...]


def show(visit: Visit, node: Node, told: str = "", typed: dict[str, str] | None = None) -> Response:
    """Show which days are missing; nothing of what was said stands here, only that something was."""
    with visit.parts.store.begin() as work:
        rows, more = _rows(visit, node, work)
        visit.note(work, "read", f"node:{node.id} paper days", "care")
    return visit.page("catch_up", node=node, rows=rows, days=_days(visit), told=told, typed=typed or {}, more=more)


def take(visit: Visit, node: Node) -> Response:
    """Take what was filled in, box by box; what could not be taken comes back in its box with why."""
    four = visit.context.county.four_ones
    boxes = {name: value.strip()[:60] for name, value in request.form.items() if name.startswith("d")}
    filled = {name: value for name, value in boxes.items() if value}
    if four is None or not filled:
        return show(visit, node)
    left: dict[str, str] = {}
    with visit.parts.store.begin() as work:
        typed = CatchUp(visit.person, four, work, visit.context)
        for name, value in filled.items():
            home, on = _asked(visit, node, name)
            before = len(typed.faults)
            if home is not None and on is not None:
                typed.take(home, "", _words(on, value, visit.context.day))
            if len(typed.faults) > before:
                left[name] = value
        told = say.told(typed.taken, typed.faults, typed.days)
    return show(visit, node, told, left)


def _words(on: date, value: str, today: date) -> tuple[DayWords, ...]:
    """Return what a box says of its day: 36.4, 好, 早36.4 晚36.6."""
    return read_line(f"x {on.month}.{on.day} {value}", today).days


def _asked(visit: Visit, node: Node, name: str) -> tuple[Node | None, date | None]:
    """Return the household and day of a field d<id>_<yyyy-mm-dd>; (None, None) for one that is not theirs."""
    number, _, day = name[1:].partition("_")
    tree = visit.context.tree
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None, None
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None, None
    if not tree.contains(node.id, int(number)):
        return None, None
    home = visit.node(int(number), Action.SEE_HEALTH)
    return (home, on) if home.level == HOUSEHOLD else (None, None)


def _days(visit: Visit) -> tuple[date, ...]:
    return tuple(visit.context.day - timedelta(days=number) for number in reversed(range(DAYS)))


def _rows(visit: Visit, node: Node, work: SqlWork) -> tuple[list[PaperRow], int]:
    context, days = visit.context, _days(visit)
    if node.level == HOUSEHOLD:
        held = enrolled([node.id], work, context)
    else:
        grids = context.tree.viewable(visit.person, context.tree.above_households(node.id), Action.SEE_HEALTH)
        held = on_paper(grids, work, context)
    homes = list(held)
    there = {
        (one.household_id, one.day)
        for one in work.contacts.of_households(homes, days[0])
        if one.state is ContactState.ANSWERED
    }
    plans = {home: min((one.first_day for one in held[home]), default=days[0]) for home in homes}
    missing = {home: any((home, day) not in there and plans[home] <= day for day in days) for home in homes}
    homes.sort(key=lambda home: not missing[home])  # those done make room for the next
    rows = [
        PaperRow(
            visit.node(home, Action.SEE_HEALTH),
            tuple((day, f"d{home}_{day}", (home, day) in there, plans[home] <= day) for day in days),
        )
        for home in homes[:SHOWN]
    ]
    return rows, max(sum(missing.values()) - SHOWN, 0)

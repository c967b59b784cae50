"""今天: what waits for a gridworker, in one line; 欠: what a village still owes, by grid, without anybody's name."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from handlers import silences
from handlers.domain.four_ones import Contact, ContactState
from handlers.domain.hierarchy import HOUSEHOLD
from handlers.domain.isolation import DecisionState
from handlers.domain.policy import Action
from handlers.domain.threshold import TaskKind
from handlers.four_ones_words import OneKind, OneWord
from handlers.ports import Context, Say, Turn, Work
from handlers.wording import four_ones as say

intents = frozenset({OneKind.TODAY, OneKind.OWED})
_ASKED = frozenset({ContactState.ASKED, ContactState.ANSWERED, ContactState.CALLING, ContactState.VISITING})


def handle(turn: Turn, word: OneWord, work: Work, ctx: Context) -> list[Say] | None:
    """Answer in private: doors stand in it."""
    if ctx.county.four_ones is None:
        return None
    if word.kind is OneKind.OWED:
        return [Say(_owed(turn, work, ctx), private=True)]
    return [Say(say.board(_lines(turn, work, ctx)), private=True)]


def _lines(turn: Turn, work: Work, ctx: Context) -> list[str]:
    """Return what waits for this person: asked by the bot, to tell first, to call, to look in on, to see."""
    grids = [n for held in turn.person.nodes() for n in ctx.tree.above_households(held)]
    mine = ctx.tree.viewable(turn.person, grids, Action.SEE_HEALTH)
    today = _of_today(mine, work, ctx)
    asked = [one for one in today if one.state in _ASKED]
    answered = sum(one.state is ContactState.ANSWERED for one in asked)
    owned = work.contacts.of_owner(turn.person.id, ctx.day)
    lines = [say.asked_line(len(asked), answered) + silences.beside(mine, work, ctx)] if asked else []
    if waiting := _to_tell(mine, work, ctx):
        lines.append(say.to_tell_line(waiting))
    if calls := _doors(owned, ContactState.CALLING, ctx):
        lines.append(say.to_call_line(calls))
    if visits := _doors(owned, ContactState.VISITING, ctx):
        lines.append(say.to_visit_line(visits))
    if looks := len(work.care_tasks.waiting(mine, frozenset(TaskKind))):
        lines.append(say.to_look_line(looks))
    return lines


def _of_today(grids: Iterable[int], work: Work, ctx: Context) -> tuple[Contact, ...]:
    """Return today's contacts with the households of these grids."""
    homes = (home for grid in grids for home in ctx.tree.children(grid) if ctx.tree.node(home).level == HOUSEHOLD)
    return work.contacts.of_households(homes, ctx.day)


def _to_tell(grids: tuple[int, ...], work: Work, ctx: Context) -> list[str]:
    found = []
    for one in work.isolations.open_at(grids, 40):
        last = work.isolations.decisions(one.id)[-1]
        if last.state is DecisionState.CALLING and ctx.tree.has(one.household_id):
            found.append(ctx.tree.node(one.household_id).name)
    return found


def _doors(owned: tuple[Contact, ...], state: ContactState, ctx: Context) -> list[str]:
    return [
        ctx.tree.node(one.household_id).name for one in owned if one.state is state and ctx.tree.has(one.household_id)
    ]


def _owed(turn: Turn, work: Work, ctx: Context) -> str:
    """Return what is unsettled by grid: numbers only, as a lead need know no more."""
    nodes = [n for held in turn.person.nodes() for n in ctx.tree.above_households(held)]
    seen = ctx.tree.viewable(turn.person, nodes, Action.SEE_COUNTS)
    counted: dict[int, Counter[ContactState]] = defaultdict(Counter)
    for one in _of_today(seen, work, ctx):
        grid = ctx.tree.parent(one.household_id) if ctx.tree.has(one.household_id) else None
        if grid is not None:
            counted[grid][one.state] += 1
    lines = []
    for grid in sorted(counted):
        calls, visits = counted[grid][ContactState.CALLING], counted[grid][ContactState.VISITING]
        asked = counted[grid][ContactState.ASKED]
        if calls or visits or asked:
            lines.append(say.owed_line(ctx.tree.node(grid).name, calls, visits, asked))
    return silences.with_counts(say.owed(lines), seen, work, ctx)

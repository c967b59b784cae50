"""What waits for one person today, line by line: asked by the bot, to tell, to call, to look in on, to buy, to bring,
to answer for. The board of 今天, the list of the morning, the pack of a handover and the digest after a leave read the
same lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers import door_day, silences
from handlers.day_facts import ASKED, Ahead, DayFacts, gather, health_grids, kept_grids, report_places
from handlers.domain.four_ones import Contact, ContactState, One
from handlers.domain.isolation import DecisionState
from handlers.domain.need import Need, NeedState, Standing
from handlers.domain.people import Person
from handlers.ports import Context, Work
from handlers.wording import boards as words
from handlers.wording import four_ones as say

_UNTOLD = frozenset({DecisionState.CALLING, DecisionState.SENDING})
ALL = 10_000
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Lines:
    """A day in lines. `itself` goes on by itself, and needs the person only when something is the matter; `others` wait
    for an answer, of which they were told in their own time."""

    itself: tuple[str, ...]
    todo: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def all(self) -> list[str]:
        """Return every line, in order."""
        return [*self.itself, *self.todo, *self.others]


def lines(person: Person, work: Work, ctx: Context, *, full: bool = False) -> list[str]:
    """Return what waits for the person, each kind of work a line; with *full* every door is named."""
    return lines_of(person, gather([person], work, ctx), ctx, full=full).all


def lines_of(person: Person, facts: DayFacts, ctx: Context, *, full: bool = False) -> Lines:
    """Return the same from what was read of many."""
    most = ALL if full else SHOWN
    mine = health_grids(person, ctx)
    today = [one for grid in mine for one in facts.today_at.get(grid, ())]
    asked = [one for one in today if one.state in ASKED]
    homes = {one.household_id for one in asked}
    answered = len(homes - {one.household_id for one in asked if one.state is not ContactState.ANSWERED})
    silent = silences.beside(
        (facts.silent[home] for home in {one.household_id for one in today} if home in facts.silent), ctx
    )
    itself = [say.asked_line(len(homes), answered) + silent] if asked else []
    walked = {n for held in person.nodes("gridworker") for n in ctx.tree.above_households(held)}  # it is theirs to call
    ahead = [row for grid in mine if grid in walked for row in facts.ahead_at.get(grid, ())]
    if written := [row for row in ahead if row[2] & One.MESSAGE or not row[2] & (One.CALL | One.VISIT)]:
        itself.append(say.ahead_line(len(written), _first(written)))
    todo = _of_people(person, mine, facts, most, ctx) + _ahead([row for row in ahead if row not in written], most, ctx)
    todo += _wishes(person, facts, most, ctx) + door_day.lines(person, facts.doors, ctx)
    if places := [place for place in report_places(person, ctx) if place in facts.reports_at]:
        todo.append(words.to_report(f"{ctx.county.freeze_at:%H:%M}", len(places)))
    return Lines(tuple(itself), tuple(todo), tuple(_answers(person, facts)))


def _of_people(person: Person, mine: Sequence[int], facts: DayFacts, most: int, ctx: Context) -> list[str]:
    """Return whom to tell, to call, to look in on and to look after."""
    found = []
    if waiting := [ctx.tree.node(home).name for grid in mine for home in facts.untold_at.get(grid, ())]:
        found.append(say.to_tell_line(waiting))
    owned = facts.calls_of.get(person.id, ())
    if calls := doors_of(owned, ContactState.CALLING, ctx):
        found.append(say.to_call_line(calls, most))
    if visits := doors_of(owned, ContactState.VISITING, ctx):
        found.append(say.to_visit_line(visits, most))
    if looks := sum(facts.looks_at.get(grid, 0) for grid in mine):
        found.append(say.to_look_line(looks))
    return found


def _ahead(rows: Sequence[Ahead], most: int, ctx: Context) -> list[str]:
    """Return whom a plan wants called or looked in on later today: the list comes at its hour."""
    found = []
    for call in (True, False):
        theirs = [row for row in rows if bool(row[2] & One.CALL) is call]
        if theirs:
            doors = [ctx.tree.node(row[0]).name for row in theirs]
            found.append((say.call_ahead_line if call else say.visit_ahead_line)(doors, most, _first(theirs)))
    return found


def _first(rows: Iterable[Ahead]) -> str:
    slot = min(row[1] for row in rows)
    return f"{slot // 60}:{slot % 60:02d}"


def _wishes(person: Person, facts: DayFacts, most: int, ctx: Context) -> list[str]:
    needs = [one for grid in kept_grids(person, ctx) for one in facts.lists_at.get(grid, ())]
    found = []
    if buy := need_doors((one for one in needs if one.state is NeedState.OPEN), ctx):
        found.append(words.to_buy(buy, most))
    taken = (one for one in needs if one.state is NeedState.CLAIMED and one.claimed_by == person.id)
    if bring := need_doors(taken, ctx):
        found.append(words.to_bring(bring, most))
    if confirm := need_doors((one for one in needs if one.state is NeedState.DELIVERED), ctx):
        found.append(words.to_confirm(confirm, most))
    return found


def _answers(person: Person, facts: DayFacts) -> list[str]:
    """Return what others wait for: a handover, a receipt, a text to relay."""
    found = []
    if handed := facts.handed_to.get(person.id):
        found.append(words.to_take_over(handed))
    if codes := facts.codes_of.get(person.id):
        found.append(words.to_answer(codes))
    if relays := facts.relays_of.get(person.id):
        found.append(words.to_relay(relays))
    return found


def to_tell(grids: Sequence[int], work: Work, ctx: Context, states: Iterable[DecisionState] = _UNTOLD) -> list[str]:
    """Return the doors where a decision is still to be told to whom it is about."""
    return [ctx.tree.node(home).name for home in work.day_reads.untold(grids, states) if ctx.tree.has(home)]


def doors_of(contacts: Iterable[Contact], state: ContactState, ctx: Context) -> list[str]:
    """Return the doors of the contacts in that state, in order, each once."""
    here = (one for one in contacts if one.state is state and ctx.tree.has(one.household_id))
    return list(dict.fromkeys(ctx.tree.node(one.household_id).name for one in here))


def need_doors(needs: Iterable[Need | Standing], ctx: Context) -> list[str]:
    """Return the doors of these lists, each once."""
    return list(dict.fromkeys(ctx.tree.node(one.household_id).name for one in needs))

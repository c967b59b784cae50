"""What waits today for some people, read once for all of them: the same for one who asks and for a thousand in the
morning, so that what a list says is what 今天 says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from handlers.domain.four_ones import Contact, ContactState, Enrolment, One, asked_of, slot_of
from handlers.domain.freeze import is_frozen_for
from handlers.domain.isolation import DecisionState
from handlers.domain.mode import Mode
from handlers.domain.need import Standing
from handlers.domain.people import Person
from handlers.domain.policy import Action
from handlers.domain.report import DAILY
from handlers.domain.rules import mode_at
from handlers.domain.silence import Evidence
from handlers.door_day import DoorFacts, doors_of_day
from handlers.ports import Context, Work

ASKED = frozenset({ContactState.ASKED, ContactState.ANSWERED, ContactState.CALLING, ContactState.VISITING})
_REPORTS = ("gridworker", "grid_lead")
T = TypeVar("T")
Ahead = tuple[int, int, One]
"""(household, slot, kinds): who is to be contacted later today."""


@dataclass(frozen=True, slots=True)
class DayFacts:
    """The day of some people. By place (the node right above the households) or by person, as the name says."""

    today_at: Mapping[int, tuple[Contact, ...]]
    ahead_at: Mapping[int, tuple[Ahead, ...]]
    silent: Mapping[int, Evidence]
    untold_at: Mapping[int, tuple[int, ...]]
    looks_at: Mapping[int, int]
    lists_at: Mapping[int, tuple[Standing, ...]]
    calls_of: Mapping[int, tuple[Contact, ...]]
    handed_to: Mapping[int, int]
    codes_of: Mapping[int, tuple[str, ...]]
    relays_of: Mapping[int, int]
    reports_at: frozenset[int]
    doors: DoorFacts


def health_grids(person: Person, ctx: Context) -> tuple[int, ...]:
    """Return the nodes above households where the person may see health, in tree order."""
    return _grids(person, Action.SEE_HEALTH, ctx)


def kept_grids(person: Person, ctx: Context) -> tuple[int, ...]:
    """Return the nodes above households where the person keeps them, in tree order."""
    return _grids(person, Action.KEEP, ctx)


def _grids(person: Person, action: Action, ctx: Context) -> tuple[int, ...]:
    nodes = [n for held in person.nodes() for n in ctx.tree.above_households(held)]
    return ctx.tree.viewable(person, nodes, action)


def gather(people: Iterable[Person], work: Work, ctx: Context) -> DayFacts:
    """Return the day of these people, in as many statements as it takes for one of them."""
    held = list(people)
    ids = [person.id for person in held]
    health = sorted({grid for person in held for grid in health_grids(person, ctx)})
    kept = sorted({grid for person in held for grid in kept_grids(person, ctx)})
    today = [one for one in work.day_reads.contacts(health, ctx.day) if ctx.tree.has(one.household_id)]
    homes = {one.household_id for one in today}
    modes = work.modes.current(ctx.now)
    ahead = (*_put_down(today), *_ahead(health, homes, modes, work, ctx))
    return DayFacts(
        today_at=_by_place(((one.household_id, one) for one in today), ctx),
        ahead_at=_by_place(((row[0], row) for row in ahead), ctx),
        silent=work.silences.of(sorted(homes), ctx.day) if homes else {},
        untold_at=_by_place(
            ((home, home) for home in work.day_reads.untold(health, {DecisionState.CALLING})), ctx
        ),
        looks_at=work.day_reads.looks(health),
        lists_at=_by_place(((one.household_id, one) for one in work.day_reads.lists(kept)), ctx),
        calls_of=work.day_reads.calls(ids, ctx.day - timedelta(days=1)),
        handed_to=work.day_reads.handed(ids, ctx.day),
        codes_of=work.day_reads.codes(ids),
        relays_of=work.day_reads.relays(ids),
        reports_at=_reports(held, modes, work, ctx),
        doors=doors_of_day(held, work, ctx),
    )  # fmt: skip


def _by_place(rows: Iterable[tuple[int, T]], ctx: Context) -> Mapping[int, tuple[T, ...]]:
    """Return what belongs to households by the place above each; what is of no household any more is left out."""
    found: dict[int, list[T]] = defaultdict(list)
    for home, row in rows:
        place = ctx.tree.parent(home) if ctx.tree.has(home) else None
        if place is not None:
            found[place].append(row)
    return {place: tuple(those) for place, those in found.items()}


def _put_down(today: Iterable[Contact]) -> Iterable[Ahead]:
    """Yield whose moment has not come in a round that is open."""
    return ((one.household_id, one.slot, one.kinds) for one in today if one.state is ContactState.OPEN)


def _ahead(
    grids: Iterable[int], known: set[int], modes: tuple[Mode, ...], work: Work, ctx: Context
) -> Iterable[Ahead]:  # fmt: skip
    """Yield who is to be contacted for the first time later today, as the rounds will put it down."""
    four = ctx.county.four_ones
    local = ctx.local(ctx.now).time()
    slots = [slot_of(at) for at in sorted(four.times) if at > local] if four else []
    if four is None or not slots:
        return
    of_home: dict[int, list[Enrolment]] = defaultdict(list)
    for one in work.day_reads.planned(grids, ctx.day):
        of_home[one.household_id].append(one)
    war: dict[int, bool] = {}
    for home, held in of_home.items():
        place = ctx.tree.parent(home) if ctx.tree.has(home) and home not in known else None
        if place is None:
            continue
        if place not in war:
            war[place] = mode_at(modes, ctx.tree, place, ctx.now) is not None
        wanted = ((slot, asked_of(four, slot, held, war=war[place])) for slot in slots)
        first = next(((slot, kinds) for slot, kinds in wanted if kinds), None)
        if first is not None:
            yield home, *first


def report_places(person: Person, ctx: Context) -> tuple[int, ...]:
    """Return the places the person's own daily reports are about."""
    level = ctx.county.report_level
    if not ctx.tree.has_level(level):
        return ()
    tops = [node for node in person.nodes(*_REPORTS) if ctx.tree.has(node)]
    return tuple(dict.fromkeys(place for top in tops for place in ctx.tree.within(top, level)))


def _reports(people: Iterable[Person], modes: tuple[Mode, ...], work: Work, ctx: Context) -> frozenset[int]:
    """Return the places whose daily report of today is still to come: in declared war every place reports."""
    if not modes or is_frozen_for(ctx.day, ctx.local(ctx.now), ctx.county.freeze_at):
        return frozenset()
    places = {place for person in people for place in report_places(person, ctx)}
    at_war = [place for place in places if mode_at(modes, ctx.tree, place, ctx.now) is not None]
    return frozenset(at_war) - work.reports.reported(at_war, ctx.day, DAILY) if at_war else frozenset()

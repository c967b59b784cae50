"""底数清: who came back, as they declared it, for the four official tables; and in numbers, for everybody else.

Only whoever may see the people of a place gets rows, every person on them is noted as looked at, and how somebody feels
is left out for those who may not see health. The numbers need no names: they outlive the people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from handlers import declared_counts
from handlers.declared_receipts import standing_journey
from handlers.domain.counters import Counter
from handlers.domain.declaration import CATEGORIES, SYMPTOMS, TRANSPORTS, Category, Transport
from handlers.domain.declared import Asked, Said, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.facts import Facts
from handlers.domain.people import Person, on_duty
from handlers.domain.policy import Action
from handlers.domain.returnee_tally import Tally, tally_of
from handlers.domain.returnees import Table
from handlers.domain.small_counts import Branch, shown
from handlers.domain.threshold import day_of_observation
from handlers.ports import Context, Work
from handlers.read_sheet import BACK_AT_MOST

PURPOSE = "returnees"
NOON = 12


@dataclass(frozen=True, slots=True)
class Returnee:
    """One person of the ledger on one day. None is unknown. `health` False: the viewer may not see how they feel, and
    temperatures (°C) and symptoms are left out. `observed_day` counts from the arrival as day 0; `release` is the last
    day of observation, and `over`: it is past."""

    table: Table | None
    overseas: bool
    node_id: int
    household_id: int | None
    name: str = field(repr=False)
    phone: str = field(repr=False)
    category: str | None
    arrived: date | None
    origin: str = field(repr=False)
    transit: str = field(repr=False)
    transport: str | None
    companions: int | None
    morning_celsius: Decimal | None = field(repr=False)
    evening_celsius: Decimal | None = field(repr=False)
    symptoms: str | None = field(repr=False)
    observed_day: int | None
    release: date | None
    responsible: str | None
    over: bool
    health: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """How many came so many days ago, from day 0 to the end of the incubation; None: too few to show."""

    by_day: tuple[int | None, ...]
    observe_days: int


def rows(node_id: int, day: date, viewer: Person, work: Work, ctx: Context) -> tuple[Returnee, ...]:
    """Return who came back to the node and below, as it stands now, by place and day of arrival.

    Temperatures and symptoms are those declared on *day*. Raises UnknownNode when the viewer may not see the people
    there. Every person returned is noted as looked at, for the ledger of returnees.
    """
    declaring = ctx.county.declaring
    ctx.tree.view(viewer, node_id, Action.SEE_PEOPLE)
    if declaring is None:
        return ()
    nodes = ctx.tree.viewable(viewer, ctx.tree.above_households(node_id), Action.SEE_PEOPLE)
    healthy = frozenset(ctx.tree.viewable(viewer, nodes, Action.SEE_HEALTH))
    said = work.declarations.standing(nodes, day - BACK_AT_MOST - timedelta(days=declaring.table.observe_days))
    standing = _standing(said, work)
    kept = {s: one for s, one in standing.items() if one.facts and one.facts.arrived and one.facts.arrived <= day}
    subjects = {s: one for s, one in work.subjects.many(kept).items() if one.profile is not None}
    work.declarations.looked(subjects, viewer.id, PURPOSE, ctx.now)
    of_day = work.declarations.said_on([s for s in subjects if kept[s].node_id in healthy], day)
    homes = {one.household_id for one in subjects.values() if one.household_id is not None}
    heads = {home: household.head_count for home, household in work.households.many(homes).items()}
    workers = _workers(nodes, work, ctx)
    found = [
        _row(subject, kept[s], of_day.get(s, ()), kept[s].node_id in healthy, heads, workers, day, declaring, ctx)
        for s, subject in subjects.items()
    ]
    order = {node: at for at, node in enumerate(nodes)}
    return tuple(sorted(found, key=lambda one: (order[one.node_id], one.household_id or 0, one.arrived or day)))


def tally(node_id: int, day: date, work: Work, ctx: Context, *, exact: bool = False) -> Tally | None:
    """Return the ledger of the node in numbers on *day*, None when nobody declared there that they came.

    *exact*: whoever hears it may see each of these people anyway. Who came `BACK_AT_MOST` ago or longer is not counted
    any more.
    """
    assert ctx.county.declaring is not None
    table = ctx.county.declaring.table
    counted = {
        came_on: {kind: declared_counts.total(counter) for kind, counter in counters.items()}
        for came_on, counters in _came(node_id, day, work).items()
    }
    return tally_of(counted, day, table.observe_days, table.incubation_days, exact=exact)


def cohort_of(node_id: int, day: date, work: Work, ctx: Context) -> Cohort | None:
    """Return who came how many days ago, as a group may see it; None where nobody declared, or nothing may be shown."""
    found = tally(node_id, day, work, ctx) if ctx.county.declaring is not None else None
    if found is None or not any(found.by_day):
        return None
    assert ctx.county.declaring is not None
    return Cohort(found.by_day, ctx.county.declaring.table.observe_days)


def below(node_id: int, day: date, work: Work, ctx: Context, *, exact: bool = False) -> Mapping[int, int | None]:
    """Return how many came to each part of the node and are counted still, None where that is too few to show."""
    parts = declared_counts.parts_of(node_id, ctx)
    counts = {node: _total(node, day, work) for node in (node_id, *parts)}
    if exact:
        return {part: counts[part] for part in parts}
    own = counts[node_id] - sum(counts[part] for part in parts)
    branches = [Branch(part, counts[part]) for part in parts]
    if own:  # who came through a gate of the node itself is a part like any other
        branches.append(Branch(-node_id, own))
    found = shown(Branch(node_id, counts[node_id], tuple(branches)))
    return {node: count for node, count in found.items() if node in parts}


def _came(node_id: int, day: date, work: Work) -> Mapping[date, Mapping[str, Counter]]:
    return work.reports.tallies_between(node_id, day - BACK_AT_MOST, day, declared_counts.ARRIVALS)


def _total(node_id: int, day: date, work: Work) -> int:
    return sum(declared_counts.total(c) for counters in _came(node_id, day, work).values() for c in counters.values())


def _standing(said: Iterable[Said], work: Work) -> dict[int, Said]:
    """Return the journey that counts for each person who came."""
    lives: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        lives[one.subject_id].append(one)
    asked: dict[int, list[Asked]] = defaultdict(list)
    for question in work.questions.open_of(lives):
        asked[question.subject_id].append(question)
    found = {subject: standing_journey(theirs, asked[subject]) for subject, theirs in lives.items()}
    return {subject: one for subject, one in found.items() if one is not None}


def _workers(nodes: Iterable[int], work: Work, ctx: Context) -> Mapping[int, str]:
    """Return the name of the gridworker of each node, where there is one today."""
    held: dict[int, list[int]] = defaultdict(list)
    wanted = frozenset(nodes)
    for holder in work.people.holders(ctx.day, ["gridworker"]):
        if holder.node_id in wanted:
            held[holder.node_id].append(holder.person_id)
    leaves = work.people.leaves(ctx.day)
    first = {node: answering[0] for node, who in held.items() if (answering := on_duty(who, leaves))}
    names = work.people.names(set(first.values()))
    return {node: names.get(who, "") for node, who in first.items()}


def _row(
    subject: Subject,
    said: Said,
    of_day: Sequence[Said],
    healthy: bool,
    heads: Mapping[int, int | None],
    workers: Mapping[int, str],
    day: date,
    declaring: Declaring,
    ctx: Context,
) -> Returnee:
    facts = said.facts
    assert facts is not None
    assert subject.profile is not None
    head_count = heads.get(subject.household_id or 0)
    release = facts.arrived + timedelta(days=declaring.table.observe_days) if facts.arrived else None
    morning, evening, symptoms = _felt(of_day, ctx) if healthy else (None, None, None)
    return Returnee(
        table=facts.table,
        overseas=facts.overseas,
        node_id=said.node_id,
        household_id=subject.household_id,
        name=subject.profile.name,
        phone=subject.profile.phone,
        category=CATEGORIES[Category(facts.category)] if facts.category else None,
        arrived=facts.arrived,
        origin=facts.origin,
        transit=facts.transit,
        transport=TRANSPORTS[Transport(facts.transport)] if facts.transport else None,
        companions=head_count - 1 if head_count else None,
        morning_celsius=morning,
        evening_celsius=evening,
        symptoms=symptoms,
        observed_day=day_of_observation(facts.arrived, day),
        release=release,
        responsible=workers.get(said.node_id) or None,
        over=release is not None and day > release,
        health=healthy,
    )


def _felt(of_day: Sequence[Said], ctx: Context) -> tuple[Decimal | None, Decimal | None, str | None]:
    """Return the last temperature of the morning and of the evening, and the symptoms said last: 无 when none were."""
    morning = evening = None
    symptoms: str | None = None
    for said in of_day:
        facts: Facts | None = said.facts
        if facts is None:
            continue
        if facts.celsius is not None and ctx.local(said.made_at).hour < NOON:
            morning = facts.celsius
        elif facts.celsius is not None:
            evening = facts.celsius
        if facts.symptoms is not None:
            symptoms = "、".join(SYMPTOMS.get(code, code) for code in facts.symptoms) or "无"
    return morning, evening, symptoms

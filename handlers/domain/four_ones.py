"""四个一: which contacts a county plans with a household, at which hours, and which rounds of them are due now.

A round is one hour of one day (day, slot); whoever a plan looks after at that hour is contacted once in it, however
many plans there are. In peace a plan asks once a day; twice only in declared war. All of it is from `hierarchy.yaml`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntFlag, StrEnum
from zoneinfo import ZoneInfo

from handlers.domain.shops import USUAL, Shops


class One(IntFlag):
    """The four kinds of contact, as bits of one number: several plans of a household merge into one contact."""

    CALL = 1
    MESSAGE = 2
    NEEDS = 4
    VISIT = 8


class Whom(StrEnum):
    """Which households a plan is for."""

    ISOLATION = "isolation"  # those where somebody is isolated, from the true start on
    ENROLLED = "enrolled"  # those somebody put on its list


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan. `from_day` counts from the start (day 0); after `exception_after` days without anything, only 有事 is
    said, once the household was told. `purpose` and `basis` stand in every question; `department` owns it, and `allows`
    are the other purposes that the basis lets its answers serve."""

    key: str
    title: str
    whom: Whom
    kinds: One
    peace: tuple[time, ...]
    war: tuple[time, ...]
    from_day: int = 0
    exception_after: int | None = None
    purpose: str = ""
    basis: str = ""
    department: str = ""
    allows: tuple[str, ...] = ()

    def spares(self, days: int) -> bool:
        """Return whether so many days without anything are enough to ask no more, and there is something to spare: a
        plan that calls or looks in goes on with that."""
        asks = bool(self.kinds & (One.MESSAGE | One.NEEDS))
        return asks and self.exception_after is not None and days >= self.exception_after


@dataclass(frozen=True, slots=True)
class FourOnes:
    """A county's plans. `times` are the local hours of its rounds; a question not sent by `until` is not sent that day.

    Households are asked `spread` apart, each always at its own moment. `late_after`: from then on a question counts as
    late. No answer within `answer_within`: somebody calls; not called within `call_within`: somebody else does; nobody
    reached within `visit_within`: the village doctor looks in. What was answered less than `ask_again_after` ago is not
    asked by a second plan. `shops`: what is bought where. `list_at`: each worker hears then what waits for them that
    day (None: only when they ask); from `list_until` on it is too late for that.
    """

    times: tuple[time, ...]
    plans: tuple[Plan, ...]
    until: time = time(21, 0)
    spread: timedelta = timedelta(minutes=20)
    late_after: timedelta = timedelta(hours=1)
    answer_within: timedelta = timedelta(hours=1)
    call_within: timedelta = timedelta(hours=1)
    visit_within: timedelta = timedelta(hours=2)
    ask_again_after: timedelta = timedelta(hours=12)
    shops: Shops = USUAL
    list_at: time | None = None
    list_until: time = time(11, 0)

    def plan(self, key: str) -> Plan | None:
        """Return the plan of that key, None when the county has none such."""
        return next((plan for plan in self.plans if plan.key == key), None)

    def of(self, whom: Whom) -> tuple[Plan, ...]:
        """Return the plans for *whom*."""
        return tuple(plan for plan in self.plans if plan.whom is whom)

    def asking(self, slot: int, *, war: bool) -> tuple[Plan, ...]:
        """Return the plans that ask in the slot (minutes of the local day)."""
        at = time(slot // 60, slot % 60)
        return tuple(plan for plan in self.plans if at in (plan.war if war else plan.peace))


class RoundState(StrEnum):
    """How far a round is."""

    OPENING = "opening"  # its households are being put down, as far as the cursor says
    OPEN = "open"
    MISSED = "missed"  # its time passed before it could be opened: every household stands as late, nobody is asked


@dataclass(frozen=True, slots=True)
class Round:
    """One round as kept."""

    day: date
    slot: int
    state: RoundState


@dataclass(frozen=True, slots=True)
class Due:
    """What to do about a round now. `ask` False: only put its households down as late. `starts_at` aware UTC."""

    day: date
    slot: int
    ask: bool
    late: bool
    starts_at: datetime


LOOK_BACK = timedelta(days=7)
"""Rounds missed longer ago than this are not made up row by row; an alarm says that there were some."""


def slot_of(at: time) -> int:
    """Return the slot of a local time: minutes since midnight.

    >>> slot_of(time(9, 30))
    570
    """
    return at.hour * 60 + at.minute


def window(four: FourOnes, day: date, slot: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when the round begins and when it is too late to ask in it: the next round, or `until`."""
    at = time(slot // 60, slot % 60)
    later = [one for one in four.times if one > at]
    end = min([*later, four.until]) if four.until > at else at
    return datetime.combine(day, at, zone), datetime.combine(day, end, zone)


def rounds_due(four: FourOnes, kept: Iterable[Round], now: datetime, zone: ZoneInfo) -> tuple[Due, ...]:
    """Return the rounds to open or go on with at *now*, oldest first. *kept* are those of the last days, all of them.

    A round is opened once, whoever asks and however often; one whose time passed while nobody ticked is put down as
    late. A clock that ran ahead and came back finds the rounds it called late, and opens those that are still in time.
    """
    known = {(one.day, one.slot): one.state for one in kept}
    today = now.astimezone(zone).date()
    first = max(min((day for day, _ in known), default=today), today - LOOK_BACK)
    found: list[Due] = []
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        for slot in sorted(slot_of(at) for at in four.times):
            starts_at, ends_at = window(four, day, slot, zone)
            state = known.get((day, slot))
            if starts_at > now or state is RoundState.OPEN:
                continue
            ask = now < ends_at
            if not ask and (state is RoundState.MISSED or not known):
                continue
            found.append(Due(day, slot, ask, now > starts_at + four.late_after, starts_at.astimezone(now.tzinfo)))
    return tuple(found)


SPOTS, SPOT_STEP = 4096, 2531


def spot(household_id: int) -> int:
    """Return the place of a household within the spread of a round, 0..4095: its own, the same every day.

    >>> [spot(n) for n in (1, 2, 3)]
    [2531, 966, 3497]
    """
    return household_id * SPOT_STEP % SPOTS


class ContactState(StrEnum):
    """Where one contact stands."""

    OPEN = "open"  # to be asked at its moment
    ASKED = "asked"  # a message went out: no answer is not a fault
    CALLING = "calling"  # on somebody's list of calls
    VISITING = "visiting"  # nobody was reached: somebody looks in
    ANSWERED = "answered"
    LATE = "late"  # its time passed unasked, or it ended unanswered
    DROPPED = "dropped"  # nothing to ask any more: the isolation ended, the household left
    LEDGER = "ledger"  # not asked: somebody else was just answered, and that answer serves here as well
    REFUSED = "refused"  # not asked: somebody else was just answered, and for this purpose it may not be used


SPOKEN_FOR = frozenset({ContactState.ANSWERED, ContactState.LEDGER, ContactState.REFUSED})
"""Nobody waits for an answer in these: what is said all the same is said beside."""
UNSETTLED = frozenset({ContactState.OPEN, ContactState.ASKED, ContactState.CALLING, ContactState.VISITING})


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact with one household: once a day and slot. `owner_id`: whoever is to act now. `due_at`: look then."""

    id: int
    household_id: int
    day: date
    slot: int
    kinds: One
    state: ContactState
    late: bool = False
    due_at: datetime | None = None
    owner_id: int | None = None
    asked_at: datetime | None = None
    rung: int = 0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A household on a plan. `normal_days` without anything, in a row, the last of them `normal_on`."""

    household_id: int
    plan: str
    first_day: date
    last_day: date | None = None
    normal_days: int = 0
    normal_on: date | None = None
    exception_only: bool = False


def asked_of(four: FourOnes, slot: int, plans: Iterable[Enrolment], *, war: bool) -> One:
    """Return which kinds of contact a household's *plans* want in a slot of a day on which they hold; 0 for none. As a
    round puts them down: who speaks only when something is the matter is not written to, but in war."""
    kinds, asking = One(0), {plan.key: plan.kinds for plan in four.asking(slot, war=war)}
    for on in plans:
        spared = One.MESSAGE | One.NEEDS if on.exception_only and not war else One(0)
        kinds |= asking.get(on.plan, One(0)) & ~spared
    return kinds


def bits(plans: Iterable[Plan]) -> Mapping[One, tuple[str, ...]]:
    """Return for each kind of contact the plans that want it."""
    held = tuple(plans)
    return {kind: tuple(plan.key for plan in held if kind in plan.kinds) for kind in One}

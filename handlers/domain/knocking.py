"""敲门: rounds over households, how a household's knock stands, and where 没人 goes next.

Nobody there is nobody's fault: another time of day, then the evening, then a note or a call, then it is left as 未见到,
with the reason at each step. Where people went is not asked and not kept.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from handlers.domain.doors import door_key
from handlers.domain.step_template import Closes, Step

TRY_AT = (time(9, 0), time(14, 0), time(18, 30))
"""When doors are knocked at: the local hours a later try is put to; the last one is the evening."""
NOT_BEFORE = timedelta(hours=1)
LATE_FOR = timedelta(days=3)
"""What is said after the deadline is still taken, for so long; then the round closes."""
OPEN_FOR = timedelta(days=30)  # a round without a deadline


class RoundKind(StrEnum):
    """What is done from door to door."""

    KNOCK = "knock"
    POSTING = "posting"


class RoundState(StrEnum):
    """Where a round stands."""

    PREVIEW = "preview"  # shown, not begun
    OPENING = "opening"  # its households are being put down, as far as the cursor says
    OPEN = "open"
    CLOSED = "closed"
    DROPPED = "dropped"  # never begun


@dataclass(frozen=True, slots=True)
class KnockRound:
    """One round over `nodes` and all below them. `template` names its steps. `due_at`: when time moves it next."""

    id: int
    kind: RoundKind
    nodes: tuple[int, ...]
    title: str
    purpose: str
    basis: str
    author_id: int
    state: RoundState
    made_at: datetime
    deadline_at: datetime | None = None
    template: str | None = None
    directive_id: int | None = None
    done_to: int = 0
    due_at: datetime | None = None

    def first_due(self) -> datetime:
        """Return when time moves it first: at the deadline its author hears how it went."""
        return self.deadline_at or self.made_at + OPEN_FOR


class Knocked(StrEnum):
    """What a household's row says; TODO is 未敲, never 0."""

    TODO = "todo"
    MET = "met"
    ABSENT = "absent"  # nobody there: to be tried again
    UNMET = "unmet"  # left so, with a reason
    MOVED = "moved"


SETTLED = frozenset({Knocked.MET, Knocked.UNMET, Knocked.MOVED})


class Why(StrEnum):
    """Why a row says what it says."""

    SEEN = "seen"
    CALLED = "called"  # reached by phone
    NEXT_SLOT = "next_slot"
    EVENING = "evening"
    NOTE = "note"  # a note or a call is next
    LEFT_NOTE = "left_note"
    UNMET = "unmet"  # tried at every time, nobody there
    DECLINED = "declined"  # 不方便: nobody presses on
    EMPTY = "empty"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Knock:
    """One household in one round. `persons` None: not said. `rung`: how often nobody was there."""

    id: int
    round_id: int
    household_id: int
    place_id: int
    state: Knocked
    persons: int | None = None
    rung: int = 0
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnockStep:
    """One word about a household in a round; `undone`: taken back, and kept."""

    state: Knocked
    why: Why
    by_id: int
    at: datetime
    persons: int | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a row by one word."""

    state: Knocked
    why: Why
    persons: int | None = None
    rung: int = 0
    due_at: datetime | None = None


def absent(rung: int, local: datetime) -> Outcome:
    """Return where a household goes where nobody was for the (*rung*+1)th time at *local*.

    >>> from datetime import UTC
    >>> at = datetime(2026, 2, 8, 10, 0, tzinfo=UTC)
    >>> [(one.why.value, one.due_at and one.due_at.hour) for one in (absent(n, at) for n in range(4))]
    [('next_slot', 14), ('evening', 18), ('note', None), ('unmet', None)]
    """
    if rung == 0:
        return Outcome(Knocked.ABSENT, Why.NEXT_SLOT, rung=1, due_at=_next(local, TRY_AT))
    if rung == 1:
        return Outcome(Knocked.ABSENT, Why.EVENING, rung=2, due_at=_next(local, TRY_AT[-1:]))
    if rung == 2:
        return Outcome(Knocked.ABSENT, Why.NOTE, rung=3)
    return Outcome(Knocked.UNMET, Why.UNMET, rung=rung + 1)


def _next(local: datetime, hours: Sequence[time]) -> datetime:
    days = (local.date(), local.date() + timedelta(days=1))
    found = (datetime.combine(day, hour, local.tzinfo) for day in days for hour in hours)
    return next(at for at in found if at - local >= NOT_BEFORE)


class Door(NamedTuple):
    """A household as it is walked to: its building ("" when its name tells none), its door, its id."""

    building: str
    name: str
    id: int


def building_of(name: str) -> str:
    """Return the building a door's name tells, "" when it tells none.

    >>> building_of("8-803"), building_of("8号楼2单元301"), building_of("0396户"), building_of("老祠堂边")
    ('8栋', '8栋', '', '')
    """
    key = door_key(name)
    return f"{key[0]}栋" if isinstance(key, tuple) and len(key) > 1 else ""


def route(named: Iterable[tuple[int, str]]) -> list[Door]:
    """Return households (id, name) in the order they are walked to: building by building, door by door.

    >>> [one.name for one in route([(1, "10-101"), (2, "9-201"), (3, "9-102"), (4, "老祠堂边")])]
    ['9-102', '9-201', '10-101', '老祠堂边']
    """
    keyed = [(door_key(name), name, home) for home, name in named]
    order = sorted(
        keyed, key=lambda one: (isinstance(one[0], str), one[0] if isinstance(one[0], tuple) else (), one[1])
    )
    return [Door(building_of(name), name, home) for _, name, home in order]


def same_building(said: str, building: str) -> bool:
    """Return whether the words name that building: 8栋, 8号楼, 第8幢.

    >>> same_building("8号楼", "8栋"), same_building("18栋", "8栋")
    (True, False)
    """
    return bool(building) and door_key(said) == door_key(building)


def in_building(doors: Iterable[Door], said: str) -> list[Door]:
    """Return the doors that a word inside a building may mean: its last number, or the whole door.

    >>> one, two = Door("8栋", "8-803", 1), Door("8栋", "8-1-803", 2)
    >>> [door.id for door in in_building([one, two], "803")], [door.id for door in in_building([one, two], "8-803")]
    ([1, 2], [1])
    """
    wanted = door_key(said)
    held = list(doors)
    whole = [one for one in held if door_key(one.name) == wanted]
    if whole or not isinstance(wanted, tuple):
        return whole
    keys = [(one, door_key(one.name)) for one in held]
    return [one for one, key in keys if isinstance(key, tuple) and key[-len(wanted) :] == wanted]


def closed(step: Step, counts: Mapping[Knocked, int], said: Collection[str]) -> bool:
    """Return whether a step is closed at a place, by its counts and the keys that were said there.

    >>> step = Step("walk", "走", "", Closes.ALL_DOORS)
    >>> closed(step, {Knocked.MET: 3}, ()), closed(step, {Knocked.MET: 3, Knocked.ABSENT: 1}, ()), closed(step, {}, ())
    (True, False, False)
    """
    if step.closes is Closes.SAID:
        return step.key in said
    settled = sum(count for state, count in counts.items() if state in SETTLED)
    if step.closes is Closes.FIRST_DOOR:
        return settled > 0 or counts.get(Knocked.ABSENT, 0) > 0
    return settled > 0 and settled == sum(counts.values())

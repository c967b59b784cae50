"""When what somebody said needs a person, how soon, and whom a task that nobody takes is told to next."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers.domain.declaring import Declaring
from handlers.domain.facts import Facts


class TaskKind(StrEnum):
    """What a task is about."""

    FEVER = "fever"  # a temperature from the county's line on
    UNWELL = "unwell"  # symptoms that do not wait
    WELFARE = "welfare"  # something disagrees and nobody set it right: ask how they are
    LIST = "list"  # a person says that a list is wrong about them
    HELP = "help"  # words for help on a sheet
    IDENTITY = "identity"  # somebody asks for all that is held: make sure it is they
    APPEAL = "appeal"  # against a red receipt
    LIFELINE = "lifeline"  # 断药、透析、见红、喘不上气: a person within minutes, never a form


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


HEALTH_KINDS = frozenset({TaskKind.FEVER, TaskKind.UNWELL, TaskKind.APPEAL, TaskKind.LIFELINE})
"""For the doctor; the others are for the gridworker."""


LIFELINE_WITHIN = timedelta(minutes=5)


class Tell(StrEnum):
    """Who hears of a task."""

    DOCTOR = "doctor"
    GRIDWORKER = "gridworker"
    LEAD = "lead"
    TAKER = "taker"


@dataclass(frozen=True, slots=True)
class Alert:
    """That somebody is needed: why, and whether the night may be disturbed for it."""

    kind: TaskKind
    urgent: bool


@dataclass(frozen=True, slots=True)
class CareTask:
    """One task about one person. `rung` counts who was told: 0 the first, then upwards. `due_at`: look again then.

    `note` and `measured` are what came of it. The person is a subject's id; the name is looked up by who may see it.
    """

    id: int
    kind: TaskKind
    subject_id: int
    node_id: int
    household_id: int | None
    declaration_id: int | None
    state: TaskState
    urgent: bool
    made_at: datetime
    due_at: datetime | None
    rung: int = 0
    taker_id: int | None = None
    closed_at: datetime | None = None
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TaskStep:
    """What to do about a task now: whom to tell, and when to look again (None: never)."""

    tell: tuple[Tell, ...]
    rung: int
    due_at: datetime | None


def alert(facts: Facts, declaring: Declaring) -> Alert | None:
    """Return what the facts call for, None when nobody need look.

    >>> from decimal import Decimal
    >>> alert(Facts(False, celsius=Decimal("37.2")), Declaring(None)), alert(Facts(False), Declaring(None))
    (None, None)
    """
    grave = bool(declaring.urgent_symptoms.intersection(facts.symptoms or ()))
    if facts.celsius is not None and facts.celsius >= declaring.fever:
        return Alert(TaskKind.FEVER, grave or facts.celsius >= declaring.urgent)
    return Alert(TaskKind.UNWELL, True) if grave else None


def first_told(kind: TaskKind) -> tuple[Tell, ...]:
    """Return who hears of a new task: the doctor and the gridworker of somebody unwell, else the gridworker."""
    return (Tell.DOCTOR, Tell.GRIDWORKER) if kind in HEALTH_KINDS else (Tell.GRIDWORKER,)


def step(task: CareTask, declaring: Declaring, now: datetime, loud_at: datetime) -> TaskStep:
    """Return the next step for *task*.

    *loud_at* is *now*, or the end of the quiet hours when *now* lies in them; what is urgent does not wait for it.
    Nobody took it: those first told are reminded, then the lead hears; taken and not closed: the taker is reminded to
    measure again. A task never ends by itself.
    """
    if task.state is TaskState.CLOSED:
        return TaskStep((), task.rung, None)
    if task.due_at is None or task.due_at > now:
        return TaskStep((), task.rung, task.due_at)
    if loud_at > now and not task.urgent:
        return TaskStep((), task.rung, loud_at)
    if task.state is TaskState.TAKEN:
        return TaskStep((Tell.TAKER,), task.rung + 1, now + declaring.measure_again_after)
    if task.kind is TaskKind.LIFELINE:
        again = first_told(task.kind) if task.rung == 0 else ()
        return TaskStep((*again, Tell.LEAD), task.rung + 1, now + LIFELINE_WITHIN)
    if task.rung == 0:
        return TaskStep(first_told(task.kind), 1, task.made_at + declaring.lead_after)
    return TaskStep((Tell.LEAD,), task.rung + 1, now + declaring.lead_after)


def day_of_observation(arrived: date | None, today: date) -> int | None:
    """Return which day it is, the day of arrival being 0; None when nobody arrived.

    >>> day_of_observation(date(2020, 1, 22), date(2020, 1, 27))
    5
    """
    return None if arrived is None else (today - arrived).days

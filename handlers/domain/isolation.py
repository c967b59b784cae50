"""An isolation episode (隔离): one person, from the true start on, as written decisions entered by a human say.

Nothing here begins, lengthens or ends by itself: a day that was expected passes and the episode stays open until a
decision to end it is entered. Day 0 is the day of the start. Somebody may have several episodes, one open at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

LONGEST = timedelta(days=60)
"""From start to expected end; a longer one is a slip of the finger."""
ENTERED_LATE_AT_MOST = timedelta(days=60)


class DecisionKind(StrEnum):
    """What a written decision does."""

    OPEN = "open"
    EXTEND = "extend"
    END = "end"


class DecisionState(StrEnum):
    """How far the household knows of it; the care team hears of it only once it is TOLD."""

    SENDING = "sending"  # a message is on its way
    CALLING = "calling"  # no message reaches them: somebody calls or knocks, and says so
    TOLD = "told"
    UNDONE = "undone"  # entered by mistake


@dataclass(frozen=True, slots=True)
class Paper:
    """A written decision, as entered. `start` is the first day (day 0); of an extension None unless it counts anew.

    `until` is the expected last day; of a decision to end, the last day. `appeal` says how to object.
    """

    issuer: str
    number: str
    basis: str
    appeal: str
    start: date | None = None
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the store seals."""
        days = {"start": self.start.isoformat() if self.start else None}
        days["until"] = self.until.isoformat() if self.until else None
        return {"issuer": self.issuer, "number": self.number, "basis": self.basis, "appeal": self.appeal, **days}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "Paper":
        """Return the paper that was kept.

        >>> paper = Paper("样例县防指", "样防1号", "法", "12345", date(2020, 1, 22))
        >>> Paper.of_json(paper.as_json()) == paper
        True
        """
        days = {key: date.fromisoformat(kept[key]) if kept.get(key) else None for key in ("start", "until")}
        return cls(kept["issuer"], kept["number"], kept["basis"], kept["appeal"], **days)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with who entered it. `paper` None: erased. `told_how` is kf, official_account or phone."""

    id: int
    episode_id: int
    subject_id: int
    kind: DecisionKind
    paper: Paper | None = field(repr=False)
    state: DecisionState
    entered_by: int
    entered_at: datetime
    told_at: datetime | None = None
    told_how: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """What the decisions that stand say together: the true start, the expected last day, the last day once ended."""

    started_on: date
    expected_on: date
    ended_on: date | None = None

    def day(self, today: date) -> int:
        """Return which day it is; the day of the start is 0, days before it count down.

        >>> Span(date(2020, 1, 22), date(2020, 2, 5)).day(date(2020, 1, 27))
        5
        """
        return (today - self.started_on).days

    def overdue(self, today: date) -> int:
        """Return how many days the expected end has passed without a decision to end it; 0 when none."""
        return max((today - self.expected_on).days, 0) if self.ended_on is None else 0


@dataclass(frozen=True, slots=True)
class Episode:
    """One person's isolation. `span` None: entered by mistake, or erased."""

    id: int
    subject_id: int
    household_id: int
    node_id: int
    span: Span | None

    @property
    def open(self) -> bool:
        """Return whether it goes on: nobody entered a decision to end it."""
        return self.span is not None and self.span.ended_on is None


def standing(decisions: Iterable[Decision]) -> Span | None:
    """Return what *decisions*, oldest first, say together; None when none that opens it stands.

    Those entered by mistake count for nothing. An extension with a start of its own counts the days anew from there:
    the person was exposed again.
    """
    span: Span | None = None
    for one in decisions:
        if one.state is DecisionState.UNDONE or one.paper is None:
            continue
        start, until = one.paper.start, one.paper.until
        match one.kind:
            case DecisionKind.OPEN if start is not None and until is not None:
                span = Span(start, until)
            case DecisionKind.EXTEND if span is not None and until is not None:
                span = Span(start or span.started_on, until, span.ended_on)
            case DecisionKind.END if span is not None and until is not None:
                span = Span(span.started_on, span.expected_on, until)
    return span


def faults(kind: DecisionKind, paper: Paper, span: Span | None, today: date) -> tuple[str, ...]:
    """Return what cannot be: of a paper to enter now beside the *span* that stands.

    >>> faults(DecisionKind.END, Paper("a", "b", "c", "d", until=date(2020, 2, 5)), None, date(2020, 2, 5))
    ('没有这个隔离',)
    """
    start, until = paper.start, paper.until
    if kind is not DecisionKind.OPEN and span is None:
        return ("没有这个隔离",)
    found: list[str] = []
    if start is not None and not today - ENTERED_LATE_AT_MOST <= start <= today + timedelta(days=3):
        found.append("开始的日子要在最近60天里")
    if kind is DecisionKind.END:
        if until is not None and span is not None and not span.started_on <= until <= today + timedelta(days=3):
            found.append("解除的日子不能早于开始,也不能提前三天以上")
        return tuple(found)
    first = start or (span.started_on if span else None)
    if until is not None and first is not None and not first <= until <= first + LONGEST:
        found.append("预计结束的日子要在开始之后,最长60天")
    if kind is DecisionKind.EXTEND and start is None and until is not None and span and until <= span.expected_on:
        found.append("延长后的日子要比现在预计的晚")
    return tuple(found)

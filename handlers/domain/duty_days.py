"""Around the people on duty: a paper asked for in chat, a handover to whoever stands in, a day off and why."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

UNCONFIRMED_AFTER = timedelta(hours=1)
"""How long a substitute may take for 接了 before the lead hears that nobody did."""


class PaperKind(StrEnum):
    """What is to be made."""

    WEEK_CARDS = "week_cards"  # of the households of a grid that are not asked in WeChat
    WEEK_CARD = "week_card"  # of one household
    SHOPPING = "shopping"  # what somebody took on to buy


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """A paper somebody asked for. `node_id`: the grid or household it is of; None for what is the person's own."""

    id: int
    kind: PaperKind
    node_id: int | None
    person_id: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """What one hands over to another for some days. `confirmed_at`: the other said 接了."""

    id: int
    person_id: int
    substitute_id: int
    first_day: date
    last_day: date
    due_at: datetime | None = None
    told_at: datetime | None = None
    confirmed_at: datetime | None = None


class OffWhy(StrEnum):
    """Why somebody has a day off, as far as we know it: never what they have."""

    REST = "rest"
    UNWELL = "unwell"


@dataclass(frozen=True, slots=True)
class DayOff:
    """One day off. `asked_id` was asked to stand in; `arranged_at`: they do."""

    id: int
    person_id: int
    day: date
    why: OffWhy = field(repr=False)
    asked_id: int | None = None
    arranged_at: datetime | None = None

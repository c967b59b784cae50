"""A report: what one person said for one node, one day and one template; never changed, only superseded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from types import MappingProxyType
from typing import NamedTuple

Number = int | Decimal
WHOLE_DAY = ""
DAILY, CHECKPOINT = "daily", "checkpoint"
SHIFTS: Mapping[str, str] = MappingProxyType({"am": "早班", "noon": "中班", "pm": "下午班", "night": "夜班"})
_ID = re.compile(r"R-(\d+)")


class ReportStatus(StrEnum):
    """Where a report stands. The first two count in totals, the last two do not."""

    READ = "provisional"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Key(NamedTuple):
    """What a report speaks for: at most one report counts for each.

    `part` is the checkpoint's name, "" for the node itself; `period` is am, noon, pm or night, "" for the whole day.
    """

    node_id: int
    day: date
    template: str
    part: str
    period: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read.

    `values`: metric → figure; 0 was said, None was asked and is not known, an absent key was not mentioned. The verb
    that takes a report writes out the zeros a flag (`zero_report`, `no_abnormality`) stands for, after the read-back
    said so; nothing below infers them. `message_id` is the inbox row, `received_at` aware UTC, `supersedes` the id of
    the report this one corrects, `definition` the 口径 version it was read under. A drill never enters a total.
    Raises ValueError for an id that is not R-n, a naive moment, or a figure that is no finite number.
    """

    id: str
    node_id: int
    day: date
    template: str
    values: Mapping[str, int | float | None] = field(hash=False)
    flags: frozenset[str]
    status: ReportStatus
    reporter_id: int
    reporter_role: str
    message_id: str
    received_at: datetime
    on_behalf: bool = False
    definition: str = "v1"
    supersedes: str | None = None
    period: str | None = None
    part: str = ""
    drill: bool = False

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"not a report id: {self.id!r}")
        if self.received_at.tzinfo is None:
            raise ValueError("received_at without a zone")
        for key, value in self.values.items():
            if value is not None and (isinstance(value, bool) or not isfinite(value)):
                raise ValueError(f"{key}: not a figure")
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    @property
    def key(self) -> Key:
        """Return what this report speaks for."""
        return Key(self.node_id, self.day, self.template, self.part, self.period or WHOLE_DAY)

    @property
    def order(self) -> tuple[datetime, int]:
        """Return what later reports compare greater by: arrival, then number (R-10 after R-9)."""
        return self.received_at, number_of(self.id)

    @property
    def live(self) -> bool:
        """Return whether the report stands by its own status."""
        return self.status in (ReportStatus.READ, ReportStatus.CONFIRMED)

    def figure(self, metric: str) -> Number | None:
        """Return the exact figure said for *metric*, None when there is none; see `exact`."""
        value = self.values.get(metric)
        return None if value is None else exact(value)


def number_of(report_id: str) -> int:
    """Return the number in a report id.

    >>> number_of("R-123")
    123
    """
    return int(report_id.removeprefix("R-"))


def exact(value: float | Decimal) -> Number:
    """Return *value* as an int, or as the decimal that was typed, so that sums do not depend on their order.

    >>> exact(0.1) + exact(0.2), exact(3.0)
    (Decimal('0.3'), 3)
    """
    number = value if isinstance(value, int | Decimal) else Decimal(repr(value))
    return int(number) if number == int(number) else number

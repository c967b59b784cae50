"""The daily report (日报) of one node, frozen once and never changed; what changes later is a correction row."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.domain.daily_branch import Branch
from handlers.domain.daily_layout import SECTIONS
from handlers.domain.report import Number
from handlers.domain.rollup import Cell, Coverage


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the report. `cell` None is unknown and prints 未报; `before` is yesterday's figure, None when it
    was unknown or there is no yesterday's report; `of` is the key whose 新增 or 累计 this is, "" for its own line."""

    section: str
    key: str
    label: str
    unit: str
    required: bool
    cell: Cell | None
    before: Number | None = None
    of: str = ""

    @property
    def value(self) -> Number | None:
        """Return the figure, None when it is unknown."""
        return self.cell.value if self.cell else None


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One figure that changed after the freeze: old beside new, None for 未报. The frozen cells stay as they were.

    `report_ids` are the reports that brought the change, in the order of their numbers; `at` is the latest of them.
    """

    node_name: str
    metric: str
    old: Number | None
    new: Number | None
    at: datetime
    report_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DailyReport:
    """One node's daily report as frozen.

    `as_of` aware UTC, the freeze; `issue` the 期; `definition` the 口径 version; `unit` what is counted in coverage
    (村, 网格); `missing` names of who has not reported; `blockers` (reason, how many said so) from 做不了; `branches`
    the children with their own figures. A drill carries its watermark and is in no total.
    """

    node_name: str
    day: date
    as_of: datetime
    issue: int
    definition: str
    unit: str
    lines: tuple[Line, ...]
    coverage: Coverage
    missing: tuple[str, ...]
    on_behalf: int
    branches: tuple[Branch, ...]
    blockers: tuple[tuple[str, int], ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    difference: str = ""
    drill: bool = False

    @property
    def sections(self) -> dict[str, tuple[Line, ...]]:
        """Return the lines by section, every section there."""
        return {s: tuple(line for line in self.lines if line.section == s) for s in SECTIONS}

    def figure(self, key: str) -> Number | None:
        """Return the figure of *key*, None when it is unknown or not in the report."""
        return next((line.value for line in self.lines if line.key == key), None)

"""From what was read to what is stored: a draft's slots become the values, flags, day and place of a report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers.domain.metric import base
from nlp.types import Draft

# What a report says about itself rather than about a figure (corpus schema, "Record types and fields").
ABOUT = frozenset(
    {
        "address",
        "approx",
        "as_of",
        "checkpoint",
        "date",
        "date_end",
        "date_start",
        "end",
        "grid",
        "group",
        "period",
        "scope",
        "start",
        "village",
    }
)
FLAGS = ("zero_report", "no_abnormality", "no_change")
TEMPLATES = {"daily": "daily", "checkpoint": "checkpoint"}

# 无异常 and 零报告 are zeros only of what the template lists; the read-back says each of them aloud.
ZEROED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("daily", "zero_report"): ("returnees_new", "fever_people", "suspected_cases", "confirmed_cases", "hazards_found"),
    ("daily", "no_abnormality"): ("fever_people", "suspected_cases", "confirmed_cases", "hazards_found"),
    ("checkpoint", "zero_report"): ("vehicles_checked", "people_checked", "fever_people"),
    ("checkpoint", "no_abnormality"): ("fever_people",),
}

# Read, and not kept: plates of one province are nobody's measure of anything (constitution 3).
UNKEPT = frozenset({"vehicles_hubei"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one draft says. `approx` are the keys said with 约 or 左右; `zeroed` those that a flag set to 0."""

    template: str
    values: Mapping[str, int | float | None]
    flags: frozenset[str]
    zeroed: tuple[str, ...]
    grid: str | None
    village: str | None
    day: date | None
    period: str | None
    part: str
    approx: tuple[str, ...] = ()


def reading(draft: Draft, day: date | None) -> Reading | None:
    """Return what *draft* reports, None when it is no report. A vague amount ("2-3") is unknown, never a number."""
    template = TEMPLATES.get(draft.type)
    if template is None:
        return None
    values: dict[str, int | float | None] = {}
    flags: set[str] = set()
    for slot in draft.slots:
        if slot.key in FLAGS:
            flags.add(slot.key)
        elif slot.key not in ABOUT and base(slot.key) not in UNKEPT:
            figure = slot.value
            known = isinstance(figure, int | float) and not isinstance(figure, bool)
            values[slot.key] = figure if known and isinstance(figure, int | float) else None
    zeroed = tuple(key for key in _zeroed(template, flags) if key not in values and base(key) not in values)
    values.update(dict.fromkeys(zeroed, 0))
    approx = draft.get("approx")
    return Reading(
        template,
        values,
        frozenset(flags),
        zeroed,
        _text(draft, "grid"),
        _text(draft, "village"),
        day,
        _text(draft, "period"),
        _text(draft, "checkpoint") or "",
        tuple(approx) if isinstance(approx, tuple) else (),
    )


def said_day(draft: Draft) -> date | None:
    """Return the day the draft states, None when it states none."""
    stated = draft.get("date")
    return date.fromisoformat(stated) if isinstance(stated, str) else None


def grids_of(read: Reading) -> tuple[str, ...]:
    """Return the grids one reading speaks for together ("3、4"), () when it is one or none."""
    grids = tuple((read.grid or "").split("、"))
    return grids if len(grids) > 1 else ()


def by_grid(read: Reading) -> tuple[Reading, ...]:
    """Return a reading for each grid it names, when all it says is that there is nothing; figures said for several
    grids together cannot be taken apart."""
    merged = grids_of(read)
    if not merged or any(read.values.values()) or None in read.values.values():
        return (read,)
    return tuple(replace(read, grid=grid) for grid in merged)


def _zeroed(template: str, flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for flag in sorted(flags) for key in ZEROED.get((template, flag), ())))


def _text(draft: Draft, key: str) -> str | None:
    value = draft.get(key)
    return value if isinstance(value, str) and value else None

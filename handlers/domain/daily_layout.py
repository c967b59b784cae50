"""What stands where in the daily report (日报): sections, rows, sums, and the county template that adds its own."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from handlers.domain.errors import BadSetting
from handlers.domain.metric import CUMULATIVE, NEW, Kind, Metric, base, metric
from handlers.domain.report import DAILY

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "一": "摸排",
        "二": "居家观察与四个一",
        "三": "卡点",
        "四": "事件与险情",
        "五": "需求与调解",
        "六": "宣传消杀",
        "七": "存在问题",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a section. `key` carries its template before a dot unless that is the daily one; `label` "" takes
    the metric's. A required row prints 未报 when nobody gave a figure; another is left out."""

    section: str
    key: str
    label: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """A total printed after its section's rows: unknown as long as one of its parts is."""

    section: str
    key: str
    label: str
    unit: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """What a county prints, under one 口径 version. `own` are metrics the schema does not have, by key; `optional` are
    keys of standard rows that this county does not require."""

    definition: str = "v1"
    own: Mapping[str, Metric] = field(hash=False, default_factory=lambda: MappingProxyType({}))
    rows: tuple[Row, ...] = ()
    sums: tuple[Sum, ...] = ()
    optional: frozenset[str] = frozenset()

    def all_rows(self) -> tuple[Row, ...]:
        """Return the standard rows and the county's own, in print order."""
        standard = (replace(row, required=row.required and row.key not in self.optional) for row in standard_rows())
        return (*standard, *self.rows)

    def label(self, row: Row) -> tuple[str, str]:
        """Return the printed label and unit of *row*."""
        known = metric(row.key, self.own)
        return row.label or known.label, known.unit


STANDARD = Template()


def qualified(template: str, key: str) -> str:
    """Return *key* as it stands in a daily report: a checkpoint's 检查人数 is not the village's 排查人数.

    >>> qualified("checkpoint", "people_checked"), qualified("daily", "people_checked")
    ('checkpoint.people_checked', 'people_checked')
    """
    return key if template == DAILY else f"{template}.{key}"


def section_of(key: str) -> str:
    """Return the section of a key without a row of its own: with its metric for a place, else 七, so none is lost.

    >>> section_of("returnees@浙江"), section_of("nobody_defined_this")
    ('一', '七')
    """
    stem = base(key).partition("@")[0]
    return next((row.section for row in standard_rows() if row.key == stem), "七")


def printed(key: str) -> tuple[int, str]:
    """Return what sorts keys as the daily report prints them; one without a row of its own comes last."""
    return _order().get(key.removesuffix(NEW).removesuffix(CUMULATIVE).partition("@")[0], len(_order())), key


@cache
def _order() -> Mapping[str, int]:
    return {row.key: place for place, row in enumerate(standard_rows())}


@cache
def standard_rows() -> tuple[Row, ...]:
    """Return the rows every county has, in print order."""
    text = resources.files("handlers.domain").joinpath("data/daily_layout.csv").read_text("utf-8")
    return tuple(
        Row(r["section"], qualified(r["template"], r["key"]), r["label"], r["required"] == "1")
        for r in csv.DictReader(text.splitlines())
    )


def read_template(data: Mapping[str, Any]) -> Template:
    """Return the county template written as `{definition, own: {key: {label, unit, kind, section}}, sums, optional}`.

    Raises BadSetting naming every fault: an unknown section, kind or part, or a key that is missing.
    """
    faults: list[str] = []
    own: dict[str, Metric] = {}
    rows, sums = [], []
    for key, item in (data.get("own") or {}).items():
        try:
            own[key] = Metric(key, item["label"], item["unit"], Kind(item.get("kind", Kind.STOCK)))
            rows.append(Row(_section(item), key))
        except (KeyError, TypeError, ValueError) as wrong:
            faults.append(f"own {key}: {wrong}")
    known = {row.key for row in (*standard_rows(), *rows)}
    for item in data.get("sums") or ():
        try:
            total = Sum(_section(item), item["key"], item["label"], item["unit"], tuple(item["parts"]))
            faults += [f"sum {total.key}: no metric {part}" for part in total.parts if part not in known]
            sums.append(total)
        except (KeyError, TypeError, ValueError) as wrong:
            faults.append(f"sum {item}: {wrong}")
    optional = frozenset(data.get("optional") or ())
    faults += [f"optional: no row {key}" for key in sorted(optional - known)]
    if faults:
        raise BadSetting("; ".join(faults))
    return Template(str(data.get("definition", "v1")), MappingProxyType(own), tuple(rows), tuple(sums), optional)


def _section(item: Mapping[str, Any]) -> str:
    section = str(item["section"])
    if section not in SECTIONS:
        raise ValueError(f"no section {section}")
    return section

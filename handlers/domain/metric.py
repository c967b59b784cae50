"""Metrics (指标): what each key is called in a report to people, its unit, and how its figures come together."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType

from nlp.metrics import METRICS

NEW, CUMULATIVE = "_new", "_cum"
_AT = "@"


class Kind(StrEnum):
    """How figures of one metric come together; nodes always add, except a peak.

    FLOW: what was done; the parts of a day add up. STOCK: what stands now; the latest part of the day speaks.
    PEAK: a reading (rain, water level); the highest speaks, for nodes too, so it is no counter.
    """

    FLOW = "flow"
    STOCK = "stock"
    PEAK = "peak"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `key` is the schema's or the county template's own; `label` and `unit` are printed."""

    key: str
    label: str
    unit: str
    kind: Kind = Kind.STOCK


@cache
def bundled() -> Mapping[str, Metric]:
    """Return the metrics every county has, by key; labels after the corpus schema, ledgers' counts at the end."""
    rows = csv.DictReader(
        resources.files("handlers.domain").joinpath("data/metrics.csv").read_text("utf-8").splitlines()
    )
    return MappingProxyType({r["key"]: Metric(r["key"], r["label"], r["unit"], Kind(r["kind"])) for r in rows})


def base(key: str) -> str:
    """Return *key* without its 新增 or 累计 ending and without the template before a dot.

    >>> base("returnees_wuhan_new"), base("checkpoint.people_checked")
    ('returnees_wuhan', 'people_checked')
    """
    return key.rpartition(".")[2].removesuffix(NEW).removesuffix(CUMULATIVE)


def metric(key: str, own: Mapping[str, Metric] | None = None) -> Metric:
    """Return the metric of *key*: *own* (the county template's) first, then the bundled one.

    新增 adds up over the day whatever its base does, 累计 stands. A place (`returnees@浙江`) takes the metric before
    the @. A key nobody defined is a stock under its own name: counted twice is worse than shown plainly.

    >>> metric("isolated_people_new").label, metric("isolated_people_new").kind.value
    ('新增居家观察', 'flow')
    >>> metric("returnees@浙江").label
    '浙江返乡'
    """
    key, stem = key.rpartition(".")[2], base(key)
    known = (own or {}).get(key) or (own or {}).get(stem) or bundled().get(stem) or _placed(stem)
    if key == stem or known.key == key:
        return known
    word, kind = ("新增", Kind.FLOW) if key.endswith(NEW) else ("累计", Kind.STOCK)
    return Metric(key, word + known.label, known.unit, kind)


def _placed(stem: str) -> Metric:
    before, at, place = stem.partition(_AT)
    parent = bundled().get(before)
    if not at or parent is None:
        said = METRICS.get(stem)  # a report of the county's own, read by its own words
        return Metric(stem, said.label, said.unit) if said else Metric(stem, stem, "")
    return Metric(stem, place + parent.label.removesuffix("合计"), parent.unit, parent.kind)

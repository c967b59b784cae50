"""The practice files of the reader (tests/nlp/corpus) as labelled messages, and how well a reading matches them."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import yaml

from bench.measure import ROOT
from nlp.types import Utterance
from nlp.understand import records, understand

FOLDER = ROOT / "tests/nlp/corpus"
ZONE = timezone(timedelta(hours=8))
REPORTING = {
    "daily_report", "temperature_roll", "checkpoint", "needs", "delivery", "event", "correction", "checkin_reply"
}  # fmt: skip
NUMBERLESS = {
    "type", "village", "group", "grid", "address", "date", "date_start", "date_end", "as_of", "period", "person",
    "symptoms", "status", "approx", "zero_report", "no_change", "no_abnormality", "checkpoint", "start", "end",
    "item",
    "unit", "category", "place", "origin", "time", "arrival_date", "plate", "field", "target", "isolated", "action",
    "station",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One labelled message: the text, the moment, who and where, what it means, where it came from."""

    say: str
    at: datetime
    channel: str
    role: str
    intent: str
    records: list[dict[str, Any]]
    source: str
    cannot_yet: bool = False

    def read(self) -> Utterance:
        return understand(self.say, self.at, channel=self.channel, sender_role=self.role)


def load(name: str) -> list[Line]:
    """Return the lines of corpus/*name*.yaml; a line says only where it differs from the default."""
    rows = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return [
        Line(
            row["say"],
            datetime.fromisoformat(row.get("at", "2020-02-08T18:00")).replace(tzinfo=ZONE),
            row.get("channel", "group"),
            row.get("role", "gridworker"),
            row["intent"],
            row.get("records", []),
            row["from"],
            row.get("cannot_yet", False),
        )
        for row in rows
    ]


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return round(float(value), 6)
    return "".join(unicodedata.normalize("NFKC", str(value)).split())


def pairs(record: Mapping[str, Any]) -> Counter[tuple[str, object]]:
    """Return the (field, value) pairs of a record; a list gives one pair an element, an empty one (field, none)."""
    out: Counter[tuple[str, object]] = Counter()
    for key, value in record.items():
        if isinstance(value, list | tuple):
            out.update((key, _plain(one)) for one in value or ["none"])
        else:
            out[key, _plain(value)] += 1
    return out


def _is_number(pair: tuple[str, object]) -> bool:
    key, value = pair
    return key not in NUMBERLESS and isinstance(value, float)


def _aligned(gold: list[Counter[Any]], read: list[Counter[Any]]) -> list[tuple[Counter[Any], Counter[Any]]]:
    """Pair gold and read records one to one, the best matches first."""
    scores = sorted(
        (((one & two).total(), at, to) for at, one in enumerate(gold) for to, two in enumerate(read)), reverse=True
    )
    used_gold, used_read = set(), set()
    out = []
    for _, at, to in scores:
        if at not in used_gold and to not in used_read:
            used_gold.add(at)
            used_read.add(to)
            out.append((gold[at], _near_place(gold[at], read[to])))
    return out


def _near_place(gold: Counter[Any], read: Counter[Any]) -> Counter[Any]:
    """Return *read* with its place as in *gold* where one holds the other: 村西头 for 村西头老磨坊 leads there too."""
    meant = [value for key, value in gold if key == "place"]
    said = [value for key, value in read if key == "place"]
    if len(meant) != 1 or len(said) != 1 or meant == said:
        return read
    one, two = str(meant[0]), str(said[0])
    if min(len(one), len(two)) < 2 or not (one in two or two in one):
        return read
    return Counter({(key, meant[0] if key == "place" else value): count for (key, value), count in read.items()})


@dataclass
class Score:
    """Counts over a corpus, in the terms of the reading targets."""

    lines: int = 0
    intents: int = 0
    exact: int = 0
    true: int = 0
    read: int = 0
    gold: int = 0
    chatter: int = 0
    false_chatter: int = 0
    silent: int = 0
    silent_wrong: int = 0
    failures: list[tuple[Line, Utterance]] = field(default_factory=list)

    @property
    def pair_f1(self) -> float:
        return 2 * self.true / (self.read + self.gold) if self.read + self.gold else 1.0

    def add(self, line: Line) -> None:
        said = line.read()
        got = records(said)
        gold, read = [pairs(one) for one in line.records], [pairs(one) for one in got]
        matched = _aligned(gold, read)
        true = sum((one & two).total() for one, two in matched)
        total_gold, total_read = sum(one.total() for one in gold), sum(one.total() for one in read)
        right = said.intent.value == line.intent
        exact = right and true == total_gold == total_read and len(gold) == len(read)
        self.lines += 1
        self.intents += right
        self.exact += exact
        self.true, self.read, self.gold = self.true + true, self.read + total_read, self.gold + total_gold
        if line.intent == "chatter":
            self.chatter += 1
            self.false_chatter += bool(got) or said.intent.value in REPORTING
        if not said.needs_confirm:
            given = sum(count for one in read for pair, count in one.items() if _is_number(pair))
            good = sum(count for one, two in matched for pair, count in (one & two).items() if _is_number(pair))
            self.silent += given
            self.silent_wrong += given - good
        if not exact:
            self.failures.append((line, said))

    def __str__(self) -> str:
        return (
            f"{self.lines} lines: pair-F1 {self.pair_f1:.3f}, exact {self.exact / self.lines:.3f}, intent "
            f"{self.intents / self.lines:.3f}, false on chatter {self.false_chatter}/{self.chatter}, silent wrong "
            f"{self.silent_wrong}/{self.silent}"
        )


def score(lines: Iterable[Line]) -> Score:
    """Return how the reader does on *lines*."""
    out = Score()
    for line in lines:
        out.add(line)
    return out


def told(line: Line, said: Utterance) -> str:
    """Return a failing line as text to read: what was said, meant and understood."""
    return f"{line.say}\n  meant {line.intent} {line.records}\n  read  {said.intent.value} {records(said)}"

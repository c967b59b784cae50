"""How the scanners do on two peers' own test cases (Recognizers-Text, MIT; JioNLP, Apache-2.0), their core tier.

The cases stand beside the project, not in it: `peer_cases_numbers.jsonl` and `peer_cases_dates.jsonl` (one case a line:
text, reference, expected). A number case is right when every figure and no other is found; a date case when every
expected moment is found, where the peer gives a past and a future reading either is right.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.measure import ROOT
from nlp.moments import Moment, read_moments
from nlp.normalize import normalize
from nlp.numerals import scan_numbers

CASES = ROOT.parent / "shared" / "nlp"
HERE = (CASES / "peer_cases_numbers.jsonl").is_file()
"""Whether the cases are on this machine."""


def core(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the cases of the core tier of *path*."""
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        if case["tier"] == "core":
            yield case


def number_right(case: dict[str, Any]) -> bool:
    """Return whether the figures of *case* are found, all and alone."""
    found = [number.value for number in scan_numbers(normalize(case["text"]).text)]
    wanted = [float(one["value"]) for one in case["expected"]]
    pairs = zip(found, wanted, strict=False)
    return len(found) == len(wanted) and all(abs(one - two) <= 1e-6 * max(1.0, abs(two)) for one, two in pairs)


def _moment(text: str | None) -> datetime | None:
    return None if text in (None, "inf", "not resolved") else datetime.fromisoformat(str(text))


def _same(one: datetime | None, two: datetime | None) -> bool:
    return one is not None and two is not None and abs((one - two).total_seconds()) < 60


def _clock(at: datetime | None) -> str:
    return at.strftime("%H:%M:%S") if at else ""


def _matches(kind: str, value: dict[str, Any], found: Moment) -> bool:
    if kind.startswith(("time_point", "time_span")):
        return _same(found.opens, _moment(value["start"]))
    said = value.get("value") or value.get(kind) or value.get("dateTime") or value.get("time") or value.get("date")
    if kind == "date":
        wanted = _moment(said)
        return found.opens is not None and wanted is not None and found.opens.date() == wanted.date()
    if kind == "datetime":
        return _same(found.opens, _moment(said)) or _same(found.closes, _moment(said))
    if kind == "time":
        return said in (_clock(found.opens), _clock(found.closes))
    opens, closes = value.get("start") or value.get("startTime"), value.get("end") or value.get("endTime")
    return (opens is None or _clock(found.opens) == opens) and (closes is None or _clock(found.closes) == closes)


def date_right(case: dict[str, Any]) -> bool:
    """Return whether every moment of *case* is found in one of the readings the peer gives."""
    found = read_moments(normalize(case["text"]).text, datetime.fromisoformat(case["reference"]))
    for one in case["expected"]:
        values = one.get("values") or [one[key] for key in ("past", "future") if key in one] or [one]
        nothing = any(value.get("value") == "not resolved" for value in values)
        hit = any(_matches(one["type"], value, moment) for value in values for moment in found)
        if not hit and not (nothing and not found):
            return False
    return True


def share(name: str) -> tuple[float, int]:
    """Return how many of the core cases *name* (numbers or dates) are right, as a share, and how many there are."""
    cases = list(core(CASES / f"peer_cases_{name}.jsonl"))
    right = {"numbers": number_right, "dates": date_right}[name]
    return sum(bool(right(case)) for case in cases) / len(cases), len(cases)

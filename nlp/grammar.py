"""Figures of a report: label × unit → metric; the reach of 累计 and 其中; 无 is a number; totals beat parts."""

import re
from collections.abc import Iterable

from nlp.figures import Figure, FigureReader, Reading
from nlp.tokens import tokenize

_LOOSE = {
    "daily": {"户": "households_checked", "人": "people_checked"},
    "checkpoint": {"人": "people_checked", "辆": "vehicles_checked"},
    "census": {"户": "households_registered", "人": "people_registered"},
}
_FROM_TO = re.compile(
    r"(?:由|从)(?:原来的?|昨天的?|昨日的?)?\s*\d{1,9}(?:\.\d{1,9})?\s*[户人个名辆台份张条次起处间]?\s*"
    r"(?:增加|增|减少|减|上升|升|下降|降|变|调整|增长|扩大)(?:到|至|为|成)"
)
__all__ = ["Figure", "Reading", "read_figures"]


def read_figures(text: str, context: str = "daily", masks: Iterable[tuple[int, int]] = ()) -> Reading:
    """Return what the figures of *text* (normalised, one record) say.

    *context* is daily, checkpoint or census; *masks* are spans that hold no figures (dates, addresses).
    """
    # 由3户增加到4户: only where it arrived counts
    text = _FROM_TO.sub(lambda found: " " * len(found[0]), text)
    reading = FigureReader(tokenize(text, context, masks), context).read()
    _pair_loose(reading, context)
    _settle_hubei(reading, text)
    _settle_new(reading)
    return reading


def _pair_loose(reading: Reading, context: str) -> None:
    """Bare 126户412人 in a report are the households and people checked; of several only a total counts."""
    for unit, key in _LOOSE[context].items():
        tokens = [token for token in reading.loose if token.unit == unit]
        totals = [token for token in tokens if id(token) in reading.totals]
        chosen = totals[-1] if totals else (tokens[0] if len(tokens) == 1 else None)
        if chosen is None or chosen.number is None or key in reading.figures:
            continue
        number = chosen.number
        reading.figures[key] = Figure(key, chosen, number.said(), number.approximate, unit, loose=True)
        reading.skipped += [token for token in tokens if token is not chosen]


def _settle_new(reading: Reading) -> None:
    """A bare 无新增 in a report of those who came back counts them and nothing else."""
    guess = reading.figures.get("returnees_new")
    if guess is not None and any(key.startswith("returnees") and key != "returnees_new" for key in reading.figures):
        guess.guessed = False


def _settle_hubei(reading: Reading, text: str) -> None:
    """湖北 beside 武汉 means the rest of the province; 湖北 of which 武汉 stays whole."""
    for suffix in ("", "_new", "_cum"):
        whole = reading.figures.get(f"returnees_hubei{suffix}")
        part = reading.figures.get(f"returnees_wuhan{suffix}")
        if whole is None or part is None:
            continue
        between = text[whole.token.end : part.token.start]
        if whole.token.start < part.token.start and any(word in between for word in ("其中", "含", "(")):
            continue
        del reading.figures[whole.key]
        whole.key = f"returnees_hubei_other{suffix}"
        reading.figures.setdefault(whole.key, whole)

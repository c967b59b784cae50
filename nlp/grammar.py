"""Figures of a report: label × unit → metric; the reach of 累计 and 其中; 无 is a number; totals beat parts."""

from collections.abc import Iterable, Sequence

from nlp.cue import Cue
from nlp.figures import Figure, FigureReader, Reading
from nlp.lazy import lazy
from nlp.rules import CREW, PAIRS
from nlp.strange import unknown_before
from nlp.tokens import Token, tokenize

_LOOSE = {
    "daily": {"户": "households_checked", "人": "people_checked"},
    "checkpoint": {"人": "people_checked", "辆": "vehicles_checked"},
    "census": {"户": "households_registered", "人": "people_registered"},
}
_FROM_TO = Cue(
    r"(?:由|从)(?:原来的?|昨天的?|昨日的?)?\s*\d{1,9}(?:\.\d{1,9})?\s*[户人个名辆台份张条次起处间]?\s*"
    r"(?:增加|增|减少|减|上升|升|下降|降|变|调整|增长|扩大)(?:到|至|为|成)"
)
_TODAY = lazy(r"今日|今天|当日|本日|现有|目前|截至|截止")
_YESTERDAY = lazy(
    r"(?:昨日|昨天|前日|前天|上日|上周|上次)(?:累计|共|有|存量|在册|的|报)?[^,。;\n\d]{0,10}\d{1,9}\s*[户人名个辆台份张条次起处间](?=[,。;\n]|\s*(?:今[天日]|目前|现有)|$)"
)
_RECIPIENTS = Cue(
    r"(?:给|为|向|帮)\s*\d{1,4}\s*(?:户|家|名|位|个)(?=[^,。;\n\d]{0,10}(?:送|发(?!热|烧|现)|买|带|代购|配|办))"
    r"|(?:给|为|向|帮)\s*[一二两三四五六七八九十]{1,3}\s*(?:户|家|名|位|个)(?=[^,。;\n\d]{0,10}(?:送|发(?!热|烧|现)|买|带|代购|配|办))"
)
_OH_NO = lazy(r"(?<=[\d户人名个辆台份张条次])[,、]不[,、](?=\s*[\d一二两三四五六七八九十百])")
"""过车120,不,210辆 takes the first figure back."""
_LATE = lazy(r"补报|漏报|昨[日天]的?(?:日报|数据|情况)|昨晚|昨夜")
__all__ = ["Figure", "Reading", "read_figures"]


def without_yesterday(text: str) -> str:
    """Return *text* with 昨日累计38人 as spaces where it tells of today too."""
    if "昨" not in text and "上" not in text and "前" not in text:
        return text
    told = _YESTERDAY.sub(lambda found: " " * len(found[0]), text)
    return told if _TODAY.search(told) and not _LATE.search(text) else text


def _tells(token: Token) -> bool:
    """Return whether *token* is a figure of ours, a 无, or a word that stands for a figure."""
    if token.kind == "number":
        return token.unit != "?"
    return token.kind in ("clear", "state") or (token.entry is not None and token.entry.name == "no")


def read_figures(text: str, context: str = "daily", masks: Iterable[tuple[int, int]] = ()) -> Reading:
    """Return what the figures of *text* (normalised, one record) say.

    *context* is daily, checkpoint or census; *masks* are spans that hold no figures (dates, addresses).
    """
    # 由3户增加到4户: only where it arrived counts; 昨日累计38人,今日40人: only today does
    text = _FROM_TO.sub(lambda found: " " * len(found[0]), text)
    text = without_yesterday(text)
    if "不," in text or "不、" in text:
        text = _OH_NO.sub("不不不", text)
    text = _RECIPIENTS.sub(lambda found: " " * len(found[0]), text)
    tokens = tokenize(text, context, masks)
    if not any(map(_tells, tokens)):
        return Reading()
    reading = FigureReader(tokens, context).read()
    _pair_loose(reading, context, text, tokens)
    for figure in reading.figures.values():
        if figure.total:
            parts = [one for one in reading.dropped if one.unit == figure.unit and one.end <= figure.token.start]
            reading.skipped += parts
    _settle_hubei(reading, text)
    _settle_new(reading)
    return reading


_SHIFT = lazy(r"(?:[大小]?夜|白|早|中|晚|日|全天|昼|[早中晚]上?)班\s*[:,]?\s*(?:共有?|有|是|都是)?\s*$")


def _on_shift(reading: Reading, chosen: Token, context: str, text: str) -> bool:
    """Return whether bare people stand right behind the shift that they are: 夜班 8个人 过车一百二."""
    small = chosen.number is not None and chosen.number.high is None and 0 < chosen.number.value <= CREW
    free = context == "checkpoint" and small and "staff_on_duty" not in reading.figures
    return free and _SHIFT.search(text, max(0, chosen.start - 12), chosen.start) is not None


def _pair_loose(reading: Reading, context: str, text: str, tokens: Sequence[Token]) -> None:
    """Bare 126户412人 in a report are the households and people checked; of several only a total counts."""
    for unit, key in _LOOSE[context].items():
        loose = [token for token in reading.loose if token.unit == unit]
        totals = [token for token in loose if id(token) in reading.totals]
        chosen = totals[-1] if totals else (loose[0] if len(loose) == 1 else None)
        if chosen is None or chosen.number is None:
            continue
        key = "staff_on_duty" if unit == "人" and _on_shift(reading, chosen, context, text) else key
        if key in reading.figures:
            continue
        if unit == "户" and _counts_people(reading, chosen.end):
            reading.skipped.append(chosen)  # 3户12人从广东回来: the twelve are told, how many homes counts nothing
            continue
        number = chosen.number
        key = _other_half(reading, key)
        figure = Figure(key, chosen, number.said(), number.approximate, unit, loose=True)
        cars = reading.figures.get("vehicles_checked")
        if key == "people_checked" and cars is not None and isinstance(cars.value, int):
            figure.odd = number.value < cars.value  # every car has a driver: fewer people may be the crew
        figure.odd |= unknown_before(tokens, chosen) > 1  # 封控2栋86户: nothing says that they were checked
        reading.figures[key] = figure
        reading.skipped += [token for token in loose if token is not chosen]
        if totals:  # the parts of a total are known by it
            reading.skipped += [token for token in reading.dropped if token.unit == unit and token.end <= chosen.start]


def _counts_people(reading: Reading, at: int) -> bool:
    """Return whether the figure that stands at *at* is known to count people."""
    return any(one.token.start == at and one.unit == "人" and not one.loose for one in reading.figures.values())


def _other_half(reading: Reading, key: str) -> str:
    """走访31户。98口人: people behind the households of one verb are of that verb."""
    if key != "people_checked" or "households_checked" in reading.figures:
        return key
    halves = [PAIRS[one] for one in PAIRS if one in reading.figures and PAIRS[one] not in reading.figures]
    return halves[0] if len(halves) == 1 else key


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

"""A household's private answer: temperatures through the day, symptoms, how it feels, for oneself and the family."""

import re
from datetime import datetime

from nlp.days import Day, scan_days
from nlp.lazy import lazy
from nlp.names import KIN
from nlp.numerals import read_numeral
from nlp.roll import Roll, read_roll, status_of
from nlp.symptoms import read_symptoms
from nlp.temperatures import scan_temperatures
from nlp.types import Draft, Slot
from nlp.when import read_when

_DAY = lazy(r"(?:隔离|观察|居家)(?:的)?第\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})\s*天")
_NTH_DAY = lazy(r"(?<![一-鿿])(?:今天|现在|已经|到今天)?(?:是)?第\s*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})\s*天")
_SELF = lazy(r"我(?!妈|爸|爷|奶|老|媳|儿|女|爱|孩|家|哥|姐|弟|妹|婆|公|岳)")
_OTHERS = lazy(rf"(?P<who>{KIN})")
_FINE = lazy(
    r"^(?:[我都]|一切|今天|身体|感觉|全家|家里|人)*(?:正常|没事|好着|挺好|都好|很好|好|没啥|无恙|健康"
    r"|平安|没问题|老样子|还行|可以|不错|没有异常|无异常)(?:[的呢了啊呀哈着都很正常好没事,。!~\s]|谢谢)*$"
)
_BARE = lazy(
    r"^\s*(?:体温)?\s*[:：]?\s*(?:三[五六七八九]|四十)[零一二三四五六七八九]\s*[。!]?\s*$|^\s*(?:体温)?\s*[:：]?\s*\d{2}[.。,，·度点]?\s?\d?\s*(?:度|°C?)?\s*[。!]?\s*$"
)


def is_fine(text: str) -> bool:
    """Return whether *text* only says that all is well: 好着呢, 正常正常, 没事."""
    return len(text) <= 16 and _FINE.match(text.strip()) is not None


def read_checkin(text: str, sent_at: datetime) -> list[Draft]:
    """Return the checkin records of *text* (normalised, one household's own words), [] when it tells no health."""
    when = read_when(text, sent_at)
    day = _DAY.search(text) or _NTH_DAY.search(text)
    shared = [slot for slot in when.slots if slot.key == "date"]
    if day:
        shared.append(Slot("isolation_day", read_numeral(day["n"]), day.start("n"), day.end("n")))
    blank = text
    if day:
        blank = text[: day.start()] + " " * (day.end() - day.start()) + text[day.end() :]
    roll = read_roll(blank, numbered=bool(_BARE.match(text)) or len(text) <= 12)
    drafts: list[Draft] = []
    if roll is not None:
        drafts = _from_roll(text, roll, shared, scan_days(text, sent_at))
    else:
        slots = _how(text)
        if slots:
            period = [slot for slot in when.slots if slot.key == "period"]
            drafts = [Draft("checkin", (*slots, *shared, *period), 0, len(text))]
    return drafts


def _how(text: str) -> list[Slot]:
    out: list[Slot] = []
    symptoms = read_symptoms(text)
    if symptoms is not None:
        out.append(Slot("symptoms", symptoms, 0, len(text)))
    status = "normal" if is_fine(text) else status_of(text)
    if status:
        out.append(Slot("status", status, 0, len(text)))
    others = _OTHERS.search(text)
    if out and others and "我" not in text.replace(others["who"], ""):
        out.append(Slot("person", others["who"], others.start(), others.end()))
    return out


def _dated(shared: list[Slot], days: tuple[Day, ...], at: int) -> list[Slot]:
    """A reading belongs to the last day named before it: 昨天36.8今天36.5."""
    before = [day for day in days if day.end <= at]
    if len(days) < 2 or not before:
        return list(shared)
    day = before[-1]
    return [Slot("date", day.day.isoformat(), day.start, day.end), *(slot for slot in shared if slot.key != "date")]


def _from_roll(text: str, roll: Roll, shared: list[Slot], days: tuple[Day, ...]) -> list[Draft]:
    several = len(roll.rows) > 1 or any(row.person in ("她", "他") for row in roll.rows)
    everyone = text if len(roll.rows) == 1 else ""
    spoken_of = _OTHERS.search(text) if everyone and not _SELF.search(text) else None
    kin = [found["who"] for found in _OTHERS.finditer(text)]
    alike = re.search(r"(?:都|均|全|俩|两人|一家)[^,。;\d]{0,6}", text)
    status_all = status_of(alike[0]) if alike else ""
    out: list[Draft] = []
    for row in roll.rows:
        symptoms = read_symptoms(everyone) if everyone else row.symptoms
        status = row.status or (status_of(everyone) if everyone else "") or status_all
        for reading, period in row.readings:
            slots = _dated(shared, days, reading.start)
            if period:
                slots.append(Slot("period", period, reading.start, reading.start))
            slots.append(
                Slot("temperature", reading.celsius, reading.start, reading.end, 0.6 if reading.repaired else 1.0)
            )
            person = kin[0] if row.person in ("她", "他") and kin else row.person
            if spoken_of and not person:
                slots.append(Slot("person", spoken_of["who"], *spoken_of.span("who")))
            if person and (several or person != "本人"):
                slots.append(Slot("person", person, row.who_start, row.who_end))
            if status:
                slots.append(Slot("status", status, 0, 0))
            if symptoms is not None:
                slots.append(Slot("symptoms", symptoms, 0, 0))
            out.append(Draft("checkin", tuple(slots), row.start, row.end))
    return out


def speaks_of_health(text: str) -> bool:
    """Return whether *text* gives a reading, a symptom or a word of wellbeing."""
    return (
        bool(scan_temperatures(text, slot=bool(_BARE.match(text))))
        or read_symptoms(text) is not None
        or is_fine(text)
        or bool(status_of(text))
    )

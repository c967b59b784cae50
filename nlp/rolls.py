"""Rows of people: temperatures taken house by house, and registers of those who came back."""

import re
from datetime import datetime

from nlp.cue import Cue
from nlp.days import Day, scan_days
from nlp.lazy import lazy
from nlp.names import KIN, looks_like_name, stands_as_name
from nlp.places import scan_places
from nlp.privacy import find_private
from nlp.roll import Roll, read_roll, status_of
from nlp.rows import Row
from nlp.symptoms import read_symptoms
from nlp.temperatures import FEVER, scan_temperatures
from nlp.types import Draft, Slot
from nlp.when import read_when
from nlp.wordbook import place_names

_SHARED = ("date", "period")
_SCOPE = ("grid", "group", "village")
_REGISTER = Cue(
    r"返乡[:：]|(?:返乡|返回|来返|返村|返程|外地|回来|外来|武汉|湖北)(?:来?返?)?(?:人员|人|学生"
    r"|务工)?.{0,6}(?:登记|名单|名册|台账|报备|信息|情况|排查表|摸排表|统计)|新增返乡|返乡人员[:：]"
)
_ROW = re.compile(r"(?:^|\n)\s*(?:\(?\d{1,3}\)?\s*[.、)](?!\d)|[一二三四五六七八九十]{1,3}、)?\s*(?P<body>[^\n]+)")
_ISOLATED = lazy(r"(?:已|在|正在)?(?:居家|集中)?(?:隔离|观察)(?:中|着|了)?")


def roll_drafts(text: str, roll: Roll, sent_at: datetime) -> list[Draft]:
    """Return one temperature record a reading of *roll*; the header's date, part of day and place go to all."""
    when = read_when(roll.header, sent_at)
    shared = [slot for slot in when.slots if slot.key in _SHARED]
    if not any(slot.key == "date" for slot in shared):
        tail = read_when(text[roll.rows[-1].start :], sent_at)
        shared += [
            _later(slot, roll.rows[-1].start) for slot in tail.slots if slot.key == "date" and len(roll.rows) == 1
        ]
    header_places = scan_places(roll.header)
    for place in header_places:
        if place.key in _SCOPE and not any(slot.key == place.key for slot in shared):
            shared.append(Slot(place.key, place.value, place.start, place.end))
    whose = _WHOSE.search(roll.header) or _SIGNED.search(text)
    if whose and stands_as_name(whose["who"]) and not any(row.person for row in roll.rows):
        shared.append(Slot("person", whose["who"], *whose.span("who")))
    days = [_line_day(text, row, sent_at) for row in roll.rows]
    building = next((place for place in header_places if place.key == "address"), None)
    out: list[Draft] = []
    _last_home(text, roll)
    dated = len({day.value for day in days if day}) > 1
    for row, day in zip(roll.rows, days, strict=True):
        own = [day, *(slot for slot in shared if slot.key != "date")] if day and dated else shared
        out += _row_drafts(text, row, own, building.value if building else "")
    return _without_repeats(out)


def _last_home(text: str, roll: Roll) -> None:
    """36.4 36.6 均正常 5-2-301: an address behind all the readings of a family is theirs."""
    kin = all(row.person == "本人" or re.fullmatch(KIN, row.person) for row in roll.rows)
    if any(row.address for row in roll.rows) or (len(roll.rows) > 1 and not kin):
        return
    tail = text[roll.rows[-1].readings[-1][0].end :]
    homes = [place for place in scan_places(tail) if place.key == "address"]
    if len(homes) == 1:
        for row in roll.rows:
            row.address = homes[0].value


def _line_day(text: str, row: Row, sent_at: datetime) -> Slot | None:
    """Return the day that stands before the first reading on the line of *row*."""
    begins = text.rfind("\n", 0, row.readings[0][0].start) + 1
    days = scan_days(text[begins : row.readings[0][0].start], sent_at)
    return Slot("date", days[0].day.isoformat(), days[0].start + begins, days[0].end + begins) if days else None


_SIGNED = lazy(r"\n\s*[(—-]{0,3}(?P<who>[一-鿿]{2,4})\)?\s*$")
_WHOSE = lazy(r"(?:姓名|户主)\s*[:：]?\s*(?P<who>[一-鿿]{2,4})(?=\s|$|,)")


def _later(slot: Slot, by: int) -> Slot:
    return Slot(slot.key, slot.value, slot.start + by, slot.end + by)


def _row_drafts(text: str, row: Row, shared: list[Slot], building: str) -> list[Draft]:
    out = []
    for reading, period in row.readings:
        slots = [slot for slot in shared if not (period and slot.key == "period")]
        if period:
            slots.append(Slot("period", period, reading.start, reading.end))
        slots.append(Slot("temperature", reading.celsius, reading.start, reading.end, 0.6 if reading.repaired else 1.0))
        if row.person:
            slots.append(Slot("person", row.person, row.who_start, row.who_end))
        if row.address or (building and not row.person):
            slots.append(Slot("address", row.address or building, row.start, row.end))
        if row.status:
            slots.append(Slot("status", row.status, row.start, row.end))
        if row.symptoms is not None:
            slots.append(Slot("symptoms", row.symptoms, row.start, row.end))
        out.append(Draft("temperature", tuple(slots), row.start, row.end))
    return out


def _without_repeats(drafts: list[Draft]) -> list[Draft]:
    """A forked 接龙 carries the same row twice: the later one stays."""
    seen: dict[tuple[object, ...], int] = {}
    out: list[Draft | None] = []
    for draft in drafts:
        who = draft.get("person")
        key = (who, draft.get("address"), draft.get("period"), draft.get("temperature"))
        if who and key in seen:
            out[seen[key]] = None
        seen[key] = len(out)
        out.append(draft)
    return [draft for draft in out if draft is not None]


def is_roll(text: str, roll: Roll, role: str, channel: str) -> bool:
    """Return whether the readings are a list or one person's normal reading, not a case told in prose."""
    named = [row for row in roll.rows if row.person or row.address]
    if len(roll.rows) > 1 and not named and _SIGNED.search(text):
        return True
    if roll.chain or len(roll.rows) > 1 or sum(len(row.readings) for row in roll.rows) > 1:
        return bool(named) or roll.chain or _FAMILY.search(text) is not None
    row = roll.rows[0]
    hot = row.readings[-1][0].celsius >= FEVER or bool(read_symptoms(text) and "fever" in (read_symptoms(text) or ()))
    if hot:
        return False
    return bool(named) or len(text.strip()) <= 16 or "体温" in text


_CAME = Cue(r"从.{2,6}(?:回|返)|\d[号日]?(?:回|返|到)")


def is_register(text: str) -> bool:
    """Return whether *text* lists people who came back, with where from or when."""
    told = _REGISTER.search(text) or _CAME.search(text)
    return bool(told) and any(_origin(found["body"]) is not None for found in _ROW.finditer(text))


def _origin(body: str) -> tuple[str, int, int] | None:
    known = place_names()
    for size in (4, 3, 2):
        for at in range(len(body) - size + 1):
            if body[at : at + size] in known:
                return body[at : at + size], at, at + size
    return None


_FAMILY = lazy(r"体温|测温|口人|[一二两三四五六七八\d]口|全家|一家|我家|家里|咱家|爸|妈|大人|小孩|孩子|老人")
_CELL = lazy(r"[\s,:;、/|]+")


def returnee_drafts(text: str, sent_at: datetime) -> list[Draft]:
    """Return one returnee record for each row of a register that names a person and where from or when."""
    out: list[Draft] = []
    header: list[Slot] = []
    if _REGISTER.search(text) and not any(_whole(found["body"], sent_at) for found in _ROW.finditer(text)):
        text = re.sub(r"[\n。](?=[^\n。])", ",", text)  # one person told in lines
    for found in _ROW.finditer(text):
        body, at = found["body"], found.start("body")
        draft = _returnee(body, at, sent_at, header, found.start("body") - found.start() > 1)
        if draft is not None:
            out.append(draft)
        elif not out:
            header += [
                Slot(place.key, place.value, place.start + at, place.end + at)
                for place in scan_places(body)
                if place.key in _SCOPE
            ]
    return out


def _whole(body: str, sent_at: datetime) -> bool:
    return _returnee(body, 0, sent_at, [], True) is not None


def _returnee(body: str, at: int, sent_at: datetime, header: list[Slot], numbered: bool) -> Draft | None:
    origin = _origin(body)
    when = read_when(body, sent_at)
    arrival = _arrival(when.arrivals) or next((slot for slot in when.slots if slot.key == "date"), None)
    plain = _blanked(body)
    for start, end in when.masks:
        plain = plain[:start] + " " * (end - start) + plain[end:]
    person = _row_name(plain, numbered)
    kin = person is not None and re.fullmatch(rf"{KIN}|我.{{0,3}}", person[0]) is not None
    if not person or (origin is None and arrival is None) or (kin and not numbered):
        return None
    slots = list(header)
    slots.append(Slot("person", person[0], person[1] + at, person[2] + at))
    if origin:
        slots.append(Slot("origin", origin[0], origin[1] + at, origin[2] + at))
    if arrival:
        slots.append(Slot("arrival_date", arrival.value, arrival.start + at, arrival.end + at))
    slots += _row_rest(body, at)
    return Draft("returnee", tuple(slots), at, at + len(body))


def _blanked(body: str) -> str:
    """Return a row with its grid, group and address as spaces: 2组王样例 begins with a name too."""
    for place in scan_places(body):
        body = body[: place.start] + " " * (place.end - place.start) + body[place.end :]
    return body


def _arrival(days: tuple[Day, ...]) -> Slot | None:
    return Slot("arrival_date", days[0].day.isoformat(), days[0].start, days[0].end) if days else None


def _row_rest(body: str, at: int) -> list[Slot]:
    out: list[Slot] = []
    masks = []
    for place in scan_places(body):
        if place.key in ("address", "group", "grid", "village") and not any(slot.key == place.key for slot in out):
            out.append(Slot(place.key, place.value, place.start + at, place.end + at))
            masks.append((place.start, place.end))
    readings = [
        one
        for one in scan_temperatures(body, slot="体温" in body)
        if not any(start <= one.start < end for start, end in masks)
    ]
    if readings:
        out.append(Slot("temperature", readings[0].celsius, readings[0].start + at, readings[0].end + at))
    people = re.search(r"(?P<n>\d{1,2}|[一二两三四五六七八九])\s*(?:口人?|个人|人)(?!次)", body)
    if people:
        out.append(
            Slot(
                "people",
                int(people["n"]) if people["n"].isdigit() else "一二三四五六七八九".find(people["n"]) + 1 or 2,
                at + people.start(),
                at + people.end(),
            )
        )
    plate = next((one for one in find_private(body) if one[0] == "plate"), None)
    if plate:
        out.append(Slot("plate", body[plate[1] : plate[2]], plate[1] + at, plate[2] + at))
    symptoms = read_symptoms(body)
    if symptoms is not None:
        out.append(Slot("symptoms", symptoms, at, at + len(body)))
    status = status_of(body)
    if status:
        out.append(Slot("status", status, at, at + len(body)))
    isolated = _ISOLATED.search(body)
    if isolated:
        held = not re.search(r"(?:未|没|无需|不用|解除)(?:有)?(?:居家)?(?:隔离|观察)", body)
        out.append(Slot("isolated", held, at + isolated.start(), at + isolated.end()))
    return out


def _row_name(body: str, free: bool) -> tuple[str, int, int] | None:
    """Return who a row is about; in a numbered row the first word that is no place may be anybody."""
    at = 0
    for cell in _CELL.split(body):
        start = body.find(cell, at)
        at = start + len(cell)
        if looks_like_name(cell) or (free and stands_as_name(cell) and cell not in place_names()):
            return cell, start, at
    lead = re.match(r"(?P<who>[一-鿿]{2,3}?)(?=从|由|自|\d|,|\()", body)
    return (lead["who"], 0, lead.end()) if lead and looks_like_name(lead["who"]) else None


_SPOKEN_LIST = lazy(r"(?:[一-鿿]{2,4}\s*(?:3[5-9]\d|三[五六七八九][零一二三四五六七八九])(?:度|[,;、。\s]|$)){2,}")
_BARE_LIST = re.compile(r"(?:\s*[一-鿿]{2,4}\s*(?:3[5-9]|4[0-2])\d\s*[,;、\s]*){2,}")


_HEAT = re.compile(
    r"(?<![\d.])(?:3[ ]?[4-9]|4[ ]?[0-2])(?!\d?\s*[户人个名辆台份张])|[三四]十|三[四五六七八九]|四[零一二]"
)
"""Without one of these no temperature of a body stands in a text."""


_NUMBERED = re.compile(r"(?:^|\n)\s*\d{1,3}\s*[.、)]")


def read_people(text: str) -> Roll | None:
    """Return the roll of temperatures that *text* holds, a bare 365 taken only in a numbered list."""
    if not _HEAT.search(text):
        return None
    told = "体温" in text or "测温" in text
    numbered = (
        bool(_BARE_LIST.fullmatch(text))
        or (told and _SPOKEN_LIST.search(text) is not None)
        or len(_NUMBERED.findall(text)) >= 2
    )
    return read_roll(text, numbered)

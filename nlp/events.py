"""Something has happened: the categories of an event, and who, where, how many, from where."""

import re
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from nlp.clock import Time, scan_times
from nlp.cue import ALWAYS, Cue, bits_of, seen_in
from nlp.lazy import lazy
from nlp.names import find_person, may_hold_name, name_among, stands_as_name
from nlp.numerals import scan_numbers
from nlp.places import scan_places
from nlp.privacy import find_private
from nlp.spots import find_spot
from nlp.symptoms import read_symptoms
from nlp.temperatures import FEVER, scan_temperatures
from nlp.types import Draft, Slot
from nlp.when import read_when
from nlp.wordbook import template

_FROM = lazy(
    r"(?:从|自|由)\s*(?P<a>[一-鿿]{2,4}?(?:省|市|县)?)(?=回|返|来|过来|到|坐|乘|开|打工|那边)"
    r"|(?P<b>武汉|湖北|[一-鿿]{2,3})(?:回来|返乡|返回|过来的|来的)"
)
_TEMPLATE = template("event")
DESPAIR = Cue("|".join(_TEMPLATE["despair"]))
"""Who says so may mean to die."""
_PIECES = {**_TEMPLATE["events"], "medical_emergency": [*_TEMPLATE["events"]["medical_emergency"], DESPAIR.pattern]}
_PATTERNS = {name: Cue("|".join(pieces)) for name, pieces in _PIECES.items()}
_CATEGORIES = tuple((name, pattern, bits_of(pattern)) for name, pattern in _PATTERNS.items())
_HAPPENING = bits_of(*_PATTERNS.values())
_DENIED = lazy(
    rf"(?:{'|'.join(_TEMPLATE['denied'])})\s*(?:了|过|任何|有人|人员?|一起|各类|邻里|居民|矛盾|因|再|发现|新|新增|出现"
    r"|群众|家庭|[\d一二两三四五六七八九十]*[起处个件条家户场桌]|办)*$"
)
_OVER = Cue("|".join(_TEMPLATE["over"]))
_ZERO_AFTER = lazy(
    r"\s*[:：]?\s*0(?![\d.:])|\s*(?:人员|人数|情况|数|病人|症状|者|患者)?\s*[:：]?\s*(?:0|零|无|没有)(?![一-鿿\d.])|\s*(?:人员|人数"
    r"|情况)?\s*[:：]?\s*(?:0|零|无|没有)(?=[人例户起处,。;\s]|$)"
)
_SURE = frozenset({"trapped", "missing_person", "medical_emergency", "fire", "flooding", "landslide", "test_positive"})
_PEOPLE = lazy(
    r"\s?(?:多|来)?(?:口人|号人|个人|个(?:外地|陌生|本地)[^,。;\d]{0,5}(?:人|男|女|司机|客)|人|名|位|口|老两口|个(?:孩子|娃娃?|小伙子|年轻人|大爷|大妈|老太太|老头|妇女|女的|男的|人家|小年轻|老人|小孩|大人|学生|村民|居民))"
)
_PAIR = lazy(
    r"(?:老?两口子?|夫妻(?:俩|二人|两人)?|父子(?:俩|两人)?|母子(?:俩)?|母女(?:俩)?|父女(?:俩)?"
    r"|婆媳(?:俩)?|爷孙(?:俩)?|姐妹(?:俩)?|兄弟(?:俩)?|祖孙(?:俩)?|老两口|小两口|俩人)"
)
_FAMILY = lazy(r"一家(?P<n>[三四五六七八两俩]|\d)口")
_ANYBODY = frozenset({"娃", "娃娃", "孩子", "小孩", "宝宝", "老人", "儿子", "女儿", "孙子", "孙女"})


def _hits(text: str) -> list[str]:
    out = []
    seen = seen_in(text) | ALWAYS
    if not seen & _HAPPENING:
        return []
    for name, pattern, needed in _CATEGORIES:
        if not seen & needed:
            continue
        for found in pattern.finditer(text):
            if _DENIED.search(text[max(0, found.start() - 8) : found.start()]) or _ZERO_AFTER.match(text, found.end()):
                continue
            out.append(name)
            break
    return out


@lru_cache(maxsize=64)
def event_categories(text: str) -> tuple[str, ...]:
    """Return the event categories that *text* (normalised) states, () when none; a fever by its figure too.

    >>> event_categories("2组低洼处进水了,老两口困在家里"), event_categories("无发热,无险情")
    (('flooding', 'trapped'), ())
    """
    found = _hits(text)
    if found and _OVER.search(text):
        found = []
    hot = any(one.celsius >= FEVER for one in scan_temperatures(text))
    if hot or "fever" in (read_symptoms(text) or ()):
        found.insert(1 if found[:1] == ["needs_registration"] else 0, "fever")
    return tuple(found)


def is_grave(categories: tuple[str, ...]) -> bool:
    """Return whether one of *categories* names a danger that needs no further sign to be an event."""
    return bool(_SURE.intersection(categories))


_NEAR = lazy(r"我们?|咱|出不去|病人|孕妇|老人|家里|救|快来|急")


def is_near(text: str) -> bool:
    """Return whether *text* says where or to whom it happens, so that a question about it is a call for help."""
    return _NEAR.search(text) is not None or find_person(text) is not None or bool(scan_places(text))


def _origin(text: str) -> tuple[str, int, int] | None:
    for found in _FROM.finditer(text):
        name = found["a"] or found["b"]
        group = "a" if found["a"] else "b"
        if name not in (
            "外地",
            "外面",
            "那边",
            "哪里",
            "市里",
            "县里",
            "镇上",
            "医院",
            "单位",
            "刚刚",
            "外省",
            "偷偷",
            "昨天",
            "今天",
            "昨晚",
            "刚",
        ):
            name = re.sub(r"^(?:刚从|从|刚|昨天从)", "", name)
            return name, found.end(group) - len(name), found.end(group)
    return None


def _people(text: str) -> tuple[int | float | str, int, int] | None:
    family = _FAMILY.search(text)
    if family:
        counts = scan_numbers(family["n"])
        return (int(counts[0].value), family.start(), family.end()) if counts else None
    pair = _PAIR.search(text)
    if pair:
        return 2, pair.start(), pair.end()
    for number in scan_numbers(text):
        counted = _PEOPLE.match(text, number.end) and not re.match(r"(?:多?名?人)?(?:次|份|均)", text[number.end + 1 :])
        if counted and isinstance(number.value, int) and 0 < number.value < 1000:
            return number.said(), number.start, number.end
    return None


_COUNTED = re.compile(r"\s?(?:个(?!小时|月|星期|单元|点)|人(?!次|份|均)|名|位|口|例)")


def _counted_twice(text: str) -> bool:
    """Return whether two unlike counts of people are told (3口人都阳了2个): which of them is not sure."""
    told = {number.value for number in scan_numbers(text) if _COUNTED.match(text, number.end)}
    return len(told) > 1


def read_event(text: str, categories: tuple[str, ...]) -> list[Slot]:
    """Return the slots of the event that *text* (normalised) tells: category, person or people, where, from where."""
    out = [Slot("category", categories, 0, len(text))]
    for place in scan_places(text):
        if place.key in ("grid", "group", "village", "address") and not any(slot.key == place.key for slot in out):
            out.append(Slot(place.key, place.value, place.start, place.end))
    plate = next((one for one in find_private(text) if one[0] == "plate"), None)
    if plate:
        out.append(Slot("plate", text[plate[1] : plate[2]], plate[1], plate[2]))
    rest = _blanked(text, out[1:])
    origin = _origin(rest)
    if origin and {"needs_registration", "contact_needed", "fever"} & set(categories):
        out.append(Slot("origin", *origin))
    _persons(rest, categories, out)
    clock = next((time for time in scan_times(text) if time.exact and _exact(text, time)), None)
    if clock:
        out.append(Slot("time", clock.clock(), clock.start, clock.end))
    readings = scan_temperatures(text)
    if readings:
        out.append(Slot("temperature", readings[0].celsius, readings[0].start, readings[0].end))
    symptoms = read_symptoms(text)
    if symptoms is not None:
        out.append(Slot("symptoms", symptoms))
    spot = find_spot(_untimed(rest))
    if spot:
        out.append(Slot("place", *spot))
    return out


def _exact(text: str, time: Time) -> bool:
    """7点20 tells when it happened; 3点前 and 20点到 are limits of something else."""
    return re.match(r"\s*(?:之?前|以后|之?后|到|至|-|止)", text[time.end :]) is None


def _untimed(text: str) -> str:
    for time in scan_times(text):
        text = text[: time.start] + " " * (time.end - time.start) + text[time.end :]
    return text


def _blanked(text: str, slots: list[Slot]) -> str:
    for slot in slots:
        text = text[: slot.start] + " " * (slot.end - slot.start) + text[slot.end :]
    return text


_KEPT = lazy(
    r"(?:姓名|隔离户|独居老人|孤寡老人|低保户|五保户|困难户|寻人|走失者|伤者|患者)\s*[::]?\s*(?P<name>[一-鿿]{2,3}?)(?=家|[,。;\s(\d]|不在|没|走|摔|今|昨|打|来|说|发|体|咳|反)"
)


_NO_ONE = lazy(r"[打敲电话门不没在去来出外偷擅私联系叫喊]")


def _persons(text: str, categories: tuple[str, ...], out: list[Slot]) -> None:
    if "refusal" in categories:
        return  # whoever refuses is not named in the ledger
    kept = _KEPT.search(text)
    known = kept is not None and stands_as_name(kept["name"]) and not _NO_ONE.search(kept["name"])
    person = (kept["name"], *kept.span("name")) if kept and known else find_person(text)
    if person and person[0] not in _ANYBODY and not (_PAIR.search(text) or _FAMILY.search(text)):
        out.append(Slot("person", *person))
        return
    people = _people(text)
    if people:
        out.append(Slot("people", *people, 0.7 if _counted_twice(text) else 1.0))
    elif _OF_A_PERSON.intersection(categories) and may_hold_name(text) and not _SOMEBODY.search(text):
        named = name_among(text)
        if named:
            out.append(Slot("person", *named))


_OF_A_PERSON = frozenset(
    {"fever", "needs_registration", "contact_needed", "missing_person", "medical_emergency", "trapped", "test_positive"}
)
_SOMEBODY = Cue(r"有人|有个|有位|[一1]例|某")
"""Whoever is told of so has no name here."""


def event_drafts(text: str, categories: tuple[str, ...], sent_at: datetime) -> list[Draft]:
    """Return the event of *text*; where several places each have something of their own, one for each."""
    parts = _apart(text)
    if len(parts) > 1:
        return [_moved(one, start) for start, part in parts for one in _one(part, event_categories(part), sent_at)]
    return _one(text, categories, sent_at)


def _apart(text: str) -> list[tuple[int, str]]:
    """Return the clauses of *text* when each names a place of its own and tells something: 1组停水,2组停电."""
    heads = [place.start for place in scan_places(text) if place.key in ("group", "grid", "village")]
    cuts = sorted({0, *(found.end() for found in re.finditer(r"[,。;\n]+", text)), *heads, len(text)})
    parts = [(start, text[start:end]) for start, end in pairwise(cuts) if text[start:end].strip()]
    told: list[tuple[int, str]] = []
    for start, part in parts:  # what tells of nothing itself goes with the clause before it
        if told and not event_categories(part):
            told[-1] = (told[-1][0], text[told[-1][0] : start + len(part)])
        else:
            told.append((start, part))
    parts = told
    homes = [
        next((place.value for place in scan_places(part) if place.key in ("group", "grid", "village", "address")), "")
        for _, part in parts
    ]
    alike = len(parts) > 1 and all(homes) and len(set(homes)) == len(homes)
    return parts if alike and all(event_categories(part) for _, part in parts) else []


def _moved(draft: Draft, by: int) -> Draft:
    slots = tuple(slot._replace(start=slot.start + by, end=slot.end + by) if slot.end else slot for slot in draft.slots)
    return Draft(draft.type, slots, draft.start + by, draft.end + by)


def _one(text: str, categories: tuple[str, ...], sent_at: datetime) -> list[Draft]:
    slots = read_event(text, categories)
    when = read_when(text, sent_at)
    slots += [slot for slot in when.slots if slot.key == "date"]
    slots += [Slot("arrival_date", day.day.isoformat(), day.start, day.end) for day in when.arrivals[:1]]
    return [Draft("event", tuple(slots), 0, len(text))]

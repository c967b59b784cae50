"""What a correction mends besides counts: a grid, a name, a date, a temperature, an amount of goods."""

import re
from datetime import datetime

from nlp.days import scan_days
from nlp.goods import read_items
from nlp.lazy import lazy
from nlp.names import find_person, looks_like_name, stands_as_name
from nlp.numerals import read_numeral
from nlp.places import scan_places
from nlp.temperatures import scan_temperatures
from nlp.types import Draft, Slot

_N = r"\d{1,9}(?:\.\d{1,9})?|[零一二两三四五六七八九十百半]{1,9}"
_G = r"第?(?P<{}>[\d一二三四五六七八九十]{{1,9}})\s*(?:号)?(?:网格|格)"
_GRID_SWAP = lazy(
    rf"(?:不是|非|把)\s*{_G.format('old')}\s*[,、]?\s*(?:而是|应该?是|应为|是|改(?:成|为))\s*{_G.format('new')}"
    rf"|(?:是|应为|应该是)\s*{_G.format('new2')}\s*[,、]?\s*(?:不是|非|而不是)\s*{_G.format('old2')}"
)
_GRID_NEW = lazy(
    rf"网格(?:号|名)?(?:写|填|报|发|打|弄)?错了?[,。\s]*(?:应该?(?:是|为)|是|改(?:成|为))?\s*{_G.format('new')}"
)
_NAME_SWAP = lazy(
    r"(?:是|应该?是|应为|叫)\s*(?P<new>[一-鿿]{2,3}?)\s*[,、]?\s*(?:不是|非"
    r"|而不是)\s*(?P<old>[一-鿿]{2,3})(?=$|[,。!\s])"
    r"|(?:不是|非)\s*(?P<old2>[一-鿿]{2,3}?)\s*[,、]?\s*(?:而是|是|应该?是|应为)\s*(?P<new2>[一-鿿]{2,3})(?=$|[,。!\s])"
)
_DATE_CUE = lazy(r"(?:日期|时间|几号)(?:写|填|报|发|打|弄)?错了?|日期[^,。\n]{0,4}(?:改|更正|应)")
_UNIT = r"斤|公斤|袋|瓶|盒|罐|箱|包|桶|提|颗|块|板|把|份|件|台|支|条|床|套|卷|棵|个|只"
_ITEM = lazy(
    rf"(?P<item>[一-鿿A-Za-z0-9]{{1,8}}?)\s*(?:的?数量)?\s*(?:改(?:成|为|到)?|应该?(?:是|为)|应为|更正为|变成|换成"
    rf"|要)\s*(?P<n>{_N})\s*(?P<unit>{_UNIT})"
    rf"(?:\s*[,、]?\s*(?:不是|非|而不是)\s*(?P<old>{_N})\s*(?:{_UNIT}))?"
)
_NOT_GOODS = lazy(r"隔离|返乡|排查|发热|宣传|横幅|人数|户数|网格|车辆|劝返")
_WRONG = lazy(r"(?:不是|并?非|(?:写|误写|报|打|填|说|记|算|输|弄|看|量|错)成|原来|刚才)[^\d]{0,4}$")


def scope_of(text: str, without: tuple[str, ...] = ()) -> list[Slot]:
    """Return the places that *text* names as slots, each kind once."""
    out: list[Slot] = []
    for place in scan_places(text):
        if place.key not in without and not any(one.key == place.key for one in out):
            out.append(Slot(place.key, place.value, place.start, place.end))
    return out


def blanked(text: str, slots: list[Slot]) -> str:
    """Return *text* with the spans of *slots* as spaces."""
    for slot in slots:
        text = text[: slot.start] + " " * (slot.end - slot.start) + text[slot.end :]
    return text


def read_mended(text: str, sent_at: datetime) -> list[Draft]:
    """Return the correction of a grid, a name, a date, goods or a temperature in *text*, [] when it makes none."""
    return _renamed(text) or _grid(text) or _name(text) or _date(text, sent_at) or _item(text) or _temperature(text)


_RENAMED = lazy(
    r"(?P<old>[一-鿿]{2,4}?)的?(?:名字|姓名)(?:写|打|填|报|弄)?错了?[,。\s]*(?:应该?|其实)?(?:叫|是|为)\s*(?P<new>[一-鿿]{2,4}?)(?=[,。!\s]|$)"
)
_GRID_TYPED = lazy(rf"(?:把)?{_G.format('new')}(?:写|填|报|打|发)成了?\s*{_G.format('old')}")


def _renamed(text: str) -> list[Draft]:
    found = _RENAMED.search(text)
    if not found or not (stands_as_name(found["old"]) and stands_as_name(found["new"])):
        return []
    slots = [Slot("field", "person"), Slot("value", found["new"], *found.span("new")), Slot("old", found["old"])]
    return _draft(text, *slots, *scope_of(text, ("checkpoint",)))


def _draft(text: str, *slots: Slot) -> list[Draft]:
    return [Draft("correction", slots, 0, len(text))]


def _grid(text: str) -> list[Draft]:
    typed = _GRID_TYPED.search(text)
    if typed:
        value, old = (f"{read_numeral(typed[group]):g}" for group in ("new", "old"))
        return _draft(text, Slot("field", "grid"), Slot("value", value, *typed.span("new")), Slot("old", old))
    swap = _GRID_SWAP.search(text)
    found = swap or _GRID_NEW.search(text)
    if not found:
        return []
    group = "new" if found["new"] else "new2"
    slots = [
        Slot("field", "grid"),
        Slot("value", f"{read_numeral(found[group]):g}", found.start(group), found.end(group)),
    ]
    if swap:
        slots.append(Slot("old", f"{read_numeral(swap['old'] or swap['old2']):g}"))
    return _draft(text, *slots)


def _name(text: str) -> list[Draft]:
    found = _NAME_SWAP.search(text)
    if not found:
        return []
    new, old = found["new"] or found["new2"], found["old"] or found["old2"]
    if not (looks_like_name(new) and looks_like_name(old)):
        return []
    slots = scope_of(text, ("checkpoint",))
    return _draft(text, Slot("field", "person"), Slot("value", new), Slot("old", old), *slots)


def _date(text: str, sent_at: datetime) -> list[Draft]:
    days = scan_days(text, sent_at)
    if not days or not _DATE_CUE.search(text):
        return []
    wrong = [day for day in days if _WRONG.search(text[: day.start])]
    right = [day for day in days if day not in wrong]
    if not right:
        return []
    day = right[-1]
    slots = scope_of(text, ("checkpoint", "address"))
    old = [Slot("old", wrong[0].day.isoformat(), wrong[0].start, wrong[0].end)] if wrong else []
    return _draft(text, Slot("field", "date"), Slot("value", day.day.isoformat(), day.start, day.end), *old, *slots)


def _item(text: str) -> list[Draft]:
    scope = scope_of(text)
    found = _ITEM.search(blanked(text, scope))
    if not found:
        return []
    items = read_items(f"{found['item']}1{found['unit']}")
    noun = re.sub(r"^.*?(?:家的?|的)(?=.)", "", items[0].item) if items else ""
    if not noun or _NOT_GOODS.search(noun):
        return []
    slots = [*scope, Slot("item", noun), Slot("unit", found["unit"]), Slot("field", "quantity")]
    slots.append(Slot("value", read_numeral(found["n"]), found.start("n"), found.end("n")))
    if found["old"]:
        slots.append(Slot("old", read_numeral(found["old"])))
    person = find_person(blanked(text, scope))
    if person:
        slots.append(Slot("person", *person))
    return _draft(text, *slots)


def _temperature(text: str) -> list[Draft]:
    readings = scan_temperatures(text)
    if not readings or re.search(r"水位|降雨", text):
        return []
    new, old = readings[0], None
    if len(readings) > 1:
        first, second = (bool(_WRONG.search(text[: one.start])) for one in readings[:2])
        new, old = (readings[0], readings[1]) if second and not first else (readings[1], readings[0])
    slots = [Slot("field", "temperature"), Slot("value", new.celsius, new.start, new.end)]
    if old:
        slots.append(Slot("old", old.celsius, old.start, old.end))
    person = _patient(text, readings[0].start)
    if person:
        slots.append(Slot("person", *person))
    return _draft(text, *slots, *scope_of(text, ("checkpoint",)))


def _patient(text: str, before: int) -> tuple[str, int, int] | None:
    plain = re.sub(
        r"更正|纠正|体温|刚才|(?:写|报|打|输|填|量|记)错了?|不是|应该?是|[两户家]",
        lambda found: " " * len(found[0]),
        text,
    )
    person = find_person(plain)
    if person is not None:
        return person
    tail = r"(?:的|体温|温度|不是|应该?(?:是|为)|改(?:成|为)|是|为|应)*\s*:?\s*$"
    lead = re.search(rf"(?P<who>[一-鿿]{{2,3}}?){tail}", text[:before])
    return (lead["who"], *lead.span("who")) if lead and looks_like_name(lead["who"]) else None

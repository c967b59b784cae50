"""Corrections and withdrawals: 更正, 是6不是5, 412 ❌ 421 ✅, 改成, 撤回, 作废, 不要了."""

import re
from datetime import datetime

from nlp.goods import read_items
from nlp.grammar import Figure, read_figures
from nlp.names import find_person, looks_like_name
from nlp.numerals import read_numeral
from nlp.places import Place, scan_places
from nlp.temperatures import scan_temperatures
from nlp.types import Draft, Slot
from nlp.when import read_when

_CUE = re.compile(
    r"更正|纠正|订正|勘误|更改|修正|(?:说|报|写|发|打|填|弄|搞|看|算|数|记)错了?|错了|有误|改(?:成"
    r"|为|一下|下|到)|应(?:该)?[是为]|写成|❌|✅|撤回|撤销|作废|不要了|不需要了|取消|删掉|删除|重新报"
    r"|以这(?:条|个|次)为准|以此为准|为准|多报了|少报了|漏报了|口误|不算数?|别算"
)
_STRONG = re.compile(
    r"更正|纠正|订正|勘误|修正|(?:说|报|写|发|打|填|弄|搞|看|算|记)错了?|有误|撤回|撤销|作废|不要了"
    r"|不需要了|❌|为准|口误|多报了|少报了|漏报了|别算|不算数?|改(?:成|为)"
)
_RETRACT = re.compile(r"撤回|撤销|作废|不要了|不需要了|不用了|取消|删掉|删除|别算|不算数?了?")
_INSTEAD = re.compile(
    r"(?:以(?:这|此|下面|本)(?:条|个|次)?(?:为准|的为准)|(?:重新|再)(?:报|发)(?:一下|一遍|一次)?|重报"
    r"|正确的?(?:是|为|如下)?|现更正(?:为|如下)?|更新(?:为|如下)?)\s*[:,。]?\s*"
)
_OLD = re.compile(
    r"(?P<cue>而?不是|并?非|而非|不应是|前面写成|刚才写成|写成|误写(?:成|为)?|误报(?:成|为)?|报成|填成|错(?:写|报"
    r"|填)(?:成|为)|原(?:来|先|报|为)(?:是|为|报)?(?:的)?|之前(?:是|报|写|的)+|刚才(?:报|写|说)的?(?:是"
    r"|为)?|由|从)\s*(?:了|的)?\s*(?:第)?(?P<n>\d+(?:\.\d+)?"
    r"|[零一二两三四五六七八九十百千万俩仨]+)\s*(?P<unit>个?人|户|名|辆|台|份|张|条|次|起|处|间|亩|℃|度|网格|格|组"
    r"|袋|斤|盒|瓶|个)?\s*(?P<after>了)?"
)
_CROSS = re.compile(
    r"(?P<old>\d+(?:\.\d+)?)\s*(?:[户人个名辆台份张次]\s*)?(?:❌|×|✗|✘|错)\s*[,、]?\s*(?:改为|→"
    r"|->)?\s*(?P<new>\d+(?:\.\d+)?)\s*(?:[户人个名辆台份张次]\s*)?(?:✅|✓|✔|√|对)?"
)
_ARROW = re.compile(
    r"(?P<old>\d+(?:\.\d+)?)\s*(?:[户人个名辆台份张次]\s*)?(?:->|→|⇒|=>|改(?:为|成|到)|变(?:为|成)"
    r"|更正为|修改为|调整为|应为|订正为)\s*(?P<new>\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]+)"
)
_FILL = re.compile(
    r"更正(?:一下|为|如下)?|纠正(?:一下|为)?|订正(?:为)?|更改为?|修正为?|(?:刚才|刚刚|前面|上面|上午"
    r"|之前|昨天)?(?:的|那个|那条)?(?:说|报|写|发|打|填|弄|搞|记|数|看)错了?|不好意思|抱歉|对不起"
    r"|应该?(?:是|为)|应(?:是|为)|改(?:成|为|到|一下)|变(?:成|为)|刚才|前面|上面|❌|✅|数据|有误"
    r"|多报了?|少报了?|口误|调整为|修改为"
)
_GRID_SWAP = re.compile(
    r"(?:不是|非|把)\s*第?(?P<old>[\d一二三四五六七八九十]+)\s*(?:网格|格)\s*[,,、]?\s*(?:而是|应该?是"
    r"|应为|是|改(?:成|为))\s*第?(?P<new>[\d一二三四五六七八九十]+)\s*(?:网格|格)|(?:是|应为"
    r"|应该是)\s*第?(?P<new2>[\d一二三四五六七八九十]+)\s*(?:网格|格)\s*[,、]?\s*(?:不是|非"
    r"|而不是)\s*第?(?P<old2>[\d一二三四五六七八九十]+)\s*(?:网格|格)"
)
_NAME_SWAP = re.compile(
    r"(?:是|应该?是|应为|叫)\s*(?P<new>[一-鿿]{2,3}?)\s*[,,、]?\s*(?:不是|非"
    r"|而不是)\s*(?P<old>[一-鿿]{2,3})(?=$|[,。!\s])|(?:不是"
    r"|非)\s*(?P<old2>[一-鿿]{2,3}?)\s*[,,、]?\s*(?:而是|是|应该?是|应为)\s*(?P<new2>[一-鿿]{2,3})(?=$"
    r"|[,。!\s])"
)
_DATE_SWAP = re.compile(r"日期|几号|号的?(?:数据|日报)|日的?(?:数据|日报)")
_ITEM = re.compile(
    r"(?P<item>[一-鿿A-Za-z0-9]{1,8}?)\s*(?:的?数量)?\s*(?:改(?:成|为|到)|应该?(?:是|为)|应为"
    r"|更正为|变成|换成|要)\s*(?P<n>\d+(?:\.\d+)?|[零一二两三四五六七八九十百半]+)\s*(?P<unit>斤|公斤|袋|瓶"
    r"|盒|罐|箱|包|桶|提|颗|块|板|把|份|件|台|支|条|床|套|卷|棵|个|只)"
)


def is_correction(text: str) -> bool:
    """Return whether *text* (normalised) takes back or mends something said before."""
    return _CUE.search(text) is not None


def is_strong(text: str) -> bool:
    """Return whether the sign of a correction is beyond doubt (更正, 报错了, 作废)."""
    return _STRONG.search(text) is not None


def read_corrections(text: str, sent_at: datetime) -> tuple[list[Draft], int]:
    """Return the corrections of *text* and where a whole new report begins (len(text) when none does)."""
    instead = _INSTEAD.search(text)
    if (
        instead
        and re.search(r"\d", text[instead.end() :])
        and (_RETRACT.search(text[: instead.start()]) or re.search(r"[户人辆]", text[instead.end() :]))
    ):
        head = text[: instead.start()]
        drafts = [_retraction(head)] if _RETRACT.search(head) else []
        return drafts, instead.end()
    if _RETRACT.search(text) and not re.search(
        r"改(?:成|为)|应该?(?:是|为)|应为|(?:取消|劝停|取缔).{0,4}\d+\s*(?:场|桌|起|次)", text
    ):
        return [_retraction(text)], len(text)
    for reader in (_grid, _name, _item, _temperature):
        drafts = reader(text)
        if drafts:
            return drafts, len(text)
    return _figures(text, sent_at), len(text)


def _scope(text: str) -> list[Slot]:
    out: list[Slot] = []
    for place in scan_places(text):
        if place.key in ("grid", "village", "group", "address", "checkpoint") and not any(
            one.key == place.key for one in out
        ):
            out.append(Slot(place.key, place.value, place.start, place.end))
    return out


_TARGET = re.compile(r"(?P<item>[一-鿿A-Za-z]{1,8}?)(?:都|就|先|我)?(?:不要了|不需要了|不用了|取消|不买了)")
_GENERIC = re.compile(
    r"^(?:上一?条|刚才(?:的|那条|发的)?|前面(?:的|那条)?|这条|那条|我的?|报告|日报|消息|以上"
    r"|之前(?:的)?|昨天的?|今天的?|数据|全部|所有|请|把|发错了|报错了|错了)+$|[错条]$"
)


def _retraction(text: str) -> Draft:
    slots = [slot for slot in _scope(text) if slot.key in ("address", "grid")]
    found = _TARGET.search(_blank(text, slots))
    if found and not _GENERIC.search(found["item"]) and len(found["item"]) >= 1:
        noun = re.sub(r"^(?:家?的|那个|把|我的?|那)", "", found["item"])
        if noun:
            slots.insert(0, Slot("target", noun, found.start("item"), found.end("item")))
    elif (person := find_person(text)) is not None:
        slots.append(Slot("person", person[0], person[1], person[2]))
    when = [slot for slot in read_when_date(text) if slot.key == "date"]
    return Draft("retraction", (*slots, *when), 0, len(text))


def read_when_date(text: str) -> list[Slot]:
    """Return no date: a withdrawal names its day only by the list it stands in."""
    return []


def _blank(text: str, slots: list[Slot]) -> str:
    for slot in slots:
        text = text[: slot.start] + " " * (slot.end - slot.start) + text[slot.end :]
    return text


def _grid(text: str) -> list[Draft]:
    found = _GRID_SWAP.search(text)
    if not found:
        return []
    new, old = found["new"] or found["new2"], found["old"] or found["old2"]
    slots = (
        Slot("field", "grid"),
        Slot("value", f"{read_numeral(new):g}", found.start(), found.end()),
        Slot("old", f"{read_numeral(old):g}"),
    )
    return [Draft("correction", slots, 0, len(text))]


def _name(text: str) -> list[Draft]:
    found = _NAME_SWAP.search(text)
    if not found:
        return []
    new, old = found["new"] or found["new2"], found["old"] or found["old2"]
    if not (looks_like_name(new) and looks_like_name(old)):
        return []
    scope = [slot for slot in _scope(text) if slot.key != "checkpoint"]
    return [Draft("correction", (Slot("field", "person"), Slot("value", new), Slot("old", old), *scope), 0, len(text))]


def _item(text: str) -> list[Draft]:
    scope = _scope(text)
    found = _ITEM.search(_blank(text, scope))
    if not found or not read_items(f"{found['item']}1{found['unit']}"):
        return []
    items = read_items(f"{found['item']}1{found['unit']}")
    noun = re.sub(r"^.*?(?:家的?|的)(?=.)", "", items[0].item)
    if not noun or re.search(r"隔离|返乡|排查|发热|宣传|横幅|人数|户数", noun):
        return []
    slots = [
        *scope,
        Slot("item", noun),
        Slot("unit", found["unit"]),
        Slot("field", "quantity"),
        Slot("value", read_numeral(found["n"]), found.start("n"), found.end("n")),
    ]
    person = find_person(_blank(text, scope))
    if person:
        slots.append(Slot("person", person[0], person[1], person[2]))
    return [Draft("correction", tuple(slots), 0, len(text))]


def _temperature(text: str) -> list[Draft]:
    readings = scan_temperatures(text)
    if not readings or re.search(r"水位|降雨", text):
        return []
    new, old = readings[0], None
    if len(readings) > 1:
        first_old = re.search(r"(?:不是|非|写成|误写|报成|原来)[^\d]{0,4}$", text[: readings[0].start])
        second_old = re.search(r"(?:不是|非|写成|误写|报成|原来)[^\d]{0,4}$", text[: readings[1].start])
        new, old = (readings[1], readings[0]) if first_old or not second_old else (readings[0], readings[1])
    slots = [Slot("field", "temperature"), Slot("value", new.celsius, new.start, new.end)]
    if old:
        slots.append(Slot("old", old.celsius, old.start, old.end))
    person = find_person(re.sub(r"更正|纠正|体温|刚才|写错了?|报错了?", lambda found: " " * len(found[0]), text))
    if person is None:
        lead = re.search(
            r"(?P<who>[一-鿿]{2,3}?)(?:的)?(?:体温|温度|是|应)?(?:应该?(?:是|为)|改(?:成|为)|是|为)?\s*[:：]?\s*$",
            text[: readings[0].start],
        )
        if lead and looks_like_name(lead["who"]):
            person = (lead["who"], lead.start("who"), lead.end("who"))
    if person:
        slots.append(Slot("person", person[0], person[1], person[2]))
    return [Draft("correction", (*slots, *(slot for slot in _scope(text) if slot.key != "checkpoint")), 0, len(text))]


def _figures(text: str, sent_at: datetime) -> list[Draft]:
    when = read_when(text, sent_at)
    places = list(scan_places(text))
    masks = [*when.masks, *((place.start, place.end) for place in places)]
    old_value, old_unit, plain = _take_old(text)
    filled = _FILL.sub(lambda found: " " * len(found[0]), plain)
    context = "checkpoint" if any(place.key == "checkpoint" for place in places) else "daily"
    reading = read_figures(filled, context, masks)
    figures = sorted(reading.figures.values(), key=lambda one: one.token.start)
    scope = [*(_kept(places)), *(slot for slot in when.slots if slot.key == "date")]
    drafts = [_made(figure, scope, old_value, old_unit if len(figures) == 1 else "?") for figure in figures]
    return [draft for draft in drafts if draft is not None]


def _kept(places: list[Place]) -> list[Slot]:
    out: list[Slot] = []
    for place in places:
        if place.key in ("grid", "village", "group", "checkpoint", "address") and not any(
            one.key == place.key for one in out
        ):
            out.append(Slot(place.key, place.value, place.start, place.end))
    return out


def _take_old(text: str) -> tuple[float | int | None, str, str]:
    """Return the figure that was wrong, its unit, and the text without it."""
    for pattern in (_CROSS, _ARROW):
        found = pattern.search(text)
        if found:
            blank = (
                text[: found.start("old")]
                + " " * (found.start("new") - found.start("old"))
                + text[found.start("new") :]
            )
            return read_numeral(found["old"]), "", re.sub("[❌✅×✓✔√]", " ", blank)
    found = _OLD.search(text)
    if found and read_numeral(found["n"]) is not None:
        blank = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
        return read_numeral(found["n"]), (found["unit"] or "").removeprefix("个"), blank
    return None, "", text


def _made(figure: Figure, scope: list[Slot], old: float | int | None, unit: str) -> Draft | None:
    slots = [
        *scope,
        Slot("field", figure.key, figure.token.start, figure.token.end),
        Slot("value", figure.value, figure.token.start, figure.token.end),
    ]
    same = unit in ("", figure.unit) or {unit, figure.unit} <= {"人", "名", "个", ""}
    if old is not None and same:
        slots.append(Slot("old", old))
    return Draft("correction", tuple(slots), figure.token.start, figure.token.end)

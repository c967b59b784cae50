"""Corrections and withdrawals: 更正, 是6不是5, 412 ❌ 421 ✅, 改成, 撤回, 作废, 不要了."""

import re
from dataclasses import replace
from datetime import datetime

from nlp.changes import Change, scan_changes, without_old
from nlp.cue import Cue
from nlp.figures import Figure
from nlp.grammar import read_figures
from nlp.lazy import lazy
from nlp.mended import blanked, read_mended, scope_of
from nlp.metrics import metric_of
from nlp.names import find_person
from nlp.nouns import known_goods
from nlp.numerals import read_numeral
from nlp.places import scan_places
from nlp.types import Draft, Slot
from nlp.when import read_when
from nlp.wordbook import lexicon

_NUMBER = r"(?:\d{1,9}|[一二两三四五六七八九十]{1,3})[户人个名辆台份张次]?"
_ERRED = (
    r"(?:(?:说|报|写|发|打|填|弄|搞|看|算|数|记|输|量)错了?|(?:报|写|填|弄|搞|发)(?:反|颠倒|串行?|岔|混)了"
    r"|数(?:字|据|目)?不对|那个数不对)"
)
_MISCOUNTED = (
    r"(?:多|少|重)(?:报|写|算|填|登)了?|漏(?:报|写|填)了(?!.{0,4}补)|(?:报|写|算|填)(?:多|少|漏"
    r"|重)了(?!.{0,4}补)"
)
_WITHDRAWN = (
    r"不要(?!再)[一-鿿]{1,6}了|撤回|撤销|撤了|撤掉|撤下来?|作废|不要了|别要了|不需要了|不用了|不买了|别买了|别送了|不订了|退了吧|不用买了|删掉|删除|删了吧|删了(?=[。!]|$)|别算|不算数?了?"
    r"|取消(?=了|吧|$|[,。!\s]|.{0,10}(?:订单|需求|登记|预约|接龙))"
)
_STRONG = Cue(
    rf"误[报写填]|名字[写打填]?错|(?:日期|网格|时间|名字|姓名)[^,。\n]{{0,4}}改|原(?:报|值|来|数)?\s*[:=]?\s*\d[^;。\n]{{0,8}}现(?:值|为|报|是)?\s*[:=]?\s*\d"
    rf"|改\s*\d{{1,4}}\s*[户人个名辆台份张次条袋斤盒瓶桶箱板]|[一-鿿]改\s*\d{{1,4}}(?=$|[,;。!\s])|写成|项目\s*[:=][^;\n]+[;,\n].*(?:原值|旧值|现值|新值)|{_NUMBER}\s*改\s*{_NUMBER}|更正|纠正|订正|勘误|修正|{_ERRED}|有误|❌|为准|口误|{_MISCOUNTED}|改(?:成|为)|{_WITHDRAWN}"
    r"|(?:\d|[一二两三四五六七八九十])\s*[^\d,。]{0,3}(?:不是|而不是"
    r"|非)\s*[\d一二两三四五六七八九十]{1,9}\s*[户人个名辆台份张次条袋斤盒瓶桶箱]"
    r"|不是\s*\d{1,9}(?:\.\d{1,9})?\s*[户人个名辆台份张次条]?\s*[,、]?\s*(?:而是|是)\s*\d"
)
_CUE = Cue(
    rf"{_STRONG.pattern}|更改|错了|改(?:一下|下|到)|应该?[是为]|写成|✅|重新报|\d\s*[户人个名辆台份张次]?\s*(?:→|->"
    rf"|=>|⇒)\s*\d"
)
_READING = lazy(r"(?:3[4-9]|4[0-2])\.\d\s*(?:→|->|=>|⇒)")
_TYPED = Cue(rf"{_ERRED}|更正|纠正|有误|误[报写填]")
_RETRACT = Cue(rf"{_WITHDRAWN}|^不要[一-鿿]{{1,6}}了")
_KEEPS = Cue(r"改(?:成|为)|应该?(?:是|为)|应为|为准")
_INSTEAD = Cue(
    r"(?:以(?:这|此|下面|本)(?:条|个|次)?(?:为准|的为准)|(?:重新|再)(?:报|发)(?:一下|一遍|一次)?|重报|重发(?=[:,。\s])"
    r"|正确的?(?:是|为|如下)?|现更正(?:为|如下)?|更新(?:为|如下)?)\s*[:,。]?\s*"
)
_N = r"\d{1,9}(?:\.\d{1,9})?|[零一二两三四五六七八九十百千万俩仨]{1,9}"
_OLD = lazy(
    r"(?P<cue>而?不是|并?非|而非|不应是|前面写成|刚才写成|写成|误写(?:成|为)?|误报(?:成|为)?|报成|填成"
    r"|错(?:写|报|填)(?:成|为)"
    r"|原(?:来|先|报|为)(?:是|为|报)?(?:的)?|之前(?:是|报|写|的)+|刚才(?:报|写|说)的?(?:是|为)?|由"
    r"|从)\s*(?:了|的)?\s*(?:第)?"
    rf"(?P<n>{_N})\s*(?P<unit>个?人|户|名|辆|台|份|张|条|次|起|处|间|亩|℃|度|网格|格|组|袋|斤|盒|瓶"
    rf"|个)?\s*(?P<after>了)?"
)
_FILL = Cue(
    rf"更正(?:一下|为|如下)?|纠正(?:一下|为)?|订正(?:为)?|更改为?|修正为?|(?:刚才|刚刚|前面|上面|上午|之前"
    rf"|昨天)?(?:的|那个|那条)?{_ERRED}[,。]?"
    rf"|不好意思|抱歉|对不起|应该?(?:是|为)|应(?:是|为)|改(?:成|为|到|一下)|变(?:成|为)|刚才|前面|上面|❌|✅|数据"
    rf"|有误|(?:{_MISCOUNTED})(?:\d{{1,9}}\s*[户人个])?[,。]?"
    r"|正确(?:的)?(?:数字|数据|数)?(?:应该?)?(?:是|为)|口误|调整为|修改为|的数据?(?=,)"
)
_TARGET = Cue(
    r"(?:不要|别买|别送|退掉|取消)(?P<dropped>[一-鿿]{1,6}?)了|(?P<item>[一-鿿A-Za-z]{1,8}?)(?:都|就|先|我)?(?:不要了|别要了|不需要了|不用了|取消|不买了|别买了|别送了|不订了)"
)
_CROSSED = lazy(r"(?m)^\s*❌\s*(?P<old>[^\n]*)\n(?:[^\n]*\n)*?\s*✅\s*(?P<new>[^\n]*)")
_SLIP_TOLD = Cue(
    r"(?:报|写|算|填|数|记)[多少漏]了?\s*(?:\d{1,4}|[一二两三四五六七八九十]{1,3})\s*[个户人例名位次条张份台辆处起]|[少多漏][打写报填输]了?[一两个]+(?:零|0|位|数|字)|(?:多|少|重|漏)(?:报|写|算|填|登|打|加|数|记)了?\s*(?:\d{1,4}|[一二两三四五六七八九十]{1,3})\s*[个户人例名位次条张份台辆处起]"
)
_OURS = Cue(r"订单|需求|登记|预约|接龙|刚才|上一?条|那条|我[的要]|团购|报名")
_GENERIC = lazy(
    r"^(?:上一?条|刚才(?:的|那条|发的)?|前面(?:的|那条)?|这条|那条|我的?|报告|日报|消息|以上"
    r"|之前(?:的)?|昨天的?|今天的?|数据"
    r"|全部|所有|请|把|发错了|报错了|错了|上午|下午|报|的)+$|[错条单]$"
)


_MENDS_ITSELF = Cue(
    rf"(?:\d|[一二两三四五六七八九十百])[一-鿿]{{0,2}}?\s*(?P<how>\(|[,。;!…\s]+)\s*(?P<oh>哎呀?|唉|啊|呀|哦|噢|呃|额|诶|不对|不是)?[,\s]*(?:刚才?)?"
    rf"(?P<slip>{_ERRED}|更正(?:为|一下)?|口误|应为|改为)[,:。;\s]*(?:应该?)?(?:是|为)?\s*(?:\d|[一二两三四五六七八九十百])"
)
_SAID_BEFORE = Cue(r"^\s*(?:更正|纠正|订正|勘误)|刚才|前面|上面|上一?条|刚刚|之前|原来|昨[天日]的")
_MEASURED = re.compile(r"\d\s*[户人个名辆台份张次条处间剂]|[一二两三四五六七八九十百]\s*[户人名辆台份张]")


def mends_itself(text: str) -> bool:
    """Return whether a report takes a figure of its own back while it is told: 排查80户,哎打错了,是88户,264人."""
    found = _MENDS_ITSELF.search(text)
    if found is None or _SAID_BEFORE.search(text):
        return False
    spoken = found["how"] == "(" or found["oh"] or found["slip"] in ("说错", "口误")
    return bool(spoken) or len(_MEASURED.findall(text)) > 2


def is_correction(text: str) -> bool:
    """Return whether *text* (normalised) takes back or mends something said before."""
    found = _CUE.search(text)
    if found is None or mends_itself(text) or (_READING.search(text) and not _TYPED.search(text)):
        return False  # 37.3→36.8 measured again is no mending
    called_off = found[0] == "取消" and len(_CUE.findall(text)) == 1
    return not called_off or _OURS.search(text) is not None or bool(known_goods(text)) or bool(scan_places(text))


def is_strong(text: str) -> bool:
    """Return whether the sign of a correction is beyond doubt (更正, 报错了, 作废)."""
    return _STRONG.search(text) is not None


def read_corrections(text: str, sent_at: datetime) -> tuple[list[Draft], int]:
    """Return the corrections of *text* and where a whole new report begins (len(text) when none does)."""
    if len(text) < 60 and "❌" not in text and "✅" not in text:
        text = re.sub(r"[\n。](?=[^\n。])", ",", text)
    instead = _INSTEAD.search(text)
    if instead and re.search(r"\d", text[instead.end() :]):
        head = text[: instead.start()]
        if _RETRACT.search(head) or re.search(r"\d\s*[户人辆]", text[instead.end() :]):
            return ([_retraction(head)] if _RETRACT.search(head) else []), instead.end()
    if _RETRACT.search(text):
        parts = re.split(r"(?=改(?:成|为|要))", text, maxsplit=1)
        if len(parts) == 1 or not _KEEPS.search(text) or re.search("不要了|不买了", parts[0]):
            return [_retraction(text)], len(text)
    form = _form(text)
    if form:
        return form, len(text)
    return read_mended(text, sent_at) or _figures(text, sent_at), len(text)


_FIELD = lazy(r"(?:项目|字段|指标|栏目|更正项|更正内容)\s*[:=]\s*(?P<label>[一-鿿]{1,10})")
_WAS = lazy(r"(?:原值|原数|原报|旧值|原来|错误|误)(?:值|数)?\s*[:=]\s*(?P<n>\d{1,9}(?:\.\d{1,3})?)")
_IS = lazy(r"(?:现值|新值|更正值|更正为|改为|正确|现|应为)(?:值|数)?\s*[:=]?\s*(?P<n>\d{1,9}(?:\.\d{1,3})?)")


def _form(text: str) -> list[Draft]:
    """Read a form of a correction: 项目=返乡;原值=5;现值=6."""
    label, now, was = _FIELD.search(text), _IS.search(text), _WAS.search(text)
    key = metric_of(label["label"]) if label else None
    if key is None or now is None:
        return []
    slots = [*scope_of(text), Slot("field", key), Slot("value", read_numeral(now["n"]), *now.span("n"))]
    if was:
        slots.append(Slot("old", read_numeral(was["n"]), *was.span("n")))
    return [Draft("correction", tuple(slots), 0, len(text))]


def read_figures_only(text: str, sent_at: datetime) -> list[Draft]:
    """Return the corrections of single figures in *text*, whatever else it seems to say."""
    return _figures(text, sent_at)


def _retraction(text: str) -> Draft:
    slots = [slot for slot in scope_of(text) if slot.key in ("address", "grid")]
    found = _TARGET.search(blanked(text, slots))
    group = "dropped" if found and found["dropped"] else "item"
    if found and not _GENERIC.search(found[group]):
        noun = re.sub(r"^(?:家?的|那个|把|我的?|那)", "", found[group])
        slots.insert(0, Slot("target", noun or found[group], *found.span(group)))
    elif (person := find_person(text)) is not None:
        slots.append(Slot("person", *person))
    return Draft("retraction", tuple(slots), 0, len(text))


def _figures(text: str, sent_at: datetime) -> list[Draft]:
    text = _SLIP_TOLD.sub(lambda found: " " * len(found[0]), text)
    when = read_when(text, sent_at)
    places = scan_places(text)
    masks = [*when.masks, *((place.start, place.end) for place in places)]
    crossed = _CROSSED.search(text)
    if crossed:
        return _ticked(text, crossed, masks)
    text = re.sub(r"[\n。](?=[^\n。])", ",", text)
    changes = scan_changes(_covered(text, masks))
    old_value, old_unit, plain = _take_old(text) if not changes else (None, "", without_old(text, changes))
    filled = _FILL.sub(lambda found: " " * len(found[0]), re.sub("[✅×✓✔√]", " ", plain))
    context = "checkpoint" if any(place.key == "checkpoint" for place in places) else "daily"
    reading = read_figures(filled, context, masks)
    figures = sorted(reading.figures.values(), key=lambda one: one.token.start)
    scope = [*scope_of(text), *(slot for slot in when.slots if slot.key == "date")]
    if reading.conflicts:  # two figures for one thing: somebody must say which
        figures = [replace(figure, guessed=True) for figure in figures]
    if changes:
        return [_changed(figure, scope, changes) for figure in figures]
    unit = old_unit if len(figures) == 1 else "?"
    return [_made(figure, scope, old_value, unit) for figure in figures]


def _covered(text: str, masks: list[tuple[int, int]]) -> str:
    """Return *text* with dates and places as dots, so that none of their figures is taken for one that changed."""
    for start, end in masks:
        text = text[:start] + "." * (end - start) + text[end:]
    return text


def _changed(figure: Figure, scope: list[Slot], changes: list[Change]) -> Draft:
    one = next((one for one in changes if one.kept[0] <= figure.token.start < one.kept[1]), None)
    return (
        _made(figure, scope, one.old, one.unit.removeprefix("个").removesuffix("次"))
        if one
        else _made(figure, scope, None, "?")
    )


def _ticked(text: str, found: re.Match[str], masks: list[tuple[int, int]]) -> list[Draft]:
    """Read a crossed-out line and the ticked one behind it: ❌湖北返回2人 ✅湖北返回0人."""
    sides = []
    for name in ("old", "new"):
        start, end = found.span(name)
        blank = " " * start + text[start:end] + " " * (len(text) - end)
        sides.append(read_figures(blank, "daily", masks).figures)
    old, new = sides
    scope = scope_of(text)
    out = []
    for key, figure in new.items():
        was = old[key].value if key in old else None
        if was != figure.value:
            out.append(_made(figure, scope, was if not isinstance(was, str) else None, ""))
    return out


def _take_old(text: str) -> tuple[float | int | None, str, str]:
    """Return the figure that was wrong, its unit, and the text without it, where no figure that is right stands by."""
    found = _OLD.search(text)
    if found and read_numeral(found["n"]) is not None:
        blank = text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
        return read_numeral(found["n"]), (found["unit"] or "").removeprefix("个"), blank
    return None, "", text


def _made(figure: Figure, scope: list[Slot], old: float | int | None, unit: str) -> Draft:
    span = (figure.token.start, figure.token.end)
    slots = [*scope, Slot("field", figure.key, *span), Slot("value", figure.value, *span, figure.confidence)]
    unit = lexicon().unit_class.get(unit, unit)
    same = unit in ("", figure.unit) or {unit, figure.unit} <= {"人", "名", "个", ""}
    if old is not None and same:
        slots.append(Slot("old", old))
    return Draft("correction", tuple(slots), *span)

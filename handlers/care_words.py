"""What people say to their queue of those to look after: 待看, 接12, 12 复测36.8 观察, 12 办好了, 12 红 …, 12 解除."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from nlp.normalize import Plain, normalize


class CareKind(StrEnum):
    """What was said; none of the values is another word's."""

    QUEUE = "care_queue"
    TAKE = "care_take"
    MEASURED = "care_measured"
    CLOSE = "care_close"
    RED = "care_red"
    LIFT = "care_lift"
    IDENTITY = "care_identity"
    CHECKLIST = "care_checklist"
    CHECKLIST_EDIT = "care_checklist_edit"
    LEDGER = "care_ledger"
    TOTALS = "care_totals"
    FACT = "care_fact"
    AT_DOOR = "care_at_door"


@dataclass(frozen=True, slots=True)
class CareWord:
    """One word to the queue: what, of which number, and the rest as typed."""

    kind: CareKind
    number: int = 0
    args: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_N = r"(?:第|号|#)?\s*(?P<n>\d{1,9})\s*(?:号|件)?"
_QUEUE = re.compile(r"(?:我的)?(?:待看|待办|看诊|待处理)(?:的|件|列表|清单)?(?:有哪些|呢)?[?。!\s]*")
_MINE = re.compile(r"我的[?。!\s]*")
_TAKE = re.compile(
    r"(?:我)?(?:来)?接(?:单|一下|了)?\s*(?:第|#)?\s*(?P<a>\d{1,9})\s*(?:号|件)?[。!\s]*"
    r"|(?:第|#)?(?P<b>\d{1,9})\s*(?:号|件)?\s*(?:我来|我接|我去)[。!\s]*"
)
_MEASURED = re.compile(
    rf"{_N}[\s,:]*(?:复测|再测|重测|测了?|量了?)\s*(?P<temperature>[^\s,]{{1,12}})[\s,]*(?P<note>.{{0,80}})"
)
_CLOSE = re.compile(
    rf"{_N}[\s,:]*(?:办好|办完|看好|看过|处理好|处理完|搞定|没事|解决|完成|结束)了?[\s,]*(?P<note>.{{0,80}})"
)
_RED = re.compile(
    rf"{_N}[\s,:]*(?:给|判|转)?红色?[\s,:]+(?P<reason>.{{4,200}}?)[\s,]*(?:到|至|有效期?至?到?)\s*(?P<until>\S{{2,14}})"
)
_LIFT = re.compile(rf"{_N}[\s,:]*(?:解除|取消|撤销)红色?[\s,:]*(?P<reason>.{{0,200}})")
_IDENTITY = re.compile(rf"{_N}[\s,:]*(?P<yes>是本人|核对过了|确认本人)[。!\s]*|(?P<m>\d{{1,9}})[\s,:]*不是本人[。!\s]*")
_CHECKLIST = re.compile(r"(?:卡点)?(?:清单|检查清单|一测二问三记四留|卡点怎么(?:做|查))[?。!\s]*")
_EDIT = re.compile(
    r"(?:卡点)?(?:清单(?:改成?|改为|换成|恢复|还原)|改(?:卡点)?清单|恢复(?:卡点)?清单)[\s::]*(?P<lines>.*)", re.DOTALL
)
EDIT_LIMIT = 1500
_FACT = re.compile(
    r"(?:登记|户情)[\s,::]*(?P<door>[^\s,。;]{1,24})[\s,]+(?P<name>[\u4e00-\u9fff·]{2,12})[\s,::]+"
    r"(?P<what>.{0,40}(?:回来|返乡|返回|回家|回村|到家|一直在|没出|没外出|没离开|没有外出|没有离开|没去过外地).{0,20})"
)
_AT_DOOR = re.compile(r"(?:代录|代记|上门记|替录)[\s::]*(?P<door>[^\s,。;]{1,120})[\s,]+(?P<what>.{1,160})")
_TOTALS = re.compile(
    r"(?:今天的?|今日)?(?:申报(?:的)?(?:汇总|情况|合计|人数|统计)|症状(?:汇总|合计|统计|人数)|多少人(?:不舒服|发热|申报了?))[?。!\s]*"
)
_LEDGER = re.compile(
    r"(?:看(?:看|一?下)?|查(?:看|一?下)?|发我?)?(?:返乡(?:人员)?(?:的)?|回来的人(?:的)?)?(?:台账|底数(?:清)?)"
    r"(?:多少人?|数字?|情况)?[?。!\s]*"
)


def _as_typed(read: Plain, found: re.Match[str]) -> str:
    """Return the door as it was typed when it is a card's link, in whose code I is no 1 and O no 0."""
    before = len(read.text) - len(read.text.lstrip())
    start, end = read.span(before + found.start("door"), before + found.end("door"))
    typed = read.raw[start:end]
    return typed if "/" in typed else found["door"]


def read_care(text: str) -> CareWord | None:
    """Return what *text* (mention stripped) says to the queue as a whole, None when it is anything else.

    >>> [(w.kind.value, w.number, dict(w.args)) for w in map(read_care, ("接12", "12 复测36.8 观察")) if w]
    [('care_take', 12, {}), ('care_measured', 12, {'temperature': '36.8', 'note': '观察'})]
    >>> read_care("今天敲门46 空5"), read_care("12 办好了 没发烧").kind
    (None, <CareKind.CLOSE: 'care_close'>)
    """
    read = normalize(text)
    plain = read.text.strip()
    if edited := _EDIT.fullmatch(plain) if len(plain) <= EDIT_LIMIT else None:
        return CareWord(CareKind.CHECKLIST_EDIT, 0, MappingProxyType({"lines": (edited["lines"] or "").strip()}))
    if not plain or len(plain) > 300:
        return None
    if _QUEUE.fullmatch(plain):
        return CareWord(CareKind.QUEUE)
    if _MINE.fullmatch(plain):
        return CareWord(CareKind.QUEUE, 0, MappingProxyType({"mine": plain}))
    if _CHECKLIST.fullmatch(plain):
        return CareWord(CareKind.CHECKLIST)
    if _LEDGER.fullmatch(plain):
        return CareWord(CareKind.LEDGER)
    if fact := _FACT.fullmatch(plain):
        return CareWord(CareKind.FACT, 0, MappingProxyType(fact.groupdict()))
    if _TOTALS.fullmatch(plain):
        return CareWord(CareKind.TOTALS)
    if at_door := _AT_DOOR.fullmatch(plain):
        return CareWord(CareKind.AT_DOOR, 0, MappingProxyType(at_door.groupdict() | {"door": _as_typed(read, at_door)}))
    if taken := _TAKE.fullmatch(plain):
        return CareWord(CareKind.TAKE, int(taken["a"] or taken["b"]))
    if known := _IDENTITY.fullmatch(plain):
        return CareWord(CareKind.IDENTITY, int(known["n"] or known["m"]), {"yes": "1"} if known["yes"] else {})
    for kind, pattern in (
        (CareKind.MEASURED, _MEASURED),
        (CareKind.RED, _RED),
        (CareKind.LIFT, _LIFT),
        (CareKind.CLOSE, _CLOSE),
    ):
        if found := pattern.fullmatch(plain):
            args = {key: value.strip() for key, value in found.groupdict().items() if key != "n" and value}
            return CareWord(kind, int(found["n"]), MappingProxyType({k: v for k, v in args.items() if v}))
    return None

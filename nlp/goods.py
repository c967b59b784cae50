"""Goods asked for or delivered: item, quantity, measure word, and for whom; 2斤盐 or 盐2斤, 半斤, 各1份, 没了."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from nlp.lexicon import goods_words
from nlp.names import KIN, TITLED, find_person, looks_like_name
from nlp.numerals import Number, scan_numbers
from nlp.places import scan_places

_UNITS = [
    "公斤",
    "千克",
    "kg",
    "KG",
    "毫升",
    "ml",
    "立方",
    "斤",
    "克",
    "升",
    "吨",
    "袋",
    "瓶",
    "盒",
    "罐",
    "箱",
    "包",
    "桶",
    "提",
    "颗",
    "块",
    "板",
    "把",
    "份",
    "件",
    "台",
    "支",
    "条",
    "床",
    "节",
    "套",
    "卷",
    "棵",
    "根",
    "头",
    "双",
    "对",
    "听",
    "捆",
    "扎",
    "片",
    "粒",
    "贴",
    "顶",
    "副",
    "筒",
    "壶",
    "刀",
    "张",
    "排",
    "枚",
    "挂",
    "篮",
    "筐",
    "串",
    "杯",
    "碗",
    "只",
    "个",
    "单",
    "车",
    "尾",
    "匹",
    "具",
    "株",
    "盆",
    "辆",
    "米",
    "瓣",
    "截",
    "坛",
    "大袋",
    "小袋",
    "大包",
    "小包",
    "大瓶",
    "小瓶",
    "大箱",
    "小箱",
    "大桶",
    "小桶",
    "两",
]
_UNIT = re.compile(rf"\s*(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?!人|户|月|小时|星期|天|栋|楼)")
_HALF = re.compile(r"半(?![天夜年路])")
_BREAK = re.compile(r"[,;。!?\n、\s+()/|]+")
_LEAD = re.compile(
    r"^(?:麻烦|请|帮忙|帮我|帮|替我|能不能|能否|可以|是否|急需|急缺|急用|急|需要的?|需求|还需要?|还要"
    r"|需|想要|想买|要买|我们?也?要|也要|不要|要|买|代买|代购的?|购买|采购|缺少|缺|申请|领取|领|带|捎"
    r"|拿|换|订购?|团购|补充|补|配|来|送去|送到|送来|送了|送上|送达|已送达?|已经|已|送|发放了?|分发"
    r"|发了|发|共计?|一共|总共|合计"
    r"|和|跟|与|及|以及|还有|另外|另|外加|再加|加|把|将|的|了|我们家?|我家里?|家里面?|咱家?|再|也|各"
    r"|有|是|点|些|一点|一些|一下|下|都|只|还|给|为|就|剩下?|就剩|她|他|楼下|楼上|这边|入户|上门|物资"
    r"|清单|登记|今天|今日|明天|下午|上午|目前|现在|本村|村里|暂时|收到|约|大约|大概|捐赠|捐|为其|购|配送"
    r"|运送|运来|拉来|到货|送至)+"
)
_TAIL = re.compile(
    r"(?:的|各|共计?|约|大概|大约|还需要?|还要|也要?|再|需要?|要|已经|已|都|要买|急需|缺|合计|一共|各自|每户"
    r"|每人|每家|x|X|×|\*|[:：=-]|\s|若干|一些|一点|少量|有|是|为|人均|到|了|数量|发放)+$"
)
_GONE = re.compile(
    r"(?:也|都|快要?|马上|已经?|就要|又|全)?(?:没有了|没了|快没了|用完了?|吃完了?|喝完了?|断了|断货"
    r"|不够(?:用|吃|了)?|见底|告急|紧缺|短缺|缺货|快用完了?|快吃完了?|吃光了?|用光了?|没得(?:吃|用)了?"
    r"|空了)"
)
_LEFT = re.compile(r"(?:还|只|就|仅)?(?:剩下?|有)(?:最后)?\s*$")
_WANT = re.compile(
    r"(?:急需|急缺|需要|需求[:]|还需|想要|想买|要买|买点|买些|开点|开些|带点|缺少?|缺点|代买|帮忙?(?:买|带|开|配)"
    r"|送点|购买|要)(?P<item>[一-鿿A-Za-z0-9]{1,8})"
)
_SOME = re.compile(r"(?P<item>[一-鿿A-Za-z0-9]{1,8}?)\s*(?:若干|一些|一点|少许|少量|适量|不少)")
_EACH = re.compile(r"(?:每户|每人|每家|每个?网格|每格|每栋|人均|户均|每组|一户|一家)\s*(?:发放?|领|送|各)?\s*$")
_UNDONE = re.compile(r"(?:未完成|未送达?|没送到?|未买到|没买到|待送|还没|未领|缺货的?)[:：]?")
_FOR = re.compile(
    rf"(?:给|帮|为|替)(?P<who>{TITLED}|{KIN}|[一-鿿]{{2,3}}?)(?=买|代买|送|带|捎|拿|把|开|配|代购|领|订"
    rf"|取|家|购|送去|的|要)"
)
_OF = re.compile(
    rf"(?:^|[\s,;:。、\n)])(?:\d{{1,2}}[.、)]\s*)?(?:[一-鿿]{{0,4}}?)?(?P<who>{TITLED}|{KIN}"
    rf"|[一-鿿]{{2,3}}?)\s*(?:\((?P<note>[^()]*)\))?\s*(?=家(?!里|长|庭)|的|[:：]|[,\s]?(?:急需|需要|缺|要|想买"
    rf"|需))"
)
_DONE = re.compile(
    r"(?:发放完毕|已发放完?|发放到位|已送达|已送到|送达|已领取?|配送完毕|已配送|已到位|已代购|买好|送到了?|已发)"
)


@dataclass(slots=True)
class Item:
    """One kind of goods: the noun as written, how much (None when not said), and of which measure."""

    item: str
    quantity: int | float | str | None = None
    unit: str = ""
    start: int = 0
    end: int = 0
    approximate: bool = False


@dataclass(slots=True)
class Parcel:
    """What one person or household needs or got."""

    person: str = ""
    address: str = ""
    items: list[Item] = field(default_factory=list)
    start: int = 0
    end: int = 0


@cache
def _known() -> frozenset[str]:
    return goods_words()


def names_goods(text: str) -> bool:
    """Return whether *text* names anything of the list of goods."""
    return any(text[at : at + size] in _known() for at in range(len(text)) for size in (4, 3, 2))


def _trim(text: str) -> str:
    """Return the noun of *text*: verbs before and fillers behind are cut, a known noun is never cut apart."""
    while text:
        if any(text.startswith(word) and (len(word) > 1 or len(text) == 1) for word in _prefixes(text)):
            break
        found = _LEAD.match(text)
        if not found:
            break
        cut = _first_cut(text, found.end())
        if cut == 0:
            break
        text = text[cut:]
    return _TAIL.sub("", text).strip(" :：·*-—.")


def _prefixes(text: str) -> Iterator[str]:
    for size in (6, 5, 4, 3, 2, 1):
        if text[:size] in _known():
            yield text[:size]


def _first_cut(text: str, limit: int) -> int:
    """Return how much of the verbs before a noun to cut, stopping where a known noun begins (带带鱼)."""
    for at in range(1, limit):
        if any(len(word) > 1 for word in _prefixes(text[at:])):
            return at
    return limit


@dataclass(slots=True)
class _Amount:
    start: int
    end: int
    value: int | float | str
    unit: str
    approximate: bool


def _amounts(text: str, masks: list[tuple[int, int]]) -> list[_Amount]:
    out: list[_Amount] = []
    for number in scan_numbers(text):
        if any(start < number.end and number.start < end for start, end in masks):
            continue
        if text[max(0, number.start - 1) : number.start] == "第" or (out and number.start < out[-1].end):
            continue
        made = _amount(text, number)
        if made is not None and not _inside_noun(text, made):
            out.append(made)
    return out


def _amount(text: str, number: Number) -> _Amount | None:
    found = _UNIT.match(text, number.end)
    if found is None:
        return None
    value, end = number.said(), found.end()
    half = _HALF.match(text, end)
    if half and isinstance(value, int | float) and text[end + 1 : end + 2] not in ("个", "斤", "袋"):
        value, end = value + 0.5, half.end()
    return _Amount(number.start, end, value, found["unit"], number.approximate)


def _inside_noun(text: str, amount: _Amount) -> bool:
    """84 in 84消毒液 and 五 in 五花肉 are no amounts."""
    return any(
        text[at : at + size] in _known()
        for size in (5, 4, 3)
        for at in range(max(0, amount.start - size + 1), amount.start + 1)
        if at + size > amount.start + 1 and at + size >= amount.end
    )


def _noun_left(text: str, start: int, end: int) -> tuple[str, int]:
    piece = text[start:end]
    parts = list(re.split(r"[,;。!?\n\s、+]+", piece))
    tail = parts[-1] if parts else ""
    if not tail.strip(" :：x×X*") and len(parts) > 1:
        tail = parts[-2] if re.search(r"[\s:：x×X*]$", piece) and not re.search(r"[,;。!?\n、]\s*$", piece) else ""
    colon = max(tail.rfind(":"), tail.rfind("("), tail.rfind(")"))
    body = (
        tail[colon + 1 :]
        if colon >= 0 and tail[colon + 1 :].strip()
        else ("" if colon >= 0 and tail[:colon] == "" else (tail if colon < 0 else ""))
    )
    noun = _trim(body)
    return noun, (text.rfind(noun, start, end) if noun else start)


def _noun_right(text: str, end: int, until: int) -> tuple[str, int]:
    rest = text[end:until]
    lead = re.match(r"\s?(?:的|装)?", rest)
    at = lead.end() if lead else 0
    found = re.match(r"[一-鿿A-Za-z]{1,8}", rest[at:])
    if not found:
        return "", end
    noun = re.split(r"和|跟|以及|还有|送到|送去|送来|给|已|谢|,|就|吧|呢|行|可以|要|不|,", found[0])[0]
    return noun, end + at + len(noun)


def _bad_noun(noun: str) -> bool:
    if noun in _known():
        return False
    return (
        not noun
        or len(noun) > 10
        or bool(
            re.search(
                (
                    r"\d{3,}|网格|[户人](?:均|数)?$|隔离|排查|返乡|发热|体温|卡点|测温|宣传|横幅|次$"
                    r"|小时|时间|独居|安置|单元|月|年|号$"
                ),
                noun,
            )
        )
    )


def read_items(text: str, masks: list[tuple[int, int]] | None = None) -> list[Item]:
    """Return the goods of one clause or list *text* (normalised), in order."""
    spans = list(masks or [])
    amounts = _amounts(text, spans)
    out: list[Item] = []
    at = 0
    subject = _subject(text)
    for number, amount in enumerate(amounts):
        until = amounts[number + 1].start if number + 1 < len(amounts) else len(text)
        if _EACH.search(text[at : amount.start]):
            per_head = subject and not any("共" in text[one.start - 3 : one.start] for one in amounts)
            at = amount.end
            if not per_head or len(amounts) > 1:
                continue
        noun, start = _noun_left(text, at, amount.start)
        end = amount.end
        if _LEFT.search(text[at : amount.start]):
            noun = re.sub(_LEFT, "", noun)
            out.append(Item(_owned(noun) or subject, None, "", start, end))
            at = amount.end
            continue
        if _bad_noun(noun):
            noun, end = _noun_right(text, amount.end, until)
            start = amount.start
        noun = _owned(noun)
        if _bad_noun(noun):
            noun = subject
        if noun:
            out += _distributed(text, Item(noun, amount.value, amount.unit, start, end, amount.approximate), at, amount)
        at = end
    return _with_bare(text, out, subject)


def _owned(noun: str) -> str:
    """Cut the owner off: 李秀英阿司匹林 → 阿司匹林, 韩雪家大米 → 大米, 老王家的盐 → 盐."""
    found = re.match(rf"(?P<who>{TITLED}|{KIN}|[一-鿿]{{2,3}}?)(?:家里?的?|的)(?=.)", noun)
    if found and looks_like_name(found["who"]):
        return noun[found.end() :]
    for size in (4, 3, 2):
        if len(noun) > size and looks_like_name(noun[:size]) and (noun[size:] in _known()):
            return noun[size:]
    return noun


def _distributed(text: str, item: Item, at: int, amount: _Amount) -> list[Item]:
    """白菜、土豆各1份 gives one to each."""
    if text[amount.start - 1 : amount.start] != "各" and text[amount.start - 2 : amount.start] != "各 ":
        return [item]
    piece = re.split(r"[,;。\n:：]", text[at : amount.start - 1])[-1]
    nouns = [_owned(_trim(part)) for part in re.split(r"[、和及与\s]", piece)]
    return [Item(noun, item.quantity, item.unit, item.start, item.end) for noun in nouns if noun] or [item]


def _subject(text: str) -> str:
    """Return the goods named before 没了 or 已发放: the thing a later amount without a noun speaks of."""
    for pattern in (_GONE, _DONE):
        for found in pattern.finditer(text):
            clause = re.split(r"[,;。!?\n\s:：]", text[: found.start()])[-1]
            noun = _owned(_trim(_without_places(clause)))
            noun = re.sub(r"^(?:孩子|小孩|老人|我妈|我爸|家里|[一-鿿]{1,3}家)(?=[一-鿿]{2,})", "", noun)
            if noun and len(noun) <= 8 and not _bad_noun(noun) and (noun in _known() or not re.search(r"\d", noun)):
                return noun
    return ""


def _without_places(text: str) -> str:
    for place in reversed(scan_places(text)):
        text = text[: place.start] + text[place.end :]
    return text


_GENERAL = frozenset({"物资", "生活物资", "东西", "物品", "菜", "货", "药品", "防疫物资", "快递", "爱心物资"})


def _with_bare(text: str, items: list[Item], subject: str) -> list[Item]:
    """Add the goods without an amount: 蜡烛若干, 降压药快没了, 没米了, a known noun alone in a list."""
    names = {item.item for item in items}
    unsaid = [item for item in items if item.item == subject and item.quantity is not None]
    for found in _SOME.finditer(text):
        noun = _owned(_trim(found["item"]))
        if noun and noun not in names and not _bad_noun(noun):
            items.append(Item(noun, None, "", found.start(), found.end()))
            names.add(noun)
    for found in re.finditer(r"没有?(?P<item>[一-鿿]{1,5}?)(?:了|啦|吃|用)", text):
        noun = found["item"]
        if noun in _known() and noun not in names:
            items.append(Item(noun, None, "", found.start(), found.end()))
            names.add(noun)
    if subject and subject not in names and not unsaid and not (items and subject in _GENERAL):
        at = text.find(subject)
        items.append(Item(subject, None, "", at, at + len(subject)))
        names.add(subject)
    for found in re.finditer(r"[一-鿿A-Za-z0-9]{1,8}", text):
        if found[0] in _known() and len(found[0]) > 1 and found[0] not in names and items:
            items.append(Item(found[0], None, "", found.start(), found.end()))
            names.add(found[0])
    return sorted(items, key=lambda item: item.start)


def find_owner(text: str) -> tuple[str, int, int] | None:
    """Return for whom the goods are (王奶奶, 老王, 我妈), with the span."""
    for pattern in (_FOR, _OF):
        for found in pattern.finditer(text):
            if looks_like_name(found["who"]):
                return found["who"], found.start("who"), found.end("who")
    for lead in re.finditer(
        (
            rf"(?:^|[:;,])\s*(?:\d{{1,2}}[.、)]\s*)?(?P<who>{TITLED}|[一-鿿]{{3}}"
            rf"|[一-鿿]{{2}})(?=(?P<rest>[一-鿿]{{1,6}}))"
        ),
        text,
    ):
        if looks_like_name(lead["who"]) and any(True for _ in _prefixes(lead["rest"])):
            return lead["who"], lead.start("who"), lead.end("who")
    found_one = find_person(text)
    return found_one if found_one and re.match(r"家|的|要|缺|需", text[found_one[2] :]) else None


_ROW = re.compile(r"[;\n]|(?<=[。!])")


def read_parcels(text: str) -> list[Parcel]:
    """Return who needs or got what in *text* (normalised): split at lines, semicolons and addresses."""
    undone = _UNDONE.search(text)
    body = text[: undone.start()] if undone and undone.start() > 0 else text
    parcels: list[Parcel] = []
    for start, end in _pieces(body):
        piece = body[start:end]
        places = [place for place in scan_places(piece) if place.key in ("address", "grid", "group", "village")]
        address = next((place for place in places if place.key == "address"), None)
        owner = find_owner(piece)
        masks = [(place.start, place.end) for place in places] + ([_owner_span(piece, owner)] if owner else [])
        items = read_items(_blank(piece, masks), masks)
        for item in items:
            item.start, item.end = item.start + start, item.end + start
        if items or address or owner:
            parcels.append(Parcel(owner[0] if owner else "", address.value if address else "", items, start, end))
    return _spread(parcels)


def _owner_span(text: str, owner: tuple[str, int, int]) -> tuple[int, int]:
    behind = re.match(r"家?里?的?", text[owner[2] :])
    return owner[1], owner[2] + (behind.end() if behind else 0)


def _blank(text: str, masks: list[tuple[int, int]]) -> str:
    for start, end in masks:
        text = text[:start] + ":" * (end - start) + text[end:]
    return text


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    cuts = [0, *(found.end() for found in _ROW.finditer(text)), len(text)]
    for start, end in itertools.pairwise(cuts):
        heads = [place.start + start for place in scan_places(text[start:end]) if place.key == "address"]
        if len(heads) > 1:
            bounds = [start, *heads[1:], end]
            yield from itertools.pairwise(bounds)
        elif text[start:end].strip():
            yield start, end


def _spread(parcels: list[Parcel]) -> list[Parcel]:
    """A lone address or owner that stands apart from the goods belongs to all of them."""
    full = [parcel for parcel in parcels if parcel.items]
    bare = [parcel for parcel in parcels if not parcel.items]
    if len(bare) == 1 and full and not any(parcel.address or parcel.person for parcel in full):
        for parcel in full:
            parcel.address, parcel.person = bare[0].address, bare[0].person
    return full

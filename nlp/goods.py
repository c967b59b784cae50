"""Goods asked for or delivered: item, quantity, measure word, and for whom; 2斤盐 or 盐2斤, 半斤, 各1份, 没了."""

import re
from dataclasses import dataclass
from functools import cache

from nlp.amounts import Amount, scan_amounts
from nlp.names import KIN, TITLED, looks_like_name
from nlp.wordbook import goods_automaton, goods_words, word_lists

_TRADE = word_lists("trade")


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_LEAD = re.compile(rf"^(?:{_either(_TRADE['before'])})")
_TAIL = re.compile(rf"(?:{_either(_TRADE['after'])}|[\s:=*×xX-])+$")
_INSIDE = re.compile(rf"^.*(?:{_either(_TRADE['inside'])})(?=.)")
_GENERAL = frozenset(_TRADE["general"])
_GONE = re.compile(
    r"(?:也|都|快要?|马上|已经?|就要|又|全|刚)?(?:没有了|没了|快没了|(?:用|吃|喝|抽)(?:完|光|没)了?|断了"
    r"|断货|断药|不够(?:用|吃|了)?"
    r"|见底|告急|紧缺|短缺|缺货|快(?:用|吃|喝)完了?|没得(?:吃|用)了?|没有(?=$|[,。;!\s]))"
)
_DONE = re.compile(
    r"(?:也|都|全部?|已经?)*(?:发放完毕|发放完|发放|发放到位|送达|送到|送完|送过去|送去|领取|领走|领完"
    r"|放(?:在)?门口|配送完毕"
    r"|配送|到位|代购|买好|买到|发完|发下去|发到户)了?"
)
_GIVEN = re.compile(r"给[^,。;\n]{1,8}送(?:过去|到|去|来|上)")
_TITLE = re.compile(r"\s*(?:的)?(?:接龙|清单|登记|统计|需求|团购|名单|情况|:)")
_LEFT = re.compile(r"(?:还|只|就|仅)+(?:剩下?|有)(?:最后)?\s*$|剩下?(?:最后)?\s*$")
_ASK = re.compile(
    r"(?:缺少?|没有?|急需|急缺|需要|还需|想要|想买|要买|要换|买点|买些|买|开点|开些|开|带点|带|送点|配点?|换"
    r"|要)(?:点|些)?"
)
_SOME = re.compile(r"(?P<item>[一-鿿A-Za-z0-9]{1,8}?)\s*(?:若干|一些|一点|少许|少量|适量|不少)")
_EACH = re.compile(r"(?:每户|每人|每家|每个?网格|每格|每栋|人均|户均|每组|一户|一家)\s*(?:发放?|领|送|各)?\s*$")
_PER_HEAD = re.compile(r"每户|每人|每家|每个?网格|人均|户均")
_WHO = rf"{TITLED}|{KIN}|[一-鿿]{{2,3}}?"
_EACH_OF = re.compile(r"(?:每[户人家格组栋]|人均|户均).{0,6}$")
_SPEC = re.compile(r"(?:只?要)?\d{1,4}(?:mg|毫克|g|克|ml|毫升|段|码|斤装|片装|支装)的?|的$")
_NO_GOODS = re.compile(
    r"\d{3,}|网格|[户人](?:均|数)?$|隔离(?!衣|服)|排查|返乡|发热|体温(?!枪|计)|测温(?!枪)|宣传|横幅"
    r"|次$|小时|时间|单元|号$|独居|安置|党员"
    r"|车辆|检查|登记|群众|居民|村民|干部|志愿|走访|工作|疫苗|核酸|情况|通知|会议|问题|隐患|纠纷|事件|老人$|人员"
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


@cache
def _longest() -> int:
    return max(len(word) for word in goods_words())


def known_at(text: str, at: int = 0) -> str:
    """Return the longest known noun of goods that begins at *at*, "" when none does."""
    return next(
        (text[at : at + size] for size in range(_longest(), 0, -1) if text[at : at + size] in goods_words()), ""
    )


def known_goods(text: str) -> list[tuple[str, int]]:
    """Return the known nouns of goods in *text* with where they begin, the longest at each place, none overlapping."""
    return [(text[last - size + 1 : last + 1], last - size + 1) for last, size in goods_automaton().iter_long(text)]


def _trim(text: str) -> str:
    """Return the noun of *text*: verbs before and fillers behind are cut, a known noun is never cut apart."""
    text = text.strip(" :：·*-—.\t")
    while text and len(known_at(text)) < 2:
        found = _LEAD.match(text)
        if not found:
            break
        text = text[found.end() :].strip(" :")
    if text not in goods_words():
        text = _TAIL.sub("", text)
    inside = _INSIDE.match(text)
    if inside and text not in goods_words() and len(text) - inside.end() >= 1:
        text = text[inside.end() :]
    return text.strip(" :：·*-—.\t")


def _bad(noun: str) -> bool:
    if noun in goods_words():
        return False
    return (
        len(noun) < 2 or len(noun) > 10 or _NO_GOODS.search(noun) is not None or not re.search(r"[一-鿿A-Za-z]", noun)
    )


def _owned(noun: str) -> str:
    """Cut the owner off: 李秀英阿司匹林 → 阿司匹林, 韩雪家大米 → 大米, 老王家的盐 → 盐."""
    found = re.match(rf"(?P<who>{_WHO})(?:家里?的?|的)(?=.)", noun)
    if found and looks_like_name(found["who"]):
        return noun[found.end() :]
    for size in (4, 3, 2):
        if len(noun) > size and looks_like_name(noun[:size]) and noun[size:] in goods_words():
            return noun[size:]
    return noun


def _left(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the noun in front of an amount at *end*, looked for not before *start*, and where it begins."""
    piece = re.sub(r"\([^()]*\)\s*$", "", text[start:end])
    tail = re.split(r"[,;。!?\n、+()]", piece.rstrip(" \t:：*xX×="))[-1]
    if piece.rstrip(" ") and piece.rstrip(" ")[-1] in ",;。!?\n、+":
        return "", start
    cells = [cell for cell in re.split(r"[\s:：]+", tail) if cell]
    noun = _owned(_trim(_SPEC.sub("", cells[-1]))) if cells else ""
    return noun, (text.rfind(noun, start, end) if noun else start)


def _right(text: str, end: int, until: int) -> tuple[str, int]:
    rest = text[end:until]
    lead = re.match(r"\s?(?:[\d一二两三五十半]{1,3}(?:公?斤|升|克|kg|ml|毫升)(?:装)?的|的|装)?", rest)
    at = lead.end() if lead else 0
    word = known_at(rest, at)
    found = re.match(r"[一-鿿A-Za-z0-9]{1,8}", rest[at:])
    if not found:
        return "", end
    noun = re.split(r"和|跟|以及|还有|送到|送去|送来|回来|给|已|谢|就|吧|呢|行|可以|要|不|了|吗|麻烦|到", found[0])[0]
    if word and len(word) > 1:
        noun = word if len(noun) <= len(word) or noun[len(word) :] in ("回来", "来") else noun
    return noun, end + at + len(noun)


def read_items(text: str, masks: list[tuple[int, int]] | None = None) -> list[Item]:
    """Return the goods of one clause or list *text* (normalised), in order."""
    amounts = [one for one in scan_amounts(text, masks or []) if not _in_noun(text, one)]
    amounts = [one for at, one in enumerate(amounts) if not (at and _sizes(text, amounts[at - 1], one))]
    out: list[Item] = []
    subject, at = _subject(text), 0
    for number, amount in enumerate(amounts):
        until = amounts[number + 1].start if number + 1 < len(amounts) else len(text)
        head = text[at : amount.start]
        if _EACH.search(head) and _total_later(text, amount.end):
            at = amount.end
            continue
        noun, start = _left(text, at, amount.start)
        end = amount.end
        if _LEFT.search(head):
            noun = _owned(_trim(_LEFT.sub("", re.split(r"[,;。\n\s]", head.rstrip())[-1]))) or subject
            out += [Item(noun, None, "", start, end)] if not _bad(noun) else []
            at = end
            continue
        if _bad(noun):
            noun, end = _right(text, amount.end, until)
            start = amount.start
            noun = _owned(noun)
        if _bad(noun):
            end = amount.end
            _fill(out, subject, amount)
        else:
            out += _distributed(text, Item(noun, amount.value, amount.unit, start, end, amount.approximate), at, amount)
        at = end
    return _with_bare(text, out, subject)


def _sizes(text: str, before: Amount, amount: Amount) -> bool:
    """一袋十斤的大米: ten pounds is how big the bag is."""
    return before.end == amount.start and text[amount.end : amount.end + 1] == "的"


def _total_later(text: str, at: int) -> bool:
    return re.search(r"[共计][^,。\n]{0,6}\d", text[at:]) is not None


def _fill(out: list[Item], subject: str, amount: Amount) -> None:
    """An amount without a noun speaks of what was named before: 液化气没了,需要换1罐."""
    if out and out[-1].quantity is None:
        out[-1].quantity, out[-1].unit = amount.value, amount.unit
    elif subject and not any(item.item == subject for item in out):
        out.append(Item(subject, amount.value, amount.unit, amount.start, amount.end, amount.approximate))


def _in_noun(text: str, amount: Amount) -> bool:
    """84 in 84消毒液 and 五 in 五花肉 are no amounts."""
    for word, at in known_goods(text[max(0, amount.start - 4) : amount.end + 6]):
        start = max(0, amount.start - 4) + at
        if start <= amount.start and amount.start < start + len(word) and start + len(word) >= amount.end:
            return True
    return False


def _distributed(text: str, item: Item, at: int, amount: Amount) -> list[Item]:
    """白菜、土豆各1份 gives one to each."""
    if not text[: amount.start].rstrip().endswith("各"):
        return [item]
    piece = re.split(r"[,;。\n:：]", text[at : amount.start].rstrip()[:-1])[-1]
    nouns = [_owned(_trim(part)) for part in re.split(r"[、和及与\s]", piece)]
    good = [noun for noun in nouns if not _bad(noun)]
    return [Item(noun, item.quantity, item.unit, item.start, item.end) for noun in good] or [item]


def _subject(text: str) -> str:
    """Return the goods named before 没了 or 已发放: the thing a later amount without a noun speaks of."""
    for pattern in (_GONE, _GIVEN, _DONE):
        for found in pattern.finditer(text):
            clause = re.split(r"[,;。!?\n\s:：]", text[: found.start()])[-1]
            noun = _owned(_trim(_EACH_OF.sub("", clause)))
            if noun and not _bad(noun) and (noun in goods_words() or not re.search(r"\d|[一-鿿]{7,}", noun)):
                return noun
    return ""


def _with_bare(text: str, items: list[Item], subject: str) -> list[Item]:
    """Add the goods without an amount: 蜡烛若干, 降压药快没了, 没米了, 缺油, a known noun alone in a list."""
    names = {item.item for item in items}

    def add(noun: str, start: int) -> None:
        if noun and noun not in names and not _bad(noun) and not any(noun in name for name in names):
            items.append(Item(noun, None, "", start, start + len(noun)))
            names.add(noun)

    for found in _SOME.finditer(text):
        add(_owned(_trim(found["item"])), found.start())
    if subject and not (items and subject in _GENERAL):
        add(subject, max(0, text.find(subject)))
    asked = [found.end() for found in _ASK.finditer(text)]
    for word, at in known_goods(text):
        noted = text.rfind("(", 0, at) > text.rfind(")", 0, at) and bool(items)
        if noted or _TITLE.match(text, at + len(word)) or (items and word in _GENERAL):
            continue
        listed = bool(items) and len(word) > 1 and word not in _GENERAL
        if at in asked or listed:
            add(word, at)
    return sorted(items, key=lambda item: item.start)

"""Goods asked for or delivered: item, quantity, measure word; 2斤盐 or 盐2斤, 半斤, 各1份, 没了."""

import re
from dataclasses import dataclass

from nlp.amounts import Amount, scan_amounts
from nlp.lazy import lazy
from nlp.nouns import Noun, is_noun, known_goods, scan_nouns
from nlp.wordbook import word_lists

GENERAL = frozenset(word_lists("trade")["general"])
_CLAUSE = lazy(r"[,;。!?\n、+/()【】\[\]&]|(?<=\S)[ \t]{2,}")
_LEFT = lazy(r"剩|库存|还有最后|最后|用(?:了|掉|去)(?=\s*$)|消耗了?(?=\s*$)")
_SUMMED = lazy(r"(?:共计?|合计|总共|一共)\s*$")
_PER_HEAD = lazy(r"每[户人家格组栋]|人均|户均|一[户人家](?=$|[^一-鿿]|各|发|领)")
_TOTAL = lazy(r"(?:[共计]|合计|总数)[^,。\n]{0,6}\d|一共|总共")
_GONE = lazy(
    r"(?:也|都|快要?|马上|已经?|就要|又|全|刚)?(?:没有了|没了|快没了|(?:用|吃|喝|抽|烧)(?:完|光|没)了?|断了|断货|断药"
    r"|不够(?:用|吃|了)?|不多了|见底|告急|紧缺|短缺|缺货|快(?:用|吃|喝)完了?|没得(?:吃|用)了?|没有(?=$|[,。;!\s])|坏了|只?剩|断[了顿]"
    r"|有没有|还有没|有货)"
)
_DONE = lazy(
    r"给[^,。;\n]{1,10}?(?:送|拉|带|捎|拿)(?:过去|到|去|来|上)|(?:也|都|全部?|已经?)*(?:发放完毕|发放完|发放|发放到位|送达|送到|送完|送过去|送上去|送去|领取|领走|领完"
    r"|放(?:在)?门口|配送完毕|配送|到位|代购|买好|买到|发完|发下去|发到户|拉过去|[取拿买带拉领]回来|运到|已经?(?:发|送|领|配)|到了|换好|装好)了?"
)
_ASK = lazy(
    r"缺少?|没有?|急需|急缺|求购|发放|分发|派发|购买|采购|团购|需要?|还需|想要|想买|要|买|开|带|送|配|换|捎|拿|订|求|来"
)
_SOME = lazy(r"\s*(?:若干|一些|一点|少许|少量|适量|不少|几[个包盒瓶袋斤根把]|点儿?(?=$|[,。;!\s])|些(?=$|[,。;!\s]))")
_GAP = lazy(r"\s{0,2}(?:[\d一二两三五十半]{1,3}(?:公?斤|升|克|kg|g|ml|毫升|段|码)装?)?(?:的|装|左右)?\s?")
_A_LITTLE = lazy(r"[要来买带开送订]点$")
_EACH = re.compile(r"各(?:要|自|发|领|送|来|\s)?\s*$")
_TO_EACH = ("每户", "每人", "每家", "各")
_TITLE = lazy(r"\s*(?:的)?(?:接龙|清单|登记|统计|需求|团购|名单|情况|[:=])")


@dataclass(slots=True)
class Item:
    """One kind of goods: the noun as written, how much (None when not said), and of which measure."""

    item: str
    quantity: int | float | str | None = None
    unit: str = ""
    start: int = 0
    end: int = 0
    approximate: bool = False


def read_items(text: str, masks: list[tuple[int, int]] | None = None) -> list[Item]:
    """Return the goods of one clause or list *text* (normalised), in order; *masks* are spans that hold none."""
    amounts = [one for one in scan_amounts(text, masks or []) if not _in_noun(text, one)]
    amounts = [one for one in amounts if one.unit != "单"]  # 代购5单 counts errands
    amounts = [one for at, one in enumerate(amounts) if not (at and _sizes(text, amounts[at - 1], one))]
    blank = _without(text, [(one.start, one.end) for one in amounts])
    nouns = scan_nouns(blank)
    reader = _Reader(text, amounts, nouns)
    return reader.read()


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\x00" * (end - start) + text[end:]
    return text


def _sizes(text: str, before: Amount, amount: Amount) -> bool:
    """一袋十斤的大米: ten pounds is how big the bag is."""
    return before.end == amount.start and text[amount.end : amount.end + 1] in ("的", "装")


def _in_noun(text: str, amount: Amount) -> bool:
    """84 in 84消毒液 and 五 in 五花肉 are no amounts."""
    for word, at in known_goods(text[max(0, amount.start - 4) : amount.end + 6]):
        start = max(0, amount.start - 4) + at
        if start <= amount.start and amount.start < start + len(word) and start + len(word) >= amount.end:
            return True
    return False


class _Reader:
    """Gives each amount of one list its noun, the one before it or the one behind it, the same way all along."""

    def __init__(self, text: str, amounts: list[Amount], nouns: list[Noun]) -> None:
        self.text = text
        self.amounts = amounts
        self.nouns = nouns
        self.items: list[Item] = []
        self.used: set[int] = set()

    def read(self) -> list[Item]:
        for run in self.runs():
            self.share(run)
        self.bare()
        return sorted(self.items, key=lambda item: item.start)

    def runs(self) -> list[list[Amount]]:
        """Part the amounts where no noun stands between the clauses of two."""
        out: list[list[Amount]] = []
        for amount in self.amounts:
            if out and not _CLAUSE.search(self.text, out[-1][-1].end, amount.start):
                out[-1].append(amount)
            else:
                out.append([amount])
        return out

    def before(self, amount: Amount, after: int) -> Noun | None:
        """Return the noun before *amount* in its clause, not before *after*."""
        near = [noun for noun in self.nouns if after <= noun.start and noun.end <= amount.start]
        if not near or _CLAUSE.search(self.text, near[-1].end, amount.start):
            return None
        gap = self.text[near[-1].end : amount.start]
        return near[-1] if len(gap) <= 8 else None

    def behind(self, amount: Amount, until: int) -> Noun | None:
        """Return the noun glued behind *amount* (2袋大米, 两箱的牛奶), not behind *until*."""
        near = [noun for noun in self.nouns if amount.end <= noun.start and noun.end <= until]
        if not near:
            return None
        gap = self.text[amount.end : near[0].start]
        return near[0] if _GAP.fullmatch(gap) and "\x00" not in gap and "\n" not in gap else None

    def share(self, run: list[Amount]) -> None:
        """Decide for one run of amounts which side their nouns stand on."""
        edges = [self.edge(run[0]), *(one.end for one in run)]
        lefts = [self.before(amount, edges[at]) for at, amount in enumerate(run)]
        ends = [*(one.start for one in run[1:]), len(self.text)]
        rights = [self.behind(amount, ends[at]) for at, amount in enumerate(run)]
        left = sum(noun is not None for noun in lefts)
        right = sum(noun is not None for noun in rights)
        known = sum(noun.known for noun in lefts if noun) - sum(noun.known for noun in rights if noun)
        to_left = left > right or (left == right and known >= 0)
        for at, amount in enumerate(run):
            noun = lefts[at] if to_left else rights[at]
            other = rights[at] if to_left else lefts[at]
            free = other is not None and all(other is not one for one in (lefts if to_left else rights))
            self.give(amount, noun or (other if free else None), (at and edges[at]) or edges[0])

    def edge(self, amount: Amount) -> int:
        """Return where the clause of *amount* begins."""
        cuts = [found.end() for found in _CLAUSE.finditer(self.text, 0, amount.start)]
        return cuts[-1] if cuts else 0

    def give(self, amount: Amount, noun: Noun | None, after: int) -> None:
        head = self.text[after : amount.start]
        if _PER_HEAD.search(head) and _TOTAL.search(self.text, amount.end):
            return
        if _LEFT.search(head):
            if noun is not None and noun.end <= amount.start:
                self.put(noun, None)
            return
        if noun is None:
            if len(self.items) < 2 or not _SUMMED.search(head):  # 苹果3斤、香蕉2斤,共5斤
                self.fill(amount)
            return
        listed = self.listed(amount, noun, after)
        for one in listed:
            self.put(one, amount)

    def listed(self, amount: Amount, noun: Noun, after: int) -> list[Noun]:
        """Return all nouns that 各 gives the amount to: 白菜、土豆各1份."""
        if not _EACH.search(self.text[after : amount.start]):
            return [noun]
        until = len(self.text[: amount.start].rstrip("各, "))  # 热水壶和行军床,各一个
        begins = max(self.text.rfind(mark, 0, until) for mark in ",;。\n:(") + 1
        ended = [one.end for one in self.amounts if one.end <= amount.start]
        begins = max(begins, max(ended, default=0))
        return [one for one in self.nouns if begins <= one.start and one.end <= amount.start] or [noun]

    def put(self, noun: Noun, amount: Amount | None) -> None:
        self.used.add(noun.start)
        known = next((item for item in self.items if item.item == noun.word and item.quantity is None), None)
        if known is not None and amount is not None:
            self.items.remove(known)
        if amount is None:
            self.items.append(Item(noun.word, None, "", noun.start, noun.end))
            return
        start, end = min(noun.start, amount.start), max(noun.end, amount.end)
        self.items.append(Item(noun.word, amount.value, amount.unit, start, end, amount.approximate))

    def fill(self, amount: Amount) -> None:
        """An amount without a noun speaks of what was named before: 液化气没了,需要换1罐."""
        open_ = [item for item in self.items if item.quantity is None and item.end <= amount.start]
        if open_:
            open_[-1].quantity, open_[-1].unit, open_[-1].approximate = amount.value, amount.unit, amount.approximate
            return
        near = [noun for noun in self.nouns if noun.end <= amount.start and noun.start not in self.used]
        told = [noun for noun in near if noun.known or self.spoken_of(noun)]
        if told and not any(item.item == told[-1].word for item in self.items):
            self.put(told[-1], amount)

    def spoken_of(self, noun: Noun) -> bool:
        """Return whether the words behind a noun say that it is gone or given out."""
        behind = self.text[noun.end : noun.end + 24].lstrip("的也都已经刚全 ")
        return bool(_GONE.match(behind) or _DONE.match(behind) or behind.startswith(_TO_EACH))

    def bare(self) -> None:
        """Add the goods without an amount: 蜡烛若干, 降压药快没了, 没米了, 缺油, a known noun alone in a list."""
        named = {item.item for item in self.items}
        listed, last = bool(self.items), -9
        for noun in self.nouns:
            if noun.start in self.used or noun.word in named or any(noun.word in name for name in named):
                continue
            if (listed or self.amounts) and (noun.word in GENERAL or (listed and self.noted(noun))):
                continue
            if _TITLE.match(self.text, noun.end):
                continue
            joined = bool(named) and noun.known and noun.start - last <= 1 and len(noun.word) > 1
            if joined or self.wanted(noun, listed):
                self.put(noun, None)
                named.add(noun.word)
                last = noun.end

    def noted(self, noun: Noun) -> bool:
        """降压药1盒(硝苯地平): what stands in a bracket behind goods tells which."""
        return self.text.rfind("(", 0, noun.start) > self.text.rfind(")", 0, noun.start)

    def wanted(self, noun: Noun, listed: bool) -> bool:
        if _SOME.match(self.text, noun.end) or (self.spoken_of(noun) and is_noun(noun.word)):
            return True
        if not noun.known:
            little = _A_LITTLE.search(self.text, max(0, noun.start - 2), noun.start)
            return little is not None and re.match(r"\s*(?:$|[,;。!\n])", self.text[noun.end :]) is not None
        head = self.text[max(0, noun.start - 6) : noun.start]
        asked = [found.end() for found in _ASK.finditer(head)]
        close = bool(asked) and re.fullmatch(r"[点些一下个了那种的]*", head[asked[-1] :]) is not None
        return close or (listed and len(noun.word) > 1) or re.search(r"[、和跟及与]\s*$", head) is not None

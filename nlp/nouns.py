"""Nouns of goods: the stretches of a text that are left when the words around a list of goods are taken away."""

import re
from functools import cache
from typing import NamedTuple

from nlp.lazy import lazy
from nlp.names import looks_like_name
from nlp.wordbook import goods_automaton, goods_words, word_lists

_TRADE = word_lists("trade")


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_STOP = lazy(_either(_TRADE["stops"]), many=True)
_EDGE = _either(_TRADE["edges"])
_LEADS = lazy(rf"^(?:{_EDGE})+")
_TAILS = lazy(rf"(?:{_EDGE})+$")
_STRETCH = lazy(r"[一-鿿A-Za-z0-9]+")
_SPEC = lazy(r"^\d{1,4}(?:mg|毫克|g|克|ml|毫升|码|斤装|片装|支装|斤|升)的?")
_SIZE = lazy(r"(?<=[一-鿿])(?:\d段|[SMLX]{1,3}[码号]?)$")
_SIZED = frozenset("段码号SMLX")
_SPEC_ONLY = lazy(
    r"\d{1,4}(?:段|码|号|mg|ml|kg|g|L|W|w|K|k|寸|期|楼|栋|组|点|日|天|[斤升片支只克]装|[份袋盒箱个包桶瓶斤])?"
)
_NO_GOODS = lazy(
    r"^[一二三四五六七八九十两半几\d]+(?:天|日|个月|年|点|周|小时)|\d{3,}|网格|[户人](?:均|数)?$|隔离(?!衣|服)|排查|返乡|发热|体温(?!枪|计)|测温(?!枪)|宣传|横幅"
    r"|次$|小时|时间|单元|号$|独居|安置|党员|消杀|消毒(?!液|水|片|粉|湿)|劝返|喇叭$|转移|巡查"
    r"|车辆|检查|登记|群众|居民|村民|干部|志愿|走访|工作|疫苗|核酸|通知|会议|问题|隐患|纠纷|事件|老人$|人员|家$|栋$|楼$"
)


class Noun(NamedTuple):
    """A noun of goods with its span; `known` when it is one of words/goods.yaml."""

    word: str
    start: int
    end: int
    known: bool = False


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


def is_noun(word: str) -> bool:
    """Return whether *word* can be goods: a known noun, or two to eight characters that say nothing else."""
    if word in goods_words():
        return True
    if (
        not 2 <= len(word) <= 8
        or _SPEC_ONLY.fullmatch(word)
        or _NO_GOODS.search(word)
        or not re.search(r"[一-鿿A-Za-z]", word)
    ):
        return False
    return _STOP.fullmatch(word) is None


def scan_nouns(text: str) -> list[Noun]:
    """Return the nouns of goods in *text* (normalised, other readings blanked), in order.

    >>> [noun.word for noun in scan_nouns("帮我买白糖和煤球,我要一箱牛奶")]
    ['白糖', '煤球', '箱牛奶']
    """
    out: list[Noun] = []
    for stretch in _STRETCH.finditer(text):
        for start, end in _pieces(text, stretch.start(), stretch.end()):
            out += _nouns(text, start, end)
    return out


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a stretch at its stop words; a known noun of two characters and more is never cut apart."""
    held = [(at + start, at + start + len(word)) for word, at in known_goods(text[start:end]) if len(word) > 1]
    out, at = [], start
    for found in _STOP.finditer(text, start, end):
        if any(one < found.end() and found.start() < other for one, other in held):
            continue
        out.append((at, found.start()))
        at = found.end()
    out.append((at, end))
    return [(one, other) for one, other in out if one < other]


def _nouns(text: str, start: int, end: int) -> list[Noun]:
    piece = text[start:end]
    if piece in goods_words():
        return [Noun(piece, start, end, True)]
    owner = _owner(piece)
    start, piece = start + owner, piece[owner:]
    spec = _SPEC.match(piece)
    if spec and len(spec[0]) < len(piece):
        start, piece = start + spec.end(), piece[spec.end() :]
    known = [(word, at) for word, at in known_goods(piece) if len(word) > 1]
    if known and sum(len(word) for word, _ in known) >= len(piece) - 2 and len(known) > 1:
        return [Noun(word, start + at, start + at + len(word), True) for word, at in known]
    if known and known[-1][1] + len(known[-1][0]) == len(piece) and known[-1][1] <= 1:
        word, at = known[-1]  # 来大米: one odd character before a known noun
        return [Noun(word, start + at, start + len(piece), True)]
    lead = _LEADS.match(piece)
    if lead and piece not in goods_words() and lead.end() < len(piece):
        start, piece = start + lead.end(), piece[lead.end() :]
    tail = _TAILS.search(piece)
    if tail and piece not in goods_words() and tail.start():
        piece = piece[: tail.start()]
    size = _SIZE.search(piece) if piece and piece[-1] in _SIZED else None
    if size and size.start() > 1:  # 奶粉3段, 纸尿裤L码
        piece = piece[: size.start()]
    if is_noun(piece):
        return [Noun(piece, start, start + len(piece), piece in goods_words())]
    return [Noun(word, start + at, start + at + len(word), True) for word, at in known]


def _owner(piece: str) -> int:
    """Return how many characters of *piece* are the owner's name: 李秀英阿司匹林 → 3; 花生米 is a noun whole."""
    for size in (4, 3, 2):
        rest = piece[size:]
        if (
            len(rest) > 1
            and piece[:size] not in goods_words()
            and looks_like_name(piece[:size])
            and known_at(rest)
            and len(known_at(rest)) > 1
        ):
            return size
    return 0

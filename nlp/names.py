"""People in prose: 李四, 王奶奶, 孙某, 老伴, told by surname, title and what stands around them.

What the rules leave undecided, a name amid ordinary words (卖豆腐的韩玉梅烧到39度), is told by jieba, loaded when first
asked: its dictionary takes a second and 160 megabytes, so nothing else in this room may open it.
"""

import logging
import re
from functools import cache, lru_cache
from tempfile import TemporaryDirectory
from typing import Any

from nlp.lazy import lazy
from nlp.wordbook import place_names, word_lists

_LISTS = word_lists("names")
SURNAMES = "".join(_LISTS["surnames"].split())
_DOUBLE = "|".join(_LISTS["double"])
_TITLE = "|".join(_LISTS["titles"])
KIN = "|".join(_LISTS["kin"])
_NOT_NAMES = frozenset(_LISTS["never"])
_S = f"(?:{_DOUBLE}|[{SURNAMES}])"
_GIVEN_STOP = (
    "家的是从在到和与及说没有已发咳隔测体正今昨早晚来去回要需买送缺两三四五六七八九十户人个组村格网返外都均"
    "无未不也还就被把给让请帮及等因为打吵办个某"
)
_TAIL = rf"某某|某|(?:[一-鿿]{{1,2}})?(?:{_TITLE})"
TITLED = rf"{_S}(?:{_TAIL})|[老小大][{SURNAMES}]头?"
NAME = rf"{_S}(?:{_TAIL}|[xX*×]{{1,2}}|[一-鿿]\*|\*[一-鿿]|[一-鿿]{{1,2}})|[老小大][{SURNAMES}]头?|{KIN}"
_WHOLE = lazy(NAME)
_TITLED = lazy(rf"(?P<name>{TITLED})")
_KIN = lazy(rf"(?P<name>{KIN})")
_CUED = lazy(
    rf"(?:寻人|走失者|伤者|村民|居民|住户|业主|户主|老人|姓名|叫|租户|独居老人|群众|患者|老党员|学生|组|网格|栋|给|帮|为|替|送"
    rf"|接)\s*[:：]?\s*(?P<name>{_S}[一-鿿]{{1,2}}?)(?=家|的|在|从|,|。|、|\s|\d|说|今|昨"
    rf"|突|摔|晕|发|体|有|没|还|要|需|缺|买|带|送|把|拿|捎|开|联系|隔离|:|\(|$)"
)
_HEADED = lazy(
    rf"(?:^|[\s,。;:!\n、])(?P<name>{_S}[一-鿿]{{1,2}}?)(?=家(?!长|里|庭|属)|隔离|在家|的(?!士)"
    rf"|从|体温|发烧|发热|突然|摔|晕|昏|走失|失踪|走丢|不见|打电话|来电|反映|说|跟|和|今早|今天|昨晚|昨天|私自|:|\(|\d)"
)


_OFFICE = lazy(r"(?:医生|护士|书记|主任|民警|警官|干部)$")


_NOUN = lazy(
    r"体温|测温|上报|接龙|登记|人员|情况|今|正常|复测|打卡|网格|社区|隔离|全家|未外|外出|症状|统计|表"
    r"|家庭|户主|温度|早上|晚上|中午"
    r"|上午|下午|报告|昨|一家|大家|没有|无|发烧|咳|房间|室|号|都|日报|姓名|量|两大|一大|喘|烧|疼|痛|闷"
    r"|晕|泻|吐|人|家|左右|大概|目前|晨检|正"
)


def stands_as_name(word: str) -> bool:
    """Return whether *word*, standing where a list or a form has its people, can be one, whatever the surname."""
    return re.fullmatch(r"[一-鿿]{2,4}", word) is not None and _fine(word) and not _NOUN.search(word)


def looks_like_name(text: str) -> bool:
    """Return whether *text* as a whole can be a person as people write one: 张三, 王奶奶, 孙某, 老伴, 张X."""
    return bool(text) and _fine(text) and _WHOLE.fullmatch(text) is not None


def _fine(name: str) -> bool:
    return name not in _NOT_NAMES and name[:2] not in _NOT_NAMES


def find_person(text: str) -> tuple[str, int, int] | None:
    """Return the first person named in prose *text* (normalised) with the span of the name, None when there is none."""
    best: re.Match[str] | None = None
    for pattern in (_TITLED, _CUED, _HEADED):
        for found in pattern.finditer(text):
            if (
                _fine(found["name"])
                and not _OFFICE.search(found["name"])
                and (best is None or found.start("name") < best.start("name"))
            ):
                best = found
                break
    kin = best is None
    if best is None:
        best = next(
            (one for one in _KIN.finditer(text) if text[one.start() - 1 : one.start()] not in tuple("大小老")), None
        )
    if best is None:
        return None
    name, start, end = best["name"], best.start("name"), best.end("name")
    if len(name) == 3 and name[2] in _GIVEN_STOP and "某" not in name:
        name, end = name[:2], end - 1
    return (name, start, end) if len(name) > 1 or kin else None


_ASKED = 40
"""Characters of a clause that are cut into words: a name stands near what is told of it."""
_OPENS = lazy(_S)
_MAY_OPEN = lazy(rf"{_S}[一-鿿]{{1,2}}")
_ORDINARY = lazy("|".join(sorted(_NOT_NAMES, key=len, reverse=True)))
_GIVEN_TAGS = ("nr", "ns")  # 桂兰 and 长海 are towns as well
_PLACE_BEHIND = (
    "村",
    "镇",
    "乡",
    "县",
    "市",
    "路",
    "街",
    "巷",
    "桥",
    "山",
    "河",
    "湖",
    "店",
    "厂",
    "家",
    "小区",
    "社区",
)


def may_hold_name(text: str) -> bool:
    """Return whether a surname with something behind it stands in *text*, ordinary words left aside."""
    return _MAY_OPEN.search(_ORDINARY.sub(lambda found: " " * len(found[0]), text)) is not None


@lru_cache(maxsize=64)
def name_among(text: str) -> tuple[str, int, int] | None:
    """Return the first person whom only a dictionary of ordinary words parts from the words around, with the span.

    Loads jieba; ask only about a message that tells of a person whom `find_person` does not find. Read are the clauses
    in which a name may stand, 40 characters of each.

    >>> name_among("卖豆腐的韩玉梅烧到39度")
    ('韩玉梅', 4, 7)
    """
    for clause in re.finditer(r"[^,。;:!?\s]+", text):
        piece = clause[0][:_ASKED]
        found = _named(piece) if may_hold_name(piece) else None
        if found is not None:
            return found[0], clause.start() + found[1], clause.start() + found[2]
    return None


def _named(text: str) -> tuple[str, int, int] | None:
    words = [(one.word, one.flag) for one in _cutter().cut(text)]
    at = 0
    for (word, tag), (behind, given), (last, third) in zip(
        words, [*words[1:], ("", "")], [*words[2:], ("", ""), ("", "")], strict=False
    ):
        whole = tag.startswith("nr") and 2 <= len(word) <= 4
        name = word if whole else ""
        if whole and len(word) == 2 and len(behind) == 1 and given == "nr":
            name = word + behind  # 罗文 and 斌
        elif _OPENS.fullmatch(word) and given.startswith(_GIVEN_TAGS) and len(behind) <= 2:
            name = word + behind
            if len(behind) == len(last) == 1 and third == "nr":
                name += last  # 欧阳, 倩, 倩
        if name and _stands(name) and not text.startswith(_PLACE_BEHIND, at + len(name)):
            return name, at, at + len(name)
        at += len(word)
    return None


def _stands(name: str) -> bool:
    return _OPENS.match(name) is not None and stands_as_name(name) and name not in place_names()


@cache
def _cutter() -> Any:
    """Return jieba's tagger over a dictionary of our own process.

    jieba keeps its dictionary as a marshal file under one name in the shared temporary directory and loads whatever
    lies there: anybody on the machine could put a file of his own in its place. Ours lies in a directory that only
    this process may enter (mode 0700) and is gone once the dictionary is in memory.
    """
    import jieba
    from jieba import posseg

    jieba.setLogLevel(logging.ERROR)
    words = jieba.Tokenizer()
    with TemporaryDirectory(prefix="geying-words-") as private:
        words.tmp_dir = private
        words.initialize()
    return posseg.POSTokenizer(words)

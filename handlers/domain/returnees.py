"""Which of the four returnee tables (返乡人员排查表) a person belongs in, from where they say they came.

Tables 1–4 are 武汉, 湖北(除武汉), 省外(除湖北), 省内. A transit through Hubei, a name that several places bear, 湖北
alone, or no place at all is asked, not guessed.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from types import MappingProxyType

from handlers.domain.metric import CUMULATIVE, NEW, base

HUBEI, WUHAN = "湖北省", "武汉市"
_ABROAD = ("香港特别行政区", "澳门特别行政区", "台湾省")


class Table(IntEnum):
    """One of the four tables, by its number."""

    WUHAN = 1
    HUBEI_OTHER = 2
    OUT_PROVINCE = 3
    IN_PROVINCE = 4


TITLES: Mapping[Table, str] = MappingProxyType(
    {
        Table.WUHAN: "武汉市返乡人员排查表",
        Table.HUBEI_OTHER: "湖北省(除武汉市)返乡人员排查表",
        Table.OUT_PROVINCE: "省外(除湖北省)返乡人员排查表",
        Table.IN_PROVINCE: "省内返乡人员排查表",
    }
)
METRICS: Mapping[Table, str] = MappingProxyType(
    {
        Table.WUHAN: "returnees_wuhan",
        Table.HUBEI_OTHER: "returnees_hubei_other",
        Table.OUT_PROVINCE: "returnees_out_province",
        Table.IN_PROVINCE: "returnees_in_province",
    }
)
_SHORT = {Table.WUHAN: "武汉", Table.HUBEI_OTHER: "湖北其他", Table.OUT_PROVINCE: "省外", Table.IN_PROVINCE: "省内"}


@dataclass(frozen=True, slots=True)
class Place:
    """A province (no city), a prefecture-level city (name equals city), or a county; names in full."""

    name: str
    city: str
    province: str

    @property
    def rank(self) -> int:
        """Return 0 for a province, 1 for a city, 2 for a county."""
        return 0 if self.name == self.province else 1 if self.name == self.city else 2

    def within(self, other: "Place") -> bool:
        """Return whether this place lies in *other* or is it."""
        if other.rank == 0:
            return self.province == other.name
        return self == other or (other.rank == 1 and self.city == other.name and self.province == other.province)


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a person goes. `table` is None when `ask` (the question, Chinese) must be answered first; `overseas` is
    told apart because no table is for it."""

    table: Table | None
    ask: str | None = None
    overseas: bool = False


@dataclass(frozen=True, slots=True)
class _Mention:
    """One place word in the text, all places that bear it, and whether it was only passed through or is denied."""

    word: str
    places: tuple[Place, ...]
    transit: bool
    denied: bool


_WHERE = "从哪个省、哪个市回来的?请写到市,如「湖北黄冈」"
_BEFORE_TRANSIT = re.compile(r"(?:经停|途经|途径|路过|经过|取道|绕道|(?<![已曾])经)(?:过|了)?$")
_AFTER_TRANSIT = re.compile(r"^.{0,3}?(?:转车|转机|转乘|中转|换乘|换车|停留|停了)|^经停(?:$|[,,。;;、\s])")
_BEFORE_DENIED = re.compile(r"(?:除了?|不是|没[去到在]过?|未[去到]过?|不含)$")
_HERE = re.compile(r"省内|本省|市外|外市|县外|外县")
_OUTSIDE = re.compile(r"省外|外省")


def table_for(origin: str, home_province: str) -> Routing:
    """Return the table for somebody who came from *origin* to a county of *home_province* (河南 or 河南省).

    In a county of Hubei, 黄冈 goes to table 2, which there is the whole of 省内 but Wuhan. Raises ValueError for a
    home that is no province.

    >>> [table_for(place, "河南").table.value for place in ("武汉汉阳", "黄冈", "杭州", "郑州")]
    [1, 2, 3, 4]
    >>> table_for("杭州经停武汉", "河南").ask
    '杭州、途经武汉:记进哪张表?1武汉 3省外'
    >>> table_for("经停武汉", "河南").ask
    '只说了途经武汉,是从哪个省、哪个市出发的?'
    """
    home = _province(home_province)
    mentions = _mentions(origin, home)
    if any(not m.places and not m.denied for m in mentions):
        return Routing(None, "境外返回不在四张表里,按境外返回单独报,对吗?", overseas=True)
    origins = [m for m in mentions if not m.transit and not m.denied]
    passed = [m for m in mentions if m.transit and not m.denied]
    denied = {Table.WUHAN} if any(m.denied and _tables([m], home) == {Table.WUHAN} for m in mentions) else set()
    possible = (_tables(origins, home) or _by_word(origin, home)) - denied
    if passed and not possible:
        return Routing(None, f"只说了途经{'、'.join(m.word for m in passed)},是从哪个省、哪个市出发的?")
    through = _tables(passed, home) & {Table.WUHAN, Table.HUBEI_OTHER}
    if through - possible:
        return Routing(None, _which(origins, passed, possible | through))
    if len(possible) == 1:
        return Routing(possible.pop())
    return Routing(None, _which(origins, passed, possible) if possible else _WHERE)


def is_place(name: str) -> bool:
    """Return whether *name* is a place's name in full, as facts hold it.

    >>> is_place("湖北省"), is_place("武汉市"), is_place("武汉"), is_place("湖北")
    (True, True, False, False)
    """
    return any(name in (place.name, place.city, place.province) for place in _words().get(name, ()))


def places_named(text: str, home_province: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the full names the words stand for, those come from and those passed through: province, city and county.

    A word that several places bear gives only what they have in common; a denied one (不是武汉) gives nothing.

    >>> [sorted(found) for found in places_named("温州苍南 经停武汉", "福建")]
    [['浙江省', '温州市', '苍南县'], ['武汉市', '湖北省']]
    """
    came: set[str] = set()
    passed: set[str] = set()
    for mention in _mentions(text, _province(home_province)):
        if mention.places and not mention.denied:
            each = [{p.name, p.city, p.province} - {""} for p in mention.places]
            (passed if mention.transit else came).update(set.intersection(*each))
    return frozenset(came), frozenset(passed)


def with_tables(values: Mapping[str, float | None], home_province: str) -> tuple[dict[str, float | None], list[str]]:
    """Return *values* with `returnees@<place>` figures also summed into the four tables' metrics, and questions for
    places that fit no single table. A table's metric that was said is left as it was said.

    >>> with_tables({"returnees@浙江_new": 1, "returnees@广东_new": 2}, "河南")[0]["returnees_out_province_new"]
    3
    """
    sums: dict[str, float] = defaultdict(int)
    asks: list[str] = []
    for key, value in values.items():
        before, _, place = base(key).partition("@")
        if before != "returnees" or not place or value is None:
            continue
        routing = table_for(place, home_province)
        if routing.table is None:
            asks.append(routing.ask or _WHERE)
        else:
            ending = NEW if key.endswith(NEW) else CUMULATIVE if key.endswith(CUMULATIVE) else ""
            sums[METRICS[routing.table] + ending] += value
    return {**sums, **values}, asks


def _which(origins: list[_Mention], passed: list[_Mention], tables: set[Table]) -> str:
    said = [m.word for m in origins] + ["途经" + m.word for m in passed] or ["省内"]
    choices = " ".join(f"{t.value}{_SHORT[t]}" for t in sorted(tables))
    return f"{'、'.join(said)}:记进哪张表?{choices}"


def _by_word(text: str, home: str) -> set[Table]:
    if _OUTSIDE.search(text):
        return {Table.OUT_PROVINCE}
    if _HERE.search(text):
        return {Table.WUHAN, Table.HUBEI_OTHER} if home == HUBEI else {Table.IN_PROVINCE}
    return set()


def _tables(mentions: list[_Mention], home: str) -> set[Table]:
    return {table for m in mentions for place in m.places for table in _of(place, home)}


def _of(place: Place, home: str) -> set[Table]:
    if place.city == WUHAN:
        return {Table.WUHAN}
    if place.province == HUBEI:
        return {Table.WUHAN, Table.HUBEI_OTHER} if place.rank == 0 else {Table.HUBEI_OTHER}
    return {Table.IN_PROVINCE if place.province == home else Table.OUT_PROVINCE}


def _mentions(text: str, home: str) -> list[_Mention]:
    """Return the places named, left to right, each refined by its neighbour (湖北黄冈麻城 is one mention)."""
    found: list[_Mention] = []
    words = _scan(text)
    end = -1
    for n, (start, stop, word) in enumerate(words):
        following = words[n + 1][:1] if n + 1 < len(words) else ()
        # 经停 after a place belongs to it only when no other place follows: the regex sees 地 for that one.
        before, after = text[:start], text[stop : following[0]] + "地" if following else text[stop:]
        places = _words()[word]
        inner = tuple(p for p in places if start == end and any(p.within(q) for q in found[-1].places))
        last = found.pop() if inner else _Mention("", (), False, bool(_BEFORE_DENIED.search(before)))
        transit = last.transit or bool(_BEFORE_TRANSIT.search(before) or _AFTER_TRANSIT.search(after))
        found.append(_Mention(last.word + word, inner or places, transit, last.denied))
        end = stop
    # A lone county's name beside a province or a city is most often another word (通道, 互助, 和平).
    named = [m for m in found if not m.places or m.word not in _words() or any(p.rank < 2 for p in m.places)]
    return [_likely(m, home) for m in named or found]


def _likely(mention: _Mention, home: str) -> _Mention:
    """Return the mention without the places people do not mean by the bare word: a province goes before all (河南), a
    city before a county of another province than home (西安)."""
    best = min((p.rank for p in mention.places), default=0)
    kept = tuple(p for p in mention.places if p.rank == best or (best == 1 and p.province == home))
    return _Mention(mention.word, kept, mention.transit, mention.denied)


def _scan(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and word of the place words in *text*, the longest at each point."""
    found, start = [], 0
    while start < len(text):
        stops = range(min(len(text), start + _longest()), start + 1, -1)
        stop = next((stop for stop in stops if text[start:stop] in _words()), start + 1)
        if text[start:stop] in _words():
            found.append((start, stop, text[start:stop]))
        start = stop
    return found


def _province(name: str) -> str:
    for place in _words().get(name, ()):
        if place.rank == 0:
            return place.name
    raise ValueError(f"not a province: {name!r}")


@cache
def _longest() -> int:
    return max(map(len, _words()))


@cache
def _words() -> Mapping[str, tuple[Place, ...]]:
    """Return every place word with the places that bear it; an overseas word bears none."""
    data = resources.files("handlers.domain")
    words: dict[str, list[Place]] = defaultdict(list)
    for row in csv.DictReader(data.joinpath("data/places.csv").read_text("utf-8").splitlines()):
        place = Place(row["name"], row["city"], row["province"])
        for word in {row["short"], row["name"], row["short"] + "州" if row["name"].endswith("自治州") else row["name"]}:
            # The reports of 2020 count Hong Kong, Macao and Taiwan as 境外.
            words[word] += [] if place.province in _ABROAD else [place]
    for word in data.joinpath("data/overseas.txt").read_text("utf-8").split():
        words[word] = []
    return MappingProxyType({word: tuple(places) for word, places in words.items()})

"""Who needs or got which goods: a message parted at lines, households, rooms and owners."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from nlp.amounts import scan_amounts
from nlp.goods import Item, read_items
from nlp.lazy import lazy
from nlp.names import KIN, TITLED, find_person, looks_like_name, stands_as_name
from nlp.nouns import is_noun, known_at, scan_nouns
from nlp.places import Place, rooms, scan_places
from nlp.wordbook import goods_words

_WHO = rf"{TITLED}|{KIN}|[一-鿿]{{2,3}}?"
_UNDONE = lazy(r"(?:未完成|未送达?|没送到?|未买到|没买到|待送|还没送|未领|缺货的?)[:：]?")
_FOR = lazy(
    rf"(?:给|帮|为|替)(?P<who>{_WHO})(?=买|代买|送|带|捎|拿|把|开|配|代购|领|订|取|家|购|送去|的|要|搬)", many=True
)
_OF = lazy(
    rf"(?:^|[\s,;:。、\n)])(?:\d{{1,2}}[.、)]\s*)?(?P<who>{_WHO})\s*(?:\((?P<note>[^()]*)\))?\s*"
    r"(?=家(?!里|长|庭)|的|[:：]|[,\s]?(?:急需|需要|还要|缺|要|想买|需))",
    many=True,
)
_HEAD = lazy(
    rf"(?:^|[:;,\n])\s*(?:\d{{1,2}}\s*[.、)\s]\s*)?(?P<who>{TITLED}|[一-鿿]{{2,3}})(?P<gap>\s+)(?=[一-鿿A-Za-z])",
    many=True,
)
_GLUED = lazy(
    rf"(?:^|[:;,\s])\s{{0,2}}(?:\d{{1,2}}[.、)]\s{{0,2}})?(?P<who>{TITLED}|[一-鿿]{{3}}"
    rf"|[一-鿿]{{2}})(?=(?P<rest>[一-鿿]{{1,6}}))",
    many=True,
)
_JOINED = lazy(r"[、和及与]\s*$")
_TITLED = lazy(rf"(?:{TITLED})(?![一-鿿]{{0,2}}(?:医生|书记))", many=True)
_NOT_FOR = lazy(r"谢谢?|感谢|辛苦|联系|找|@|网格员|志愿者|医生|书记|主任|社区|由|让|请|跟|叫")
_HEAD_REACH = 80
"""Characters from the beginning in which the subject of a whole list is looked for."""
CHILD = frozenset({"娃", "娃娃", "孩子", "小孩", "宝宝"})
"""Whoever these are, the household is meant."""
_ROW = lazy(r"[;\n]|(?<=[。!])")
_KEPT = lazy(
    r"(?:孤寡老人|独居老人|老人|低保户|五保户|困难户|残疾人|村民|居民|住户|隔离户|户主|老党员|孕妇|患者|病人)(?P<who>[一-鿿]{2,3}?)"
    r"(?=家|的|要|缺|需|急|想|买|[:：\s(]|药|说|没)",
    many=True,
)
_TICK = lazy(r"(?m)^[ \t]*(?P<tick>[✅❌])[ \t]*")
_MARK = lazy(
    r"(?m)^[ \t]*(?:另外|还有|此外|对了|顺便|再就是|以及)[,:]?[ \t]*|(?<=[;。,\n])(?:另外|还有|此外|对了|顺便)[,:]?"
)
_NEXT_OWNER = lazy(
    rf"(?:[、,]|(?<=[一-鿿])[ \t]+)(?=(?P<who>{TITLED}|[一-鿿]{{2,3}})(?P<rest>[一-鿿]{{1,6}}))", many=True
)


_GOODS_BEHIND = lazy(r"[ :]{0,2}[一-鿿]")


@dataclass(slots=True)
class Parcel:
    """What one person or household needs or got."""

    person: str = ""
    address: str = ""
    items: list[Item] = field(default_factory=list)
    start: int = 0
    end: int = 0
    place: Place | None = None


def find_owner(text: str) -> tuple[str, int, int] | None:
    """Return for whom the goods are (王奶奶, 老王, 我妈), with the span."""
    kept = _KEPT.search(text)
    if kept and stands_as_name(kept["who"]) and kept["who"] not in goods_words():
        return kept["who"], kept.start("who"), kept.end("who")
    for pattern in (_FOR, _OF, _HEAD):
        for found in pattern.finditer(text):
            if looks_like_name(found["who"]) and found["who"] not in goods_words() and found["who"] not in CHILD:
                return found["who"], found.start("who"), found.end("who")
    for lead in _GLUED.finditer(text):
        if looks_like_name(lead["who"]) and known_at(lead["rest"]) and not known_at(text, lead.start("who")):
            return lead["who"], lead.start("who"), lead.end("who")
    for titled in _TITLED.finditer(text):
        if (
            not _NOT_FOR.search(text[max(0, titled.start() - 4) : titled.start()])
            and titled[0] not in goods_words()
            and looks_like_name(titled[0])
        ):
            return titled[0], titled.start(), titled.end()
    person = find_person(text)
    return person if person and re.match(r"家|的|要|缺|需", text[person[2] :]) else None


@lru_cache(maxsize=32)
def read_parcels(text: str) -> tuple[Parcel, ...]:
    """Return who needs or got what in *text* (normalised): split at lines, semicolons, addresses, rooms and owners."""
    text = _of_one(_unmarked(text))
    undone = _UNDONE.search(text)
    body = text[: undone.start()] if undone and undone.start() > 0 else text
    parcels: list[Parcel] = []
    for start, end, house in _pieces(body):
        parcel = _parcel(body, start, end, house, parcels)
        if parcel.items or parcel.address or parcel.person:
            parcels.append(parcel)
    return tuple(_spread(body, parcels))


def _of_one(text: str) -> str:
    """A message in lines that is no list (one home or person at most) is one sentence."""
    lines = [line for line in text.replace("。", "\n").split("\n") if line.strip()]
    if not 1 < len(lines) <= 6:
        return text
    named = [
        line
        for line in lines
        if any(place.key == "address" for place in scan_places(line)) or _HEAD.search(line) or find_owner(line)
    ]
    return text.replace("\n", ",").replace("。", ",") if len(named) <= 1 and not rooms(text) else text


def _unmarked(text: str) -> str:
    """Return *text* with ticks and 另外 in front of a line as spaces; a crossed-out line beside ticks is gone."""
    text = _MARK.sub(lambda found: " " * len(found[0]), text)
    ticked = [found["tick"] for found in _TICK.finditer(text)]
    if not ticked:
        return text
    lines = text.split("\n")
    crossed = "✅" in ticked
    kept = [" " * len(line) if crossed and line.lstrip().startswith("❌") else line for line in lines]
    return _TICK.sub(lambda found: " " * len(found[0]), "\n".join(kept))


def _parcel(body: str, at: int, end: int, house: str, before: list[Parcel]) -> Parcel:
    piece = body[at:end]
    places = [place for place in scan_places(piece) if place.key != "checkpoint"]
    room = rooms(piece)[:1] if house else []
    addresses = [place.value for place in places if place.key == "address"]
    address = f"{house}-{room[0].value}".removeprefix("#-") if room else next(iter(addresses), "")
    held = _spans([*places, *room])
    owner = find_owner(_blank(piece, held))
    masks = held + ([_owner_span(piece, owner)] if owner else [])
    items = read_items(_blank(piece, masks), masks) or _of_subject(body[: min(at, _HEAD_REACH)], piece, masks, before)
    for item in items:
        item.start, item.end = item.start + at, item.end + at
    own = [place for place in places if place.key in ("grid", "group")]
    return Parcel(owner[0] if owner else "", address, items, at, at + len(piece), own[0] if len(own) == 1 else None)


@lru_cache(maxsize=8)
def _nouns_of(head: str) -> list[str]:
    return [noun.word for noun in scan_nouns(head) if noun.known or is_noun(noun.word)]


def _of_subject(head: str, piece: str, masks: list[tuple[int, int]], before: list[Parcel]) -> list[Item]:
    """蔬菜包已发:1栋20份,2栋18份: an amount beside a place alone is of what was named first."""
    named = [item.item for parcel in before for item in parcel.items]
    amounts = scan_amounts(piece, masks)
    if len(amounts) != 1:
        return []
    named = named or _nouns_of(head)
    if len(set(named)) != 1:
        return []
    one = amounts[0]
    return [Item(named[0], one.value, one.unit, one.start, one.end, one.approximate)]


def _spans(places: Sequence[Place]) -> list[tuple[int, int]]:
    return [(place.start, place.end) for place in places]


def _owner_span(text: str, owner: tuple[str, int, int]) -> tuple[int, int]:
    behind = re.match(r"家?里?的?", text[owner[2] :])
    return owner[1], owner[2] + (behind.end() if behind else 0)


def _blank(text: str, masks: list[tuple[int, int]]) -> str:
    for start, end in masks:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and the house (for a piece that names only a room) of each household's piece."""
    cuts = [0, *(found.end() for found in _ROW.finditer(text)), len(text)]
    house = ""
    for start, end in pairwise(cuts):
        line = text[start:end]
        addresses = [place for place in scan_places(line) if place.key == "address"]
        if len(addresses) == 1 and "-" not in addresses[0].value:
            house = addresses[0].value
        bare = [
            place
            for place in rooms(line)
            if _GOODS_BEHIND.match(line, place.end) and known_at(line[place.end :].lstrip(" :"))
        ]
        inner = [place.start for place in rooms(line)] if house and len(addresses) < 2 else []
        if not addresses and not house and len(bare) > 1:
            inner = [place.start for place in bare]
        heads = [place.start for place in addresses] if len(addresses) > 1 else inner
        shares = [place for place in scan_places(line) if place.key in ("grid", "group")]
        if len({place.value for place in shares}) > 1:
            heads = [place.start for place in shares]
        owners = [found.end() for found in _NEXT_OWNER.finditer(line) if _owns(found)]
        bounds = sorted({0, *heads, *(owners if not heads else []), len(line)})
        for one, other in pairwise(bounds):
            if line[one:other].strip():
                yield start + one, start + other, (house or "#") if one in inner else ""


def _owns(found: re.Match[str]) -> bool:
    return (
        looks_like_name(found["who"])
        and bool(known_at(found["rest"]))
        and not known_at(found.string, found.start("who"))
    )


def _of_one_home(text: str, full: list[Parcel]) -> None:
    """An address that stands once, before or behind a whole list of goods, is that of the list."""
    homes = {parcel.address for parcel in full if parcel.address}
    people = {parcel.person for parcel in full if parcel.person}
    if len(homes) == 1 and len(people) <= 1 and len(full) > 1:
        at = next(number for number, parcel in enumerate(full) if parcel.address)
        if at in (0, len(full) - 1):
            for parcel in full:
                parcel.address = next(iter(homes))
                parcel.person = parcel.person or next(iter(people), "")


def _spread(text: str, parcels: list[Parcel]) -> list[Parcel]:
    """A lone address or owner that stands apart from the goods belongs to all; 501、502的菜 is for both."""
    for parcel, following in pairwise(parcels):
        if not parcel.items and parcel.address and _JOINED.search(text[parcel.start : parcel.end]):
            parcel.items = list(following.items)
    full = [parcel for parcel in parcels if parcel.items]
    _of_one_home(text, full)
    bare = [parcel for parcel in parcels if not parcel.items]
    if len(bare) == 1 and full and not any(parcel.address or parcel.person for parcel in full):
        for parcel in full:
            parcel.address, parcel.person = bare[0].address, bare[0].person
    return full

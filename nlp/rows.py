"""One line of a list of temperatures into rows: whom, where, which readings at which part of the day."""

from dataclasses import dataclass, field

from nlp.clock import PERIODS
from nlp.lazy import lazy
from nlp.names import KIN, NAME, TITLED, looks_like_name, stands_as_name
from nlp.places import Place, rooms, scan_places
from nlp.temperatures import Temperature

INDEX = (
    r"(?:(?:\(?\d{1,3}\)?\s*[.、)/,]|\(?\d{1,2}\)?\s*:)(?!\d{3,4}\b|\d[-#栋])\s*|[一二三四五六七八九十]{1,3}[、.]\s*)"
)
_INDEX, _INDEX_FIRST, _INDEX_BEFORE = lazy(rf"\s*{INDEX}"), lazy(rf"^\s*{INDEX}"), lazy(rf"{INDEX}$")
_PARTS = "|".join(sorted(PERIODS, key=len, reverse=True))
_FIELD = (
    r"(?:姓名|户主|复测|复量|再测|今日体温|体温|温度|测温|量了|量的|是|为|今[早晚天日]|早晨|早上|晚上|中午|上午|下午|早|晚|晨|午"
    r"|一家|全家|\d{1,2}[口个]?人|\d{1,2}口|[一两二三四五六七八][口个]?人|[一两三四五六]口|[两一]大[两一]小|大人|小孩子?)"
)
_WHO = lazy(
    rf"(?:家属|户主|村民|居民|老人|学生|患者)?(?P<who>{NAME}|(?<![一-鿿])[一-鿿]{{2,4}})(?:家)?(?:\([^()]{{0,12}}\))?[\s:,、/|=.-]*(?:{_FIELD}[\s:,、/|=]*)*$",
    many=True,
)
_WHO_AFTER = lazy(rf"^[\s:,、/|-]*(?P<who>{TITLED}|{KIN}|[一-鿿]{{2,4}}?)(?=[\s:,、/|;\n]|$|\d)", many=True)
_WHO_FIRST = lazy(rf"^\s*{INDEX}?\s*(?P<who>{TITLED}|[一-鿿]{{2,3}})(?=[\s:,、/|])", many=True)
_PRONOUN = lazy(r"(?P<who>我自己|我本人|自己|本人|我|她|他)[\s:是的体温量了]*$")
_ARROW = lazy(r"\s*(?:->|→|=>|⇒|➡|已?复测(?:后|为|是)?|再测|改为|变为|降到)\s*(?:后)?\s*")
_NOON = lazy(r"(?:^|[\s\d,;、/])中\s*[:：]?\s*$")
_HOUSE = lazy(r"[号栋幢座元楼]")
_GLUED_ROOM = lazy(r"(?:^|(?<=[\s,;:、。]))(?P<r>\d{3,4})(?=[一-鿿])(?![户人份元块斤次米个度天])")
_PERIOD = lazy(rf"(?P<p>{_PARTS})[\s:量测了体温是]*$")
_HEADING = lazy(
    rf"(?:^|[\s;,。日号\d.])(?:今|昨|今天|昨天)?(?P<p>{_PARTS})(?!好)(?:上|间)?\s*(?!好)(?:体温|测温)?\s*(?:[:：]|\s|(?=[一-鿿]))"
)


@dataclass(slots=True)
class Row:
    """One line of a list: whom, where, the readings with their part of the day, and what else it says."""

    start: int
    end: int
    person: str = ""
    address: str = ""
    readings: list[tuple[Temperature, str]] = field(default_factory=list)
    symptoms: tuple[str, ...] | None = None
    status: str = ""
    who_start: int = 0
    who_end: int = 0


def _named(word: str, free: bool) -> bool:
    return looks_like_name(word) or (free and stands_as_name(word))


class LineReader:
    """Reads one line; *columns* are the parts of the day its header gives to the readings in turn.

    *headed* says that the header stands in the line itself: 早/中/晚 36.3/36.6/36.5.
    """

    def __init__(self, line: str, at: int, columns: tuple[str, ...], numbered: bool, headed: bool = False) -> None:
        self.line = line
        self.at = at
        self.columns = columns
        self.free = numbered and _INDEX.match(line) is not None
        self.rows: list[Row] = []
        self.period = ""
        self.headed = headed
        self.house = ""

    def read(self, found: list[Temperature]) -> list[Row]:
        """Return the rows whose readings are *found* (spans within the line), with spans of the whole text."""
        if self.is_reversed(found):
            return self.reversed(found)
        before = 0
        for one in found:
            gap = self.line[before : one.start]
            if self.rows and _ARROW.fullmatch(gap):
                last = self.rows[-1]
                last.readings[-1] = (self.moved(one), last.readings[-1][1])
            else:
                self.add(before, one)
            before = one.end
        return self.closed()

    def closed(self) -> list[Row]:
        for row, following in zip(self.rows, [*self.rows[1:], None], strict=True):
            row.end = following.start if following else self.at + len(self.line)
        return self.rows

    def is_reversed(self, found: list[Temperature]) -> bool:
        """Return whether the names stand behind the readings: 36.5 张三 | 36.7 李四."""
        head = self.line[: found[0].start]
        if self.who(0, found[0].start) or any(place.key == "address" for place in scan_places(head)):
            return False
        after = _WHO_AFTER.match(self.line[found[0].end :])
        return after is not None and looks_like_name(after["who"])

    def reversed(self, found: list[Temperature]) -> list[Row]:
        for one, following in zip(found, [*found[1:], None], strict=True):
            until = following.start if following else len(self.line)
            after = _WHO_AFTER.match(self.line[one.end : until])
            row = Row(self.at + one.start, self.at + until, after["who"] if after else "")
            row.readings.append((self.moved(one), ""))
            if after:
                row.who_start, row.who_end = (self.at + one.end + edge for edge in after.span("who"))
            self.rows.append(row)
        return self.rows

    def moved(self, one: Temperature) -> Temperature:
        return Temperature(one.start + self.at, one.end + self.at, one.celsius, one.repaired)

    def who(self, start: int, end: int) -> tuple[str, int, int] | None:
        """Return the person named right before a reading, or first in its row, with the span in the line."""
        piece = self.line[start:end]
        found = _WHO.search(piece)
        if found and _named(found["who"], self.free):
            name = found["who"].removesuffix("家") if len(found["who"]) > 2 else found["who"]
            if len(name) == 3 and name[2] in "早晚" and name[2] == piece[-1]:
                name = name[:2]  # 孙磊早36.4
            return name, start + found.start("who"), start + found.start("who") + len(name)
        found = _PRONOUN.search(piece)
        if found is None and start == 0:
            found = _WHO_FIRST.match(piece)
            found = found if found and looks_like_name(found["who"]) else None
        return (found["who"], start + found.start("who"), start + found.end("who")) if found else None

    def part_of_day(self, gap: str, who: tuple[str, int, int] | None, before: int) -> str:
        if self.headed:
            return ""
        near = _PERIOD.search(gap)
        if near is None and _NOON.search(gap):
            return "noon"
        if near:
            return PERIODS[near["p"]]
        heading = _HEADING.search(gap[: who[1] - before] if who else gap)
        if heading:
            self.period = PERIODS[heading["p"]]
        return self.period

    def add(self, before: int, one: Temperature) -> None:
        gap = self.line[before : one.start]
        who = self.who(before, one.start)
        places = self.homes(gap)
        period = self.part_of_day(gap, who, before)
        if who is None and not places and self.rows:
            last = self.rows[-1]
            last.readings.append((self.moved(one), period or self.column(len(last.readings))))
            return
        start = min([one.start, *([who[1]] if who else []), *(before + place.start for place in places)])
        index = _INDEX_BEFORE.search(self.line[:start])
        row = Row(self.at + (index.start() if index else start), 0)
        row.address = places[-1].value if places else ""
        if who:
            row.person = "本人" if who[0] in ("我", "自己", "我自己", "我本人") else who[0]
            row.who_start, row.who_end = self.at + who[1], self.at + who[2]
        row.readings.append((self.moved(one), period or self.column(0)))
        self.rows.append(row)

    def homes(self, gap: str) -> list[Place]:
        """Return the addresses of *gap*; a room behind its house (3栋…:101室) is one of that house."""
        places = [place for place in scan_places(gap) if place.key == "address"]
        inner = self.rooms(gap)
        if not inner and (self.house or (len(places) == 1 and places[0].value.isdigit())):
            inner = self.glued(gap)
        if len(places) == 1 and "-" in places[0].value and _HOUSE.search(gap, places[0].start, places[0].end):
            self.house = places[0].value.rpartition("-")[0]  # 2号楼1单元101:…,102:…
            return places
        if not inner or not (self.house or (len(places) == 1 and places[0].value.isdigit())):
            return places or inner
        if len(places) == 1 and places[0].value.isdigit():
            self.house = places[0].value
        return [place._replace(value=f"{self.house}-{place.value}") for place in inner]

    def glued(self, gap: str) -> list[Place]:
        """Return the rooms right before a name (5栋:301甄小真): only where the house is known."""
        return [Place("address", found["r"], *found.span("r")) for found in _GLUED_ROOM.finditer(gap)]

    def column(self, number: int) -> str:
        return self.columns[min(number, len(self.columns) - 1)] if self.columns else ""

    def rooms(self, gap: str) -> list[Place]:
        return rooms(_INDEX_FIRST.sub(lambda found: " " * len(found[0]), gap))

"""Where a record belongs: grid, village, group, address, checkpoint, each as the schema writes it, with its span."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nlp.cue import Cue
from nlp.lazy import lazy
from nlp.numerals import read_numeral

_N = (
    r"(?:\d{1,3}|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
    r"|[一二三四五六七八九]?百[零一二三四五六七八九十]*)"
)
_NOT_GRID = r"(?!员|长|化|群|通|内|们|工作|数|总|管理|小组群)"
_GRID = lazy(
    rf"(?<![\d.万千百个-])(?:第\s*)?(?P<n>{_N}(?:\s*(?:、|,|和|及|/|\+)\s*{_N}){{0,9}}"
    rf"|[一二三四五六七八九]{{2}})(?:号?|\s+(?=网格(?!\s*[:=]\s*\d)))网格{_NOT_GRID}"
    rf"|(?:网格|(?<![一-鿿])格(?=\s*[:=]))\s*(?:号|编号)?\s*[:=]?\s*(?P<after>{_N})(?![\d个户人名.员])(?:号|格)?"
    rf"|(?<![\d.万千百个价资表方严规风人合性品])第?(?P<short>[一二三四五六七八九十]{{1,3}}(?:[、和及][一二三四五六七八九十]{{1,3}})*"
    rf"|\d{{1,3}}(?:[、和及]\d{{1,3}})*)格(?!局|外|式|子|栅|兰|尔|力|调|林|陵|物|言|瑞|斗|桑)",
    many=True,
)
_GRID_LIST = re.compile(rf"(?P<n>{_N}(?:\s*[、,和]\s*{_N}){{1,9}})\s*(?:号)?[这共]?[两三四五六七八九]个网?格")
_GRID_CODE = lazy(r"(?:第)?(?P<code>(?<![A-Za-z])[A-Za-z]\d{0,3}|[A-Za-z]?\d{1,3}(?:-\d{1,3})?)\s*网格" + _NOT_GRID)
_GRID_KEY = lazy(
    r"(?:网格|(?<![A-Za-z])[Gg]rid)\s*(?:号|编号)?\s*[:=]?\s*(?P<code>[A-Za-z]\d{0,3}|\d{1,3}-\d{1,3})(?![A-Za-z\d])"
)
_GRID_WORD = re.compile(r"(?<![A-Za-z])[Gg]rid\s*[:=]?\s*(?P<n>\d{1,3})(?!\d)")
_NOT_NAMED = lazy(r"哪|什么|谁|某|几|多少|上报|联系|负责|隔壁|前面|后面|其余|剩余|剩下|别的|所在|所属|相邻")
_NAMED_GRID = lazy(
    (
        r"(?:^|[\n\s】\],:。;!]|社区|村)(?P<name>(?!我|另|今|昨|咱|你|大家|各|本|每|所有|全|这|那|整|该"
        r"|几|两|多|其|按|原|由|请"
        r"|第|属)[一-鿿]{2,5}?)网格"
    )
    + _NOT_GRID
)
_HEAD = (
    r"(?:^|(?<=[\n\s【\[】\],:。;!(*,、-])|(?<=[日号今天晚])|(?<=镇|乡)|(?<=街道)|(?<=报告)|(?<=报:)|(?<=目前)"
    r"|(?<=[\dA-Za-z🏠📍🚩️]))"
)
_STOP = (
    r"(?!个|我|咱|俺|本|各|全|该|跟|外|回|乡|农|每|到|在|从|请|这|那|有|是|向|并|为|由|对|离|返|来|进|出|给|帮|把|被"
    r"|于|和(?!平|谐|顺|睦|兴|美|泰|畅)|与|及|同|所有|两|几|多|某|其|整|出|驻|包|下派|去|往|无|没|填报|上报|报送|填表|报告|行政|一下|排查|走访|今日|今天|昨|目前|截至|截止|累计"
    r"|新增|共)"
)
_NOT_VILLAGE = r"(?!口|民|里|部|委|道|干|医|支|主任|两委|头|东|西|南|北|级|内|外|上|情|貌|务|卡|长|书记|镇)"
_VILLAGE = lazy(
    rf"{_HEAD}(?:[一-鿿]{{2,5}}?(?:镇|乡|街道办?事?处?|县"
    rf"|区))?{_STOP}(?P<name>[^\W\da-zA-Z_了的着在是把被去到来堵出进离回给跟个]{{1,6}}?(?:村{_NOT_VILLAGE}|社区(?!卫生|医院|工作|民警|干部|群"
    rf"|网格员|书记|内|里|团)|居委会))"
)
_HAMLET = Cue(
    rf"{_HEAD}{_STOP}(?P<name>[一-鿿]{{1,3}}(?:庄|屯|寨|沟|湾|营|铺|堡|坪|坝|岭|冲|坊|圩|店"
    rf"|集))(?=第?[\d一二三四五六七八九十]{{1,9}}(?:组|网格|社|队|格)|[:\n]|疫情|日报|防汛)"
)
_HAMLET_END = lazy(r"[庄屯寨沟湾营铺堡坪坝岭冲坊圩店集](?=[第\d一二三四五六七八九十:\n]|疫情|日报|防汛)")
_GROUP = lazy(
    rf"(?<![\d.第])第?(?P<n>{_N})\s*(?:村民小组|居民小组|村民组|居民组|小组|组|社(?!区)|队)(?!织|合|长|建"
    rf"|成|员|会|人员|医)"
)
_BUILDING = rf"(?P<b>{_N})\s*(?:号楼|号院|栋楼?|幢|座|#楼?|号(?=\d{{1,9}}单元)|楼(?=[\d一二三四五六七八九]{{1,9}}单元))"
_ROOM_NO = r"(?:\d{3,4}|[一二三四五六七八九][零一二三四五六七八九]{2,3}|[一二三四五六七八九]百零[一二三四五六七八九])"
_ADDRESS = lazy(
    rf"(?<![\d.A-Za-z]){_BUILDING}\s*[,-]?\s*(?:(?P<u>{_N})\s*(?:单元|门洞|门"
    rf"|梯)\s*-?)?\s*(?:(?P<r>{_ROOM_NO})(?!\d|[户人名年个百])\s*(?:室|号|户|房)?)?"
    rf"|(?<![\d.A-Za-z-])(?<!\d[:/])(?P<b2>\d{{1,3}}[A-Za-z]?)-(?:(?P<u2>\d{{1,2}})-)?(?P<r2>\d{{3,4}})"
    rf"(?![\d.-])(?:室|号|户)?"
    rf"|(?<![\d./A-Za-z-])(?<!\d:)(?P<b4>\d{{1,2}})#(?:(?P<u4>\d{{1,2}})[-#])?(?P<r4>\d{{3,4}})(?![\d.-])"
    rf"|(?<![\d栋楼])(?P<u3>{_N})\s*单元\s*-?\s*(?P<r3>{_ROOM_NO})(?!\d)(?:室|号|户)?",
    many=True,
)
_STREET = lazy(
    r"(?P<name>[一-鿿]{1,6}(?:路|街|巷|弄|胡同|大道|里弄|新村|小区|苑"
    r"|花园)(?:\d{1,9}弄)?\d{1,9}(?:-\d{1,9})?号(?:\d{3,4}室?|楼\d*)?)"
)
_ROOM = lazy(r"(?:^|(?<=[\s,:;、.测温]))(?P<r>\d{3,4})(?:室|家|户(?!\d))?(?=[\s:,]|$|家)")
_POST = r"(?:卡点|卡口|检查点|检查站|检疫站|检测点|劝返点|查验点|值守点|检疫点|防控点)"
_NO_POST = lazy(
    r"^(?:[\d一二两三四五六七八九十]{1,3}[个处]|全村|全镇|全乡|全县|全社区|全区|本村|我村|各村|每个|各|所有|全部"
    r"|村里|镇里|辖区|共|现有|目前)+$"
)
_CHECKPOINT = lazy(
    rf"(?P<name>[一-鿿A-Za-z0-9#]{{0,14}}?)(?:疫情|防疫|防控|执勤|交通|临时)?{_POST}(?!名|位置|设置"
    rf"|数)(?P<n>\d{{1,2}}(?!\d|[个处户人辆:]))?"
)
_POST_NAME = lazy(
    rf"{_POST}(?:(?:名称|名|位置)\s*[:=]?\s*(?P<name>[一-鿿\d]{{2,10}})|\s*[:=]\s*(?P<value>"
    r"(?!车|人|检|测|劝|值|过|今|昨|晚|早|上|下午|中午|夜|白|小车|货|客|外|共|有|无|登|排|发|正常)[一-鿿]{2,8}\d{0,2})(?=[\s;,。|]|$))"
)
_POST_HINT = Cue(rf"{_POST}|卡\s*\d")
_CARD = lazy(r"(?:^|[\s\n])卡\s*(?P<n>\d{1,2})(?=[\s,:]|$)")
_GATE = lazy(
    r"(?:^|\n)\s*(?:【[^】]*】)?\s*(?P<name>[一-鿿]{0,6}(?:门|路口|桥头|出口|入口|村口|收费站|高速口|渡口"
    r"|码头|大桥))(?=[\s,:]|[过查检]车|检查车|登记车|车|今|昨|早|晚|上午|下午|夜|\d|$)"
)
_LEAD_IN = lazy(
    r"^(?:.*?(?:年|\d月|\d日|月\d{1,9}号|今天|今日|昨天|昨日|上午|下午|晚上|早上|夜班|晚班|早班|白班|我们"
    r"|\d[辆台户人次]车?|本村|我村|我|在|的|日报|情况|今|昨晚|今早|目前|设|各|报|是|和|及|各个|关于|截至))+"
)


class Place(NamedTuple):
    """One place named: its slot key (grid, village, group, address, checkpoint), its value, its span."""

    key: str
    value: str
    start: int
    end: int


def _digits(text: str) -> str:
    value = read_numeral(text)
    return f"{value:g}" if value is not None else text


_TWO = lazy("[一二三四五六七八九]{2}")
_AND = lazy(r"\s*(?:、|,|和|及|/|\+)\s*")
_LISTED = lazy(r"(?:^|\n)\s*[1一]、[\s\S]*\n\s*[2二]、")
_TOGETHER = lazy(
    rf"(?:[ \t,、和]*第?{_N}号?网?格)*[\s:,]*(?:(?:今[天日]|目前|全部?|一律)*(?:一切|都|均|也|皆|全)"
    r"|(?:今[天日])?(?:正常|平安|没事|没情况|没什么|无异常|无情况))"
)
"""What says the same of every grid before it."""


def _grid_value(text: str) -> str:
    if text.isascii() and text.isdigit():
        return "" if int(text) == 0 else str(int(text))
    if _TWO.fullmatch(text):  # 三四格 are two grids
        return "、".join(_digits(char) for char in text)
    parts = [_digits(part) for part in _AND.split(text)]
    return "、".join(part for part in parts if part != "0")


def _grid_at(text: str, found: re.Match[str]) -> Place:
    """Return the grid or grids of *found*; a figure right behind a word (发热0,8网格) is that word's, no grid."""
    said = found["n"] or found["after"] or found["short"]
    start = found.start()
    if "、" in said and "\n" in text and (not start or text[start - 1] == "\n") and _LISTED.search(text):
        start += said.index("、") + 1  # 一、三格隔离5户 over 二、四格隔离3户
        said = said[said.index("、") + 1 :]
    parted = re.match(r"\d{1,3},\s*(?=\d)", said) if "," in said else None
    if (
        parted
        and found["n"]
        and re.search(r"[一-鿿:=]$", text[:start])
        and not text[:start].endswith(("第", "报", "替"))
    ):
        said, start = said[parted.end() :], start + parted.end()
    return Place("grid", _grid_value(said), start, found.end())


def _joins(text: str, end: int, place: Place) -> bool:
    """Return whether *place* is named together with the grid that ends at *end*: 3网格和4网格, 三格四格都正常."""
    between = text[end : place.start]
    if between.strip() in ("和", "、", "及", "与"):
        return True
    if between == "":
        return True
    return between.strip(" \t") in ("", ",") and _TOGETHER.match(text, place.end) is not None


def _grids(text: str) -> Iterator[Place]:
    english = "grid" in text.lower()
    if "格" not in text and not english:
        return
    for found in _GRID_WORD.finditer(text) if english else ():
        yield Place("grid", _digits(found["n"]), found.start(), found.end())
    for found in _GRID_LIST.finditer(text) if "个" in text else ():
        yield Place("grid", _grid_value(found["n"]), found.start(), found.end())
    held: Place | None = None
    for found in _GRID.finditer(text):
        place = _grid_at(text, found)
        if held is not None and _joins(text, held.end, place):
            held = Place("grid", f"{held.value}、{place.value}", held.start, place.end)  # 3网格和4网格都正常
            continue
        if held is not None:
            yield held
        held = place
    if held is not None:
        yield held
        return
    coded = [*_GRID_CODE.finditer(text), *_GRID_KEY.finditer(text)]
    if coded:
        yield from (Place("grid", one["code"].upper(), one.start("code"), one.end()) for one in coded)
        return
    named = _NAMED_GRID.search(text)
    if named and not _NOT_NAMED.match(named["name"]):
        yield Place("grid", named["name"], named.start("name"), named.end())


_NOT_A_NAME = lazy(
    r"\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号时点]|(?:今|昨|明|本|当)[日天晚早]|(?:领导|书记|主任|大家|各位|老师|同志)(?:们)?好?(?=[一-鿿]{2})|(?:报告|汇报)(?=[一-鿿]{2})",
    many=True,
)


def _villages(text: str) -> Iterator[Place]:
    named = "村" in text or "社区" in text or "居委" in text
    hamlet = _HAMLET.may(text) and _HAMLET_END.search(text) is not None
    if not named and not hamlet:
        return
    text = _NOT_A_NAME.sub(lambda found: " " * len(found[0]), text)
    if named:
        for found in _VILLAGE.finditer(text):
            yield Place("village", found["name"], found.start("name"), found.end("name"))
    for found in _HAMLET.finditer(text) if hamlet else ():
        yield Place("village", found["name"], found.start("name"), found.end("name"))


_LATIN = lazy("[A-Za-z]")


def _joined(*parts: str | None) -> str:
    return "-".join(part if _LATIN.search(part) else _digits(part) for part in parts if part)


_HOUSE = re.compile(r"\d-\d|\d#|[号栋幢座元]|楼")
_SPAN = lazy(r"(?<!\d)\d{1,2}(?:-|至|到|~)$")
_WAY = lazy(r"[路街巷弄同道村区苑园][^,。;\n]{0,4}\d")


_HOW_MANY = re.compile(r"(?:消毒|消杀|共|共计|合计|总共|覆盖)了?\s*\Z")
_AND_NEXT = re.compile(r"\s*[、,和及]\s*\d")


def _counted(text: str, found: re.Match[str]) -> bool:
    many = text.startswith(("栋", "幢"), found.end("b")) and _AND_NEXT.match(text, found.end()) is None
    return many and _HOW_MANY.search(text[max(0, found.start() - 5) : found.start()]) is not None


def _addresses(text: str) -> Iterator[Place]:
    if not _HOUSE.search(text):
        return
    for found in _ADDRESS.finditer(text):
        span = _SPAN.search(text, max(0, found.start() - 4), found.start())
        if found["b"] and span:
            yield Place("address", text[span.start() : found.end()].strip(), span.start(), found.end())  # 1-3栋
            continue
        if found["b"] and not found["u"] and not found["r"] and _counted(text, found):
            continue  # 消毒12栋 counts houses
        if found["b"]:
            value = _joined(found["b"], found["u"], found["r"])
        elif found["b2"]:
            value = _joined(found["b2"], found["u2"], found["r2"])
        elif found["b4"]:
            value = _joined(found["b4"], found["u4"], found["r4"])
        else:
            value = _joined(found["u3"], found["r3"])
        yield Place("address", value, found.start(), found.end())
    if not _WAY.search(text):
        return
    for found in _STREET.finditer(text):
        yield Place("address", found["name"], found.start(), found.end())


def _checkpoint_name(name: str) -> str:
    name = _LEAD_IN.sub("", name).strip()
    return "" if _NO_POST.match(name) else name


def _checkpoints(text: str) -> Iterator[Place]:
    if not _POST_HINT.search(text):
        return
    for found in _CHECKPOINT.finditer(text):
        name = _checkpoint_name(found["name"]) or (found["n"] or "")
        if name:
            yield Place("checkpoint", name, found.start() + found[0].find(name), found.end())
    for found in _POST_NAME.finditer(text):
        group = "name" if found["name"] else "value"
        yield Place("checkpoint", found[group], *found.span(group))
    for found in _CARD.finditer(text):
        yield Place("checkpoint", found["n"], found.start("n"), found.end("n"))


def gate_of(text: str) -> Place | None:
    """Return the gate or crossing that heads a line (东门 车88: a checkpoint without the word), None when none does."""
    found = _GATE.search(text)
    return Place("checkpoint", found["name"], found.start("name"), found.end("name")) if found else None


def rooms(text: str) -> list[Place]:
    """Return the bare room numbers (402家, 301室) of *text*; only a row of a list may be read so."""
    return [Place("address", found["r"], found.start("r"), found.end("r")) for found in _ROOM.finditer(text)]


_ANY = re.compile(
    r"[格村社居组队号栋幢座元楼#庄屯寨沟湾营铺堡坪坝岭冲坊圩店集卡]|检[查疫测]|劝返|查验|值守|防控|\d-\d|grid",
    re.IGNORECASE,
)
"""Without one of these no place of any kind is named."""


@lru_cache(maxsize=64)
def scan_places(text: str) -> tuple[Place, ...]:
    """Return every grid, village, group, address and checkpoint named in *text* (normalised), in order.

    >>> [(p.key, p.value) for p in scan_places("凤凰村第十二网格 2组 五栋二单元301,三四格")]
    [('village', '凤凰村'), ('grid', '12'), ('group', '2'), ('address', '5-2-301'), ('grid', '3、4')]
    """
    if not _ANY.search(text):
        return ()
    found = [*_grids(text), *_villages(text), *_addresses(text), *_checkpoints(text)]
    if "组" in text or "队" in text or "社" in text:
        found += [Place("group", _digits(one["n"]), one.start(), one.end()) for one in _GROUP.finditer(text)]
    return tuple(sorted(found, key=lambda place: (place.start, -place.end)))

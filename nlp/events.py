"""Something has happened: the categories of an event, and who, where, how many, from where."""

import re
from functools import lru_cache

from nlp.names import find_person
from nlp.numerals import scan_numbers
from nlp.places import scan_places
from nlp.privacy import find_private
from nlp.symptoms import read_symptoms
from nlp.temperatures import FEVER, scan_temperatures
from nlp.types import Slot
from nlp.wordbook import template

_FROM = re.compile(
    r"(?:从|自|由)\s*(?P<a>[一-鿿]{2,4}?(?:省|市|县)?)(?=回|返|来|过来|到|坐|乘|开|打工|那边)"
    r"|(?P<b>武汉|湖北|[一-鿿]{2,3})(?:回来|返乡|返回|过来的|来的)"
)
_TEMPLATE = template("event")
_CATEGORIES = tuple((name, re.compile("|".join(pieces))) for name, pieces in _TEMPLATE["events"].items())
_DENIED = re.compile(
    rf"(?:{'|'.join(_TEMPLATE['denied'])})\s*(?:了|过|任何|有人|人员?|一起|各类|邻里|居民|矛盾|因|再|发现|新|新增|出现"
    r"|群众|家庭|\d*[起处个件条])*$"
)
_OVER = re.compile("|".join(_TEMPLATE["over"]))
_ZERO_AFTER = re.compile(
    r"\s*(?:人员|人数|情况|数|病人|症状|者|患者)?\s*[:：]?\s*(?:0|零|无|没有)(?![一-鿿\d.])|\s*(?:人员|人数"
    r"|情况)?\s*[:：]?\s*(?:0|零|无|没有)(?=[人例户起处,。;\s]|$)"
)
_SURE = frozenset({"trapped", "missing_person", "medical_emergency", "fire", "flooding", "landslide", "test_positive"})
_PEOPLE = re.compile(r"(?:口人|个人|人|名|位|口|老两口|个(?:孩子|老人|小孩|大人|学生|村民|居民))")
_PAIR = re.compile(
    r"(?:老?两口子?|夫妻(?:俩|二人|两人)?|父子(?:俩|两人)?|母子(?:俩)?|母女(?:俩)?|父女(?:俩)?"
    r"|婆媳(?:俩)?|爷孙(?:俩)?|姐妹(?:俩)?|兄弟(?:俩)?|祖孙(?:俩)?|老两口|小两口|俩人)"
)
_FAMILY = re.compile(r"一家(?P<n>[三四五六七八两俩]|\d)口")
_SPOT = re.compile(
    r"(?P<spot>[一-鿿]{0,6}?(?:超市|药店|菜市场|市场|商店|小卖部|饭店|餐馆|棋牌室|麻将馆|广场|公园"
    r"|学校|小学|中学|河边|河堤|水库|桥头|村口|路口"
    r"|后山|前山|山脚|山上|[东西南北]头|[东西南北]坡|[东西南北]门|地下室|地下车库|车库|楼道|电梯"
    r"|幼儿园|工地|工厂|厂房|仓库|加油站|祠堂|村委会|文化广场|篮球场|小区门口"
    r"|池塘|鱼塘|老街|涵洞|隧道|堤坝|大堤|大桥|网吧|酒店|宾馆|茶馆|理发店|食堂|浴室|健身房|教堂|寺庙"
    r"|养老院|敬老院|医院门口|车站|码头|河滩|田里|地里))"
    r"(?P<shop>(?:门口|旁边?|附近|对面|后面|前面|里面?|外面)?)"
)
_AT = re.compile(
    r"(?:在|去|到|往)(?P<at>(?!家|了|我|他|她|外|一起|这|那|现在|目前|底|处|做|吃|喝|打|玩|买|群|隔离|哪"
    r"|医院|窗|膝|腰|时|门口了|营业|几)[一-鿿]{2,6}?)"
    r"(?=打|吵|聚|跳|吃|喝|买|摆|卖|上|办|闹|,|。|、|\s|$|里|内|发现|下棋|溜|逛|玩|扎|被|晒|排|乘|聊)"
)
_LEAD = re.compile(r"^.*?(?:[\d一二三四五六七八九]组|有人|发现|我们|咱们|的|在|去|到|往|好像|听说)(?=[一-鿿]{2})")
_NO_PLACE = frozenset({"楼下", "楼上", "家里", "屋里", "半天", "半路", "上面", "下面"})
_ANYBODY = frozenset({"孩子", "小孩", "宝宝", "老人", "儿子", "女儿", "孙子", "孙女"})


def _hits(text: str) -> list[str]:
    out = []
    for name, pattern in _CATEGORIES:
        for found in pattern.finditer(text):
            if _DENIED.search(text[max(0, found.start() - 8) : found.start()]) or _ZERO_AFTER.match(text, found.end()):
                continue
            out.append(name)
            break
    return out


@lru_cache(maxsize=64)
def event_categories(text: str) -> tuple[str, ...]:
    """Return the event categories that *text* (normalised) states, () when none; a fever by its figure too.

    >>> event_categories("2组低洼处进水了,老两口困在家里"), event_categories("无发热,无险情")
    (('flooding', 'trapped'), ())
    """
    found = [] if _OVER.search(text) else _hits(text)
    hot = any(one.celsius >= FEVER for one in scan_temperatures(text))
    if hot or "fever" in (read_symptoms(text) or ()):
        found.insert(1 if found[:1] == ["needs_registration"] else 0, "fever")
    return tuple(found)


def is_grave(categories: tuple[str, ...]) -> bool:
    """Return whether one of *categories* names a danger that needs no further sign to be an event."""
    return bool(_SURE.intersection(categories))


_NEAR = re.compile(r"我们?|咱|家里|救|快来|急")


def is_near(text: str) -> bool:
    """Return whether *text* says where or to whom it happens, so that a question about it is a call for help."""
    return _NEAR.search(text) is not None or find_person(text) is not None or bool(scan_places(text))


def _origin(text: str) -> tuple[str, int, int] | None:
    for found in _FROM.finditer(text):
        name = found["a"] or found["b"]
        group = "a" if found["a"] else "b"
        if name not in (
            "外地",
            "外面",
            "那边",
            "哪里",
            "市里",
            "县里",
            "镇上",
            "医院",
            "单位",
            "刚刚",
            "外省",
            "偷偷",
            "昨天",
            "今天",
            "昨晚",
            "刚",
        ):
            name = re.sub(r"^(?:刚从|从|刚|昨天从)", "", name)
            return name, found.end(group) - len(name), found.end(group)
    return None


def _people(text: str) -> tuple[int, int, int] | None:
    family = _FAMILY.search(text)
    if family:
        counts = scan_numbers(family["n"])
        return (int(counts[0].value), family.start(), family.end()) if counts else None
    pair = _PAIR.search(text)
    if pair:
        return 2, pair.start(), pair.end()
    for number in scan_numbers(text):
        if number.high is not None:
            continue
        counted = _PEOPLE.match(text, number.end) and not re.match(r"(?:多?名?人)?(?:次|份|均)", text[number.end + 1 :])
        if counted and isinstance(number.value, int) and 0 < number.value < 1000:
            return number.value, number.start, number.end
    return None


def _place(text: str) -> tuple[str, int, int] | None:
    found = _SPOT.search(text) or _AT.search(text)
    if found is None:
        return None
    inner = _SPOT.match(text, found.end())
    if inner and found.re is _SPOT and len(inner["spot"]) <= 4:  # 小区门口药店
        return found[0] + inner[0], found.start(), inner.end()
    word = found.groupdict().get("spot") or found.groupdict().get("at") or ""
    while (cut := _LEAD.sub("", word)) != word:
        word = cut
    word = (word + (found.groupdict().get("shop") or "")).removesuffix("了")
    if word in _NO_PLACE or re.search(r"[一二三四五六七八九\d]楼$", word):
        return None
    return word, found.end() - len(word), found.end()


def read_event(text: str, categories: tuple[str, ...]) -> list[Slot]:
    """Return the slots of the event that *text* (normalised) tells: category, person or people, where, from where."""
    out = [Slot("category", categories, 0, len(text))]
    for place in scan_places(text):
        if place.key in ("grid", "group", "village", "address") and not any(slot.key == place.key for slot in out):
            out.append(Slot(place.key, place.value, place.start, place.end))
    plate = next((one for one in find_private(text) if one[0] == "plate"), None)
    if plate:
        out.append(Slot("plate", text[plate[1] : plate[2]], plate[1], plate[2]))
    rest = _blanked(text, out[1:])
    origin = _origin(rest)
    if origin and {"needs_registration", "contact_needed", "fever"} & set(categories):
        out.append(Slot("origin", *origin))
    _persons(rest, categories, out)
    readings = scan_temperatures(text)
    if readings:
        out.append(Slot("temperature", readings[0].celsius, readings[0].start, readings[0].end))
    symptoms = read_symptoms(text)
    if symptoms is not None:
        out.append(Slot("symptoms", symptoms))
    spot = _place(rest)
    if spot:
        out.append(Slot("place", *spot))
    return out


def _blanked(text: str, slots: list[Slot]) -> str:
    for slot in slots:
        text = text[: slot.start] + " " * (slot.end - slot.start) + text[slot.end :]
    return text


def _persons(text: str, categories: tuple[str, ...], out: list[Slot]) -> None:
    if "refusal" in categories:
        return  # whoever refuses is not named in the ledger
    person = find_person(text)
    if person and person[0] not in _ANYBODY and not (_PAIR.search(text) or _FAMILY.search(text)):
        out.append(Slot("person", *person))
        return
    people = _people(text)
    if people:
        out.append(Slot("people", *people))

"""Something has happened: the categories of an event, and who, where, how many, from where."""

import re

from nlp.names import find_person
from nlp.numerals import scan_numbers
from nlp.places import scan_places
from nlp.privacy import find_private
from nlp.symptoms import read_symptoms
from nlp.temperatures import FEVER, scan_temperatures
from nlp.types import Slot

_FROM = re.compile(
    r"(?:从|自|由)\s*(?P<a>[一-鿿]{2,4}?(?:省|市|县)?)(?=回|返|来|过来|到|坐|乘|开|打工|那边)"
    r"|(?P<b>武汉|湖北|[一-鿿]{2,3})(?:回来|返乡|返回|过来的|来的)"
)
_CATEGORY: tuple[tuple[str, str], ...] = (
    ("needs_registration",(
        r"(?:没|未|没有|不|忘)(?:去|有|向[^,。]{0,5}|跟[^,。]{0,5}|和[^,。]{0,5}|给[^,。]{0,5}|主动"
        r"|及时)?(?:报备|登记|申报|报告|说(?!话|明)|上报|打招呼)|瞒报|隐瞒|偷偷.{0,8}(?:回|来)"
    )),
    ("contact_needed",(
        r"隔离.{0,16}(?:外出|出门|出去|去了|去菜|去超|逛|溜|跑出|不在家|联系不上|没人(?:应|开)"
        r"|敲门.{0,4}(?:没人|不应)|不接电话|打不通)|(?:私自|擅自|偷偷)(?:外出|出门|离开|跑)|(?:联系不上"
        r"|打不通).{0,10}隔离"
    )),
    ("gathering",(
        r"聚集|聚众|打牌|打麻将|麻将|棋牌|办(?:了)?(?:酒|宴|席|喜事|白事|丧事)|酒席|摆(?:了)?.{0,3}桌"
        r"|聚餐|扎堆|广场舞|跳舞|聚会|红白事|宴席|喝喜酒|赶集"
    )),
    ("dispute",(
        r"吵(?:起来|架|着|得|闹|嘴)|打架|打起来|动手|纠纷|闹(?:起来|矛盾|事)|矛盾|骂(?:人|起来|街)|争执|推搡"
        r"|冲突"
    )),
    ("price_gouging", r"(?:卖|涨)(?:到|价|成)?.{0,6}\d+(?:块|元)?|哄抬|天价|乱涨价|涨价|坐地起价|高价"),
    ("hazard",(
        r"电线(?!杆厂)|路灯线|电线杆|井盖|漏电|漏气|煤气味|燃气泄漏|煤气泄漏|液化气泄漏|(?:树|墙|围墙|杆|广告牌"
        r"|房)(?:要|快|都)?(?:倒|塌|断)了?|掉下来|危险|坠落|高空抛物|裂缝|开裂|安全隐患|漏油|毒气"
        r"|护栏(?:坏|断|没)|玻璃(?:掉|碎)"
    )),
    ("flooding",(
        r"进水|被?淹|内涝|积水|漫(?:到|上|进|过)|管涌|溃(?:堤|坝|口)|决口|倒灌|水(?:快|已经?)?到(?:窗|膝|腰"
        r"|门|家|一楼)|水涨|渗水"
    )),
    ("landslide", r"塌方|滑坡|泥石流|山体|落石|塌陷|崩塌|垮塌"),
    ("fire", r"着火|起火|火灾|冒烟|失火|烧起来|烧着|山火|火情|浓烟"),
    ("utility_fault",(
        r"停电|停水|断电|断水|断网|停气|水管(?:爆|裂|漏|冻)|爆管|跳闸|(?:没|无)(?:电|水|气|网|信号|暖气)(?:了"
        r"|啊|啦|用|$|,|。)|停暖|暖气不热|下水道(?:堵|漫)|电梯(?:坏|停|故障)"
    )),
    ("trapped", r"困(?:在|住|了)|被困|受困|出不来|下不来|(?:关|卡)在(?:电梯|里面|车里|楼道)"),
    ("missing_person",(
        r"走失|走丢|失踪|失联|不见了|找不到(?:人|孩子|老人|了)|(?:孩子|老人|小孩|人)(?:丢|跑丢)了"
        r"|没回家.{0,8}(?:电话|联系)"
    )),
    ("medical_emergency",(
        r"呼吸困难|喘不上气|喘不过气|上不来气|昏迷|晕倒|昏倒|昏过去|抽搐|胸口?(?:疼|痛)|吐血|休克|临产|要生了"
        r"|快生了|羊水|心脏病|心梗|脑梗|中风|摔(?:倒|伤|了|下|断)|骨折|不省人事|急救|救护车|大出血|流血不止"
        r"|透析|断药|没呼吸|中暑(?!0|人数|零)|中毒|自杀|跳楼|割腕|烫伤|触电|溺水|落水|救命"
        r"|血压.{0,4}(?:高|飙)|胰岛素(?:没|断|用完)|氧气(?:没|不够|用完)"
    )),
    ("refusal",(
        r"(?:拒绝|拒不|不肯|不愿|死活不)(?:登记|配合|测温|隔离|入户|开门|做核酸|转移|撤离|走|测|报|填)|不配合"
        r"|不让(?:进|登记|测|入户)|不开门|强行(?:闯|进|冲)|闯卡|冲卡"
    )),
    ("test_positive",(
        r"(?<!抗原)(?:(?:核酸|抗原|检测|结果|复核)?.{0,8}阳性|两道杠|阳了|(?:是|测)阳|核酸(?:异常"
        r"|结果异常)|初筛阳|混管异常|混管阳)"
    )),
)  # fmt: skip
_CATEGORIES = tuple((name, re.compile(pattern)) for name, pattern in _CATEGORY)
_DENIED = re.compile(
    r"(?:无|没有?|未发现|未出现|未发生|不存在|没发生|没出现|未|暂无|零|0|防止|避免|预防|防范|禁止|严禁"
    r"|劝散|劝阻|取缔|调解|化解|处理|劝停|取消|排除|整改|劝返|上报)\s*(?:了|过|任何|有人|人员?|一起"
    r"|各类|邻里|居民|矛盾|因|再|发现|新|新增|出现|群众|家庭|\d*[起处个件条])*$"
)
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
_PLACE = re.compile(
    r"(?:在|去|到|往)(?P<at>(?!家|了|了?[\d一二两三四]|我|他|她|外|一起|这|那|现在|目前|底|处|做|吃|喝|打"
    r"|玩|买|群|隔离|哪|医院|窗|膝|腰|时|门口了)[一-鿿]{2,8}?)(?=打|吵|聚|跳|吃|喝|买|摆|卖|上|办|闹|,|。"
    r"|、|\s|$|里|内|发现|下棋|溜|逛|玩|扎|被|晒|排|乘|聊)"
    r"|(?P<spot>[一-鿿]{0,6}(?:超市|药店|菜市场|市场|商店|小卖部|饭店|餐馆|棋牌室|麻将馆|广场"
    r"|公园|学校|河边|河堤|水库|桥头|村口|路口|后山|山脚|东头|西头|南头|北头|东坡|西坡|地下室|地下车库|车库"
    r"|楼道|电梯|幼儿园|工地|工厂|厂房|仓库|加油站|祠堂|村委会|文化广场|篮球场|小区门口|池塘|鱼塘|老街|涵洞"
    r"|隧道|堤坝|大堤))(?P<shop>(?:门口|旁边?|附近|对面|后面|前面|里|外面)?)"
)
_SHOP = re.compile(r"(?P<spot>[一-鿿]{2,6}?(?:门口)?(?:药店|超市|商店|菜店|小卖部))")


def _hits(text: str) -> list[str]:
    out = []
    for name, pattern in _CATEGORIES:
        for found in pattern.finditer(text):
            if _DENIED.search(text[max(0, found.start() - 8) : found.start()]) or _ZERO_AFTER.match(text, found.end()):
                continue
            out.append(name)
            break
    return out


def event_categories(text: str) -> tuple[str, ...]:
    """Return the event categories that *text* (normalised) states, () when none; a fever by its figure too.

    >>> event_categories("2组低洼处进水了,老两口困在家里"), event_categories("无发热,无险情")
    (('flooding', 'trapped'), ())
    """
    found = _hits(text)
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
        counted = _PEOPLE.match(text, number.end) and not re.match(r"(?:多?名?人)?(?:次|份|均)", text[number.end + 1 :])
        if counted and isinstance(number.value, int) and 0 < number.value < 1000:
            return number.value, number.start, number.end
    return None


def _place(text: str) -> tuple[str, int, int] | None:
    for found in _PLACE.finditer(text):
        group = "at" if found["at"] else "spot"
        word = found[group] + (found["shop"] or "" if group == "spot" else "")
        word = re.sub(r"^.*?(?:[\d一二三四五六七八九]组|有人|发现|我们|咱们|的)(?=[一-鿿]{2})", "", word)
        return word, found.end(group) + len(found["shop"] or "") - len(word), found.end(group)
    return None


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
    if person and not (_PAIR.search(text) or _FAMILY.search(text)):
        out.append(Slot("person", *person))
        return
    people = _people(text)
    if people:
        out.append(Slot("people", *people))

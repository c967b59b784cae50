"""One cell of a household file made right, or refused with what to do. No identity number is ever taken."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time

from handlers.domain.household import AGES, LANGUAGES, MEDICINES, VULNERABLE, Age, Relation, age_of, relation_of
from handlers.domain.roster_fields import Unfit, clean, user_id

HEADS_LIMIT = 60
ADDRESS_LIMIT = 120
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9])")
_BETWEEN = re.compile(r"[、,;/|+和及\n]+")
_NONE = frozenset({"", "无", "没有", "否", "/", "-", "——", "0"})
_YES = frozenset({"是", "有", "在", "对", "√", "✓", "y", "yes", "1", "同意", "可以"})
_NO = frozenset({"否", "无", "不", "没有", "不在", "×", "x", "n", "no", "0", "不同意"})
_AWAY = frozenset({"外地", "在外", "不住", "不住这里", "不同住", "异地"})
_SPAN = re.compile(
    r"([0-9]{1,2})(?:[:点时]([0-9]{2})?分?)?(半)?(?:-|~|至|到|—)([0-9]{1,2})(?:[:点时]([0-9]{2})?分?)?(半)?"
)
_PARTS = {
    "早上": (time(7), time(9)), "上午": (time(8), time(11, 30)), "中午": (time(11, 30), time(13, 30)),
    "下午": (time(14), time(17, 30)), "傍晚": (time(17), time(19)), "晚上": (time(18, 30), time(21)),
}  # fmt: skip
_ALSO_VULNERABLE = {
    "独居": "alone", "空巢": "alone", "空巢老人": "alone", "孤寡老人": "alone", "孤寡": "alone",
    "失能": "bedridden", "卧床": "bedridden", "瘫痪": "bedridden", "半失能": "bedridden",
    "孕妇": "pregnant", "产妇": "pregnant", "孕产": "pregnant", "婴儿": "infant", "婴幼": "infant",
    "留守": "left_behind", "困境儿童": "left_behind", "残疾人": "disabled", "残障": "disabled",
    "血透": "dialysis", "尿毒症": "dialysis", "化疗": "chemotherapy", "放疗": "chemotherapy", "肿瘤": "chemotherapy",
    "吸氧": "oxygen", "精神病": "mental", "精神残疾": "mental", "低保": "poor", "特困": "poor", "五保": "poor",
}  # fmt: skip
_ALSO_MEDICINE = {
    "高血压": "blood_pressure", "高血压药": "blood_pressure", "血压药": "blood_pressure",
    "糖尿病": "blood_sugar", "糖尿病药": "blood_sugar", "血糖药": "blood_sugar", "二甲双胍": "blood_sugar",
    "冠心病": "heart", "心脏病": "heart", "心脏药": "heart", "华法林": "blood_thinner", "抗凝": "blood_thinner",
    "哮喘": "asthma", "慢阻肺": "asthma", "癫痫": "epilepsy", "精神类药": "psychiatric", "精神药": "psychiatric",
    "抗排斥药": "transplant", "有": "other", "其他": "other", "长期用药": "other",
}  # fmt: skip
_ALSO_LANGUAGE = {
    "汉语": "mandarin", "国语": "mandarin", "方言": "dialect", "永泰话": "dialect", "福州话": "dialect",
    "闽南语": "dialect", "客家话": "dialect", "英文": "english", "English": "english", "聋哑": "sign",
}  # fmt: skip


def no_id_number(text: str) -> None:
    """Pass unless the cell holds what looks like an identity number; Unfit asks to take it out.

    >>> no_id_number("溪尾3号")
    """
    if _ID_NUMBER.search(unicodedata.normalize("NFKC", text)):
        raise Unfit("这里像身份证号:我们不收、不存,请把它从表里删掉再导入")


def head_count(text: str) -> int | None:
    """Return a number of people, None for an empty cell.

    >>> head_count("3人"), head_count("４"), head_count(" ")
    (3, 4, None)
    """
    said = clean(text).removesuffix("人").removesuffix("口").strip()
    if not said:
        return None
    said = re.sub(r"\.0+$", "", said)
    if not (said.isascii() and said.isdigit()) or int(said) > HEADS_LIMIT:
        raise Unfit(f"人数应是 0 到 {HEADS_LIMIT} 的整数")
    return int(said)


def yes_no(text: str) -> bool | None:
    """Return what a cell says, None when it says nothing.

    >>> yes_no("是"), yes_no("否"), yes_no("")
    (True, False, None)
    """
    said = clean(text).casefold()
    if not said:
        return None
    if said in _YES or said in _NO:
        return said in _YES
    raise Unfit("请填“是”或“否”")


def lives_here(text: str) -> bool:
    """Return whether somebody lives in the household; an empty cell says yes.

    >>> lives_here(""), lives_here("否"), lives_here("外地")
    (True, False, False)
    """
    if clean(text) in _AWAY:
        return False
    return yes_no(text) is not False


def age(text: str, today: date) -> Age | None:
    """Return the age band of an age, a year of birth or a band's name; the number itself is not kept.

    >>> day = date(2026, 2, 8)
    >>> [age(words, day) for words in ("78", "1948年生", "80岁以上", "")]
    [<Age.OLD: 'old'>, <Age.OLD: 'old'>, <Age.VERY_OLD: 'very_old'>, None]
    """
    said = clean(text).replace(" ", "")
    if not said:
        return None
    for band, words in AGES.items():
        if said in (words, band.value):
            return band
    if re.fullmatch(r"[0-9]{1,2}个?(?:多)?月|[0-9]{1,3}天|新生儿", said):
        return Age.UNDER_14
    found = re.fullmatch(r"([0-9]{1,4})(?:\.0)?(?:岁|周岁|年|年生)?(?:[-/.年][0-9]{1,2}.*)?", said)
    number = int(found[1]) if found else -1
    years = today.year - number if number >= 1900 else number
    if not 0 <= years <= 120:
        raise Unfit("年龄请填岁数(如 78)、出生年份(如 1948),或者:" + "、".join(AGES.values()))
    return age_of(years)


def vulnerable(text: str) -> tuple[str, ...]:
    """Return the reasons why somebody must not be forgotten, by key.

    >>> vulnerable("独居、残疾人"), vulnerable("无")
    (('alone', 'disabled'), ())
    """
    return _listed(text, {**{words: key for key, words in VULNERABLE.items()}, **_ALSO_VULNERABLE}, VULNERABLE.values())


def medicines(text: str) -> tuple[str, ...]:
    """Return the medicines somebody needs for long, by key.

    >>> medicines("高血压药/胰岛素"), medicines("")
    (('blood_pressure', 'insulin'), ())
    """
    return _listed(text, {**{words: key for key, words in MEDICINES.items()}, **_ALSO_MEDICINE}, MEDICINES.values())


def language(text: str) -> str | None:
    """Return the language somebody is spoken to in, by key.

    >>> language("福州话"), language("普通话"), language("")
    ('dialect', 'mandarin', None)
    """
    said = clean(text)
    if not said:
        return None
    known = {**{words: key for key, words in LANGUAGES.items()}, **_ALSO_LANGUAGE}
    if said not in known:
        raise Unfit(f"不认识的语言,可填:{'、'.join(LANGUAGES.values())}")
    return known[said]


def relation(text: str, here: bool) -> Relation:
    """Return what somebody is to the household; whoever lives there and says nothing is a member.

    >>> relation("女儿", False), relation("", True)
    (<Relation.CHILD: 'child'>, <Relation.MEMBER: 'member'>)
    """
    said = clean(text)
    found = relation_of(said) if said else (Relation.MEMBER if here else None)
    if found is None:
        raise Unfit(
            "关系没填或不认识,可填:女儿、儿子、父母、配偶、亲戚、邻居、护工……" if not here else "不认识的关系,请核对"
        )
    return found


def spans(text: str) -> tuple[tuple[time, time], ...]:
    """Return the local times at which a household likes to be asked.

    >>> spans("8:00-9:30、晚上")
    ((datetime.time(8, 0), datetime.time(9, 30)), (datetime.time(18, 30), datetime.time(21, 0)))
    >>> spans("7点半到9点"), spans("")
    (((datetime.time(7, 30), datetime.time(9, 0)),), ())
    """
    found: list[tuple[time, time]] = []
    for piece in _BETWEEN.split(unicodedata.normalize("NFKC", text)):
        said = clean(piece).replace(" ", "")
        if said in _PARTS:
            found.append(_PARTS[said])
        elif said not in _NONE and said != "都行":
            found.append(_span(said))
    return tuple(dict.fromkeys(found))


def user_ids(text: str) -> tuple[str, ...]:
    """Return the accounts of a care role's cell.

    >>> user_ids("yt_a、YT_b"), user_ids("")
    (('yt_a', 'yt_b'), ())
    """
    return tuple(dict.fromkeys(user_id(piece) for piece in _BETWEEN.split(clean(text)) if clean(piece) not in _NONE))


def _listed(text: str, known: Mapping[str, str], allowed: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for piece in _BETWEEN.split(unicodedata.normalize("NFKC", text)):
        said = clean(piece).replace(" ", "")
        if said in _NONE:
            continue
        if said not in known:
            raise Unfit(f"不认识“{said[:12]}”,可填:{'、'.join(allowed)}")
        found[known[said]] = None
    return tuple(found)


def _span(said: str) -> tuple[time, time]:
    parts = _SPAN.fullmatch(said)
    if parts:
        hours = (int(parts[1]), int(parts[4]))
        minutes = (30 if parts[3] else int(parts[2] or 0), 30 if parts[6] else int(parts[5] or 0))
        if max(hours) < 24 and max(minutes) < 60:
            since, until = (time(hour, minute) for hour, minute in zip(hours, minutes, strict=True))
            if since < until:
                return since, until
    raise Unfit("方便的时间请写成 8:00-9:00,或上午、中午、下午、晚上")

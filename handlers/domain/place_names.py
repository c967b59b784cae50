"""Names of places as registers write them and as people say them, brought to the same key.

A register says 漈头村村民委员会 and 漈头村第03网格; people say 漈头 and 三格.
"""

import re
import unicodedata

_COMMITTEE = re.compile(
    r"(?P<stem>.+?)(?P<suffix>社区居民居委会|社区居民委员会|社区居委会|社区村民委员会|社区村委会"
    r"|居民委员会|居委会|村民委员会|村委会)"
)
_OFFICE = re.compile(r"(?P<stem>.+(?:镇|乡|街道|县|区|市))(?:人民政府|政府|办事处)")
_KIND = re.compile(r"(?P<stem>.{2,}?)(?:社区|街道|村|镇|乡|县|区|市)")
_INVISIBLE = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_SEPARATOR = re.compile(r"[-\u2010-\u2015－/\\>→·•・|、,，;；\s]+")

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {
    "基础网格": "基础网格", "工作网格": "网格", "微网格": "微网格", "网格": "网格", "微格": "微网格", "格": "网格",
    "单元": "单元", "号楼": "栋", "栋": "栋", "幢": "栋", "楼": "栋",
    "村民小组": "组", "居民小组": "组", "小组": "组", "组": "组", "户": "户",
}  # fmt: skip
_ORDINAL = "[0-9〇零一二两三四五六七八九十百]{1,6}"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_NUMBERED = re.compile(rf"第?(?P<ordinal>{_ORDINAL})号?(?P<unit>{_UNIT})|(?P<unit2>{_UNIT})(?P<ordinal2>{_ORDINAL})号?")


def short(name: str) -> str:
    """Return the name without the committee or office behind it; other names as they are.

    Six forms of suffix are in use in the statistics bureau's list (edition 2023), one of them twice over.

    >>> short("漈头村委会"), short("洋门村村民委员会"), short("南门社区居民委员会"), short("梧桐社区居民居委会")
    ('漈头村', '洋门村', '南门社区', '梧桐社区')
    >>> short("嵩口居委会"), short("清凉镇人民政府"), short("方广社区")
    ('嵩口社区', '清凉镇', '方广社区')
    """
    if office := _OFFICE.fullmatch(name):
        return office["stem"]
    found = _COMMITTEE.fullmatch(name)
    if not found:
        return name
    stem, kind = found["stem"], "村" if found["suffix"].startswith("村") else "社区"
    return stem if stem.endswith(("社区", "村")) else stem + kind


def bare(name: str) -> str:
    """Return the short name without its kind, when two characters or more remain.

    >>> bare("旗山社区居民委员会"), bare("清凉镇"), bare("高村")
    ('旗山', '清凉', '高村')
    """
    cut = _KIND.fullmatch(short(name))
    return cut["stem"] if cut else short(name)


def fold(text: str) -> str:
    """Return the text in the one form that names are compared in: NFKC, lower case, nothing invisible.

    >>> fold("　第０３ 网格\u200b")
    '第03网格'
    """
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", seen))  # what was apart may compose now


def split_path(text: str) -> tuple[str, ...]:
    """Return the folded parts of a written path.

    >>> split_path("清水-柳树 / 三格")
    ('清水', '柳树', '三格')
    """
    return tuple(part for part in (fold(piece) for piece in _SEPARATOR.split(text)) if part)


def numbered(text: str) -> str | None:
    """Return the key of a numbered place, None when the text is no such thing.

    >>> numbered("三格"), numbered("第03网格"), numbered("3号工作网格"), numbered("网格十二"), numbered("第1基础网格")
    ('#网格3', '#网格3', '#网格3', '#网格12', '#基础网格1')
    >>> numbered("3号楼"), numbered("三栋"), numbered("旗山村"), numbered("3")
    ('#栋3', '#栋3', None, None)
    """
    found = _NUMBERED.fullmatch(text)
    if not found:
        return None
    number = ordinal(found["ordinal"] or found["ordinal2"])
    return None if number is None else f"#{_UNITS[found['unit'] or found['unit2']]}{number}"


def ordinal(text: str) -> int | None:
    """Return the number a grid or a house is counted with; None when it is malformed.

    Ordinals only: unlike amounts they are never shortened (一百二 is not 120 here) and never approximate.

    >>> ordinal("07"), ordinal("十"), ordinal("二十三"), ordinal("一百零五"), ordinal("二三"), ordinal("十十")
    (7, 10, 23, 105, 23, None)
    """
    if text.isascii():
        return int(text) if text.isdigit() else None
    if "十" not in text and "百" not in text:
        return int("".join(_digit(mark) for mark in text))
    parsed = re.fullmatch(r"(?:(.)百)?零?(?:(.?)十)?(.?)", text)
    if not parsed or any(mark not in _DIGITS for mark in parsed.groups(default="") if mark):
        return None
    hundreds, tens, ones = parsed.groups()
    total = _DIGITS[hundreds] * 100 if hundreds else 0
    if tens is not None:
        total += (_DIGITS[tens] if tens else 1) * 10
    return total + (_DIGITS[ones] if ones else 0)


def _digit(mark: str) -> str:
    return str(_DIGITS.get(mark, mark))


def relative(name: str, *above: str) -> str:
    """Return the name without the name of a place above it.

    >>> relative("漈头村第01网格", "漈头村委会"), relative("南门第二网格", "南门社区居民委员会")
    ('第01网格', '第二网格')
    """
    for place in above:
        for prefix in (place, short(place), bare(place)):
            if (
                name.startswith(prefix) and len(name) > len(prefix) + 1
            ):  # one more character is a kind: 清凉村 in 清凉镇
                return name[len(prefix) :]
    return name


def keys(name: str, *above: str) -> frozenset[str]:
    """Return every key the name can be asked for by; `above` are the names of the places over it, nearest first.

    >>> sorted(keys("旗山社区居民委员会")), sorted(keys("旗山村第03网格", "旗山村委会"))
    (['旗山', '旗山社区', '旗山社区居民委员会'], ['#网格3', '旗山村第03网格', '第03网格'])
    """
    forms = {name, short(name), bare(name)}
    inner = relative(name, *above)
    if inner != name:
        forms.add(inner)
    folded = {fold(form) for form in forms}
    return frozenset(folded | {key for key in map(numbered, folded) if key})

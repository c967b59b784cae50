"""Body temperatures: 36.5, 36度5, 三十六度五; in a temperature slot also 36。5, 36,5, 365 and 36."""

import re
from functools import lru_cache
from typing import NamedTuple

from nlp.lazy import lazy
from nlp.numerals import read_numeral

_NOT = r"(?!\s*(?:分(?!别|开)|寸|码|吨|米(?!粉)|毫米|公?斤|元|万|%|吨|mm|kg|亩|公里|mg|ml)|(?:块|平)(?![一-鿿]))"
_NOT_WHOLE = (
    r"(?!\s*(?:米(?!粉)|毫米|公?斤|元|万|%|吨|mm|kg|岁|亩|公里)|(?:块|平|户|人|个|名|辆|台|张|份|号|楼|栋|mg|ml"
    r"|分|秒|天|粒|片|次))"
)
_EXACT = lazy(
(
        r"(?<![\d.])(?P<whole>3[4-9]|4[0-2])\s?[.·]\s?(?P<tenth>\d{1,2})(?!\d|\.\d|-\d)\s?(?:摄氏)?(?:度|°C?"
        r"|C(?![A-Za-z]))?"
    ) + _NOT
    +(
        r"|(?<![\d.])(?P<w2>3[4-9]|4[0-2])\s?[度点]\s?(?P<t2>[\d零一二三四五六七八九半])(?!\d"
        r"|[户人个月])(?:度|°C?)?"
    )
    + r"|(?<![\d.])(?<!\d:)(?P<w5>3[4-9]|4[0-2])。(?P<t5>\d)(?![\d户人个]|\.\d)"
    + r"|(?<![\d.-])(?<!\d:)(?P<w3>3[4-9]|4[0-2])\s?(?:摄氏)?(?:度|°C?)(?!\d)(?:多)?"
    +(
        r"|(?P<tens>三|四)十(?P<ones>[零一二四五六七八九三]?)(?:度"
        r"|点)(?P<t4>[零一二三四五六七八九半])?(?:度)?(?![十百户人个分])"
    ), many=True
)  # fmt: skip
_SLOT = lazy(
    r"(?<![\d.-])(?<!\d:)(?P<whole>3[4-9]|4[0-2])\s?[。,、;]\s?(?P<tenth>\d)(?!\d|\.\d|[.、](?!\d))" + _NOT
    + r"|(?<![\d.-])(?<!\d:)(?P<run>(?:3[4-9]|4[0-2])\d)(?!\d|\.\d)" + _NOT_WHOLE
    + r"|(?P<spoken>三[四五六七八九]|四[零一二])点?(?P<t2>[零一二三四五六七八九])(?![十百户人个])"
    + r"|(?<![\d.-])(?<!\d:)(?P<int>3[5-9]|4[0-2])(?![\d.:]|[-/]\d{3})" + _NOT_WHOLE, many=True
)  # fmt: skip
_WATER = lazy(
    r"(?:水温|气温|室温|棚温|降温|保温|温度计|油温|洗澡|烧水|水烧|水壶|热水|空调|冰箱|暖气|地暖|大棚|室内|屋里|房间|外面|户外|水位|最低"
    r"|最高气?温?|[公母仔小]猪|猪[崽仔圈]|奶牛|[母小]牛|羊羔|狗狗|[小大家]狗|小猫|猫咪|母鸡|鸡窝|小鸡|鸭子|鱼缸|兔子|孵|(?:手机|电脑|电池)(?:都|发烫|发热|温度|烫)|机器"
    r"|电机|发动机|轮胎|汽车|烤箱|锅里?|泡奶|奶瓶|电影票|歌词|手表|温泉)[^。\n]{0,8}$"
)
_WARM = lazy(r"\s*的?(?:水|热水|天气?|室温|高温|酒|泡奶|泡茶)")
_SIGNS = frozenset("34三四")
"""One of these stands in every body temperature, however it is written."""
FEVER = 37.3
"""From this on a temperature is a fever (national home-monitoring notice, 2020)."""


class Temperature(NamedTuple):
    """A body temperature in °C with its span; `repaired` when it was not written as one (365, 36。5)."""

    start: int
    end: int
    celsius: float
    repaired: bool = False


def _tenth(text: str | None) -> float:
    if not text:
        return 0.0
    if text == "半":
        return 0.5
    if text.isdigit():
        return float(f"0.{text}")
    return (read_numeral(text) or 0) / 10


def _exact(found: re.Match[str]) -> float:
    if found["tens"]:
        whole: int = {"三": 30, "四": 40}[found["tens"]] + int(read_numeral(found["ones"] or "零") or 0)
        return whole + _tenth(found["t4"])
    whole = int(found["whole"] or found["w2"] or found["w5"] or found["w3"])
    return float(whole + _tenth(found["tenth"] or found["t2"] or found["t5"]))


def _loose(found: re.Match[str]) -> float:
    if found["run"]:
        return int(found["run"]) / 10
    if found["spoken"]:
        digits = "".join(str(read_numeral(char)) for char in found["spoken"] + found["t2"])
        return int(digits) / 10
    return float(found["int"]) if found["int"] else int(found["whole"]) + _tenth(found["tenth"])


@lru_cache(maxsize=64)
def scan_temperatures(text: str, slot: bool = False) -> tuple[Temperature, ...]:
    """Return every body temperature in *text* (normalised), in order; *slot* also takes 365, 36。5 and a bare 36.

    >>> [t.celsius for t in scan_temperatures("36.5 36度5 三十六度八 38度,水位36.2米")]
    [36.5, 36.5, 36.8, 38.0]
    """
    if _SIGNS.isdisjoint(text):
        return ()
    out = [
        Temperature(found.start(), found.end(), round(_exact(found), 2), found["w5"] is not None)
        for found in _EXACT.finditer(text)
        if not _WATER.search(text, max(0, found.start() - 14), found.start()) and not _WARM.match(text, found.end())
    ]
    if slot:
        taken = [(one.start, one.end) for one in out]
        for found in _SLOT.finditer(text):
            if not any(start < found.end() and found.start() < end for start, end in taken):
                out.append(Temperature(found.start(), found.end(), round(_loose(found), 2), True))
        out.sort(key=lambda one: one.start)
    return tuple([one for one in out if 34 <= one.celsius < 43])

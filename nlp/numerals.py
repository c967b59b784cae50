"""Numbers as people write and say them: 126, 三百五, 一万二, 俩, 二三十, 百余, 十几, 3-5; each with its span."""

import re
from functools import lru_cache
from typing import NamedTuple

from nlp.lazy import lazy

_DIGIT = {
    "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "两": 2, "俩": 2,
    "仨": 3, "幺": 1,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "〇": 0, "倆": 2, "兩": 2,
    "貳": 2, "陸": 6,
}  # fmt: skip
_UNIT = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SCALE = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
_SINGLE = {**{str(digit): digit for digit in range(10)}, **_DIGIT, **_UNIT, **_SCALE, "廿": 20, "卅": 30, "半": 0.5}
_SUFFIX = {"k": 1_000, "K": 1_000, "w": 10_000, "W": 10_000, "m": 1_000_000, "M": 1_000_000}
_D = "".join(_DIGIT)
_U = "".join(_UNIT)
_S = "".join(_SCALE)
_ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d.])\.\d+"
_SPOKEN = rf"[{_D}{_U}{_S}廿卅]"
# 千克 and 千米 are units of measure, not multipliers
_MULTIPLIER = rf"(?: {{0,2}}(?:百(?!分[之点])|千(?![克米瓦])|[{_S}])+)"
_PART = rf"(?:{_ARABIC}|[{_D}{_U}]+)"
_GLUE = rf"(?: +(?={_SPOKEN}+[{_U}{_S}])|(?<=[{_U}{_S}]) +(?=[{_D}](?![{_D}]))|(?<=[{_D}]) +(?=[{_U}{_S}]))"
_NUMBER = lazy(
    rf"(?P<half>半)(?=[个斤袋瓶箱桶板公包条块盒吨亩])"
    rf"|(?P<mixed>(?:{_ARABIC}){_MULTIPLIER}(?:{_PART}{_MULTIPLIER}?| {_PART}{_MULTIPLIER})*)"
    rf"|(?P<arabic>(?:{_ARABIC})(?:[kKwWM](?![A-Za-z]))?)"
    rf"|(?P<few>[俩仨倆](?![百千万]))"
    rf"|(?P<spoken>{_SPOKEN}(?:{_SPOKEN}|{_GLUE})*(?: *点 *[{_D}]+(?![分刻]))?)",
    many=True,
)
_LONGEST = 24
"""Characters: whatever is longer is no count of anything."""
_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_BELOW = re.compile(r"(?:负|(?:^|(?<=[\s:=(]))-)\s*$")
_FRACTION = re.compile(rf"\s*分\s*之\s*((?:{_SPOKEN})+|\d+)")
_BEFORE = re.compile(r"(?:大约|大概|约莫|将近|差不多|估计|近|约|上|成)\s*(?:有|为|是|计)?\s*$")
_AFTER = re.compile(
    r"\s*(?:[余多来](?!自)|(?<=[百千万])把(?=[个户人名张份条])|几(?=[个户人百千万张份])|好几)|(?=\s*[户人个名张份次辆台]?(?:左右|上下|以上))"
)
# numeral characters that open a word or a place name, not a figure
_WORD = re.compile(
    r"一(?:切|样|律|般|定|直|起|下|些|会儿?|共|旦|致|并|线|时|边|方面|路|同|体化|带|片|道|遍|手|心|早|晚"
    r"|听|看|问|查|律|刻钟|旁|场空|块儿)"
    r"|四(?:川|季|邻|周|处|平|面|害|会)|三(?:亚|峡|明|门峡|轮|无|农|沙|餐|脚)|五(?:花|金|指山|台山|保户|谷"
    r"|星|险)|六(?:安|盘水|神)"
    r"|七(?:夕|台河)|八(?:宝|角)|九(?:江|龙|华|寨沟)|十(?:堰|分|字|足)|百(?:姓|色|货|度|合|日咳|分)"
    r"|千(?:万[别要不注]|秋|克|米|瓦|岛)"
    r"|万(?:一(?!\d|[个户人千百十])|宁|州|物|能|盛)|两(?:会|委|岸|边|头|江|口子(?!人))|双十[一二]"
    r"|五一(?![零一二三四五六七八九十])|六一儿|零(?:星|售|食|钱|散|工|报告|距离|头|点)|半(?:天|夜|路|年|山)"
)
_TEENS = re.compile(r"(?P<tens>[二三四五六七八九]?)十几")
_PAIR = lazy(r"(?:一二|两三|二三|三四|三五|四五|五六|六七|七八|八九)")


class Number(NamedTuple):
    """A number in a text: its span, its value, and how sure the writer was.

    `high` is set for ranges (`两三` is 2 to 3); `approximate` for 约, 余, 多, 来 and ranges.
    `digits` is the text with which it was written.
    """

    start: int
    end: int
    value: int | float
    digits: str
    high: int | float | None = None
    approximate: bool = False

    def said(self) -> int | float | str:
        """Return the value as the schema writes it: a number, or "lo-hi" for a range."""
        return self.value if self.high is None else f"{self.value:g}-{self.high:g}"


def _tidy(value: float) -> int | float:
    rounded = round(value, 10)
    return int(rounded) if rounded == int(rounded) else rounded


def _section(text: str) -> float:
    """Return the value of a numeral below 万: 三百五 is 350, 百三 130, 一千零五 1005, 二零二零 2020."""
    total, digit, last, run = 0.0, None, 1, ""
    for part in re.findall(r"\d+(?:\.\d+)?|.", text):
        if part[0].isdigit():
            digit, run, last = float(part), "", 1 if part[0] == "0" else last
        elif part in _DIGIT:
            last = 1 if _DIGIT[part] == 0 and not run else last
            run = f"{run}{_DIGIT[part]}"
            digit = float(run)
        elif part in "廿卅":
            total, digit, run, last = total + (20 if part == "廿" else 30), None, "", 10
        elif part in _UNIT:
            total, last = total + (digit or 1) * _UNIT[part], _UNIT[part]
            digit, run = None, ""
    if digit is None:
        return total
    # 三百五 is 350 but 三百零五 is 305 and 三十五 is 35; only a lone last digit is shortened
    return total + digit * (last // 10 if last >= 100 and digit < 10 else 1)


def read_numeral(text: str) -> int | float | None:
    """Return the value of *text* read whole as a numeral, None when it is none.

    >>> [read_numeral(word) for word in ("三百五", "一万三", "两千零三十", "25万6千", "1,200", "二点五", "半", "好")]
    [350, 13000, 2030, 256000, 1200, 2.5, 0.5, None]
    """
    if len(text) == 1:
        return _SINGLE.get(text)
    text = text.replace(" ", "").replace(",", "")
    if len(text) > _LONGEST:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    if text == "半":
        return 0.5
    if _PLAIN.fullmatch(text):
        return _tidy(float(text))
    if not text or not re.fullmatch(rf"[\d.{_D}{_U}{_S}廿卅点kKwWmM]+", text):
        return None
    if text[-1] in _SUFFIX:
        return _scaled(text[:-1], _SUFFIX[text[-1]])
    whole, _, fraction = text.partition("点")
    if fraction and not all(char in _DIGIT for char in fraction):
        return None
    decimals = sum(_DIGIT[char] * 10.0 ** -(at + 1) for at, char in enumerate(fraction))
    value = _whole(whole)
    return None if value is None else _tidy(value + decimals)


def _scaled(text: str, by: int) -> int | float | None:
    value = read_numeral(text)
    return None if value is None else _tidy(value * by)


def _whole(text: str) -> float | None:
    if text.count(".") > 1 or text in (".", ""):
        return None
    total, rest, scale = 0.0, text, 0
    for name, size in (("亿億", 100_000_000), ("万萬", 10_000)):
        at = max(rest.rfind(char) for char in name)
        if at < 0:
            continue
        head = _whole(rest[:at]) if rest[:at] else 1.0
        if head is None:
            return None
        total, rest, scale = total + head * size, rest[at + 1 :], size
    if not rest:
        return total
    if scale and len(rest) == 1 and rest in _DIGIT and rest != "零":
        return total + _DIGIT[rest] * scale / 10
    return total + _section(rest)


def _ranged(text: str) -> tuple[float, float] | None:
    """Return low and high of 十几, 二三十, 七八, 三五百, 十五六; None when *text* is one figure."""
    found = _PAIR.search(text)
    if found is None:
        return None
    head, tail = text[: found.start()], text[found.end() :]
    if (head and head[-1] not in _UNIT) or (tail and tail[0] not in _UNIT and tail[0] not in _SCALE):
        return None
    low, high = (read_numeral(head + found[0][at] + tail) for at in (0, 1))
    return (low, high) if low is not None and high is not None and low < high else None


def _sure(text: str, start: int) -> bool:
    """Return whether nothing that makes a figure vague or negative stands right before it."""
    before = text[start - 2 if start > 1 else 0 : start]
    return not before or (before[-1] not in "约近上成有为是计多莫概 -" and before[-1] not in "几" and before != "估计")


def _divided(start: int, end: int, below: str, above: str) -> Number | None:
    parts, of = read_numeral(above), read_numeral(below)
    return Number(start, end, _tidy(parts / of), f"{above}/{below}") if parts is not None and of else None


_QUIET = frozenset("户人名个辆台份张条次起处间,。;\n、 :/)】")


def _built(found: re.Match[str], text: str) -> Number | None:
    start, end, digits = found.start(), found.end(), found[0]
    if (
        len(digits) <= _LONGEST
        and digits.isdigit()
        and text[end : end + 1] in _QUIET
        and text[end + 1 : end + 2] not in "左上"
        and _sure(text, start)
    ):
        return Number(start, end, int(digits), digits)
    if digits in ("百", "千", "万") and text.startswith(("分之", "分点"), end):
        return None
    if start and text[start - 1] == "几":  # 几十 states no figure
        return None
    fraction = _FRACTION.match(text, end) if "分" in text else None
    if fraction:
        return _divided(start, fraction.end(), digits, fraction[1])
    close = text[start - 5 if start > 5 else 0 : start]
    if ("-" in close or "负" in close) and _BELOW.search(close):
        value = read_numeral(digits)
        return None if value is None else Number(start, end, -value, f"-{digits}")
    approximate = bool(close and _BEFORE.search(close))
    after = _AFTER.match(text, end)
    if after and not (digits == "一" and text[end : end + 1] in "来多"):
        approximate, end = True, max(end, after.end())
        # 十余万 and 三百多万: the scale stands behind the 余
        if text[end : end + 1] in _SCALE and digits[-1] not in _SCALE:
            digits, end = digits + text[end], end + 1
    ranged = _ranged(digits) if found["spoken"] else None
    if ranged:
        return Number(start, end, _tidy(ranged[0]), found[0], _tidy(ranged[1]), True)
    value = read_numeral(digits)
    return None if value is None else Number(start, end, value, found[0], None, approximate)


@lru_cache(maxsize=64)
def scan_numbers(text: str) -> tuple[Number, ...]:
    """Return every number in *text* (normalised), in order, none overlapping.

    >>> [(n.value, n.high, n.approximate) for n in scan_numbers("约120户,三百六十余人,十几个,两三斤")]
    [(120, None, True), (360, None, True), (11, 19, True), (2, 3, True)]
    """
    out: list[Number] = []
    at = 0
    for found in _NUMBER.finditer(text):
        start = found.start()
        if start < at:
            continue
        if text[start] > "9":
            teens = _TEENS.match(text, start)
            if teens:
                tens = _DIGIT.get(teens["tens"], 1) * 10
                out.append(Number(start, teens.end(), tens + 1, teens[0], tens + 9, True))
                at = teens.end()
                continue
            word = _WORD.match(text, start)
            if word and word[0] == "一起" and text[max(0, start - 1) : start] in tuple("纷盾集件故牌麻会"):
                word = None  # 调解纠纷一起
            if word and len(found[0]) <= len(word[0]):
                at = word.end()
                continue
        number = _built(found, text)
        if number is not None:
            out.append(number)
            at = number.end
    return tuple(out)

"""The text as people mean it, each character still tied to where it stood in what they typed."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import opencc

TEXT_LIMIT = 2_000
"""Characters read of one message; what follows is left unread and the sender is asked."""

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ONE_FOR_ONE = {
    **_HALF_WIDTH,
    **str.maketrans(
        "✖✗✘✔✓☑\r\u2005\u3000\xa0\u2028\u2029\x0b\x0c\u2212\u301c\u3014\u3015{}\u2571\u2500\u2502\u2503〇○\x00﹣﹟︰﹕﹔﹐﹑﹒",
        "❌❌❌✅✅✅\n   \n\n\n\n-~()()/-||零零 -#::;,、.",
    ),
}
_DIGIT_SLIP = re.compile(
    r"(?<=[\u4e00-\u9fff:=])[Oo](?=[\s,;。、人户名辆]|$)|(?<![A-Za-z])[Ool]+(?=\d)|(?<=\d)[Ool]+(?![A-Za-z])"
)
_SLIPS = {
    "收道": "收到", "收倒": "收到", "返相": "返乡", "反乡": "返乡", "隔里": "隔离", "格离": "隔离", "隔理": "隔离",
    "发绕": "发烧", "法烧": "发烧", "发惹": "发热", "排察": "排查", "牌查": "排查", "莫排": "摸排", "劝反": "劝返",
    "全返": "劝返",
    "网各": "网格", "往格": "网格", "卡电": "卡点", "宣传丹": "宣传单", "正长": "正常", "异长": "异常",
    "零抱告": "零报告",
    "零报高": "零报告", "更整": "更正", "咳漱": "咳嗽", "咳簌": "咳嗽", "消独": "消毒", "确疹": "确诊",
    "接拢": "接龙", "街龙": "接龙",
    "木有": "没有", "没得": "没有", "莫得": "没有", "冇": "无",
}  # fmt: skip
_SLIP = re.compile("|".join(sorted(_SLIPS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Plain:
    """A normalised text: simplified, half-width, no invisible marks, slips mended.

    `index[i]` is where character `i` of `text` stood in `raw`; None when nothing moved.
    `repaired` are the positions in `text` where a slip was mended (each lowers confidence);
    `cut` says that the message went on beyond `TEXT_LIMIT`.
    """

    raw: str
    text: str
    index: tuple[int, ...] | None = None
    repaired: tuple[int, ...] = ()
    cut: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the raw text that characters *start* to *end* (exclusive) came from."""
        if self.index is None or end <= start:
            return start, end
        return self.index[start], self.index[end - 1] + 1


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return *text* in simplified characters, always of the same length."""
    out: str = _converter().convert(text)
    if len(out) == len(text):
        return out
    return "".join(one if len(one := _converter().convert(char)) == 1 else char for char in text)


def _folded(char: str) -> str:
    if _INVISIBLE.match(char):
        return ""
    code = ord(char)
    if 0x2460 <= code <= 0x2473:  # ① opens a line of a list: NFKC alone would glue it to the figures around
        return f"\n{code - 0x245F}、"
    if code < 0x80 or 0x4E00 <= code <= 0x9FFF:
        return char
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) <= 5 else char


def _fold(raw: str) -> tuple[str, tuple[int, ...]]:
    chars: list[str] = []
    index: list[int] = []
    for at, char in enumerate(raw):
        folded = _folded(char)
        if folded.startswith("\n") and (not chars or chars[-1] == "\n"):
            folded = folded.lstrip("\n") or folded
        for one in folded:
            chars.append(one)
            index.append(at)
    return "".join(chars), tuple(index)


def _mend(text: str) -> tuple[str, tuple[int, ...]]:
    """Repair O/l among digits and the table of slips; every repair keeps the length."""
    mended: list[int] = []

    def digit(found: re.Match[str]) -> str:
        mended.append(found.start())
        return "".join("1" if char == "l" else "0" for char in found[0])

    def slip(found: re.Match[str]) -> str:
        mended.append(found.start())
        return _SLIPS[found[0]]

    return _SLIP.sub(slip, _DIGIT_SLIP.sub(digit, text)), tuple(mended)


def normalize(raw: str) -> Plain:
    """Return *raw* normalised and cut to `TEXT_LIMIT` characters, with the way back to its spans."""
    shown = raw[:TEXT_LIMIT]
    text = shown.translate(_ONE_FOR_ONE)
    index: tuple[int, ...] | None = None
    if not unicodedata.is_normalized("NFKC", text) or _INVISIBLE.search(text):
        text, index = _fold(text)
        text, index = text[:TEXT_LIMIT], index[:TEXT_LIMIT]
    text, repaired = _mend(simplify(text))
    return Plain(raw, text, index, repaired, len(raw) > TEXT_LIMIT)

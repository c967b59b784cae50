"""What people type around their figures and do not mean: slips, split digits, the blanks of a form, quotes of JSON.

Every repair either replaces characters one for one or takes some out, so that each that stays knows where it stood.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nlp.cue import Cue
from nlp.lazy import lazy

_SLIPS = {
    "收道": "收到", "收倒": "收到", "返相": "返乡", "反乡": "返乡", "隔里": "隔离", "格离": "隔离", "隔理": "隔离",
    "发绕": "发烧", "法烧": "发烧", "发惹": "发热", "排察": "排查", "牌查": "排查", "莫排": "摸排", "劝反": "劝返",
    "全返": "劝返", "网各": "网格", "往格": "网格", "卡电": "卡点", "宣传丹": "宣传单", "正长": "正常", "异长": "异常",
    "零抱告": "零报告", "零报高": "零报告", "更整": "更正", "咳漱": "咳嗽", "咳簌": "咳嗽", "消独": "消毒",
    "确疹": "确诊", "接拢": "接龙", "街龙": "接龙", "木有": "没有", "没得": "没有", "莫得": "没有", "冇": "无",
    "排茶": "排查", "排差": "排查", "隔厉": "隔离", "体问": "体温",
    "提温": "体温", "替温": "体温", "反湘": "返乡", "返香": "返乡", "武含": "武汉", "发然": "发热", "横副": "横幅",
    "消度": "消毒", "巡察": "巡查", "走仿": "走访", "走坊": "走访", "胡北": "湖北", "更证": "更正",
    "量体问": "量体温", "正肠": "正常", "登计": "登记", "咳嗖": "咳嗽",
}  # fmt: skip
_SLIP = Cue("|".join(sorted(_SLIPS, key=len, reverse=True)))
_COUNTED = "户人名辆台车床袋瓶盒斤个张份条次箱桶包位例岁间处起场"
_DIGIT_SLIP = lazy(
    rf"(?<=[\u4e00-\u9fff:=])[OolI](?=\s?[{_COUNTED}]|[\s,;。、]|$)|(?<![A-Za-z])[OolI]+(?=\d)"
    rf"|(?<=\d)[OolI]+(?![A-Za-z])|(?<=\d\.)[OolI](?![A-Za-z\d])"
)
_LEDGER = lazy("[壹贰叁肆伍陆柒捌玖拾佰仟零点度]{2,}")
_LEDGER_SIGN = re.compile("[壹贰叁肆柒捌玖拾佰仟]")
_LEDGER_DIGITS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_SPLIT = re.compile(r"\d [\d.。·]|[.。·] \d")
"""Without one of these no figure is split by a space."""
_SPREAD = re.compile(rf"(?<![\d.])(?<![\d.] )\d(?: \d){{1,3}}(?= ?[{_COUNTED}](?!\d))")
_SPREAD_READING = re.compile(r"(?<![\d.])(?<!\d )(?:3 ?[4-9]|4 ?[0-2])(?: ?[.。·] ?)\d(?![\d.])")
_FILLED = lazy(
    r"(?P<open>_+|\(\s*_*\s*|\[\s+)(?P<n>\d{1,9}(?:\.\d{1,3})?|(?<=_)(?:无|没有|零)(?=_))(?P<close>_+|\s*_*\s*\)|\s+\])"
)
_BLANK = lazy(rf"(?:_{{2,}}|\(\s*\)|\[\s*\])\s*[{_COUNTED}]?")
_JSON = lazy(r"""^\s*[\[({]*\s*["']?[^"'\n:,]{1,12}["']?\s*:""")
_QUOTES = lazy(r"""["']""")
_DIGIT = re.compile(r"\d|[一二三四五六七八九十]")
# all of them but ☐ ☑ ✅ ❌ ✔ ✖, which answer
_ADORNING = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u260f\u2612-\u2704\u2706-\u2713\u2715\u2717-\u274b\u274d-\u27bf\u2b00-\u2bff\ufe0f\u200d]+"
)
_SIGN = re.compile(
    '[OolI壹贰叁肆柒捌玖拾佰仟】\\]→➡>"_(\\[\n—\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d]'
    "|-|1[.、)/]|[\\d.。·] [\\d.。·]"
)
"""Without one of these only a slip of the pen or a courtesy is to be mended."""
_COURTESY = Cue(
    r"^\s*(?:各位)?(?:领导|书记|主任|镇长|村长|老师|大家|同志|[一-鿿](?:书记|主任|镇长|老师|站长))(?:们)?(?:好|早|早上好|下午好|晚上好|您好)(?:[,。!:\s]+|(?=[一-鿿\d]))"
    r"|^\s*(?:报告|汇报|跟)(?:领导|书记|主任|镇长)(?:汇报)?[,:。!\s]+"
    r"|(?<=[^\s])[。,;!\s]*(?:汇报|报告|上报)完毕[。!~\s]*$|[。,;!\s]*请(?:领导|书记|您)?(?:审阅|指示|查阅|查收)[。!~\s]*$|[。,;!\s]*(?:以上汇报|特此报告|谢谢领导|谢谢书记)[。!~\s]*$"
)
_STACKED = lazy(
    r"(?m)^[ \t]*(?P<label>[一-鿿]{1,10}(?:\([^()\n]{1,6}\))?)[ \t]*:?(?P<cut>\n)[ \t]*(?=\S{1,8}[ \t]*(?:\n|$))"
)
_VALUE = lazy(
    r"[ \t]*(?:[+-]?\d{1,9}(?:\.\d{1,3})?|[零一二两三四五六七八九十百]{1,6}|无"
    r"|没有)[ \t]?[户人名辆台个份张条次起处间亩]?"
)
_INLINE = re.compile(
    r"(?:^|(?<=[\s;,。:]))(?P<n>\d{1,2})(?P<mark>[.、)/])(?![\d\s]*\d\s*(?:$|[户人名个]))(?=\s?[^\d\s]|\s?\d{1,3}[-#栋])"
)


@dataclass(slots=True)
class Working:
    """A text under repair: its characters, where each stood, and the places that were mended."""

    text: str
    index: list[int] | None = None
    mended: list[int] = field(default_factory=list)

    def change(self, pattern: re.Pattern[str] | Cue, to: Callable[[re.Match[str]], str], counts: bool = True) -> None:
        """Replace each match by a text of the same length; *counts* says whether it lowers confidence."""
        starts: list[int] = []

        def made(found: re.Match[str]) -> str:
            new = to(found)
            if new != found[0]:
                starts.append(found.start())
            return new

        self.text = pattern.sub(made, self.text)
        self.mended += starts if counts else []

    def drop(self, spans: Iterable[tuple[int, int]], counts: bool = True) -> None:
        """Take the characters of *spans* (ascending, apart from each other) out."""
        spans = [span for span in spans if span[0] < span[1]]
        if not spans:
            return
        index = self.index if self.index is not None else list(range(len(self.text)))
        kept: list[str] = []
        places: list[int] = []
        marks: list[int] = []
        at = 0
        for start, end in spans:
            kept.append(self.text[at:start])
            places += index[at:start]
            marks.append(len(places))
            at = end
        kept.append(self.text[at:])
        places += index[at:]
        self.text, self.index = "".join(kept), places
        self.mended += [min(mark, len(places) - 1) for mark in marks] if counts and places else []


def repair(text: str, index: tuple[int, ...] | None) -> Working:
    """Return *text* repaired; *index* says where each of its characters stood (None: where it stands)."""
    work = Working(text, None if index is None else list(index))
    if _SIGN.search(text):
        _mend(work, text)
    elif _SLIP.may(text):
        work.change(_SLIP, lambda found: _SLIPS[found[0]])
    if len(work.text) > 12 and _COURTESY.may(work.text):
        work.change(_COURTESY, lambda found: re.sub(r"[^\n]", " ", found[0]), counts=False)
    return work


def _mend(work: Working, text: str) -> None:
    """Mend the slips and straighten the forms that show by one of `_SIGN`."""
    if _ADORNING.search(text) and _DIGIT.search(text):  # a mark beside figures adorns; alone it may be an answer
        work.change(_ADORNING, lambda found: " " * len(found[0]), counts=False)
    if "O" in text or "o" in text or "l" in text or "I" in text:
        work.change(_DIGIT_SLIP, lambda found: "".join("1" if char in "lI" else "0" for char in found[0]))
    if _SLIP.may(text):
        work.change(_SLIP, lambda found: _SLIPS[found[0]])
    if _LEDGER_SIGN.search(text):
        work.change(_LEDGER, lambda found: found[0].translate(_LEDGER_DIGITS), counts=False)
    if " " in work.text and _SPLIT.search(work.text):
        work.drop(_gaps(work.text, _SPREAD))
        work.drop(_gaps(work.text, _SPREAD_READING))
    _forms(work)


def _gaps(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    return [
        (at, at + 1) for found in pattern.finditer(text) for at in range(found.start(), found.end()) if text[at] == " "
    ]


_BOXED = lazy(
    r"[【\[](?P<label>[^】\]\n\d]{1,10})[】\]](?P<value>\s*(?:第?\d|[无零]|[一二三四五六七八九十]{1,4}[户人名个条份张次,【\[]))"
)
_HYPHENS = re.compile(r"(?<=[一-鿿])-(?=[\d一-鿿])|(?<=\d)-(?=[一-鿿])")
_ARROWS = lazy(r"(?<=[一-鿿\d])\s*(?:→|->|➡|=>|>>)\s*(?=[一-鿿])|(?<=[一-鿿])\s*(?:→|->|➡|=>|>>)\s*(?=[一-鿿\d])")
_ARROW_SIGN = re.compile("[→➡>]")
_TO_WORD = re.compile(r"(?:→|->|➡|=>|>>)\s*[一-鿿]")
_BOX = lazy(r"[【\[](?P<label>[一-鿿]{1,6})[】\]](?=\s*[^\s【\[])")
_DASHED = lazy(r"(?<=[一-鿿\d])(?:-{2,}|—{2,})(?=[一-鿿\d])")


def _forms(work: Working) -> None:
    if "】" in work.text or "]" in work.text:
        boxed = list(_BOXED.finditer(work.text))
        if len(boxed) >= 2:
            chars = list(work.text)
            for found in _BOX.finditer(work.text):
                chars[found.start()], chars[found.end("label")] = ",", ":"
            work.text = "".join(chars)
    if _ARROW_SIGN.search(work.text) and len(_TO_WORD.findall(work.text)) >= 2 and len(_ARROWS.findall(work.text)) >= 3:
        work.change(_ARROWS, lambda found: "," * len(found[0]), counts=False)
    if work.text.count("-") >= 3 and len(_HYPHENS.findall(work.text)) >= 3:
        work.change(_HYPHENS, lambda found: ",", counts=False)
    if "--" in work.text or "—" in work.text:
        work.change(_DASHED, lambda found: "," * len(found[0]), counts=False)
    if '"' in work.text and _JSON.match(work.text):
        work.change(_QUOTES, lambda found: " ", counts=False)
        work.change(re.compile(r"^\s*[\[({]+|[\])}]+\s*$"), lambda found: " " * len(found[0]), counts=False)
    if "_" in work.text or "(" in work.text or "[" in work.text:
        filled = [found for found in _FILLED.finditer(work.text) if _is_blank(found)]
        if filled:
            if len(filled) > 1 and filled[0]["open"].startswith("("):  # 网格(9) 敲门(55)户
                filled = [found for found in _FILLED.finditer(work.text) if _is_blank(found, bare=True)]
            work.drop([span for found in filled for span in (found.span("open"), found.span("close"))], counts=False)
            work.change(_BLANK, lambda found: "," * len(found[0]), counts=False)
    if "\n" in work.text:
        _stacked(work)
        _numbered(work)
    _listed(work)


def _is_blank(found: re.Match[str], bare: bool = False) -> bool:
    """Return whether a figure between marks fills a blank: __8__, ( 83 )户; (2) alone is a number of a list."""
    if "_" in found[0] or found[0].startswith("["):
        return True
    before, after = found.string[: found.start()], found.string[found.end() :]
    unit = bare or re.match(rf"\s*[{_COUNTED}]", after) is not None
    return unit and re.search(r"[一-鿿:][ \t]*\Z", before) is not None


def _stacked(work: Working) -> None:
    """A label with its value on the next line is a label with its value."""
    cuts = []
    for found in _STACKED.finditer(work.text):
        value = _VALUE.match(work.text, found.end("cut"))
        if value and re.match(r"[ \t]*(?:\n|$)", work.text[value.end() :]):
            cuts.append(found.start("cut"))
    if len(cuts) >= 2:
        chars = list(work.text)
        for at in cuts:
            chars[at] = ":"
        work.text = "".join(chars)


_PLAIN_LIST = lazy(r"(?m)^[ \t]*(?P<n>\d{1,2})(?P<gap>[ \t]+)(?=[一-鿿]{2})")


def _numbered(work: Working) -> None:
    """Lines that begin with 1, 2, 3 and a space are numbered."""
    rows = list(_PLAIN_LIST.finditer(work.text))
    if len(rows) < 3 or [int(row["n"]) for row in rows] != list(range(1, len(rows) + 1)):
        return
    chars = list(work.text)
    for row in rows:
        chars[row.start("gap")] = ")"
    work.text = "".join(chars)


_FIRST_ITEM = re.compile(r"1[.、)/]")


def _listed(work: Working) -> None:
    """A list written in one line (1.张三 36.5 2.李四 36.6) has a line for each."""
    if not _FIRST_ITEM.search(work.text):
        return
    items = list(_INLINE.finditer(work.text))
    if len(items) < 2 or [int(one["n"]) for one in items] != list(
        range(int(items[0]["n"]), int(items[0]["n"]) + len(items))
    ):
        return
    if int(items[0]["n"]) > 1 or any(one["mark"] != items[0]["mark"] for one in items):
        return
    chars = list(work.text)
    for one in items[1:]:
        if chars[one.start() - 1] in " \t":
            chars[one.start() - 1] = "\n"
    work.text = "".join(chars)

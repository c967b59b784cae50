"""What changed into what: 5改为6, 是6不是5, 不是5是6, 原5现6, 412 ❌ 421 ✅, 五个说错了是六个, 176(误报167)."""

from typing import NamedTuple

from nlp.lazy import lazy
from nlp.numerals import read_numeral

_UNITS = r"(?:个?人次?|户|名|例|辆|台|份|张|条|次|起|处|间|亩|毫米|米|℃|度|袋|斤|公斤|盒|瓶|板|箱|桶|个|车)"


def _figure(name: str) -> str:
    return (
        rf"(?P<{name}>\d{{1,9}}(?:\.\d{{1,9}})?|[零一二两三四五六七八九十百千万俩仨]{{1,9}})"
        rf"\s*(?P<{name}_unit>{_UNITS})?"
    )


_OLD, _NEW = _figure("old"), _figure("new")
_TO = (
    r"(?:-+>|→|⇒|=>|➡|(?:更|修|订|纠)正(?:为|成)|(?:修改|更改|调整|变更|改|变|调|换)(?:为|成|到)"
    r"|应(?:该)?(?:改)?(?:为|是)|改(?=\s*[\d零一二两三四五六七八九十]))"
)
_WRONG = r"(?:说|写|报|打|填|数|看|记|算|弄|搞|输|录|听)"
_GAP = r"[,、;。\s]*"
_PATTERNS = tuple(
    lazy(pattern)
    for pattern in (
        rf"{_OLD}\s*(?:❌|×|✗|✘)\s*[,、]?\s*(?:改为|→)?\s*{_NEW}\s*(?:✅|✓|✔|√|对(?!的))?",
        rf"误把\s*{_NEW}\s*{_WRONG}成了?\s*{_OLD}",
        rf"(?:(?:由|从|把|将)\s*)?(?<!第){_OLD}\s*{_TO}\s*{_NEW}",
        rf"原(?:来|先|本|报|值|数|为|是|填)*\s*[:=]?\s*{_OLD}{_GAP}(?:现|改|新|更正|应|实)(?:在|值|数|为|是|报|改|该|际|正)*\s*[:=]?\s*{_NEW}",
        rf"{_OLD}{_GAP}{_WRONG}错了?{_GAP}(?:应该?|其实|实际)?(?:是|为)?\s*{_NEW}",
        rf"{_WRONG}成了?\s*{_OLD}\s*了?{_GAP}(?:应该?|其实|实际)(?:是|为)\s*{_NEW}",
        rf"(?:而?不是|并?非)\s*{_OLD}\s*[,、]?\s*(?:而是|应该?(?:是|为)|应为|是)\s*{_NEW}",
        rf"{_NEW}\s*[,、]?\s*(?:而?不是|而非|并非|非)\s*{_OLD}",
        rf"{_NEW}\s*[(,、]?\s*(?:误(?:报|写|填)(?:成|为)?|(?:前面|刚才|之前|原来|上午|早上|昨天|我)*误?{_WRONG}成|(?:之前|原|刚才|前面|上午|早上|原来|先前)(?:报|写|填|说)的?(?:是|为)?)"
        rf"(?:了|的是)?\s*{_OLD}\s*了?\)?",
    )
)


class Change(NamedTuple):
    """One change: its span, the figure that was wrong with its unit, the span of the figure that is right."""

    start: int
    end: int
    old: int | float | None
    unit: str
    kept: tuple[int, int]


def scan_changes(text: str) -> list[Change]:
    """Return every change of a figure in *text* (normalised), in order, none overlapping.

    >>> [(one.old, "发热 1→0,隔离 3户→4户"[slice(*one.kept)]) for one in scan_changes("发热 1→0,隔离 3户→4户")]
    [(1, '0'), (3, '4户')]
    """
    out: list[Change] = []
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            if any(one.start < found.end() and found.start() < one.end for one in out):
                continue
            old = read_numeral(found["old"])
            if old is None or read_numeral(found["new"]) is None:
                continue
            until = found.end("new_unit") if found["new_unit"] else found.end("new")
            out.append(Change(found.start(), found.end(), old, found["old_unit"] or "", (found.start("new"), until)))
    return sorted(out)


def without_old(text: str, changes: list[Change]) -> str:
    """Return *text* with every change blanked but for the figure that is right."""
    for one in changes:
        start, end = one.kept
        text = text[: one.start] + " " * (start - one.start) + text[start:end] + " " * (one.end - end) + text[one.end :]
    return text

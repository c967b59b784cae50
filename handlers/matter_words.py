"""What is said of matters: 调解 3-101 王样花 本人同意 …, 我要调解 …, 事项, 事项5 受理了, 撤回事项5, 我的事."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.domain.matter import EDGES, Pack
from handlers.even import even


class MatterKind(StrEnum):
    """What was said; none of the values is another word's."""

    OPEN = "matter_open"
    MINE = "matter_mine"
    ONE = "matter_one"
    WITHDRAW = "matter_withdraw"
    ANSWER = "matter_answer"
    TIP = "matter_tip"  # telling on others: not taken and not kept


@dataclass(frozen=True, slots=True)
class MatterWord:
    """One word: the pack, the door and the name as typed, the number, and the rest."""

    kind: MatterKind
    pack: Pack | None = None
    door: str = ""
    name: str = field(default="", repr=False)
    number: int = 0
    rest: str = field(default="", repr=False)


_ABOUT = re.compile(
    r"(?P<door>[^\s,:]*\d[^\s,:]*)[\s,]+(?P<name>[\u3400-\u9fff·]{2,8})(?=[\s,:]|$)(?P<rest>.*)", re.DOTALL
)
_END = r"[。!?\s]*"
_MINE = re.compile(
    rf"我的(?:事|事项|事情|调解|帮扶)(?:怎么样了?|到哪了|办得怎样了?)?{_END}"
    rf"|(?:我的?)?(?:事项|待办事项)(?:列表|清单|单|有哪些)?{_END}"
)
_ONE = re.compile(r"事项\s*(?:第|#|:)?\s*(?P<n>\d{1,9})\s*号?[\s,:]*(?P<rest>.*)", re.DOTALL)
_WITHDRAW = re.compile(
    rf"(?:撤回|撤销|取消|不办)(?:了)?事项\s*(?:第|#)?\s*(?P<n>\d{{1,9}})\s*号?{_END}"
    rf"|事项\s*(?P<m>\d{{1,9}})\s*号?[\s,]*(?:撤回|撤销|不办了|不是我的意思){_END}"
)
_TIP = re.compile(r"(?:我们?)?(?:要|想)?(?:举报|检举|告发|揭发)(?!电话|热线|信箱|方式|奖|[\s,:。]*$)")
_ASKS = r"(?:我|我家|本人)?(?:想要?|要|请|需要)?(?:帮我|给我)?(?:申请)?"


def read_matter(text: str, packs: Sequence[Pack]) -> MatterWord | None:
    """Return what somebody on duty says of a matter; None when it is anything else.

    >>> read_matter("事项5 受理了 明天谈", ()).rest, read_matter("撤回事项5", ()).number, read_matter("今天敲门46", ())
    ('受理了 明天谈', 5, None)
    """
    plain = even(text).strip()
    if is_tip(plain):
        return MatterWord(MatterKind.TIP)
    if not plain or len(plain) > 800 or not _may_be(plain, packs):
        return None
    if found := _WITHDRAW.fullmatch(plain):
        return MatterWord(MatterKind.WITHDRAW, number=int(found["n"] or found["m"]))
    if found := _ONE.fullmatch(plain):
        return MatterWord(MatterKind.ONE, number=int(found["n"]), rest=found["rest"].strip(EDGES))
    if _MINE.fullmatch(plain):
        return MatterWord(MatterKind.MINE)
    opened = read_opening(plain, packs)
    if opened is None:
        return None
    pack, rest = opened
    about = _ABOUT.fullmatch(rest)
    if about is None:
        return MatterWord(MatterKind.OPEN, pack, rest=rest)
    return MatterWord(MatterKind.OPEN, pack, about["door"], about["name"], rest=about["rest"].strip(EDGES))


def is_tip(plain: str) -> bool:
    """Return whether the words begin by telling on somebody.

    >>> is_tip("举报 0001户 赌博"), is_tip("我要举报楼上"), is_tip("举报电话12345"), is_tip("有人举报我")
    (True, True, False, False)
    """
    return bool(_TIP.match(plain))


def _may_be(plain: str, packs: Sequence[Pack]) -> bool:
    """Return whether any word of a matter stands in it: most messages are looked at no further."""
    return "事" in plain or any(word in plain for pack in packs for word in pack.words)


def read_opening(plain: str, packs: Sequence[Pack]) -> tuple[Pack, str] | None:
    """Return the pack that *plain* opens and what follows, None when it opens none."""
    words: Mapping[str, Pack] = {word: pack for pack in packs for word in pack.words}
    if not words:
        return None
    names = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    found = re.fullmatch(rf"{_ASKS}(?P<word>{names})(?:一下)?(?:[\s,:。](?P<rest>.*)|[。!]?)", plain, re.DOTALL)
    return (words[found["word"]], (found["rest"] or "").strip(EDGES)) if found else None

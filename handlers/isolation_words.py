"""What leads say to enter a decision: 隔离 3-101 王样花 从…到… 机关… 文号… 依据… 申诉…, 延长隔离 3 …, 解除隔离 3 …."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from handlers.even import even


class IsolationKind(StrEnum):
    """What was said; none of the values is another word's."""

    OPEN = "isolation_open"
    EXTEND = "isolation_extend"
    END = "isolation_end"
    TOLD = "isolation_told"
    UNDO = "isolation_undo"
    LIST = "isolation_list"


@dataclass(frozen=True, slots=True)
class IsolationWord:
    """One word about an isolation: of which number, the door and the name, and the labelled rest as typed."""

    kind: IsolationKind
    number: int = 0
    door: str = ""
    name: str = field(default="", repr=False)
    said: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "issuer": ("决定机关", "机关", "单位", "发文单位"),
        "number": ("决定书文号", "决定书", "文号", "编号"),
        "basis": ("依据", "根据"),
        "appeal": ("申诉", "不服", "复议", "救济"),
        "start": ("开始", "起始", "从", "自"),
        "until": ("预计到", "结束", "到", "至"),
    }
)
_KEY = {word: key for key, words in LABELS.items() for word in words}
_LABEL = re.compile(
    r"(?:^|[\s,,;;、])(?P<label>" + "|".join(sorted(map(re.escape, _KEY), key=len, reverse=True)) + r")[\s::]*"
)
_EDGES = " ,,;;。、\n\t"
_OPEN = re.compile(
    r"(?:居家)?(?:隔离|医学观察|居家观察)[\s,,::]+(?P<door>[^\s,,。;]{1,24})[\s,,]+"
    r"(?P<name>[\u3400-\u9fff·]{2,12})(?P<rest>[\s,,].*)",
    re.DOTALL,
)
_NUMBERED = re.compile(
    r"(?P<what>延长|解除)(?:居家)?(?:隔离|观察|医学观察)\s*(?:第|#)?\s*(?P<n>\d{1,9})\s*号?(?P<rest>.*)", re.DOTALL
)
_TOLD = re.compile(r"(?:隔离)?(?:已告知|已经告知|告知了)(?:隔离)?\s*(?:第|#)?\s*(?P<n>\d{1,9})\s*号?[。!!\s]*")
_UNDO = re.compile(r"(?:隔离)?(?:录错了?|撤销录入|录入有误)(?:隔离)?\s*(?:第|#)?\s*(?P<n>\d{1,9})\s*号?[。!!\s]*")
_LIST = re.compile(
    r"(?:看(?:看|一下)?)?(?:隔离|居家观察)的?(?:名单|户|人员|情况|有哪些)[??。!\s]*|在隔离的?(?:有哪些)?[??\s]*"
)


def read_isolation(text: str) -> IsolationWord | None:
    """Return what *text* (mention stripped) says of an isolation as a whole, None when it is anything else.

    A count in a report (隔离5户) is none of it.

    >>> read_isolation("解除隔离 3 文号 样防2号 机关 县防指").said
    mappingproxy({'number': '样防2号', 'issuer': '县防指'})
    >>> read_isolation("今天敲门46 隔离5户8人"), read_isolation("隔离5户")
    (None, None)
    """
    plain = even(text).strip()
    if not plain or len(plain) > 600:
        return None
    if _LIST.fullmatch(plain):
        return IsolationWord(IsolationKind.LIST)
    for kind, pattern in ((IsolationKind.TOLD, _TOLD), (IsolationKind.UNDO, _UNDO)):
        if found := pattern.fullmatch(plain):
            return IsolationWord(kind, int(found["n"]))
    if found := _NUMBERED.fullmatch(plain):
        kind = IsolationKind.EXTEND if found["what"] == "延长" else IsolationKind.END
        return IsolationWord(kind, int(found["n"]), said=_labelled(found["rest"]))
    if (found := _OPEN.fullmatch(plain)) and (said := _labelled(found["rest"])):
        return IsolationWord(IsolationKind.OPEN, 0, found["door"], found["name"], said)
    return None


def _labelled(rest: str) -> Mapping[str, str]:
    """Return what stands behind each label, to the next; what stands before the first is nobody's."""
    found = list(_LABEL.finditer(rest))
    ends = [*(one.start() for one in found[1:]), len(rest)][: len(found)]
    said: dict[str, str] = {}
    for label, end in zip(found, ends, strict=True):
        value = rest[label.end() : end].strip(_EDGES)
        if value:
            said.setdefault(_KEY[label["label"]], value[:120])
    return MappingProxyType(said)

"""What workers say around the four ones: 3-101 打了 没人接, 上门了 没事 36度5, 今天, 欠什么."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from nlp.normalize import normalize


class OneKind(StrEnum):
    """What was said; none of the values is another word's."""

    CALLED = "one_called"
    VISITED = "one_visited"
    TODAY = "one_today"
    OWED = "one_owed"
    SHEET = "one_sheet"
    CLAIM = "one_claim"
    DELIVERED = "one_delivered"
    GOT = "one_got"
    LOOK_AFTER = "one_look_after"
    LEAVE_ALONE = "one_leave_alone"


@dataclass(frozen=True, slots=True)
class OneWord:
    """One word about a contact: the door as typed ("" when none), the place on the list, and what was found."""

    kind: OneKind
    door: str = ""
    number: int = 0
    rest: str = field(default="", repr=False)
    reached: bool | None = None


_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DONE = re.compile(
    r"(?:(?P<door>[^\s,。;①-⑳]{1,24}?)[\s,:]*)??"
    r"(?:(?P<call>(?:电话)?(?:打了|打过了?|打通了?|没打通|打不通|没人接|接了)|电话(?:没人接|不通|通了|关机|停机))"
    r"|(?P<visit>上门了|上门看了|上过门了|去看了|看过了|敲门了|敲过门了))"
    r"(?P<rest>(?:[\s,。;].*)?)",
    re.DOTALL,
)
_CALLED = ("打了", "打过了", "打过")
_NOT = re.compile(r"没打通|打不通|没人接|不通|关机|停机|没接|无人接|不在家|没人在|没人应")
_IS_WELL = re.compile(r"人没事|人好|人在|好着|没事|都好|正常|人平安|挺好")
_TODAY = re.compile(
    r"(?:我?(?:的)?今天|今日)(?:有?(?:几件|哪些|什么)(?:事|活)?|的活|待办|清单|干啥)?[??。!\s]*|我的[??。!\s]*"
)
_OWED = re.compile(r"(?:我们?村|本村|全村)?(?:还)?欠(?:什么|哪些|谁|啥)?[??。!\s]*")

_SHEET = re.compile(r"(?:看(?:看|一下)?)?(?:采购单|购物单|买菜单|需求(?:清单|单)|要买什么)[??。!\s]*")
_CLAIM = re.compile(r"我(?:来|去)(?:买|采购|代购)[。!\s]*|(?:采购|买菜|代购)我(?:来|去|接)[。!\s]*")
_PLAN = re.compile(
    r"(?P<off>不用?再?|别|取消)?照看[\s::]+(?P<door>[^\s,。;]{1,24})(?:[\s,]+(?P<plan>[^\s,。;]{1,20}))?[。!\s]*"
)
_BROUGHT = re.compile(
    r"(?P<door>[^\s,。;]*\d[^\s,。;]{0,12}?)[\s,:]*(?:(?P<there>送到了?|送过去了|送了)|(?P<got>收到了))[。!\s]*"
)


def says_well(rest: str) -> bool:
    """Return whether what stands after the deed says that they are well.

    >>> says_well("手机没电 人没事"), says_well("")
    (True, False)
    """
    return bool(_IS_WELL.search(rest))


def read_one(text: str) -> OneWord | None:
    """Return what *text* (mention stripped) says as a whole of a contact, None when it is anything else.

    >>> read_one("打了 手机没电 人没事 36度5").reached, read_one("3-101 没人接").door
    (True, '3-101')
    >>> read_one("今天敲门46 空5"), read_one("今天").kind
    (None, <OneKind.TODAY: 'one_today'>)
    """
    raw = text.strip()
    if not raw or len(raw) > 200:
        return None
    number = _CIRCLED.find(raw[0]) + 1
    plain = normalize(raw[1:] if number else raw).text.strip()
    if _TODAY.fullmatch(plain):
        return OneWord(OneKind.TODAY)
    if _OWED.fullmatch(plain):
        return OneWord(OneKind.OWED)
    if _SHEET.fullmatch(plain):
        return OneWord(OneKind.SHEET)
    if _CLAIM.fullmatch(plain):
        return OneWord(OneKind.CLAIM)
    if planned := _PLAN.fullmatch(plain):
        kind = OneKind.LEAVE_ALONE if planned["off"] else OneKind.LOOK_AFTER
        return OneWord(kind, planned["door"], rest=planned["plan"] or "")
    if brought := _BROUGHT.fullmatch(plain):
        return OneWord(OneKind.DELIVERED if brought["there"] else OneKind.GOT, brought["door"])
    found = _DONE.fullmatch(plain)
    door = (found["door"] or "") if found else ""
    door = "" if door in _CALLED else door
    if found is None or (door and not re.search(r"\d|户|家", door)):
        return None
    kind = OneKind.CALLED if found["call"] else OneKind.VISITED
    said = f"{found['call'] or found['visit']} {found['rest']}".strip()
    missed = bool(_NOT.search(said))
    reached = not missed or bool(_IS_WELL.search(said))
    return OneWord(kind, door, number, found["rest"].strip(" ,。;"), reached)

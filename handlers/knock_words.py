"""What is said of 敲门 and 张贴: 敲门, 3-101 敲了 3人 都好, 3-101 没人, 8栋敲完 除了803没人, 贴了6栋 还差2栋, 步骤."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from handlers.domain.knocking import Knocked, Why
from handlers.even import even
from handlers.knock_opening_words import read_round
from handlers.post_words import read_posting
from nlp.normalize import normalize
from nlp.numerals import read_numeral


class KnockKind(StrEnum):
    """What was said; none of the values is another word's."""

    OPEN = "knock_open"
    LIST = "knock_list"
    PROGRESS = "knock_progress"
    DOOR = "knock_door"
    HEARSAY = "knock_hearsay"  # where people went, what was heard of them: the second half is not kept
    BUILDING = "knock_building"
    HISTORY = "knock_history"
    UNDO = "knock_undo"
    CLOSE = "knock_close"
    HELP = "knock_help"
    DROP = "knock_drop"
    STEPS = "knock_steps"
    STEP_DONE = "knock_step_done"
    POST_LIST = "post_list"
    POSTED = "post_done"
    POST_PROGRESS = "post_progress"


@dataclass(frozen=True, slots=True)
class Door:
    """What was found at one door. `persons` None: not said. `left`: words that nothing was made of. `again`: said to
    be another try."""

    door: str
    state: Knocked
    why: Why
    persons: int | None = None
    left: str = field(default="", repr=False)
    again: bool = False  # 又没人, 还是没人


@dataclass(frozen=True, slots=True)
class KnockWord:
    """One word: the door, or the building ("" for all that are left) with its exceptions, or the labelled rest; of a
    list the round's title stands as the building."""

    kind: KnockKind
    doors: tuple[Door, ...] = ()
    building: str = ""
    said: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    shared: bool = False  # 敲门了, 打通了: other lists hear these words as well


_FOUND: Mapping[str, tuple[Knocked, Why]] = MappingProxyType(
    {
        r"电话(?:里)?(?:联系上|打通|通)了?|打通了|电话问(?:过)?了": (Knocked.MET, Why.CALLED),
        r"敲(?:过|开)?门?(?:开)?了(?!没)|敲过门?了?|敲开了?|见到?(?:人)?了": (Knocked.MET, Why.SEEN),
        r"(?:家里?|还是|又)?(?:没有?人(?:在家?|应|开门)?|人?[都也]?不在家?|没敲开|敲不开|没见[到着]人?)了?(?!住|接)": (
            Knocked.ABSENT,
            Why.NEXT_SLOT,
        ),
        r"(?:已经?|全家)?(?:搬(?:走|家)?了?(?!了)|搬走了?)|(?:租户|租客)?退租了?": (Knocked.MOVED, Why.MOVED),
        r"(?:是)?(?:空户|空房|没人住|空着)": (Knocked.MOVED, Why.EMPTY),
        r"(?:说)?(?:不方便|不愿意?(?:说|开门)?|不开门|不给开门?|不让进|不想开门?|拒绝(?:开门|登记)?)": (
            Knocked.UNMET,
            Why.DECLINED,
        ),
        r"(?:门上)?(?:留|贴)(?:了)?(?:张)?(?:条|字条|纸条)了?": (Knocked.UNMET, Why.LEFT_NOTE),
    }
)
_OUTCOMES = tuple(_FOUND.values())
_WHAT = "|".join(f"(?P<w{n}>{pattern})" for n, pattern in enumerate(_FOUND))
_AT = r"(?:[^\s,。;:]{0,14}格[\s,]*)?"  # 第01网格0001户: whoever walks several says which
_N = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"
_SURELY = (
    r"(?:敲门[\s:,]+(?=(?:[^\s,。;:]{0,14}格[\s,]*)?[^\s,。;:格]{0,8}?"
    r"(?:(?<!\d)0\d{1,5}(?:户|室|号)?|\d-\d|\d(?:栋|幢|座|号楼|单元)\d)))?"
)
"""敲门 第01网格0001户 没人: a door for sure; 敲门 46户 没人5 is a report."""
_DOOR = re.compile(
    rf"{_SURELY}(?P<door>{_AT}[^\s,。;:]{{0,12}}?\d[^\s,。;:]{{0,8}}?(?:户|室|号)?)[\s,:]*(?:今天|刚才?|已经|上午|下午|晚上)?"
    rf"(?:{_WHAT})(?P<rest>(?:[\s,。;].*|[\d一二两三四五六七八九十].*)?)",
    re.DOTALL,
)
_THEN = re.compile(rf"[\s,。;]*(?:{_WHAT})(?P<rest>(?:[\s,。;!].*)?)", re.DOTALL)  # 敲了 没人: knocked at, nobody there
_SHARED = re.compile(r"敲(?:过)?门了|打通了|没敲开")
_AGAIN = re.compile(r"又|还是|再敲")
_PERSONS = re.compile(rf"(?:共|有|家里|一共)?(?P<n>{_N})\s*(?:个|口)?(?:人|口)")
_IDLE = re.compile(
    r"(?:都|全|人|全家|一家|一切|大家)*(?:好着?(?:呢|的)?|没事|正常|平安|健康|在家?)|了|都|呢|哈|谢谢|辛苦|[\s,。;、!~]"
)
_A_COUNT = re.compile(r"[\d一二三四五六七八九十百]\s*户")
_WHERE_TO = re.compile(
    r"听说|据说|听人|有人(?:说|讲)|邻居(?:说|讲)|去了|去(?!年)[\u3400-\u9fff]|回(?:老家|娘家|婆家)|外地|打工|串门"
)

_BUILDING = re.compile(
    rf"(?P<b>{_AT}(?:\d{{1,4}}\s*(?:栋|幢|座|号楼|楼|#))?)[\s,]*(?:也|已经|今天)?(?:这|整)?(?:一)?(?:(?:全部|全|都|统统)敲过?了|"
    r"(?:全部|全|都|统统)?敲(?:完|好|遍|光)了?)(?P<rest>(?:[\s,。;:除就只].*)?)",
    re.DOTALL,
)
_ROOM = r"\d[\d\-]{0,12}(?:室|户|号)?"
_EXCEPT = re.compile(rf"(?P<doors>{_ROOM}(?:[\s、,和]+{_ROOM})*)[\s,]*(?:{_WHAT}|(?P<not>没敲|还没敲?|未敲))")
_JOINING = re.compile(r"除了?|除开|就剩|只剩?|只有|其他|其余|别的|的|都|敲了|好|见到了?|之外|以外|外|有|[\s,。;、:!]")

_LIST = re.compile(
    r"敲门(?:单|名单|清单|列表|任务)?|(?:还)?(?:有)?(?:哪些|几户|多少户)(?:还)?没敲(?:门)?[??]?"
    r"|敲门还(?:有|剩)(?:多少|几户|哪些)[??]?"
)
_LIST_OF = re.compile(r"(?P<what>敲门|张贴)\s+(?!进度|进展|情况|结束)(?P<title>[^\s\d,。:]{2,20})")
_PROGRESS = re.compile(r"敲门\s*(?:的)?(?:进度|进展|情况|到哪了|怎么样了?)[??]?|敲了多少(?:户)?了?[??]?")
_HISTORY = re.compile(
    rf"敲门(?:\s+(?P<a>{_AT}(?:\d{{1,4}}[-栋幢座单元号楼]+[\d\-单元]{{0,8}}\d(?:室|号)?|0\d{{1,5}}(?:户|室|号)?))|记录\s*(?P<b>[^\s,。;:]{{1,20}}))[??。\s]*"
)  # 敲门 46 is a report
_UNDO = re.compile(
    r"(?:(?P<door>(?:[^\s,。]{0,14}格[\s,]*)?[^\s,。]{0,12}\d[^\s,。]{0,8}?)[\s,]*(?:敲错|记错|写错|搞错)了?|撤回敲门|敲门(?:撤回|记错了?))[。!\s]*"
)
_DROP = re.compile(r"(?:算了|不对|不是|错了|先不记|不记了|不用记)[。!\s]*")  # not what was read back
_CLOSE = re.compile(r"(?P<what>敲门|张贴)\s*(?:结束|收工|到此为止)|结束(?:这轮)?(?P<also>敲门|张贴)")
_HELP = re.compile(
    r"(?:帮助|怎么用|怎么弄|怎么说)[\s:,]*(?P<a>敲门|张贴|步骤|事项|调解|帮扶)"
    r"|(?P<b>敲门|张贴|步骤|事项|调解|帮扶)(?:的)?(?:帮助|怎么用|怎么弄|怎么说|怎么回|怎么办)[??]?"
)
_STEPS = re.compile(r"(?:看(?:看|一下)?)?(?:工作)?步骤(?:到哪(?:了|一步)?|怎么样了?)?[??]?|(?:到)?第几步了?[??]?")
_STEP = re.compile(
    rf"(?:第\s*(?P<n>{_N})\s*步|步骤\s*(?P<m>{_N}))[\s,]*(?:也|已经|都)?"
    r"(?P<what>做?(?:好|完)了?|做了|办完了?|完成了?|没做(?:完|好)?|撤回|做错了|没完)[。!\s]*"
)

_WORDS = re.compile(
    r"算了|不对|不是|错了|不记|不用记|帮助|怎么|敲|贴|差|剩|没|不在|不开|不让|不方便|不愿|不想|见|搬|空|留|电话|打通|步|退租|拒"
)


def read_knock(text: str) -> KnockWord | None:
    """Return what *text* (mention stripped) says as a whole of a round, None when it is anything else.

    >>> word = read_knock("3-101 敲了 3人 都好")
    >>> word.doors[0].door, word.doors[0].state.value, word.doors[0].persons, word.doors[0].left
    ('3-101', 'met', 3, '')
    >>> [d.door for d in read_knock("8栋敲完 除了803没人").doors], read_knock("8栋敲完了").building
    (['803'], '8栋')
    >>> read_knock("今天敲门46 空5"), read_knock("3网格敲了46户"), read_knock("贴通告13张")
    (None, None, None)
    """
    raw = even(text).strip()
    if not raw or len(raw) > 600 or not _WORDS.search(raw):
        return None
    if opened := read_round(raw):
        return KnockWord(KnockKind.OPEN, said=MappingProxyType(opened))
    if len(raw) > 200:
        return None
    plain = normalize(raw).text.strip()
    return _fixed(plain) or _posted(plain) or _building(plain) or _door(plain)


def _fixed(plain: str) -> KnockWord | None:
    for kind, pattern in (
        (KnockKind.DROP, _DROP),
        (KnockKind.LIST, _LIST),
        (KnockKind.PROGRESS, _PROGRESS),
        (KnockKind.STEPS, _STEPS),
    ):
        if pattern.fullmatch(plain.rstrip("。! ")):
            return KnockWord(kind)
    if found := _HISTORY.fullmatch(plain):
        return KnockWord(KnockKind.HISTORY, building=found["a"] or found["b"])
    if found := _UNDO.fullmatch(plain):
        return KnockWord(KnockKind.UNDO, building=found["door"] or "")
    if found := _CLOSE.fullmatch(plain.rstrip("。! ")):
        return KnockWord(KnockKind.CLOSE, said=MappingProxyType({"what": found["what"] or found["also"]}))
    if found := _HELP.fullmatch(plain.rstrip("。! ")):
        return KnockWord(KnockKind.HELP, said=MappingProxyType({"what": found["a"] or found["b"]}))
    if found := _STEP.fullmatch(plain):
        number = read_numeral(found["n"] or found["m"]) or 0
        undone = "1" if re.search(r"没|撤|错", found["what"]) else ""
        return KnockWord(KnockKind.STEP_DONE, said=MappingProxyType({"n": f"{number:g}", "undo": undone}))
    if found := _LIST_OF.fullmatch(plain.rstrip("。! ")):
        return KnockWord(KnockKind.LIST if found["what"] == "敲门" else KnockKind.POST_LIST, building=found["title"])
    return None


def _door(plain: str) -> KnockWord | None:
    found = _DOOR.fullmatch(plain)
    if found is None or _A_COUNT.search(found["rest"]) or found["door"].rstrip(" ,").endswith("格"):
        return None
    one = _one(found["door"], found, found["rest"])
    gossip = one.left and (one.state is Knocked.MOVED or _WHERE_TO.search(one.left))
    kind = KnockKind.HEARSAY if gossip else KnockKind.DOOR
    return KnockWord(kind, (one,), shared=bool(_SHARED.search(plain)))


def _one(door: str, found: re.Match[str], rest: str) -> Door:
    state, why = _which(found)
    said = found[0]
    if why is Why.SEEN and (then := _THEN.fullmatch(rest)):
        (state, why), rest = _which(then), then["rest"]
    persons = _PERSONS.search(rest)
    number = read_numeral(persons["n"]) if persons else None
    left = rest[: persons.start()] + rest[persons.end() :] if persons else rest
    again = bool(_AGAIN.search(said))
    return Door(door, state, why, int(number) if number is not None else None, _IDLE.sub("", left).strip(), again)


def _building(plain: str) -> KnockWord | None:
    found = _BUILDING.fullmatch(plain)
    if found is None:
        return None
    doors = []
    rest = found["rest"]
    for one in _EXCEPT.finditer(rest):
        for door in re.findall(r"\d[\d\-]*", one["doors"]):
            state, why = (Knocked.TODO, Why.NEXT_SLOT) if one["not"] else _which(one)
            doors.append(Door(door, state, why))
    left = _JOINING.sub("", _EXCEPT.sub(" ", rest))
    return KnockWord(KnockKind.BUILDING, tuple(doors), (found["b"] or "").strip(), MappingProxyType({"left": left}))


def _which(found: re.Match[str]) -> tuple[Knocked, Why]:
    return next(out for n, out in enumerate(_OUTCOMES) if found[f"w{n}"] is not None)


def _posted(plain: str) -> KnockWord | None:
    found = read_posting(plain)
    if found is None:
        return None
    return KnockWord(KnockKind.POSTED if "how" in found else KnockKind(found["kind"]), said=MappingProxyType(found))

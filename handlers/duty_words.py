"""What workers and leads say around their days: 补录, 周卡 三格, 更多, 全镇, 看 3格, 交接, 接了, 代, 明天休息, 在岗."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from nlp.normalize import normalize


class DutyKind(StrEnum):
    """What was said; none of the values is another word's."""

    CATCH_UP = "duty_catch_up"
    WEEK_CARD = "duty_week_card"
    SHEET_FILE = "duty_sheet_file"
    NEEDS_ROLL = "duty_needs_roll"
    MORE = "duty_more"
    TOWN = "duty_town"
    LOOK = "duty_look"
    HAND_OVER = "duty_hand_over"
    TOOK_OVER = "duty_took_over"
    UNWELL = "duty_off_now"  # what stands in the inbox says nothing of why
    STAND_IN = "duty_stand_in"
    REST = "duty_off_day"
    WHO_IS_ON = "duty_who_is_on"
    HELP = "duty_help"


@dataclass(frozen=True, slots=True)
class DutyWord:
    """One such word: the place or day as typed, "" when none."""

    kind: DutyKind
    what: str = field(default="", repr=False)


_END = r"[。.!!~\s]*"
_ILL = (
    r"发烧|发热|高烧|低烧|烧到|烧了|不舒服|难受|感冒|病了|生病|咳嗽|咽痛|(?:头|嗓子|喉咙|肚子)(?:疼|痛|晕)|头晕|拉肚子|没力气|乏力"
    r"|起不来|不太?好"
)
_DAY = r"今天|明天|后天|大后天|\d{1,2}月\d{1,2}[日号]|\d{1,2}[日号]|(?:下?周|下?星期|礼拜)[一二三四五六日天]"
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (DutyKind.WEEK_CARD, rf"(?:打印?|印)?周卡(?:[\s::]*(?P<what>[^\s,。]{{1,24}}))?{_END}"),
        (DutyKind.SHEET_FILE, rf"(?:采购|购物|买菜)(?:表|文件|表格){_END}"),
        (DutyKind.HELP, rf"帮助[\s::]+(?P<what>[^\s,。]{{1,6}}){_END}"),
        (DutyKind.MORE, rf"(?:看)?更多{_END}"),
        (DutyKind.TOWN, rf"(?:看)?(?:全镇|全乡|全街道|全县)(?:看板|情况)?{_END}"),
        (
            DutyKind.LOOK,
            rf"看(?:看|一下)?[\s::]*(?P<what>[^\s,。看]{{0,18}}(?:村|社区|居|网格|格|镇|乡|街道)){_END}",
        ),
        (DutyKind.HAND_OVER, rf"(?:工作)?交接(?:一下|工作)?{_END}"),
        (DutyKind.TOOK_OVER, rf"(?:我)?接(?:了|下了|手了|班了){_END}"),
        (
            DutyKind.UNWELL,
            rf"我(?:自己|本人|今天|昨晚|现在|刚|有点儿?|有些|好像|可能|也|身体|人|又|开始|\s)*(?:{_ILL})"
            rf"(?:{_ILL}|了|[\s,。、!!.度℃点]|\d|有点|还|也|又|和|到|体温|量了?|烧|今天|想|休息|去不了|来不了|干不了|得?厉害|很|一点|不行)*",
        ),
        (DutyKind.STAND_IN, rf"(?:我(?:来)?)?代(?:吧|一下|班)?{_END}"),
        (
            DutyKind.REST,
            rf"(?:我|想|要)*(?P<what>{_DAY})(?:我|想|要)*(?:休息|轮休|调休|歇(?:一天|班)?)(?:一天)?{_END}",
        ),
        (DutyKind.WHO_IS_ON, r"(?:看)?在岗(?:情况|人员)?[??。\s]*"),
    )
)
_CHAIN = re.compile(r"\s*(?:#|＃)?\s*(?:接龙|group\s*note|solitaire)", re.IGNORECASE)
_ROWS = re.compile(r"(?:^|[\s\n])\d{1,3}\s*[.、..)]\s*\S")


def read_duty(text: str) -> DutyWord | None:
    """Return what *text* (mention stripped) says as a whole, None when it is anything else.

    >>> read_duty("周卡 三格"), read_duty("我妈发烧了"), read_duty("今天敲门46 空5")
    (DutyWord(kind=<DutyKind.WEEK_CARD: 'duty_week_card'>), None, None)
    >>> read_duty("我发烧了 38.2").kind, read_duty("明天休息").what
    (<DutyKind.UNWELL: 'duty_off_now'>, '明天')
    """
    raw = text.strip()
    if raw.startswith("补录"):
        return DutyWord(DutyKind.CATCH_UP)
    if _CHAIN.match(raw) and _ROWS.search(raw):
        return DutyWord(DutyKind.NEEDS_ROLL)
    if not raw or len(raw) > 40:
        return None
    plain = normalize(raw).text.strip()
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(plain):
            return DutyWord(kind, found.groupdict().get("what") or "")
    return None

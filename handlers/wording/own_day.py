"""What is said about a worker's own health and rest: kind, in private, and never what they have."""

from collections.abc import Sequence
from datetime import date


def unwell(told: str | None, asked: str | None) -> str:
    """Return what somebody hears who is not well."""
    ask = f"问了{asked}能不能代您今天的事" if asked else "请领导安排人代"
    lead = f"只私下告诉了{told}您身体不适," if told else ""
    return (
        f"先顾好自己,今天的事放一放。{lead}{ask},群里没有说,体温也没有留。"
        "喘不上气、胸口疼、烧得厉害先打120或找村医。好了回「我回来了」。"
    )


def rest_well() -> str:
    return "今天已经有人代了,您好好歇,群里没有说。喘不上气、胸口疼先打120。好了回「我回来了」。"


def please_stand_in(who: str, homes: int) -> str:
    return f"{who}今天不方便,能请您代一下今天的事吗({homes}户)?行就回「代」,不行不用回,照旧有人接着联系。"


def lead_unwell(who: str, asked: str | None) -> str:
    if asked is None:
        return f"{who}身体不适,今天没有人代。您能代就回「代」,或请人跟{who}说好后让他回「请假 某某代」。别在群里说。"
    return f"{who}身体不适,已问{asked}能不能代,代了再告诉您。别在群里说。"


def arranged(who: str, substitute: str) -> str:
    return f"{who}今天由{substitute}代,已安排好。"


def stand_in_at_once(who: str) -> str:
    return f"谢谢!{who}今天的事您代。"


def somebody_was_first() -> str:
    return "已经有人代了,谢谢您。"


def resting(day: str, substitute: str | None) -> str:
    by = f"由{substitute}代" if substitute else "没有同格的人代,事情转给领导"
    return f"记:{day}休息,{by},那天不找您,好好歇。改主意回「我回来了」。"


def rest_when() -> str:
    return "哪天休息没看懂,或已经过了。这样说:明天休息;1月30日休息。"


def stands_in_for_rest(who: str, places: str, day: str) -> str:
    return f"{who}({places}){day}休息,那天的事由您代,到时把交接发给您。不方便请跟{who}说,换一天。"


def nobody_for_rest(who: str, places: str, day: str) -> str:
    return f"{who}({places}){day}休息,没有同格的人代,那天的事转给您。要换人请让{who}回「请假 某某代」。"


ON, RESTING, LEAVE, UNWELL_SET, UNWELL_OPEN = "在岗", "休息", "请假", "身体不适已安排", "身体不适未安排"


def who_is_on(rows: Sequence[tuple[str, str, str, str]], on: int) -> str:
    """Return who is on: (place, name, how, substitute) of those who are not, and how many are."""
    lines = [f"在岗{on}人" + (",不在岗:" if rows else "。")]
    lines += [f"{place} {name}:{how}" + (f"({by}代)" if by else "") for place, name, how, by in rows]
    return "\n".join(lines)


def day(one: date) -> str:
    return f"{one.month}月{one.day}日"

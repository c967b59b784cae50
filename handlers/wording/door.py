"""What the page at the door says back: short, to be read standing."""

from collections.abc import Sequence

from handlers.domain.wellbeing import Wellbeing
from handlers.wording.four_ones import reading


def said(place: str, said_: Wellbeing, missing: Sequence[str], *, differs: bool, alarm: bool) -> str:
    parts = [f"{place} 上门✔ {reading(said_)}。"]
    if differs:
        parts.append("和家里人自己报的不一样,两个都留着,以原来的为准。")
    if alarm:
        parts.append("村医已经知道。喘不上气、胸口疼先打120。")
    if missing:
        parts.append(f"还差{'、'.join(missing)}。")
    return "".join(parts)


def nobody(place: str) -> str:
    return f"{place} 记下没人应门,不是您的错,会接着联系。"


def needs(place: str, taken: str, known: int) -> str:
    return f"{place} {taken}" + (f"有{known}样早记过了。" if known else "")


def whose() -> str:
    return "是谁的体温?先点人,再填。还没有记。"


def not_a_temperature(words: str) -> str:
    return f"「{words}」不像体温(34到43度),没有记。请再看一眼温度计。"


def not_understood(words: str) -> str:
    return f"没看懂「{words}」要什么,没有记。像这样写:白菜2棵 盐1包。"


def no_plan(place: str) -> str:
    return f"{place} 不在照看的计划里,身体怎样不用记。要东西照样可以记。"


def nobody_registered(place: str) -> str:
    return f"{place} 还没登记家里人,没有记。请先登记。"

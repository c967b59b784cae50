"""What is said when a paper card is typed in: what was taken, what was not and why, what stood there already."""

from collections.abc import Iterable, Sequence
from datetime import date

SHOWN = 20


def day(one: date) -> str:
    return f"{one.month}月{one.day}日"


def how() -> str:
    return (
        "补录这样写,一户一行:\n补录 3-101 2.7 36.4 2.8 36.5 好\n"
        "早晚各一次写:2.7 早36.4 晚36.6。几个人的户,门牌后写名字。"
    )


def told(taken: Sequence[str], faults: Sequence[str], days: int) -> str:
    """Return what became of a block: what was taken first, then line by line what was not."""
    lines = [f"补录记了{days}条:" if days else "都是原来就有的,没有新记:" if taken else "一条也没有记。"]
    lines += taken[:SHOWN]
    if len(taken) > SHOWN:
        lines.append(f"……还有{len(taken) - SHOWN}户也记了。")
    if faults:
        lines += [f"没有记的{len(faults)}处,改好再发一遍就行:", *faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(f"……还有{len(faults) - SHOWN}处。")
    return "\n".join(lines)


def taken(place: str, days: Iterable[str]) -> str:
    return f"{place} {'、'.join(days)}"


def one_day(on: date, part: str, reading: str) -> str:
    return f"{day(on)}{part} {reading}"


def same(one: str) -> str:
    return f"{one}(原来就有)"


def stays(one: str, earlier: str) -> str:
    return f"{one}(原来是{earlier},两个都留着,以原来的为准)"


def beside(one: str, earlier: str) -> str:
    return f"{one}(前一个{earlier}也留着)"


def no_days(place: str) -> str:
    return f"{place}:没写哪天。例:补录 3-101 2.7 36.4"


def no_such_day(place: str, typed: str) -> str:
    return f"{place} {typed}:没有这一天"


def not_yet(place: str, on: date) -> str:
    return f"{place} {day(on)}:还没到"


def too_old(place: str, on: date, most: int) -> str:
    return f"{place} {day(on)}:隔了{most}天以上"


def no_plan(place: str, on: date) -> str:
    return f"{place} {day(on)}:那天不在照看的计划里"


def not_a_temperature(place: str, on: date, words: str) -> str:
    return f"{place} {day(on)}:「{words}」不像体温(34到43度)"


def not_read(place: str, on: date, words: str) -> str:
    return f"{place} {day(on)}:没读懂「{words[:12]}」" if words else f"{place} {day(on)}:没写体温"


def whose(place: str, on: date, names: Iterable[str]) -> str:
    return f"{place} {day(on)}:是谁的?门牌后写上名字({'、'.join(names)})"


def nobody(place: str) -> str:
    return f"{place}:这户还没登记家里人,请先登记"


def which_door(door: str, choices: Sequence[str]) -> str:
    return f"{door}:是哪一户?{'、'.join(choices)}" if choices else f"{door}:没有这一户,或不归您管"

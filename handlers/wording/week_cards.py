"""What stands on the weekly card and is said about it. Big words, short; no name of anybody who lives there."""

from collections.abc import Iterable
from datetime import date, time

TITLE = "每周一张卡"
HINT = "放在电话旁边,网格员来了给他看"
WELL, CELSIUS, OTHER = "好", "体温", "要什么、哪里不舒服"
DAY = "哪天"
SCAN = "给网格员扫"
FIRST = "喘不上气、胸口痛、叫不醒:先打 120"
CALL = "有事就打,不等到填卡"
FREE = "不想填也照样有人管。卡收走记好以后,当面撕掉。"
_WEEK = "一二三四五六日"


def day(one: date) -> str:
    """Return a day as the card shows it.

    >>> day(date(2020, 2, 7))
    '2月7日 周五'
    """
    return f"{one.month}月{one.day}日 周{_WEEK[one.weekday()]}"


def span(first: date, last: date) -> str:
    return f"{first.month}月{first.day}日—{last.month}月{last.day}日"


def hour(at: time) -> str:
    """Return an hour as old people say it.

    >>> hour(time(9, 0)), hour(time(16, 30))
    ('早上9点', '下午4点半')
    """
    part = "早上" if at.hour < 12 else "下午" if at.hour < 18 else "晚上"
    minutes = "半" if at.minute == 30 else f"{at.minute}分" if at.minute else ""
    return f"{part}{at.hour if at.hour <= 12 else at.hour - 12}点{minutes}"


def why(purposes: Iterable[tuple[str, str]]) -> str:
    return ";".join(f"用途:{purpose},依据:{basis}" for purpose, basis in purposes)


def which_place() -> str:
    return "要哪里的周卡?这样说:周卡 三格;或一户:周卡 3-101。"


def coming(place: str, cards: int, base_url: str) -> str:
    return (
        f"{place}的周卡{cards}张,马上发给您(PDF,一户一页)。收回来这样记:补录 3-101 2.7 36.4 2.8 好,"
        f"或登录一次填完:{base_url}/console/catch-up"
    )


def too_many(place: str) -> str:
    return f"{place}一次印太多了,请一个村一个村印:周卡 村名。"


def nobody(place: str) -> str:
    return f"{place}在照看计划里的都能用微信,没有要印周卡的。单独印一户:周卡 3-101。"


def no_plan(door: str) -> str:
    return f"{door}不在照看的计划里,不用填卡。要照看先回「照看 {door}」。"


def file_name(place: str, first: date) -> str:
    return f"周卡-{place}-{first.month}月{first.day}日.pdf"

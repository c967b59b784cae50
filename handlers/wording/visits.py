"""What is said around a visit: the household's own digit closes it."""

from collections.abc import Iterable, Sequence

from handlers.domain.need import Item
from handlers.wording.needs import listed

CAME, NOT = "到了", "没有"


def question(items: Sequence[Item], purposes: Iterable[tuple[str, str]]) -> str:
    """Return the question by itself; of things that were brought it names them, and is the household's own wish."""
    if items:
        return f"您要的{listed(items)},送的人说到了。收到请回「收到啦」或1,没有回2;少了、错了直接说。"
    why = ";".join(f"用途:{purpose},依据:{basis}" for purpose, basis in dict.fromkeys(purposes))
    ask = "今天有人上门看过您、送过东西吗?到了回1,没有回2。不回也不要紧。"
    return "\n".join(line for line in (ask, why) if line)


def beside(items: Sequence[Item]) -> str:
    """Return the line that rides on another question of the day, whose own answers are 1 and 2."""
    if items:
        return f"您要的{listed(items)},送的人说到了:收到回3,没有回4。"
    return "今天有人上门看过您、送过东西吗?到了回3,没有回4。"


def confirmed() -> str:
    return "好的,记下了,谢谢您告诉我。"


def denied(told: bool) -> str:
    who = "已经告诉上门的人,请他再来一趟或先打电话" if told else "值班的人没联系上,请打村里值班电话"
    return f"知道了,抱歉。{who}。急事先打120。"


def says_not(place: str, door: str, *, brought: bool, visit: bool) -> str:
    what = "没收到东西" if brought and not visit else "没有人上门"
    back = " 或 ".join(
        words for words, on in ((f"「{door} 上门了 36.5 没事」", visit), (f"「{door} 送到了」", brought)) if on
    )
    return f"【没到】{place}:住户说今天{what},这一趟重新算没办,不是追责。请先打个电话问清楚,再去一趟;到了回{back}。"


def asked(waits: bool) -> str:
    """Return what the worker hears of it."""
    return "今天那一问里会顺便请住户确认,不用您催。" if waits else "已请住户回个数字确认,不用您催。"

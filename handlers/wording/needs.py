"""What is said of a household's needs: the read-back, the shopping list, the word that closes it."""

from collections.abc import Iterable, Sequence

from handlers.domain.need import Item
from handlers.wording.marks import numeral


def listed(items: Iterable[Item]) -> str:
    return "、".join(map(str, items))


def taken(items: Sequence[Item], left_out: int) -> str:
    """Return the read-back; a unit that was not said is shown, so that it can be set right."""
    goods = [one for one in items if not one.medicine]
    medicines = [one for one in items if one.medicine]
    parts = [f"记下要的:{listed(goods)}。"] if goods else []
    if guessed := [one for one in goods if one.guessed]:
        parts.append(f"没写单位的按{listed(guessed)},不对请说。")
    if medicines:
        parts.append(f"{listed(medicines)}先转给村医,会联系您。断药、胰岛素没了请马上说。")
    if left_out:
        parts.append(f"一次最多记30样,还有{left_out}样没记,请再发一条。")
    if goods:
        parts.append("送到了请回「收到啦」。")
    return "".join(parts)


def closed(items: Iterable[Item]) -> str:
    return f"好的,{listed(items)}都到了,谢谢您告诉我。48小时里发现少了、错了,说一声就重开。"


def reopened() -> str:
    return "抱歉,已经重开,原话转给送的人了。"


def nothing_delivered() -> str:
    return "现在没有在送的东西。要买什么直接写,像:白菜2棵 盐1包。"


def asks(place: str, items: Iterable[Item]) -> str:
    return f"【需求】{place}:{listed(items)}。回「采购单」看全部,回「采购我来」接下,送到回「门牌 送到了」。"


def asks_medicine(place: str, items: Iterable[Item]) -> str:
    return f"【要药】{place}:{listed(items)}。请先问问情况,再定怎么送。"


def says_again(place: str, words: str) -> str:
    return f"【没齐】{place}:居民说「{words}」,请再看看。"


def sheet(together: Sequence[Item], rows: Sequence[tuple[str, Sequence[Item], str]]) -> str:
    """Return the shopping list: what to buy in all, then door by door."""
    if not rows:
        return "现在没有要买的。"
    lines = [f"采购单:{len(rows)}户{len(together)}样:{listed(together)}"]
    lines += [f"{numeral(n)}{door} {listed(items)}{state}" for n, (door, items, state) in enumerate(rows, 1)]
    return "\n".join((*lines, "接下回「采购我来」;送到回「门牌 送到了」。"))


def claimed(households: int) -> str:
    return f"好,{households}户的都算您的,谢谢。送到一户回一户「门牌 送到了」。" if households else "现在没有等人接的。"


def delivered(door: str, told: bool) -> str:
    also = "已请居民确认,他回「收到啦」才算完。" if told else "微信够不着,请当面问一声收到没有,再回「门牌 收到了」。"
    return f"记:{door} 送到了。{also}"


def closed_by_worker(door: str) -> str:
    return f"记:{door} 居民当面说收到了。"


def please_confirm(items: Iterable[Item]) -> str:
    return f"您要的{listed(items)},送的人说到了。收到请回「收到啦」,少了、错了直接说。"


def nothing_at(door: str) -> str:
    return f"{door} 没有在送的东西。"

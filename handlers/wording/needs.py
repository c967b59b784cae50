"""What is said of a household's needs: the read-back, the shopping list, the word that closes it."""

from collections.abc import Iterable, Sequence
from datetime import date

from handlers.domain.need import Item
from handlers.wording.marks import numeral


def listed(items: Iterable[Item]) -> str:
    return "、".join(map(str, items))


def taken(items: Sequence[Item], *, split: bool = False, typed_for: bool = False) -> str:
    """Return the read-back; a unit that was not said is shown, so that it can be set right. *typed_for*: it is a worker
    who reads it, who typed it in for the household."""
    goods = [one for one in items if not one.medicine]
    medicines = [one for one in items if one.medicine]
    parts = [f"记下要的:{listed(goods)}。"] if goods else []
    if guessed := [one for one in goods if one.guessed]:
        parts.append(f"没写单位的按{listed(guessed)},不对请说。")
    if medicines:
        parts.append(f"{listed(medicines)}先转给村医,会联系{'他' if typed_for else '您'}。断药、胰岛素没了请马上说。")
    if split:
        parts.append(f"一共{len(goods)}样,东西多,分成几张单,一样没落下。")
    if goods:
        parts.append("回「采购单」看全部。" if typed_for else "送到了请回「收到啦」。")
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
    doors = len({door for door, _, _ in rows})
    lines = [f"采购单:{doors}户{len(together)}样:{listed(together)}"]
    lines += [f"{numeral(n)}{door} {listed(items)}{state}" for n, (door, items, state) in enumerate(rows, 1)]
    return "\n".join((*lines, "接下回「采购我来」;送到回「门牌 送到了」。"))


def claimed(households: int) -> str:
    return f"好,{households}户的都算您的,谢谢。送到一户回一户「门牌 送到了」。" if households else "现在没有等人接的。"


def delivered_already(door: str) -> str:
    return f"{door} 早说过送到了,等住户回「收到啦」;当面说收到了就回「{door} 收到了」。"


def delivered(door: str, told: bool, left: Sequence[Item]) -> str:
    """Return the word about what was brought; *left*: what the household asked for since, which nobody took on."""
    also = "已请居民确认,他回「收到啦」才算完。" if told else "微信够不着,请当面问一声收到没有,再回「门牌 收到了」。"
    more = f"后来又要的{listed(left)}还没人接,回「采购我来」。" if left else ""
    return f"记:{door} 送到了。{also}{more}"


def closed_by_worker(door: str) -> str:
    return f"记:{door} 居民当面说收到了。"


def row_taken(door: str, fresh: Sequence[Item], known: Sequence[Item], less: Sequence[Item], same: bool) -> str:
    """Return what became of one household's row of a 接龙."""
    parts = [listed(fresh) + ("(照上一户)" if same else "")] if fresh else []
    if guessed := [one for one in fresh if one.guessed]:
        parts.append(f"没写单位的按{listed(guessed)}")
    if medicines := [one for one in fresh if one.medicine]:
        parts.append(f"{listed(medicines)}先转村医")
    if known:
        parts.append(f"{listed(known)}早记过了")
    if less:
        parts.append(f"{listed(less)}比接龙多,没有减")
    return f"{door} {';'.join(parts)}"


def row_left(typed: str, door: str, wishes: bool) -> str:
    why = "没看清是哪一户" if not door else "没有这一户,或不归您管" if wishes else "没看懂要什么"
    return f"「{typed[:24]}」{why}"


def roll_told(taken_: Sequence[str], left: Sequence[str], things: int) -> str:
    """Return what a pasted 接龙 came to, row by row, and every row that was not taken."""
    lines = [f"接龙:{len(taken_)}户,新记{things}样" + (":" if taken_ else "。"), *taken_]
    if left:
        lines += [f"没有记的{len(left)}行,改好再发(记过的不会重):", *left]
    if taken_:
        lines.append("单位不对请说;回「采购单」看全部。")
    return "\n".join(lines)


def roll_counted(households: int, things: int) -> str:
    return f"接龙收到:{households}户,新记{things}样。"


def file_coming(base_url: str) -> str:
    """Return where the sheet is: on its way as a file, and on a page for whoever cannot open it."""
    return f"采购表(分店、分楼栋)马上发给您;打不开就登录看:{base_url}/console/shopping"


def nothing_taken_on() -> str:
    return "您手上没有要买的。先回「采购我来」接下,再要采购表。"


def file_name(day: date) -> str:
    return f"采购表{day.month}月{day.day}日.xlsx"

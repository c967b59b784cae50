"""What stands on the boards: 今天 of one person, 欠 and 全镇 of a place. Counts and what is not known apart; the order
is the tree's, since nobody is compared."""

from collections.abc import Sequence

from handlers.domain.board import Count
from handlers.wording.marks import numeral

LINES = 8


def board(lines: Sequence[str], *, full: bool = False) -> str:
    """Return a person's day: at most eight lines, the rest behind 更多."""
    if not lines:
        return "今天没有要办的,歇口气。"
    shown = lines if full or len(lines) <= LINES else lines[: LINES - 1]
    rows = [f"{numeral(n)}{line}" for n, line in enumerate(shown, 1)]
    left = len(lines) - len(shown)
    more = [f"还有{left}件,回「更多」"] if left else []
    return "\n".join((f"今天{len(lines)}件:{rows[0]}", *rows[1:], *more))


def pushed(lines: Sequence[str], *, late: bool) -> str:
    """Return the day as it comes by itself in the morning."""
    first, *rest = board(lines).split("\n")
    return "\n".join((f"{'(发晚了,抱歉)' if late else ''}{first}", *rest, "随时回「今天」再看,「更多」看全部。"))


def _doors(doors: Sequence[str], most: int) -> str:
    return "、".join(doors[:most]) + ("等" if len(doors) > most else "")


def to_buy(doors: Sequence[str], most: int) -> str:
    return f"要买{len(doors)}户:{_doors(doors, most)}(回「采购我来」)"


def to_bring(doors: Sequence[str], most: int) -> str:
    return f"要送{len(doors)}户:{_doors(doors, most)}(送到回「门牌 送到了」)"


def to_confirm(doors: Sequence[str], most: int) -> str:
    return f"等住户说收到{len(doors)}户:{_doors(doors, most)}"


def to_take_over(count: int) -> str:
    return f"交接{count}份没接(回「接了」)"


def to_answer(codes: Sequence[str]) -> str:
    return f"通知没回{len(codes)}条:{'、'.join(codes[:6])}(回「收到 {codes[0]}」)"


def to_relay(count: int) -> str:
    return f"等您转到住户群{count}条(转好回「已转」)"


def to_report(until: str, places: int) -> str:
    return f"日报{until}前{f'({places}格还没报)' if places > 1 else ''}"


def owed_parts(one: Count) -> str:
    """Return what is left to do at a place."""
    parts = (
        ("电话{}次", one.calls), ("上门{}次", one.visits), ("等回话{}次", one.waiting), ("过点没联系上{}次", one.late),
        ("要买{}单", one.to_buy), ("要送{}单", one.to_bring),
    )  # fmt: skip
    return "、".join(words.format(n) for words, n in parts if n)


def owed(rows: Sequence[tuple[str, Count]], handovers: Sequence[str], *, place: str) -> str:
    """Return 欠 of a place; who has not taken a handover is told to whoever leads there."""
    lines = [f"{name} {owed_parts(one)}" for name, one in rows if one.owed]
    text = "欠:" + ";".join(lines) if lines else f"{place}今天不欠,辛苦了。"
    return "\n".join((text, *handovers))


def handover_open(who: str, substitute: str) -> str:
    return f"交接还没接:{who}→{substitute}"


def place(name: str, one: Count, rows: Sequence[tuple[str, Count]], quiet: int, *, link: str) -> str:
    """Return the board of a place: itself, then what is below in the order of the tree."""
    if one.empty:
        return f"{name}今天没有照看的计划,也没有要买的。"
    lines = [f"{name} {known(one)}", *(f"{below} {known(count)}" for below, count in rows)]
    if quiet:
        lines.append(f"其余{quiet}处今天没有计划。")
    lines.append("没回的是未知,不是没事;先后按名册,不排名次。" + (f"往下看回「看 {link}」。" if link else ""))
    return "\n".join(lines)


def known(one: Count) -> str:
    """Return what is known and what is not of one place, apart.

    >>> known(Count(answered=12, calls=1, waiting=2, to_buy=3))
    '问候15次:答了12;未知3(等回话2、电话1);要买3单'
    >>> known(Count(answered=3, visits_heard=1, visits_said=2))
    '问候3次:答了3;上门:住户确认1、工作人员说已到2'
    """
    parts = [f"问候{one.planned}次:答了{one.answered}" + (f"、没到点{one.ahead}" if one.ahead else "")]
    unknown = (("等回话", one.waiting), ("电话", one.calls), ("上门", one.visits), ("过点没联系上", one.late))
    if one.unknown:
        parts.append(f"未知{one.unknown}({'、'.join(f'{word}{n}' for word, n in unknown if n)})")
    wishes = (("要买", one.to_buy), ("要送", one.to_bring), ("等确认", one.to_confirm))
    parts += ["、".join(f"{word}{n}单" for word, n in wishes if n)] if any(n for _, n in wishes) else []
    whose = (("住户确认", one.visits_heard), ("工作人员说已到", one.visits_said))
    parts += (
        ["上门:" + "、".join(f"{word}{n}" for word, n in whose if n)] if one.visits_heard or one.visits_said else []
    )
    return ";".join(parts if one.planned else parts[1:])

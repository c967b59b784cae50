"""What is said when duty goes from one to another, and when somebody is back. Doors and hours; nobody's health."""

from collections.abc import Sequence
from datetime import date

from handlers.wording.marks import numeral

LINES = 12


def pack(who: str, places: str, lines: Sequence[str], *, taken: bool) -> str:
    """Return what a substitute gets: one message. *taken*: they said already that they have it."""
    head = f"【交接】{who}({places})的事今天请您代:"
    rows = [f"{numeral(n)}{line}" for n, line in enumerate(lines, 1)] or ["今天没有剩下的事。"]
    take = "" if taken else "看过回「接了」,手上的电话就转到您名下;"
    return "\n".join((head, *rows, f"{take}细的回「今天」。"))


def _doors(doors: Sequence[str], most: int = 12) -> str:
    return "、".join(doors[:most]) + (f"等{len(doors)}户" if len(doors) > most else "")


def homes(doors: Sequence[str]) -> str:
    return f"照看{len(doors)}户:{_doors(doors)}"


def left(hour: str, waiting: Sequence[str], ahead: int) -> str:
    parts = [f"没回{len(waiting)}户:{_doors(waiting)}"] if waiting else []
    parts += [f"没到点{ahead}户(到点自动问)"] if ahead else []
    return f"今天{hour} {';'.join(parts)}"


def calls(doors: Sequence[str]) -> str:
    return f"要打电话:{_doors(doors)}"


def visits(doors: Sequence[str]) -> str:
    return f"要上门:{_doors(doors)}"


def buy(doors: Sequence[str]) -> str:
    return f"要买:{_doors(doors)}"


def bring(doors: Sequence[str]) -> str:
    return f"答应了要送:{_doors(doors)}"


def confirm(doors: Sequence[str]) -> str:
    return f"送到了、等住户说收到:{_doors(doors)}"


def to_tell(doors: Sequence[str]) -> str:
    return f"决定还没告知本人:{_doors(doors)}"


def agreed(rows: Sequence[str]) -> str:
    return f"约好的时间:{'、'.join(rows[:12])}"


def took_over(names: Sequence[str], calls_: int) -> str:
    moved = f"{calls_}户电话、上门转到您名下。" if calls_ else ""
    return f"好,{'、'.join(names)}的事您接了。{moved}回「今天」看全部,辛苦了。"


def taken_over_already() -> str:
    return "早接了,都在您名下。回「今天」看全部。是说电话通了?请写:门牌 打了 36.5 没事。"


def not_taken_over(who: str, substitute: str) -> str:
    return f"交接发出1小时了还没人接:{who}→{substitute}。请问一声{substitute},或换一位。"


def nothing_to_hand_over() -> str:
    return "您没有在请假。要交接请说:请假 王姐代;明天起说:明天请假 王姐代。"


def sent_again(substitute: str) -> str:
    return f"交接已发给{substitute},等回「接了」。"


def sent_in_the_morning(substitute: str) -> str:
    return f"夜里不打扰{substitute},明早把交接发过去,等回「接了」。急事请直接打电话。"


def not_in_the_night(substitute: str) -> str:
    return f"夜里不打扰{substitute},今天的假也快到头了。急事请直接打电话;还要接着请假,回「明天请假 {substitute}代」。"


def no_substitute() -> str:
    return "还没有人代。请说:请假 王姐代,交接就发给她。"


def taken_back(days: Sequence[str]) -> str:
    return f"好,{'、'.join(days)}照常上班,代的人已经告诉了。"


def back(welcome: str, open_: Sequence[str], happened: str) -> str:
    """Return the digest: what is open first, then what went on; at most twelve lines."""
    rows = [welcome.removesuffix("其余可以忽略。") if open_ else welcome]
    if open_:
        most = LINES - 4
        rows.append(f"现在要办{len(open_)}件:")
        rows += [f"{numeral(n)}{line}" for n, line in enumerate(open_[:most], 1)]
        rows += [f"还有{len(open_) - most}件,回「更多」"] if len(open_) > most else []
    return "\n".join((*rows, happened)) if happened else "\n".join(rows)


def happened(days: int, asked: int, answered: int, calls_: int, wishes: int, decisions: int) -> str:
    """Return what went on meanwhile, in numbers."""
    parts = [f"问候{asked}次、答了{answered}次" if asked else "", f"还没联系上{calls_}次" if calls_ else ""]
    parts += [f"新要东西{wishes}单" if wishes else "", f"新决定{decisions}份" if decisions else ""]
    said = ";".join(part for part in parts if part)
    return f"您不在的{days}天:{said}。" if said else ""


def span(first: date, last: date) -> str:
    return f"{first.month}月{first.day}日" + (f"至{last.month}月{last.day}日" if last != first else "")

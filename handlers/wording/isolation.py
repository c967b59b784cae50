"""What is said of an isolation: to the person first, then to who looks after them, and to whoever entered it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from handlers.domain.isolation import Decision, DecisionKind, DecisionState, Paper, Span

_HOW: Mapping[str, str] = {"kf": "微信客服", "official_account": "公众号", "phone": "电话或当面"}
_MISSING: Mapping[str, str] = {
    "issuer": "机关(谁决定的)",
    "number": "文号",
    "basis": "依据",
    "appeal": "申诉(不服找谁)",
    "start": "从哪天起",
    "until": "到哪天",
}
EXAMPLE = (
    "例:隔离 3-101 王样花 从1月22日 到2月5日 机关 样例县防控指挥部 文号 样防2号 依据 传染病防治法第三十九条 申诉 12345"
)


def day_of(day: date) -> str:
    return f"{day.month}月{day.day}日"


def stands(span: Span, today: date) -> str:
    """Return in a few words how an isolation stands; 预计 as long as nobody entered a decision to end it."""
    if span.ended_on is not None:
        return f"已按决定于{day_of(span.ended_on)}解除"
    first = f"第{span.day(today)}天({day_of(span.started_on)}为第0天)"
    if late := span.overdue(today):
        return f"{first},预计{day_of(span.expected_on)},已过{late}天,还没有解除决定"
    return f"{first},预计{day_of(span.expected_on)}"


def notice(kind: DecisionKind, paper: Paper, span: Span, name: str, today: date) -> str:
    """Return what the person is told first."""
    by = f"{paper.issuer}({paper.number})"
    if kind is DecisionKind.END:
        return (
            f"【告知】{by}决定:{name}的居家隔离于{day_of(span.ended_on or today)}解除。依据:{paper.basis}。"
            f"不用再报体温了,谢谢配合。有不同意见:{paper.appeal}。"
        )
    what = "从{0}起居家隔离" if kind is DecisionKind.OPEN else "的居家隔离有延长(从{0}算起)"
    return (
        f"【告知】{by}决定:{name}{what.format(day_of(span.started_on))},预计到{day_of(span.expected_on)},"
        f"以书面解除决定为准。今天{stands(span, today)}。依据:{paper.basis}。不服可以:{paper.appeal}。"
        "需要买菜、买药、看病,随时在这里说一声。"
    )


def void(paper: Paper) -> str:
    return f"【更正】刚才告知的{paper.issuer}({paper.number})那份录入有误,作废,不用理会。给您添麻烦了。"


def please_tell(number: int, place: str, name: str, phones: Iterable[str], why: str, words: str) -> str:
    call = "、".join(phones) or "没有留电话,请上门"
    ask = f"【先告知{number}】{place} {name}微信没有告知到({why}),请先打电话或上门读给本人:{call}"
    return f"{ask}\n{words}\n说完回「已告知{number}」。"


def care_told(place: str, name: str, kind: DecisionKind, span: Span, today: date) -> str:
    what = {DecisionKind.OPEN: "开始居家隔离", DecisionKind.EXTEND: "隔离延长", DecisionKind.END: "隔离解除"}[kind]
    return f"【照看】{place} {name}:{what}。{stands(span, today)}。本人已先告知。缺什么、哪里不舒服,请多问一句。"


def entered(number: int, place: str, name: str, kind: DecisionKind, paper: Paper, span: Span, today: date) -> str:
    """Return the read-back to whoever entered it."""
    what = {DecisionKind.OPEN: "隔离", DecisionKind.EXTEND: "延长", DecisionKind.END: "解除"}[kind]
    return (
        f"记:{what}{number}号 {place} {name},{stands(span, today)}。机关:{paper.issuer};文号:{paper.number};"
        f"依据:{paper.basis};申诉:{paper.appeal}。"
    )


def how_told(reached: bool, name: str) -> str:
    if reached:
        return "先告知本人,再告诉包保的人。"
    return f"微信够不着,已请{name or '网格员'}先打电话告知;告知之前不惊动别人。"


def undo_how(number: int) -> str:
    return f"写错了回「录错了{number}」。"


def missing(keys: Sequence[str]) -> str:
    return f"还缺:{'、'.join(_MISSING[key] for key in keys)}。没有书面决定不能录。\n{EXAMPLE}"


def cannot(faults: Iterable[str]) -> str:
    return f"没有记:{';'.join(faults)}。\n{EXAMPLE}"


def which_door(door: str, found: Sequence[str]) -> str:
    return f"“{door}”是哪一户?{'、'.join(found)}" if found else f"没找到“{door}”这一户,请写门牌,像 3-101。"


def open_already(number: int, stands_so: str) -> str:
    return f"这位已在隔离({number}号,{stands_so})。要改请说「延长隔离{number} 到…」或「解除隔离{number} …」。"


def not_here(number: int) -> str:
    return f"没有{number}号隔离,回「隔离名单」看看有哪些。"


def ended_already(number: int) -> str:
    return f"{number}号已经解除了。又要隔离请重新录一份决定。"


def told_now(number: int) -> str:
    return f"好,{number}号已记为当面或电话告知,现在告诉包保的人。"


def told_before(number: int) -> str:
    return f"{number}号没有等着告知的。"


def undone(number: int, told: bool) -> str:
    return f"{number}号最后一份录入已作废" + (",已告诉本人更正。" if told else ",还没有告知本人。")


def nothing_to_undo(number: int) -> str:
    return f"{number}号没有可以作废的录入。"


def listed(lines: Sequence[str]) -> str:
    return "\n".join((f"在隔离{len(lines)}人:", *lines)) if lines else "现在没有人在隔离。"


def line(number: int, place: str, name: str, span: Span, today: date, last: Decision) -> str:
    waiting = "" if last.state in (DecisionState.TOLD, DecisionState.UNDONE) else "(还没告知到本人)"
    return f"{number}号 {place} {name} {stands(span, today)}{waiting}"


def told_by(how: str) -> str:
    return _HOW.get(how, how)

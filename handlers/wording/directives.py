"""What the bot says about directives: preview, cards, receipts, reminders."""

from collections.abc import Mapping, Sequence

from handlers.domain.directive import LIVE, Directive, Kind, Reach, ReceiptState
from handlers.wording.marks import brief, numeral


def preview(
    draft: Directive,
    where: str,
    spread: str,
    until: str | None,
    warnings: Sequence[str] = (),
    *,
    replaces: str | None = None,
) -> str:
    reach = draft.reach
    assert reach is not None
    what = "将发" + ("更正" if draft.kind is Kind.UPDATE else "") + ("【演练】" if draft.drill else "")
    lines = [
        f"{what}{'【急】' if draft.urgent else ''}:{where}{f'({spread})' if spread else ''}。{reach_in_words(reach)}",
        f"预算:{reach.calls}次接口调用、约{reach.person_times}人次,约{max(reach.seconds, 1)}秒。",
        f"截止:{until or '没写,发出后不计超时'}。",
        f"原文:{draft.body}",
    ]
    lines += [replaces] if replaces else []
    lines += [f"提醒:{warning}" for warning in warnings]
    lines.append("发送请回「发」,改请直接说(如:截止改4点半、改成……),10分钟内有效。")
    return "\n".join(lines)


def replaces(earlier: Directive, standing: Mapping[ReceiptState, int]) -> str:
    """Say what a correction takes the place of, and what need not be done again."""
    said = [f"替代:{earlier.code} {brief(earlier.body)}"]
    answered = sum(standing.get(state, 0) for state in (ReceiptState.ACKNOWLEDGED, ReceiptState.BLOCKED))
    if answered:
        said.append(f"{answered}人回过,会再请他们看一眼")
    if done := standing.get(ReceiptState.DONE, 0):
        said.append(f"已办好的{done}人不重做、不用再回")
    return ";".join(said) + "。"


def reach_in_words(reach: Reach) -> str:
    parts = [f"{reach.people}人(机器直达卡片{reach.cards}张)", f"工作群{reach.posts}个"]
    if reach.relays:
        parts.append(f"住户群{reach.relays}个要网格员人工转发")
    else:
        parts.append("居民不打扰")
    if reach.unreachable:
        parts.append(f"{reach.unreachable}人够不着(请假无人代)")
    return "、".join(parts) + "。"


def issued(directive: Directive) -> str:
    assert directive.reach is not None
    return f"{directive.code} 开始发:{reach_in_words(directive.reach)}看进展回「进度 {directive.code}」。"


def card_title(directive: Directive) -> str:
    marks = {"update": "更正", "cancel": "取消"}.get(directive.kind, "通知")
    return f"{'【演练】' if directive.drill else ''}{'【急】' if directive.urgent else ''}{marks} {directive.code}"


def hints(directive: Directive, bot: str) -> tuple[tuple[str, str], ...]:
    """Return the lines under every card (a name of 5 signs, a value of 26 at most): what to answer, and that the bot
    hears only what is said to it."""
    return (("回执", f"点按钮,或回「收到 {directive.code}」"), ("群里", f"先@{bot},不@我听不到"[:26]))


def card_body(directive: Directive, refers: Directive | None) -> str:
    if directive.kind is Kind.UPDATE and refers is not None:
        return f"{directive.body}\n{_instead(refers)}"
    return directive.body


def _instead(refers: Directive) -> str:
    return f"(以这条为准,不用按 {refers.code}「{brief(refers.body, 24)}」办;已办好的不重做)"


def post(directive: Directive, refers: Directive | None, until: str | None, bot: str) -> str:
    lines = [card_title(directive) + (f"(替代 {refers.code})" if refers else ""), directive.body]
    if directive.kind is Kind.UPDATE and refers is not None:
        lines.append(_instead(refers))
    if until:
        lines.append(f"截止:{until}")
    if directive.kind is not Kind.CANCEL:
        lines.append(f"回执请 @{bot} 收到 {directive.code},不@我听不到。")
    return "\n".join(lines)


def relay(directive: Directive, group: str, code: str, refers: Directive | None, until: str | None) -> str:
    said = f"{directive.body}" + (f"(截止{until})" if until else "") + f"〔{directive.code}〕"
    if directive.kind is Kind.CANCEL:
        said = f"取消:{refers.code if refers else directive.code} 的通知作废,请不要按它办。〔{directive.code}〕"
    elif refers is not None:
        said = f"更正(以此为准,替代 {refers.code}):{said}"
    if directive.drill:  # what is pasted into a household group stands alone there
        said = f"【演练,不是真的】{said}"
    return f"请转到「{group}」(接力码 {code}),长按下面的字转发:\n————\n{said}\n————\n转好回我:已转 {code}"


def recalled(code: str) -> str:
    return f"取消:{code} 作废,请不要再办;已办的不用退。"


def which_directive(shown: Sequence[Directive], count: int) -> str:
    listed = ";".join(f"{numeral(n)}{d.code} {brief(d.body, 16)}" for n, d in enumerate(shown, 1))
    more = f" 等{count}条" if count > len(shown) else ""
    return f"有{count}条在等您:{listed}{more}。是哪一条?回序号(如 1)或「收到 {shown[0].code}」;都看过了回「都收到」。"


def which_code(codes: Sequence[str], bot: str) -> str:
    more = f" 等{len(codes)}条" if len(codes) > 5 else ""
    return f"有{len(codes)}条在等您:{'、'.join(codes[:5])}{more}。请写上编号,如:@{bot} 收到 {codes[0]}"


def no_such_choice(count: int) -> str:
    return f"一共{count}条,请回 1 到 {count},或「收到 D-编号」。"


def in_full(code: str, bot: str) -> str:
    return f"群里请说全:@{bot} 收到 {code},免得跟别的话弄混。在这里直接回「收到」就行。"


def nothing_waiting() -> str:
    return "现在没有等您回执的通知,谢谢。"


def nothing_to_refuse() -> str:
    return "现在没有等您回执的通知。缺东西可以直接说,如:缺口罩20个,我转给值班的人。"


def say_go() -> str:
    return "上面那条还没发。要发请回「发」,不发不用管它。"


def not_owed(code: str) -> str:
    return f"{code} 不用您回执,谢谢。"


def acknowledged(code: str) -> str:
    return f"已记:{code} 收到。办好了想说一声就回「办好了 {code}」,不说也行。"


def finished(code: str) -> str:
    return f"已记:{code} 办好了,辛苦!"


def also_for(count: int) -> str:
    return "没回的同事也替着记了。" if count == 1 else f"没回的{count}位同事也替着记了。"


def blocked(code: str, reason: str) -> str:
    return f"已记:{code} 做不了({reason}),已告诉发通知的人。"


def blocker_came(code: str, place: str, reason: str) -> str:
    return f"{code}:{place}说做不了:{reason}。再有同样的我合在一起,回「进度 {code}」看。"


def ask_reason(code: str) -> str:
    return f"{code} 办不了,是缺什么、差什么?直接回一句就行,如:缺口罩。"


def later(minutes: int) -> str:
    return f"好,{minutes}分钟内不私下催您,您先忙。方便时回「收到」就行。"


def late_answer(code: str, follower: str | None) -> str:
    return f"{code} 已经收回,不用办了,谢谢。" + (f"请看 {follower}。" if follower else "")


def relay_thanks(code: str, left: int) -> str:
    return f"已记:{code} 转好了。" + (f"还有{left}个群没转。" if left else "都转完了,辛苦!")


def which_relay(waiting: Sequence[tuple[str, str]]) -> str:
    listed = "、".join(f"{code}({group})" for code, group in waiting[:6])
    more = f" 等{len(waiting)}个" if len(waiting) > 6 else ""
    return f"转好的是哪个群?还没转的:{listed}{more}。请带接力码,如:已转 {waiting[0][0]}"


def relay_too_late(code: str, follower: str | None) -> str:
    return f"谢谢,不过 {code} 已经收回,请不要再转" + (f";请看 {follower}。" if follower else "。")


def relay_unknown(code: str) -> str:
    return f"没有给您的接力码 {code}。请看通知里的码,再回「已转 码」。"


def progress(
    directive: Directive,
    counts: Mapping[ReceiptState, int],
    reach: Mapping[tuple[str, str], int],
    blockers: Sequence[tuple[str, int]],
    places: int,
    silent: Sequence[str],
    silent_places: int,
    reminded: int,
) -> str:
    total = sum(counts.values())
    answered = sum(counts.get(s, 0) for s in (ReceiptState.ACKNOWLEDGED, ReceiptState.BLOCKED, ReceiptState.DONE))
    over = _OVER.get(directive.state, "")
    lines = [f"{directive.code}{over} 回执 {answered}/{total}人(发出不等于看到,没回的按未回执算)"]
    if done := counts.get(ReceiptState.DONE, 0):
        lines[0] += f",其中办好{done}人"
    lines += _sent(reach)
    if blockers:
        lines.append(f"做不了:{places}处中" + "、".join(f"{n}处{reason}" for reason, n in blockers))
    if silent and directive.state in LIVE:
        lines.append("没回:" + "、".join(silent) + (f" 等{silent_places}处" if silent_places > len(silent) else ""))
    if reminded:
        lines.append(f"已私下催过{reminded}人。")
    return "\n".join(lines)


def cancel_progress(code: str, reach: Mapping[tuple[str, str], int]) -> str:
    return "\n".join([f"{code} 是取消通知,不要回执。", *_sent(reach)])


def nudging_is_ours() -> str:
    return "催办不用您操心:平时我私下提醒一次,战时到点逐级提醒,谁回了就停。看谁没回,回「进度」。"


def how_to_answer(code: str) -> str:
    return f"{code}:收到了回「收到 {code}」,做不了回「{code} 做不了 缺什么」。"


def nothing_to_follow() -> str:
    return "您这里没有正在办的通知。"


def not_there_to_follow(ref: str) -> str:
    return f"没有 {ref} 这条通知,或不归您看。请核对编号。"


def _sent(reach: Mapping[tuple[str, str], int]) -> list[str]:
    lines = []
    for purpose, name in (("card", "卡片"), ("post", "群通知"), ("relay", "接力")):
        states = {state: n for (what, state), n in reach.items() if what == purpose}
        if states:
            lines.append(f"{name}:" + "、".join(f"{_STATES.get(s, s)}{n}" for s, n in sorted(states.items())))
    return lines


_OVER = {
    "cancelled": "(已取消,没回的不用回了)",
    "superseded": "(已更正,没回的看新的)",
    "closed": "(已截止)",
}
_STATES = {
    "queued": "待发",
    "sent": "已发",
    "unknown": "没回音(不确定送到)",
    "failed": "没发成",
    "cancelled": "没发,已撤",
    "late": "过时没发",
    "relaying": "等人转",
    "done": "已转",
}


def remind(directive: Directive, until: str | None) -> str:
    what = f"{directive.code} {brief(directive.body)}" + (f"(截止{until})" if until else "")
    if not directive.compulsory:
        return f"提醒一次:{what}。方便时回「收到 {directive.code}」,做不了也请说一声;回不回自愿,不会再催。"
    return f"还没收到您的回执:{what}。收到请回「收到 {directive.code}」,做不了也请说一声。"


def remind_substitute(directive: Directive, name: str, place: str) -> str:
    code = directive.code
    return f"{name}({place})还没回执 {code}:{brief(directive.body)}。请您替着看一眼,回「收到 {code}」,就不再催了。"


def list_above(directive: Directive, places: Sequence[str]) -> str:
    shown = "、".join(places[:20]) + (f" 等{len(places)}处" if len(places) > 20 else "")
    return f"未回执名单({directive.code}):{shown}。请打个电话问问,是没看到还是有困难。"

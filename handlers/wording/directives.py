"""What the bot says about directives: preview, cards, receipts, reminders."""

from collections.abc import Mapping, Sequence

from handlers.domain.directive import Directive, Reach, ReceiptState


def preview(draft: Directive, where: str, until: str | None, warnings: Sequence[str] = ()) -> str:
    reach = draft.reach
    assert reach is not None
    lines = [
        f"将发{'【演练】' if draft.drill else ''}:{where}。{_reach(reach)}",
        f"预算:{reach.calls}次接口调用、{reach.person_times}人次,约{max(reach.seconds, 1)}秒。",
        f"截止:{until or '没写,发出后不计超时'}。",
        f"原文:{draft.body}",
    ]
    lines += [f"提醒:{warning}" for warning in warnings]
    lines.append("发送请回「发」,改请直接说(如:截止改4点半),10分钟内有效。")
    return "\n".join(lines)


def _reach(reach: Reach) -> str:
    parts = [f"{reach.people}人(机器直达卡片{reach.cards}张)", f"工作群{reach.posts}个"]
    if reach.relays:
        parts.append(f"住户群{reach.relays}个要网格员人工转发")
    else:
        parts.append("居民不打扰")
    if reach.unreachable:
        parts.append(f"{reach.unreachable}人够不着(请假无人代)")
    return "、".join(parts) + "。"


def held(directive: Directive, seconds: int) -> str:
    return (
        f"{directive.code} {seconds}秒后发出,回「撤」取消。" if seconds else f"{directive.code} 正在发出,回「撤」取消。"
    )


def needs_second(people: int, limit: int) -> str:
    return f"要发给{people}人,超过{limit}人须第二人同意。已请复核,同意后开始倒计时。"


def please_confirm(directive: Directive, author: str, where: str) -> str:
    reach = directive.reach
    assert reach is not None
    return (
        f"请复核{directive.code}:{author}要发给{where},{_reach(reach)}\n原文:{directive.body}\n"
        f"同意请回「同意 {directive.code}」,不同意回「不同意 {directive.code} 原因」,10分钟内有效。"
    )


def please_review(directive: Directive, author: str, minutes: int) -> str:
    return (
        f"战时急件已先发出,请{minutes}分钟内复核:{directive.code}({author})\n原文:{directive.body}\n"
        f"没问题回「同意 {directive.code}」,有问题回「作废 {directive.code}」。"
    )


def review_overdue(directive: Directive) -> str:
    code = directive.code
    return f"{code} 发出后超过时限还没人复核,请尽快看一眼:同意回「同意 {code}」,不对回「作废 {code}」。"


def reviewed(directive: Directive) -> str:
    return f"已记:{directive.code} 复核通过。"


def refused_second(directive: Directive, reason: str) -> str:
    return f"{directive.code} 复核没通过" + (f":{reason}" if reason else "") + "。没有发出,改好可以再来。"


def preview_gone() -> str:
    return "没有等您确认的通知(预览10分钟内有效)。要发请重新说一遍。"


def not_yours_to_steer(code: str) -> str:
    return f"{code} 只有起草人或复核人能发、撤、作废。"


def dropped(code: str) -> str:
    return f"{code} 已取消,一条也没发出。"


def aborted(code: str, stopped: int, gone: int) -> str:
    return f"{code} 已停:{stopped}份没发出,{gone}份已发的正在撤回并补发取消通知。"


def issued(directive: Directive) -> str:
    assert directive.reach is not None
    return f"{directive.code} 开始发:{_reach(directive.reach)}看进展回「进度 {directive.code}」。"


def card_title(directive: Directive) -> str:
    marks = {"update": "更正", "cancel": "取消"}.get(directive.kind, "通知")
    return f"{'【演练】' if directive.drill else ''}{'【急】' if directive.urgent else ''}{marks} {directive.code}"


def hint(directive: Directive) -> str:
    """Return the line under every card and post: what to answer, and that the bot hears only what is said to it."""
    code = directive.code
    return f"回执:点按钮,或回我「收到 {code}」;群里要 @小格 收到 {code}(不@我听不到)。做不了:做不了 缺什么"


def post(directive: Directive, refers: str | None, until: str | None) -> str:
    lines = [f"{card_title(directive)}" + (f"(替代 {refers})" if refers else ""), directive.body]
    if until:
        lines.append(f"截止:{until}")
    if directive.kind != "cancel":
        lines.append(f"回执请 @小格 收到 {directive.code},不@我听不到。")
    return "\n".join(lines)


def relay(directive: Directive, group: str, code: str, refers: str | None, until: str | None) -> str:
    said = f"{directive.body}" + (f"(截止{until})" if until else "") + f"〔{directive.code}〕"
    if directive.kind == "cancel":
        said = f"取消:{refers or directive.code} 的通知作废。{directive.body}〔{directive.code}〕"
    elif refers:
        said = f"更正(以此为准,替代{refers}):{said}"
    return f"请转到「{group}」(接力码 {code}),长按下面的字转发:\n————\n{said}\n————\n转好回我:已转 {code}"


def recalled(code: str) -> str:
    return f"取消:{code} 作废,请不要再办;已办的不用退。"


def which_directive(waiting: Sequence[Directive]) -> str:
    return "有几条在等您的回执:" + ";".join(f"{d.code} {d.body[:16]}" for d in waiting) + "。请回「收到 D-编号」。"


def nothing_waiting() -> str:
    return "现在没有等您回执的通知,谢谢。"


def acknowledged(code: str) -> str:
    return f"已记:{code} 收到。办好了不用再报,日报照常。"


def blocked(code: str, reason: str) -> str:
    return f"已记:{code} 做不了({reason}),已报上级想办法。"


def ask_reason(code: str) -> str:
    return f"{code} 缺什么?直接回:{code} 做不了 缺口罩"


def late_answer(code: str) -> str:
    return f"{code} 已经取消或结束,不用办了,谢谢。"


def relay_thanks(code: str, left: int) -> str:
    return f"已记:{code} 转好了。" + (f"还有{left}个群没转。" if left else "都转完了,辛苦!")


def relay_unknown(code: str) -> str:
    return f"没有给您的接力码 {code}。请看通知里的码,再回「已转 码」。"


def progress(
    directive: Directive,
    counts: Mapping[ReceiptState, int],
    reach: Mapping[tuple[str, str], int],
    blockers: Mapping[str, int],
    reminded: int,
) -> str:
    total = sum(counts.values())
    answered = sum(counts.get(s, 0) for s in (ReceiptState.ACKNOWLEDGED, ReceiptState.BLOCKED, ReceiptState.DONE))
    lines = [f"{directive.code} 回执 {answered}/{total}人(发出不等于看到,没回的按未回执算)"]
    for purpose, name in (("card", "卡片"), ("post", "群通知"), ("relay", "接力")):
        states = {state: n for (what, state), n in reach.items() if what == purpose}
        if states:
            lines.append(f"{name}:" + "、".join(f"{_STATES.get(s, s)}{n}" for s, n in sorted(states.items())))
    if blockers:
        lines.append("做不了:" + "、".join(f"{reason}×{n}" for reason, n in blockers.items()))
    if reminded:
        lines.append(f"已私下催过{reminded}人。")
    return "\n".join(lines)


_STATES = {
    "queued": "待发",
    "sent": "已发",
    "unknown": "没回音(不确定送到)",
    "failed": "没发成",
    "cancelled": "已撤",
    "relaying": "等人转",
    "done": "已转",
}


def remind(directive: Directive, until: str | None) -> str:
    return (
        f"还没收到您的回执:{directive.code} {directive.body[:40]}"
        + (f"(截止{until})" if until else "")
        + f"。收到请回「收到 {directive.code}」,做不了也请说一声。"
    )


def remind_substitute(directive: Directive, name: str) -> str:
    return f"{name}还没回执 {directive.code}:{directive.body[:40]}。您是代班,请看一眼,回「收到 {directive.code}」。"


def list_above(directive: Directive, places: Sequence[str]) -> str:
    shown = "、".join(places[:20]) + (f" 等{len(places)}处" if len(places) > 20 else "")
    return f"未回执名单({directive.code}):{shown}。请打个电话问问,是没看到还是有困难。"

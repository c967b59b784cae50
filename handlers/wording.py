"""Every sentence the bot says. Short, kind, Chinese, and it says what to do next.

A group hears counts and codes; whatever names a person goes 1:1. Nothing here promises more than the channel proves:
已发 is not 已看, 未报 is not 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from handlers.domain.directive import Directive, Reach, ReceiptState
from handlers.domain.people import Person

NUMERALS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def numeral(n: int) -> str:
    """Return the circled number of *n*, from 1; plain beyond twenty.

    >>> numeral(1), numeral(21)
    ('①', '(21)')
    """
    return NUMERALS[n - 1] if n <= len(NUMERALS) else f"({n})"


def clock(local: datetime) -> str:
    """Return a local time as people write it: 17:00."""
    return f"{local:%H:%M}"


def day_clock(local: datetime, today: datetime) -> str:
    """Return a local time, with the date when it is not today.

    >>> from datetime import datetime as d
    >>> day_clock(d(2026, 2, 9, 8, 0), d(2026, 2, 8, 9, 0)), day_clock(d(2026, 2, 8, 17, 0), d(2026, 2, 8, 9, 0))
    ('2月9日08:00', '17:00')
    """
    return clock(local) if local.date() == today.date() else f"{local.month}月{local.day}日{local:%H:%M}"


# -- who are you, where are we ---------------------------------------------------------------------------------------


def unknown_sender() -> str:
    return "我还不认识您。请把企业微信账号报给本村(社区)负责人加进花名册,加好后再发一遍就行。您刚才的话我没有留。"


def unbound_group() -> str:
    return "这个群还没绑定网格。请管理员在后台取绑定码,在群里发:@小格 绑定 码"


def bound(path: str) -> str:
    return f"已绑定:{path}。在这里 @我 就能报数、收通知;不@我的话我听不到。"


def help_lines() -> str:
    return (
        "我是小格,帮您收通知、报日报。\n"
        "报数:@小格 今天敲了46 空5 隔离5户 发热0(报错了回「序号=数」)\n"
        "回执:@小格 收到 D-17;做不了就说:做不了 缺口罩。其他:进度、汇总、请假、我回来了"
    )


def not_understood() -> str:
    return "没看懂。报数可以这样:今天敲门46 空户5 隔离5户 发热0。要帮助回「帮助」。"


def passed_on(who: str) -> str:
    return f"记下了,已原样转给{who},请等回音。急事请直接打电话;有人受伤或喘不上气先打120。"


def nobody_to_pass_to() -> str:
    return "记下了,但这里现在没有值班的人。急事请直接打电话,有危险先打110、119或120。"


def not_there() -> str:
    return "没有这个地方,或不归您看。请核对村名、网格号再发。"


def which_place(names: Sequence[str]) -> str:
    return "您说的是哪一个?" + "、".join(names[:3]) + (" 等" if len(names) > 3 else "") + "。请带上镇名再说一遍。"


def not_allowed(what: str) -> str:
    return f"您的岗位不能{what}。需要的话请找上级或系统管理员。"


def in_trouble() -> str:
    return "刚才那条我没处理好,已经记下并报了警。请过几分钟再发一遍;急事请直接打电话。"


# -- private data in a group -----------------------------------------------------------------------------------------


def private_data(kinds: Iterable[str]) -> str:
    names = {"id_number": "身份证号", "phone_list": "电话名单", "roster_file": "名单文件", "plate": "车牌"}
    what = "、".join(dict.fromkeys(names.get(kind, kind) for kind in kinds))
    return f"您刚才发的内容里有{what}。我没有读,也没有留。请在2分钟内长按撤回,改报户号和人数就够了。"


# -- directives ------------------------------------------------------------------------------------------------------


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


def amended(until: str) -> str:
    return f"截止改为{until}。"


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


# -- duty, modes -----------------------------------------------------------------------------------------------------


def on_leave(days: str, substitute: str | None) -> str:
    if substitute:
        return f"已记:{days}请假,由{substitute}代。通知会改送给代班,您好好休息。"
    return f"已记:{days}请假。没有代班人,请回「{days}请假 某某代」补上,不然通知没人接。"


def substitute_unknown(name: str) -> str:
    return f"花名册里没找到「{name}」。请写全名,如:明天请假 王样代。"


def welcome_back(waiting: Sequence[Directive]) -> str:
    if not waiting:
        return "欢迎回来!您不在时没有落下的回执。"
    return "欢迎回来!还欠:" + ";".join(f"{d.code} {d.body[:20]}" for d in waiting) + "。其余可以忽略。"


def ask_mode() -> str:
    return "启动战时要写清依据和到期:启动战时 依据县防指〔2026〕3号 到2月22日(最长14天,到期自动转平时)。"


def war_on(scope: str, basis: str, until: str) -> str:
    return f"{scope}进入战时,依据:{basis},有效到{until},到期自动转平时。战时通知须回执,没回的会逐级提醒。"


def war_off(scope: str) -> str:
    return f"{scope}已转平时:回执自愿,夜里不发,催办最多私下一次。"


def war_already(until: str) -> str:
    return f"已在战时,有效到{until}。要延长请重新说依据和日期。"


def peace_already() -> str:
    return "现在就是平时。"


def fuse_burnt(scope: str) -> str:
    return f"{scope}战时期限已到,自动转平时。"


# -- reports ---------------------------------------------------------------------------------------------------------


def read_back(
    place: str, day: str, items: Sequence[tuple[str, str]], zeros: Sequence[str], code: str, warnings: Sequence[str]
) -> str:
    body = " ".join(f"{numeral(n)}{label}{value}" for n, (label, value) in enumerate(items, 1))
    lines = [f"{place}{day}日报 {code}:{body}。" if items else f"{place}{day}日报 {code}。"]
    if zeros:
        lines.append("按「无」报:" + "、".join(zeros) + "。")
    lines += warnings
    lines.append("对吗?错了回「序号=数」,如 2=6;对回「对」。不回也算,标◔待确认。")
    return "\n".join(lines)


def confirmed(place: str) -> str:
    return f"{place}日报已确认,辛苦了!"


def withdrawn(code: str) -> str:
    return f"{code} 已撤回,按未报算。要报请重新发。"


def nothing_to_correct() -> str:
    return "没找到您最近报的日报。请把整份再发一遍。"


def no_such_item(item: str, count: int) -> str:
    return f"没有第{item}项,一共{count}项。请回「序号=数」。"


def bad_number(item: str) -> str:
    return f"「{item}」后面的数没看懂,请只写数字,如 2=6。"


def over_roster(label: str, value: str, place: str, limit: int) -> str:
    return f"{label}{value}?{place}在册只有{limit}户。请核对后再报一次,这份我先没记。"


def which_grid(names: Sequence[str]) -> str:
    return "您管" + "、".join(names[:5]) + ",这份是哪一格?请带上网格再发,如:三格 今天敲门46。"


def no_grid_here() -> str:
    return "没看出是哪个网格报的。请带上村和网格再发,如:旗山村三格 今天敲门46。"


def future_day() -> str:
    return "这是以后的日期,还没到。请核对日期再报。"


def frozen_correction(at: str) -> str:
    return f"今天{at}已冻结上报,这份会作为「更正」附在后面,原数保留。"


def two_reporters(earlier: str) -> str:
    return f"同一格{earlier}已有人报过,以这份为准,前一份保留可查。"


def no_change_question(values: str) -> str:
    return f"照昨天的报?{values}。对回「对」,有变化请直接报数。"


def no_yesterday() -> str:
    return "昨天没有可照抄的数,请报今天的数。"


def roll_up(place: str, counted: int, expected: int, figures: str, missing: Sequence[str]) -> str:
    tail = ",缺:" + "、".join(missing[:12]) + (f" 等{len(missing)}处" if len(missing) > 12 else "") if missing else ""
    return f"{place}今天 {counted}/{expected}网格已报{tail}。\n{figures or '还没有数。'}"


def downtime(minutes: int) -> str:
    return f"我断线{minutes}分钟,漏收的请再发。这段时间的提醒没有补发。"


def minutes_of(span: timedelta) -> int:
    """Return *span* in whole minutes, rounded up.

    >>> minutes_of(timedelta(seconds=61))
    2
    """
    return -(-int(span.total_seconds()) // 60)


# -- who am I --------------------------------------------------------------------------------------------------------


def who_am_i(person: Person, posts: Sequence[str]) -> str:
    return (
        f"您登记的账号是 {person.userid}:"
        + ("、".join(posts) if posts else "现在没有岗位")
        + "。不对请找本村负责人改。"
    )


def on_duty_now(place: str, names: Sequence[str]) -> str:
    return f"{place}现在值班:" + ("、".join(names) if names else "没有人,请联系上级。")


def verified(directive: Directive, issued_at: str) -> str:
    state = {"cancelled": "已作废", "superseded": "已被更正替代"}.get(directive.state, "有效")
    return f"{directive.code} 是我们{issued_at}发的,{state}。"


def not_ours(ref: str | None) -> str:
    return f"{ref}不是我们发的,请当心。" if ref else "请把通知上的编号一起发来,如:核验 D-12。没有编号的不是我们发的。"

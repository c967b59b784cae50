"""What the bot says about people on duty, places, modes, and itself."""

from collections.abc import Iterable, Sequence

from handlers.domain.directive import Directive
from handlers.domain.people import Person


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


def private_data(kinds: Iterable[str]) -> str:
    names = {"id_number": "身份证号", "phone_list": "电话名单", "roster_file": "名单文件", "plate": "车牌"}
    what = "、".join(dict.fromkeys(names.get(kind, kind) for kind in kinds))
    return f"您刚才发的内容里有{what}。我没有读,也没有留。请在2分钟内长按撤回,改报户号和人数就够了。"


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


def peace_already() -> str:
    return "现在就是平时。"


def fuse_burnt(scope: str) -> str:
    return f"{scope}战时期限已到,自动转平时。"


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

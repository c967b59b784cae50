"""What the bot says about people on duty, places, modes, and itself."""

from collections.abc import Iterable, Sequence

from handlers.domain.directive import Directive, Kind
from handlers.domain.people import Person
from handlers.domain.policy import Action, allows
from handlers.wording.marks import brief


def unknown_sender() -> str:
    return "我还不认识您。请把企业微信账号报给本村(社区)负责人加进花名册,加好后再发一遍就行。您刚才的话我没有留。"


def unbound_group(bot: str) -> str:
    return f"这个群还没绑定网格,我不能在这里办事。请管理员在后台取绑定码,在群里发:@{bot} 绑定 码"


def bind_in_group(bot: str) -> str:
    return f"绑定要在那个群里发:@{bot} 绑定 码"


def bind_refused() -> str:
    return "这个码绑不了:可能抄错、过期、用过,或不归您绑。请对照再发(码里没有0、1、O、I),不行请向管理员再要一个。"


def bind_later() -> str:
    return "绑定试得太多,请过1小时再来,或请管理员直接绑。"


def bound(path: str) -> str:
    return f"已绑定:{path}。在这里 @我 就能报数、收通知;不@我的话我听不到。"


def help_lines(bot: str, person: Person) -> str:
    """Three lines, by what the person does: gives orders, answers for grids, walks one."""
    if any(allows(role, Action.ISSUE) for role in person.roles):
        return (
            f"我是{bot},替您把通知发到人、把日报收上来。群里先 @{bot},不@我听不到。\n"
            "发:给所有村发 今天下午5点前……(先给您看,回「发」才发,回「撤」停)\n"
            "看:进度、谁没报、汇总、全镇、欠。其他:启动战时、请假、登录。"
            "细的回「帮助 敲门」,或:帮助 张贴、事项、照看、看板、交接"
        )
    if any(allows(role, Action.REPORT_ON_BEHALF) for role in person.roles) and person.roles != {"gridworker"}:
        return (
            f"我是{bot},帮您收通知、收日报。群里先 @{bot},不@我听不到。\n"
            "看:谁没报、汇总、今天、欠。代报:替1格报 敲门46 空5 发热0(报错了回「序号=数」)\n"
            "回执:收到 D-17;做不了就说:做不了 缺口罩。其他:进度、请假、我回来了。"
            "细的回「帮助 照看」,或:帮助 敲门、张贴、事项、纸卡、采购、看板、交接"
        )
    return (
        f"我是{bot},帮您收通知、报日报。群里先 @{bot},不@我听不到。\n"
        "报数:今天敲了46 空5 隔离5户 发热0(报错了回「序号=数」)\n"
        "回执:收到 D-17;做不了就说:做不了 缺口罩。其他:进度、汇总、请假、我回来了。"
        "细的回「帮助 照看」,或:帮助 敲门、张贴、事项、纸卡、采购、看板、交接"
    )


def not_understood() -> str:
    return "没看懂。报数可以这样:今天敲门46 空户5 隔离5户 发热0。有事要找人回「找谁」,要帮助回「帮助」。"


def not_understood_leader() -> str:
    return "没看懂。发通知可以这样:给所有村发 今天下午5点前……;看进展回「进度」,看数回「汇总」。要帮助回「帮助」。"


def too_long(length: int, limit: int) -> str:
    return f"这条有{length}个字,太长了,我只读{limit}字以内的。请分成几条发,一条说一件事。"


def words_only() -> str:
    return "图片、语音、文件我还看不了,请打字发给我。名单请不要发。"


def no_post() -> str:
    return "您在花名册里现在没有岗位,我没法替您记。请找本村(社区)负责人核对,加好后再发一遍。"


def sorry_for_asking() -> str:
    return "抱歉打扰了。平时我最多私下提醒一次,夜里不发;战时通知是上级发的,我停不了,嫌多请跟上级说合并着发。"


def rights() -> str:
    return (
        "想看、改或删您的登记信息,请找本村(社区)负责人或系统管理员办,我已记下您提过。只想撤回刚报的数,回「撤回」就行。"
    )


def passed_on(who: str) -> str:
    return f"记下了,已原样转给{who},请等回音。急事请直接打电话;有人受伤或喘不上气先打120。"


def alarm(who: str, place: str, words: str) -> str:
    return f"【急】{who}({place})说:{words}\n请马上联系,有危险先打120、110或119。"


def alarm_raised(who: str) -> str:
    return f"有人不舒服或有危险,已马上告诉{who}。急的请先打120、110或119,不用等。"


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


def private_data(kinds: Iterable[str], *, in_group: bool) -> str:
    what = _kinds(kinds)
    todo = "请在2分钟内长按撤回,改报户号和人数就够了" if in_group else "请去掉再发,报户号和人数就够了"
    return f"您刚才发的内容里有{what}。我没有读,也没有留。{todo}。"


def not_for_many(kinds: Iterable[str]) -> str:
    return f"内容里有{_kinds(kinds)},不能群发。请去掉再发。"


def _kinds(kinds: Iterable[str]) -> str:
    names = {"id_number": "身份证号", "phone_list": "电话名单", "roster_file": "名单文件", "plate": "车牌"}
    return "、".join(dict.fromkeys(names.get(kind, kind) for kind in kinds))


def on_leave(days: str, substitute: str | None) -> str:
    if substitute:
        return f"已记:{days}请假,由{substitute}代。通知会改送给代班,您好好休息。"
    return f"已记:{days}请假。没有代班人,请回「{days}请假 某某代」补上,不然通知没人接。"


def leave_when() -> str:
    return "请假的日子没看懂,或已经过了。请这样说:明天请假 王样代;或:请假3天 王样代。"


def please_stand_in(who: str, places: str, days: str) -> str:
    return f"{who}({places}){days}请假,请您代班:那边的通知和催办会发给您。不方便请直接跟{who}说,让换一位。"


def nobody_stands_in(who: str, places: str, days: str) -> str:
    return f"{who}({places}){days}请假,没有代班人,这几天的通知没人接。请安排一位,让{who}回「请假 某某代」补上。"


def stood_in_enough(who: str) -> str:
    return f"{who}回来了,代班到此为止,辛苦您了!"


def stood_in_no_more(who: str, days: str) -> str:
    return f"{who}{days}照常上班,不用您代了,谢谢您!"


def substitute_unknown(name: str) -> str:
    return f"花名册里没找到「{name}」。请写全名,如:明天请假 王样代。"


def substitute_away(name: str, day: str) -> str:
    return f"「{name}」{day}也不在,请换一位代班,如:明天请假 王样代。"


def which_substitute(name: str, names: Sequence[str]) -> str:
    who = "、".join(names[:5]) + (f" 等{len(names)}位" if len(names) > 5 else "")
    return f"「{name}」是哪一位?可能是{who}。请写全名再说一遍。"


def welcome_back(waiting: Sequence[tuple[str, str]]) -> str:
    if not waiting:
        return "欢迎回来!您不在时没有落下的回执。"
    return "欢迎回来!还欠:" + ";".join(f"{code} {brief(body, 20)}" for code, body in waiting) + "。其余可以忽略。"


def ask_mode() -> str:
    return "启动战时要写清依据和到期:启动战时 依据县防指〔2026〕3号 到2月22日(最长14天,到期自动转平时)。"


def war_on(scope: str, basis: str, until: str) -> str:
    return f"{scope}进入战时,依据:{basis},有效到{until},到期自动转平时。战时通知须回执,没回的会逐级提醒。"


def war_off(scope: str) -> str:
    return f"{scope}已转平时:回执自愿,夜里不发,催办最多私下一次。"


def fuse_cut(days: int) -> str:
    return f"(最长{days}天,按最长的算,到期前可以再宣布)"


def war_over_already(words: str) -> str:
    return f"{words}已经过了,没有启动。请写以后的日期,如:到2月22日(最长14天)。"


def war_above(scope: str, basis: str, until: str) -> str:
    return f"这里仍是战时:{scope}宣布的,依据:{basis},有效到{until}。要转平时请由宣布的那一级说「平时」。"


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


def ask_above(name: str | None) -> str:
    return f"这里的值班表不归您看,有事请找{name}。" if name else "这里的值班表不归您看,有事请打电话问上级。"


def verified(directive: Directive, issued_at: str, follower: str | None) -> str:
    state = {"cancelled": "已作废", "superseded": "已更正", "closed": "已过截止"}.get(directive.state, "有效")
    later = f",后来的是 {follower}" if follower else ""
    what = "取消通知" if directive.kind is Kind.CANCEL else "通知"
    return f"{directive.code} 是我们{issued_at}发的{what},{state}{later}。"


def not_ours(ref: str | None) -> str:
    return f"{ref}不是我们发的,请当心。" if ref else "请把通知上的编号一起发来,如:核验 D-12。没有编号的不是我们发的。"

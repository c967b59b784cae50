"""What is said about asking and being asked: the ledger, the caps, the bill; wishes to be left alone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from handlers.domain.ask_ledger import Ask, AskState, Question
from handlers.wording.marks import clock

QUESTIONS = {Question.HEALTH.value: "身体", Question.NEEDS.value: "缺什么"}
_UNNAMED = "没写主管部门"


def asker(one: Ask) -> str:
    return f"{one.asker.title}({one.asker.department or _UNNAMED})"


def asked_lines(place: str, days: int, lines: Sequence[str]) -> str:
    if not lines:
        return f"{place} 近{days}天没有问过。"
    return "\n".join((f"【问过】{place} 近{days}天(只记谁问、为什么,不记答了什么):", *lines))


def asked_line(one: Ask, at: datetime, answered: datetime | None, source: Ask | None, source_at: str) -> str:
    """Return one row: when, who, what about, what for, and what came of it."""
    what = QUESTIONS.get(one.question, one.question)
    head = f"{at.month}月{at.day}日{clock(at)} {asker(one)}问{what},用途:{one.asker.purpose},依据:{one.asker.basis}"
    return f"{head}。{_came(one, answered, source, source_at)}"


def _came(one: Ask, answered: datetime | None, source: Ask | None, source_at: str) -> str:
    whose = f"{asker(source)}{source_at}的回答" if source else "先前的回答(已按期销毁)"
    match one.state:
        case AskState.ANSWERED:
            return f"{clock(answered)}答了" if answered else "答了"
        case AskState.LEDGER:
            return f"没再问,用的是{whose}"
        case AskState.REFUSED:
            may = f"只能用于「{'、'.join((source.asker.purpose, *source.asker.allows))}」" if source else "用途不同"
            return f"没再问,也没给:{whose}{may}"
    return "还没答"


def which_home(door: str, places: Sequence[str]) -> str:
    if places:
        return f"「{door}」有{len(places)}处:{'、'.join(places)}。请带上网格再说一遍。"
    return f"没找到「{door}」,或不归您看。请写门牌,如:问过 3-101"


# -- fatigue -----------------------------------------------------------------------------------------------------------


def would_hold(people: int, at: datetime) -> str:
    return f"其中{people}人今天的消息已到上限,会攒到{clock(at)}一起看;确要马上发,先回「破例 原因……」再回「发」。"


def waived_in_preview(reason: str) -> str:
    return f"已破例(原因:{reason}),不攒,人人马上收到;原因会写进减负账单。"


def held_back(code: str, people: int, at: datetime) -> str:
    return f"{code} 有{people}人今天已到上限,攒到{clock(at)}一起看;确要马上发,回「破例 {code} 原因……」。"


def waits(people: int, at: datetime) -> str:
    return f"攒着没发{people}人(今天已到上限),{clock(at)}一起看,不算没回。"


def write_reason(code: str) -> str:
    return f"破例要写原因,会记下并写进减负账单。例:破例 {code} 原因 今晚大风,天黑前要加固"


def shorter_reason(limit: int) -> str:
    return f"原因写短些,{limit}个字以内,还没有破例。"


def nothing_to_waive() -> str:
    return "没有可以破例的通知。先说要发什么,或写上编号:破例 D-17 原因……"


def waived(code: str, people: int) -> str:
    now = f"攒着的{people}人马上收到。" if people else "发的时候不攒。"
    return f"{code} 已破例,{now}原因记下了,会写进减负账单。"


def waived_already(code: str) -> str:
    return f"{code} 已经破过例了,原因以第一次写的为准。"


def digest(lines: Sequence[str]) -> str:
    how = "收到请回「收到 编号」,如:收到 D-17。"
    return "\n".join((f"【攒着的{len(lines)}条】今天消息多,这些不急,一起看:", *lines, how))


def digest_line(n: str, code: str, body: str, until: str | None) -> str:
    return f"{n}{code} {body}{f'(截止{until})' if until else ''}"


# -- the bill ----------------------------------------------------------------------------------------------------------


def bill_head(place: str, first: date, whole: bool) -> str:
    return f"【减负账单】{place} {first.year}年{first.month}月{'' if whole else '(到现在)'},只列本级和直接下级,不排名:"


def bill_line(
    place: str, *, staff: int, homes: int, receipts: int, asks: int, spared: int, refused: int, kept: int, waived_: int
) -> str:
    told = f"给工作人员{staff}条(要回执{receipts}次)、给住户{homes}条"
    asked = f"问住户{asks}次,台账省下{spared}次" + (f"(用途不同没给{refused}次)" if refused else "")
    held = f";攒着没打扰{kept}条" if kept else ""
    return f"{place}:{told};{asked}{held};破例{waived_}次"


def bill_waiver(code: str, day: date, reason: str | None) -> str:
    return f"破例 {code}({day.month}月{day.day}日):{reason or '原因已按期销毁'}"


def which_month() -> str:
    return "要哪个月的?例:减负账单 1月"


# -- wishes ------------------------------------------------------------------------------------------------------------


_AT_WAR = "现在是战时,这几天还会每天问;到了平时,照您的意思。"
_IN_WAR = "战时会恢复每天问,会先跟您说一声;平时再照您的意思。"


def quiet_by_wish(called: Sequence[str] = (), *, war: bool = False) -> str:
    """Return what a household hears that need only say 有事; *called*: the plans that go on calling."""
    calls = f"「{'、'.join(called)}」的电话照旧打;电话也不要,回「不要再发了」。" if called else ""
    return f"好,改成没事不用回,有事回「有事」。{calls}{_AT_WAR if war else _IN_WAR}想恢复每天问候,回「恢复问候」。"


def stopped(*, isolated: bool, left: Sequence[str], called: Sequence[str] = (), war: bool = False) -> str:
    """Return what a household hears that wants nothing more: what ends, what stays and why, how to come back."""
    ends = f"「{'、'.join(left)}」停了,不再问。" if left else ""
    if isolated:
        calls = f"「{'、'.join(called)}」的电话照隔离决定还会打。" if called else ""
        stays = (
            f"抱歉打扰了。{ends}改成没事不用回,有事回「有事」。{calls}隔离的事照旧有人管:决定有变会告诉您(延长、解除都先告诉您)。"
            f"{_AT_WAR if war else _IN_WAR}"
        )
        return stays + "想恢复每天问候,回「恢复问候」。"
    return f"抱歉打扰了。{ends}以后不主动发;您问我、有事找我,随时都回。想恢复,回「恢复问候」。"


def stopped_plain(stood: int) -> str:
    also = "按申报给您打电话的同意也一并撤回了。" if stood else ""
    return (
        f"好,以后不主动给您发、不主动打电话。{also}填过的申报到期自动销毁;想现在就删,回「删除我的信息」。有事随时说。"
    )


def nothing_sent() -> str:
    return "我们没有定时给您发消息,只在您说话时回。想删掉填过的信息,打开申报结果里的「我的信息」,或回「删除我的信息」。"


def worker_told_stopped(place: str, left: Sequence[str]) -> str:
    return f"【知悉】{place} 说不用再发了,「{'、'.join(left)}」已停。不用追问;路过时看一眼就好。"


def left_by_wish(door: str, title: str) -> str:
    return f"{door} 说过不想再被问,「{title}」没有放进去。他自己回「恢复问候」就恢复;有急事照样打电话、上门。"


def resumed(titles: Iterable[str]) -> str:
    named = "、".join(titles)
    return f"好,恢复问候{f'(「{named}」)' if named else ''}。嫌多就回「有事才说」。"


def nothing_to_resume() -> str:
    return "现在没有要恢复的问候。要人帮忙、要找人,直接说。"


def war_again(basis: str) -> str:
    return f"现在是战时(依据{basis}),这几天恢复每天问;平时再按您说的,没事不用回。"


# -- erasing from a chat -----------------------------------------------------------------------------------------------


def sure_to_erase(name: str, *, isolated: bool) -> str:
    kept = "隔离决定在有效期里,只留决定本身和能找到您的方式,别的都删。" if isolated else "删了就没有了,找不回来。"
    return f"要删除{name}在这里的信息吗?{kept}确定请在30分钟内回「确认删除」,不删不用回。"


def erased_all() -> str:
    return "已删除:填过的申报、说过的身体情况、要过的东西、登记的姓名和联系方式。以后这里认不出您,有事仍可直接说。"


def erased_but_decision(number: str, until: str) -> str:
    return (
        "已删除:填过的申报、说过的身体情况、要过的东西。"
        f"还留着:隔离决定({number})和能通知到您的姓名、联系方式,因为决定还在执行;{until}"
        "每天的问候也停了(有事回「有事」)。不服决定,照决定上写的去申诉。"
    )


def kept_until(days: int) -> str:
    return f"解除满{days}天自动销毁。"


def cannot_tell_who() -> str:
    return (
        "这里认不出您是谁,没有删。填过申报的,打开申报结果里的「我的信息」就能删;"
        "在户里登记过的,请网格员核对一下是您本人。只凭一部手机删,怕删了别人的。"
    )


def kept_all() -> str:
    return "好,没有删,都照旧。"


def nothing_to_confirm() -> str:
    return "没有等着确认的删除。要删请先回「删除我的信息」。"

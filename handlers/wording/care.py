"""What the people who look after somebody hear: a number to answer by, a place, and as little of the person as does."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.domain.threshold import TaskKind
from handlers.wording.marks import minutes_of

KINDS: Mapping[TaskKind, str] = {
    TaskKind.FEVER: "体温高了",
    TaskKind.UNWELL: "身体不舒服",
    TaskKind.WELFARE: "有一条信息还没核对上,请打个电话问问好不好、缺什么",
    TaskKind.LIST: "本人说名单写得不对,请和发布名单的单位核对",
    TaskKind.HELP: "需要帮忙",
    TaskKind.IDENTITY: "本人要查看、复制或删除自己的信息,请上门确认是本人",
    TaskKind.LIFELINE: "急:断药、透析、临产或喘不上气一类的事,请马上打电话或上门",
    TaskKind.APPEAL: "本人对红色凭据有意见,请医生重新看",
}


def please_look(number: int, place: str, name: str, what: str, within: timedelta) -> str:
    return (
        f"【待看{number}】{place} {name}:{what}。请在{minutes_of(within)}分钟内回「接{number}」;"
        f"看过回「{number} 复测36.8 观察」或「{number} 办好了」就结束。"
    )


def nobody_took(place: str, number: int, waited: timedelta) -> str:
    waiting = f"{place}有一件待看(号{number})等了{minutes_of(waited)}分钟还没人接"
    return f"{waiting},请帮忙找个人接一下:让他回「接{number}」。"


def measure_again(number: int, place: str, name: str) -> str:
    how = f"量好回「{number} 复测36.8 观察」;已经好了回「{number} 办好了」。"
    return f"【复测{number}】{place} {name}:该再量一次了。{how}"


def taken(number: int, name: str, phone: str, place: str, what: str) -> str:
    call = f",电话{phone}" if phone else ",没有留电话,请上门"
    return f"{number}号您接了:{place} {name}{call}。{what}。看过回「{number} 复测36.8 观察」或「{number} 办好了」。"


def taken_by_another(number: int) -> str:
    return f"{number}号已经有人接了,谢谢您。"


def queue(lines: Sequence[str]) -> str:
    if not lines:
        return "现在没有待看的。"
    how = "回「接 号」接下,回「号 复测36.8 观察」记录,回「号 办好了」结束。"
    return "\n".join((f"待看{len(lines)}件:", *lines, how))


def queue_line(number: int, place: str, name: str, what: str, mine: bool, urgent: bool) -> str:
    return f"{number}{'【急】' if urgent else ''}{'(您已接)' if mine else ''} {place} {name}:{what}"


def no_such_task(number: int) -> str:
    return f"没有{number}号待看的,回「待看」看看现在有哪些。"


def closed(number: int, receipt: str) -> str:
    return f"{number}号记好了,谢谢。{receipt}"


def measured(number: int, celsius: str, colour: str) -> str:
    return f"{number}号记下复测{celsius}℃,凭据按规则是{colour}。还要观察就先留着,好了回「{number} 办好了」。"


def measured_again(number: int, celsius: str) -> str:
    return f"{number}号记下复测{celsius}℃,前一次也留着。还要观察,到时再提醒;好了回「{number} 办好了」。"


def measured_well(celsius: str) -> str:
    return f"复测{celsius}℃,前一次也留着。"


def they_measured(number: int, place: str, name: str, celsius: str) -> str:
    how = f"看过回「{number} 办好了」,要再量回「{number} 复测36.8 观察」。"
    return f"【复测{number}】{place} {name}:本人自己再量是{celsius}℃。{how}"


def reading_unread() -> str:
    return "没看懂体温,请写成「12 复测36.8 观察」。"


COLOURS: Mapping[str, str] = {"green": "绿色", "yellow": "黄色", "red": "红色"}
NO_COLOUR = "没有颜色"
NOT_CONFIRMED = "没有确认是本人"


def no_consent(number: int) -> str:
    return f"{number}号没有同意记录身体情况,请不要记体温;看过回「{number} 办好了」就行。"


def now_is(celsius: str, colour: str) -> str:
    return f"复测{celsius}℃,凭据按规则是{colour}。"


def say_whether_it_is_they(number: int) -> str:
    return f"{number}号要核对是不是本人:是就回「{number} 是本人」,不是回「{number} 不是本人」。"


def identity_confirmed(number: int, code: str) -> str:
    return f"{number}号确认好了。请把这个查询码念给本人(只念给他本人,一天内有效):{code}。"


def identity_refused(number: int) -> str:
    return f"{number}号记下了:没有确认是本人,这次不给看。"


def not_a_doctor() -> str:
    return "红色凭据只能由登记在册的医生给,请联系村医。"


def red_how() -> str:
    return "请写清理由和到哪天,如:12 红 核酸阳性,已转定点医院 到2月10日。先告诉本人,再写「已告知」。"


def red_too_long(days: int) -> str:
    return f"红色凭据最长{days}天,到期再由医生看;请改一个日子。"


def tell_them_first(number: int, name: str, phone: str) -> str:
    call = f"电话{phone}" if phone else "没有电话,请上门"
    return (
        f"请先告诉{name}本人({call}):是什么、为什么、到哪天、不同意可以申诉,会换一位医生再看。"
        f"告诉了再发一遍,后面加「已告知」。{number}号现在还没有改。"
    )


def red_given(number: int, until: str) -> str:
    return f"{number}号按您的判断给了红色,有效到{until},记的是您的名字。本人可以申诉。"


def red_lifted(number: int, colour: str) -> str:
    return f"{number}号的红色解除了,凭据按规则是{colour}。"


def no_red(number: int) -> str:
    return f"{number}号现在没有红色凭据。"


def fact_how(why: str) -> str:
    return f"没记下:{why}。请写成:登记 3-101 王样花 1月20日从武汉回来;一直在家的写:登记 3-101 王样花 一直在本地。"


def which_door(door: str, found: Sequence[str]) -> str:
    if found:
        return f"“{door}”有好几户:{'、'.join(found)}。请写户编码。"
    return f"您管的地方没有“{door}”这一户,请核对门牌或写户编码。"


def fact_kept(home: str, name: str, what: str, known: bool, asked: bool) -> str:
    """Tell the worker; whether somebody is asked to look again says nothing about who is right."""
    new = "" if known else "户册里还没有这个名字,请核对是不是写全了。"
    told = "和本人填的不一样,已请本人核对;一天没核对再请您打个电话问问好。" if asked else ""
    return f"记下了:{home} {name},{what}。{new}{told}"


def at_door_who(people: int) -> str:
    if people == 0:
        return "户册里这一户还没有登记人。请先登记,或扫卡上的码在网页上替他填。"
    return "是哪一位?请写全名,一位一条,如:代录 3-101 王样花 好着 36.5。"


def at_door_first(faults: Sequence[str]) -> str:
    return "还没有记:" + "".join(dict.fromkeys(faults)) + "补上再发一遍,如:代录 3-101 王样花 一直在本地 好着 36.5。"


def at_door_notice(notice: str) -> str:
    return (
        f"这一位还没有同意过,身体情况没有记。请念给本人听:{notice}"
        "本人同意,就在后面加「同意」再发一遍;不同意也没关系,一样照顾。"
    )


def checklist(title: str, items: Sequence[str]) -> str:
    lines = [f"{title}", *items, "报数照常:卡点3 夜班 车126 人203 外地车4。只报数,不记车牌、不拍脸。"]
    return "\n".join(lines)


def checklist_how() -> str:
    return "改清单请这样发:「清单改成」,换行,第一行标题,下面一行一条。发「恢复清单」回到原来的。"


def checklist_written(place: str) -> str:
    return f"{place}的卡点从现在起用这份清单,再发「清单改成 …」就能再改:"


def checklist_back(place: str) -> str:
    return f"{place}没有自己的清单了,用上一级的。{checklist_how()}"


def checklist_not_yours(place: str) -> str:
    return f"{place}的清单由负责人改;您看到哪里不合适,请告诉他。"


def checklist_too_long(items: int, characters: int) -> str:
    return f"清单最多{items}条,每条最多{characters}个字,短一点大家才记得住。{checklist_how()}"


def checklist_asks_too_much() -> str:
    return "清单里不能要记车牌、身份证,也不能拍脸、扫行程:卡点只记班次、车数、人数。请去掉那一条再发。"


def no_checklist() -> str:
    return "县里还没有写卡点清单,请联系系统管理员在配置里加上。"

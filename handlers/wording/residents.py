"""What a resident is told on 微信客服 and 公众号. Short, kind, and it says whom to call; never more than we can prove.

Nobody's name is said to somebody who only holds a code: doors are photographed.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from handlers.domain.window import Standing

EMERGENCY = "有人受伤或喘不上气,先打120。"
DECLARE, HELP, MINE, HUMAN = "申报", "要帮忙", "我的信息", "找人"
CHANNELS = {"kf": "微信客服", "official_account": "公众号"}


def menu_head(place: str, check: str) -> str:
    where = f"您扫的是【{place}】的码,核对码 {check},要和码上印的一样。" if place else f"核对码是 {check}。"
    return f"您好!{where}要做什么,请点下面:"


def menu_tail() -> str:
    return f"申报不用下载、不用关注,一分钟就好。{EMERGENCY}"


def at_once(check: str, declare: str) -> str:
    """Said inside the 200, before anything is looked up: so it names no place."""
    return (
        f"您好!您扫的码,核对码是 {check},要和码上印的一样。\n"
        f"{DECLARE}(不用下载):{declare}\n"
        f"{HELP}请回 1,{HUMAN}请回 2,{MINE}请回 3。{EMERGENCY}"
    )


def no_place() -> str:
    return f"您好!请扫您家门口、卡点或单位墙上的码,我才知道是哪一户。码坏了或扫不开,请找网格员换。{EMERGENCY}"


def bad_code() -> str:
    return f"这张码不能用了(可能换过新的)。请扫门口最新的那张;没有的话请找网格员。{EMERGENCY}"


def help_called() -> str:
    return "好的,已经告诉您那里的网格员。要什么请直接打字写给我(如:降压药快没了),我原样转过去。急事请打电话。"


def human_called() -> str:
    return f"好的,已经请您那里的网格员联系您。等不及请直接打电话。{EMERGENCY}"


def called_already() -> str:
    return "刚才已经替您叫过了,请再等等。还有要说的,直接打字给我。"


def nobody_on_duty() -> str:
    return "您那里现在没有值班的人,没能转到。急事请打村(社区)值班电话,有危险先打110、119或120。"


def emergency(called: bool) -> str:
    also = "已经同时叫了您那里的网格员。" if called else "我没能替您叫到人。"
    return f"请马上打120(火警119,报警110),不用等我们。{also}"


def passed_on() -> str:
    return "已原样转给网格员,请等电话或消息。急事请直接打电话。"


def tap_expired(day: date) -> str:
    return f"您点的是{day.month}月{day.day}日的菜单,已经过期,没有算数。请在下面重新点:"


def mine(packs: Sequence[tuple[str, str]] = ()) -> str:
    """Say where what is held is seen; *packs*: titles and words of what may be brought."""
    words = "、".join(f"「我要{word}」" for _, word in packs)
    brought = f"托付过的事回「我的事」看;想请人帮忙办,说{words}。" if packs else ""
    return brought + "您申报过的,在申报结果页下面「我的信息」里能看、能改、能删。链接找不到了,请回 2,让网格员帮您查。"


def words_only() -> str:
    return "图片、语音和位置我还看不了,请打字,或点菜单。"


def keep_private(kinds: Iterable[str]) -> str:
    names = {"id_number": "身份证号", "phone_list": "好几个人的电话", "roster_file": "名单文件", "plate": "车牌"}
    what = "、".join(dict.fromkeys(names.get(kind, "私密信息") for kind in kinds))
    return f"您发的内容里有{what}。我没有读,也没有留,请不要发给任何人。要帮忙直接说要什么就行。"


def asks_for_help(place: str, channel: str) -> str:
    return f"【要帮忙】{place}的居民在{CHANNELS[channel]}上点了「要帮忙」,请尽快联系。"


def asks_for_somebody(place: str, channel: str) -> str:
    return f"【找人】{place}的居民在{CHANNELS[channel]}上请您联系。"


def hidden() -> str:
    return "(里面有身份证号一类的,没有转)"


def is_in_need(place: str, text: str) -> str:
    return f"【急】{place}的居民说:{text}\n请马上联系,有危险先打120、110或119。"


def says(place: str, text: str) -> str:
    return f"{place}的居民说:{text}"


def out_of_reach(why: Iterable[tuple[str, Standing]]) -> str:
    """For staff: nobody of a household can be written to now, and why; a person has to call or knock."""
    ways = ";".join(f"{CHANNELS[channel]}{standing.value}" for channel, standing in why)
    return f"够不着:{ways}。请打电话或上门。" if ways else "够不着:没留微信。请打电话或上门。"

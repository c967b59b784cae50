"""What is said around the four ones: the question, the read-back, and what who looks after a household hears."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from handlers.domain.declaration import SYMPTOMS
from handlers.domain.four_ones import One, Plan
from handlers.domain.wellbeing import Wellbeing
from handlers.wording.marks import clock, numeral

FINE, TROUBLE = "都好", "有事"
WHY = {
    "unreachable": "微信够不着",
    "no_answer": "没有回",
    "phone_off": "电话没打通",
    "not_called": "还没有人打",
    "planned": "计划里要打电话",
    "asked_for": "本人说有事",
    "visit": "计划里要上门",
}


ONLY_TROUBLE = "以后没事不再天天问,有事随时打您电话"


def greeting(local: datetime) -> str:
    return "早上好" if local.hour < 11 else "下午好" if local.hour < 18 else "晚上好"


def question(
    local: datetime,
    purposes: Iterable[tuple[str, str]],
    *,
    needs: bool,
    late: bool,
    health: bool = True,
    again: str = "",
) -> str:
    """Return the question with what it is for, in one line; *again*: why somebody is asked who need only say 有事."""
    sorry = "(问晚了,抱歉)" if late else ""
    if not health:
        ask, also = f"{greeting(local)},今天缺什么、要买什么?直接写就行。(什么都不缺不用回){sorry}", ""
    else:
        ask = f"{greeting(local)},今天体温?(没事回「好」){sorry}"
        also = "缺什么、要买什么也直接写。" if needs else ""
    why = ";".join(f"用途:{purpose},依据:{basis}" for purpose, basis in dict.fromkeys(purposes))
    return "\n".join(line for line in (ask + also, again, why) if line)


def question_tail() -> str:
    return (
        "忙就回「下午吧」;不想每天被问就回「有事才说」,都不要回「不要再发了」。喘不上气、见红、断药,先打120或直接说。"
    )


def reading(said: Wellbeing) -> str:
    """Return what was understood, nothing more.

    >>> from decimal import Decimal
    >>> reading(Wellbeing(Decimal("36.4"))), reading(Wellbeing(symptoms=("sore_throat",)))
    ('36.4℃', '嗓子疼')
    """
    parts = [f"{said.celsius}℃"] if said.celsius is not None else []
    if said.symptoms:
        parts += [SYMPTOMS.get(code, code) for code in said.symptoms]
    elif said.symptoms == ():
        parts.append("没有不舒服")
    if said.well is False and not said.symptoms:
        parts.append("不舒服")
    elif said.well and not parts:
        parts.append("都好")
    return "、".join(parts) or "没读到"


def reading_of(day: date, said: Wellbeing) -> str:
    """Return what was said of an earlier day, with the day."""
    return f"{day.month}月{day.day}日 {reading(said)}"


def taken(rows: Sequence[tuple[str, Wellbeing]], *, ask: str | None) -> str:
    """Return the read-back; a name only where there are several."""
    said = ";".join(f"{name} {reading(one)}" if len(rows) > 1 else reading(one) for name, one in rows)
    return f"记:{said}。{ask or '不对就直接再说一遍。'}"


def corrected(name: str, earlier: Wellbeing, now: Wellbeing) -> str:
    return f"已改:{name}{reading(earlier)}→{reading(now)}。前一个也留着底。"


def same(name: str) -> str:
    return f"{name}和刚才报的一样,记着呢,谢谢。"


def more(name: str, at: str, now: Wellbeing) -> str:
    return f"又记一次:{name}{reading(now)}({at}报的也留着)。"


def differs(name: str, at: str, earlier: Wellbeing, now: Wellbeing) -> str:
    return (
        f"家里{at}有人报{name}{reading(earlier)},您报{reading(now)},两个都留着。"
        "以哪个为准?以您的为准回1,以前面的为准回2。"
    )


def chosen(said: Wellbeing) -> str:
    return f"好,以{reading(said)}为准,另一个留着底。"


def measured_themselves(celsius: str) -> str:
    return f"本人再量{celsius}℃"


def doctor_sees() -> str:
    return "已经转给看您的人,他看过才算完;不舒服了随时说,急事先打120。"


def doctor_told(name: str) -> str:
    return f"已经告诉村医{name},今天会联系您,请留意电话。喘不上气、胸口疼先打120。"


def nobody_yet() -> str:
    return "已经记为要看的,值班的人会联系您。喘不上气、胸口疼先打120。"


def still_missing(names: Iterable[str]) -> str:
    return f"{'、'.join(names)}的还没报,也说一声。"


def not_read() -> str:
    return "这句没看懂,也还没转给人。要人看到,先回「有事」,再写一遍;报平安回「好」,报体温写 36.5;急事先打120。"


def whose(names: Iterable[str]) -> str:
    return f"这是谁的?请带上名字再发一遍:{'、'.join(names)}。还没有记。"


def not_a_temperature(words: str) -> str:
    return f"「{words}」不像体温(一般34到43度),没有记。请再看一眼,像 36.5 这样发。"


def yesterday(day: date, said: str) -> str:
    return f"记到{day.month}月{day.day}日(昨天):{said}今天的也说一声。"


def no_question(day: date) -> str:
    return f"{day.month}月{day.day}日没有问过您,没有记。今天的直接说就行。"


def after_end(ended_on: date | None) -> str:
    day = f"已按决定于{ended_on.month}月{ended_on.day}日解除" if ended_on else "已经结束"
    return f"您家的居家观察{day},不用再报了,这条没有记。哪里不舒服请直接说,急事打120。"


def not_of_household() -> str:
    return "您还不是这一户登记的联系人,这条没有记。请这一户的人来报,或请网格员给您登记。"


def quiet_now(days: int) -> str:
    return f"连着{days}天都好,以后没事不用回,有事回「有事」,随时都行。"


def quiet_told(days: int) -> str:
    return f"连着{days}天没事,您也告诉他了,以后不再天天问,有事他会找您。"


def trouble(called: bool) -> str:
    told = "已经告诉网格员,马上联系您。" if called else "值班的人没联系上,请打村里值班电话。"
    return f"{told}哪里不舒服、缺什么,直接打字写给我,原样转过去。急事先打120。"


def says_trouble(place: str) -> str:
    return f"【有事】{place}:居民说有事,请马上联系。"


def says_danger(place: str, words: str) -> str:
    return f"【急】{place}:居民说「{words}」,请马上打电话或上门,该打120就打。"


def calls(lines: Sequence[str], until: str) -> str:
    """Return the list of calls of one worker, each with the number to tap and why."""
    how = "打完回「门牌 打了 36.5 没事」,没打通回「门牌 没人接」。"
    return "\n".join((f"【打电话{len(lines)}户】{until}前方便时打:", *lines, how))


def call_line(n: int, place: str, why: str, phones: Sequence[str], *, well_for: int | None = None) -> str:
    """Return one line of the list of calls. *well_for*: the household may be asked no more after so many days, if it is
    well today too and hears so."""
    tell = f"({well_for}天没事了,请告诉他:{ONLY_TROUBLE};说了回话里带「说过了」)" if well_for else ""
    return f"{numeral(n)}{place} {why}:{'、'.join(phones) or '没有留电话,请上门'}{tell}"


def instead(name: str) -> str:
    return f"({name}没打上,请您代一下)" if name else ""


def please_visit(place: str, why: str, neighbours: Sequence[str]) -> str:
    ask = f"也可以先问问邻居{'、'.join(neighbours)}。" if neighbours else ""
    return f"【上门看看】{place}:{why},一直没联系上,请去看看人好不好,不是追责。{ask}看过回「门牌 上门了 没事」。"


def called(place: str, said: Wellbeing | None, how: str, alarm: bool) -> str:
    state = f"{reading(said)}" if said is not None and said.says_something else "没说身体怎样"
    also = "村医已知道。" if alarm else ""
    return f"记:{place} {how}✔ {state}。{also}不对就再说一遍。"


def not_reached(place: str, next_step: str) -> str:
    return f"记:{place} 没打通。{next_step}"


def next_step(visiting: bool) -> str:
    return "已告诉上一级,请再想想办法。" if visiting else "马上请别人接着联系,您先忙别的。"


def none_waits(door: str) -> str:
    return f"{door}没有等着您的电话或上门(可能别人已经办了),这句没有记成日报。"


def not_reached_either(place: str) -> str:
    return f"记:{place} 您也没联系上,会接着联系,不是您的错。"


def how_are_they(place: str, done: str) -> str:
    return f"{place} 人怎么样?请带上再说一遍,像:{place} {done} 36.5 没事。还没有记。"


def which_call(places: Sequence[str]) -> str:
    listed = "、".join(f"{numeral(n)}{place}" for n, place in enumerate(places, 1))
    return f"是哪一户?请带上门牌:{listed}。"


def asked_line(asked: int, answered: int) -> str:
    return f"问候{asked}户(已自动发,答了{answered}户,异常才找您)"


def ahead_line(homes: int, at: str) -> str:
    return f"问候{homes}户({at}起自动发,异常才找您)"


def call_ahead_line(places: Sequence[str], most: int, at: str) -> str:
    return f"打电话{len(places)}户:{'、'.join(places[:most])}{'等' if len(places) > most else ''}({at}起发名单)"


def visit_ahead_line(places: Sequence[str], most: int, at: str) -> str:
    return f"上门{len(places)}户:{'、'.join(places[:most])}{'等' if len(places) > most else ''}({at}起)"


def to_call_line(places: Sequence[str], most: int) -> str:
    return f"打电话{len(places)}户:{'、'.join(places[:most])}{'等' if len(places) > most else ''}"


def to_visit_line(places: Sequence[str], most: int) -> str:
    return f"上门看看{len(places)}户:{'、'.join(places[:most])}{'等' if len(places) > most else ''}"


def to_tell_line(places: Sequence[str]) -> str:
    return f"先告知本人{len(places)}户:{'、'.join(places[:6])}"


def to_look_line(count: int) -> str:
    return f"待看{count}件(回「待看」)"


def at(local: datetime) -> str:
    return clock(local)


_KINDS = {One.CALL: "打电话", One.MESSAGE: "发微信问", One.NEEDS: "问缺什么", One.VISIT: "上门看"}


def which_plan(titles: Sequence[str]) -> str:
    if not titles:
        return "县里没有可以点名的计划。"
    return f"按哪个计划照看?可用:{'、'.join(titles)}。例:照看 3-101 {titles[0]}"


def looked_after(door: str, plan: Plan) -> str:
    hours = "、".join(f"{one:%H:%M}" for one in plan.peace) or "战时才问"
    kinds = "、".join(word for kind, word in _KINDS.items() if kind in plan.kinds)
    return f"记:{door} 从今天起「{plan.title}」,平时{hours}{kinds}。不用了回「不照看 {door} {plan.title}」。"


def left_alone(door: str, title: str, ended: bool) -> str:
    return f"记:{door} 的「{title}」今天止。" if ended else f"{door} 本来就不在「{title}」里。"

"""What is said of matters: the question, the read-back, what who works on it, the person and the bringer hear."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.domain.matter import Agreed, Asked, Matter, MatterState, Pack, PackStep, Told

NO = frozenset({"算了", "不说了", "不用了", "不办了", "不交了", "不了", "不", "取消", "不要了"})
YES = frozenset({"好", "好的", "交", "交吧", "可以", "行", "同意", "对", "嗯", "是", "是的", "好啊", "1"})
_AGREED = {
    Agreed.SELF: "本人提的",
    Agreed.FACE: "本人当面同意",
    Agreed.PHONE: "本人电话同意",
    Agreed.GUARDIAN: "监护人同意",
}
_STEPS = {"brought": "提出", "passed_on": "转交", "withdrawn": "撤回"}
_STATES = {MatterState.CLOSED: "已办结", MatterState.WITHDRAWN: "已撤回", MatterState.ERASED: "已删除"}


# -- brought -----------------------------------------------------------------------------------------------------------


def no_hearsay() -> str:
    ask = "谁家有难处,请他自己来说,或当面问过他、他愿意了再提。"
    return f"谢谢您上心。别人的事、听来的话,我们不收也不记;{ask}有人有危险请先打110、120。"


def no_tips() -> str:
    return "举报别人的话,这里不收也不记。有人有危险打110、120;要投诉干部、单位、商家,请打12345,那里有人受理。"


def how_to_bring(word: str) -> str:
    return f"替住户提,要他本人愿意。问过他以后这样发:{word} 3-101 姓名 本人同意 什么事。您自己的事,请用居民的入口说。"


def in_private() -> str:
    return "这是人家的私事,请私下发给我,不要发在群里。没有记。"


def which_door(door: str, names: Sequence[str]) -> str:
    return f"「{door}」是哪一户?{'、'.join(names)}。" if names else f"没有找到「{door}」这一户,没有记。请看看门牌。"


def ask_them_first(door: str, word: str) -> str:
    """Return what comes before a matter of another person; without their say not even the name is kept."""
    return f"先问问本人愿不愿意;他愿意就加上「本人同意」再发:{word} {door} 姓名 本人同意 什么事。还没有记。"


def ask_guardian() -> str:
    return "这是孩子的事,请先问家长;家长愿意就写「监护人同意」。还没有记。"


def ask_parent() -> str:
    return "这件事请家里大人来说。你自己有危险、害怕,就打110,或回「找人」,马上有人来。"


def ask(title: str, asked: Asked) -> str:
    return f"{title}:{asked.ask}(不说了就回「算了」)"


def nobody_to_work() -> str:
    return "现在没有能办这件事的人在岗,没交出去,已告诉管理员。急的请直接打村里值班电话,或打12345。"


def _told(pack: Pack, body: Mapping[str, str]) -> str:
    return ";".join(f"{one.title}:{body[one.key]}" for one in pack.fields if body.get(one.key))


def handed_over(number: int, pack: Pack, body: Mapping[str, str], name: str) -> str:
    said = f"事项{number}({pack.title})交给了{name}。{_told(pack, body)}。"
    return f"{said}有进展、办好了都告诉您;不对请回「撤回事项{number}」再说一遍。"


def brought_for_you(number: int, pack: Pack, name: str) -> str:
    return (
        f"网格员{name}按您的意思,替您提了「{pack.title}」(事项{number})。用途:{pack.purpose};依据:{pack.basis};"
        f"办结后{pack.retain.days}天删除。不是您的意思,请回「撤回事项{number}」。"
    )


def read_back(pack: Pack, body: Mapping[str, str], name: str) -> str:
    """Return what was told and who would have it; only a yes hands it over."""
    return (
        f"{pack.title} {_told(pack, body)}。只交给{name}办,用途:{pack.purpose};依据:{pack.basis};"
        f"办结后{pack.retain.days}天删除。交吗?回「好」就交,要改直接再说,不交回「算了」。"
    )


def begun(pack: Pack, asked: Asked) -> str:
    return f"好,{pack.title}只办您自己的事,别人看不到。{asked.ask}(不说了就回「算了」)"


def handed_over_yours(number: int, name: str) -> str:
    return f"交给{name}了,事项{number}。有进展、办好了都会告诉您;回「我的事」随时看,不办了回「撤回事项{number}」。"


def dropped() -> str:
    return "好,没有交,说过的明天就删。什么时候想说都行。"


def only_for_oneself() -> str:
    return "这件事要本人来说。请用登记在本人名下的微信说,或请网格员当面替他提。"


# -- worked on ---------------------------------------------------------------------------------------------------------


def please_work(number: int, pack: Pack, place: str, name: str) -> str:
    return (
        f"【事项{number}】{pack.title}:{place} {name}。内容回「事项{number}」看,只给您看。"
        f"接下回「事项{number} {pack.steps[0].words[0]}」。"
    )


def not_here(number: int) -> str:
    return f"没有找到事项{number}。回「我的事」看您手上的。"


def no_pack(number: int) -> str:
    return f"事项{number}的办法县里撤下了,请找系统管理员。"


def over(number: int) -> str:
    return f"事项{number}已经完了,没有改。要再办请本人再提一件。"


def only_worker(number: int) -> str:
    return f"事项{number}由负责办的人记,您可以看进展:回「事项{number}」。"


def only_bringer(number: int) -> str:
    return f"事项{number}只有本人或提的人能撤回。"


def which_step(number: int, pack: Pack) -> str:
    named = "、".join(f"「事项{number} {step.words[0]}」" for step in pack.steps)
    return f"没看懂,没有记。可以说:{named},后面写一句情况;或「事项{number} 转给 姓名」。"


def say_outcome(number: int, step: PackStep) -> str:
    return f"办成什么样了?请带一句结果,好告诉本人。例:事项{number} {step.words[0]} 已和两家说好,水管周五修。"


_TOLD = {
    Told.SENT: "已发给本人",
    Told.BY_BRINGER: "本人微信够不着,已请提的人转告",
    Told.BY_WORKER: "本人微信够不着,已请网格员转告他来联系您",
    Told.BY_HAND: "本人微信够不着,请您当面或打电话告诉他",
}


def stepped(number: int, step: PackStep, told: Told) -> str:
    return f"记:事项{number} {step.title}。{_TOLD[told]}。{'辛苦。' if step.closes else ''}"


def moved_meanwhile(number: int) -> str:
    return f"事项{number}刚有变化,请回「事项{number}」看过再说。"


def whom(name: str, names: Sequence[str]) -> str:
    if names:
        return f"叫{name}的有几位:{'、'.join(names)}。请写全名。"
    return f"没有找到能办这件事的「{name}」,没有转。"


def passed_on(number: int, name: str, reached: bool) -> str:
    return f"事项{number}转给{name}了,{'已发给本人' if reached else '本人微信够不着,请您跟他说一声'}。"


def now_with(number: int, title: str, name: str) -> str:
    return f"您的事项{number}({title})现在由{name}办,有进展告诉您。"


def withdrawn(number: int) -> str:
    return f"事项{number}撤回了,说过的明天就删。"


def was_withdrawn(number: int, title: str) -> str:
    return f"事项{number}({title})撤回了,不用再办。"


def line(number: int, title: str, place: str, step: str, days: int, *, working: bool) -> str:
    role = "您办" if working else "您提的"
    return f"事项{number} {title} {place} {step or '等受理'}({role},第{days + 1}天)"


def listed(lines: Sequence[str]) -> str:
    if not lines:
        return "您手上没有没办完的事项。"
    return "\n".join((*lines, "看内容回「事项」加编号。"))


def shown(
    one: Matter, pack: Pack, place: str, name: str, bringer: str, worker: str,
    steps: Sequence[tuple[str, str, datetime]], *, working: bool,
) -> str:  # fmt: skip
    brought = f",{bringer}提" if bringer else ""
    lines = [f"事项{one.id} {pack.title}:{place} {name}({_AGREED[one.agreed]}{brought}),{worker}办"]
    lines += [_told(pack, one.body) or "内容已按期删除。"]
    for key, words, local in steps:
        step = pack.step(key)
        title = step.title if step else _STEPS.get(key, key)
        lines.append(f"{local.month}月{local.day}日 {title}{f':{words}' if words else ''}")
    following = (
        f"下一步回「事项{one.id} {_next(pack, one).words[0]} 情况」。" if working else f"有进展{worker}会记在这里。"
    )
    lines.append(_STATES.get(one.state) or following)
    return "\n".join(lines)


def _next(pack: Pack, one: Matter) -> PackStep:
    keys = [step.key for step in pack.steps]
    at = keys.index(one.step) + 1 if one.step in keys else 0
    return pack.steps[min(at, len(keys) - 1)]


# -- heard by the person and the bringer -------------------------------------------------------------------------------


def moved(number: int, title: str, step: PackStep, words: str, days: int | None) -> str:
    said = f"事项{number}({title}):{step.title}" + (f"。{words}" if words else "")
    ended = f"。办完了,内容{days}天后删除,不满意可以再提" if days is not None else ""
    return f"{said}{ended}。{step.tell}"


def stands_still(number: int, title: str, step: str, days: int, name: str) -> str:
    said = f"事项{number}({title})还没办完,停在「{step or '等受理'}」{days}天了"
    return f"{said},已催{name}。您没有被忘记;急的请打村里值班电话。"


def please_go_on(number: int, title: str, place: str, days: int) -> str:
    return f"事项{number}({title},{place}){days}天没有进展了,本人在等。有难处也请说一句:「事项{number} …」,或转给别人。"


def lead_hears(number: int, title: str, place: str, days: int) -> str:
    return f"【事项】{place} 事项{number}({title}){days}天没有进展,请帮一把。内容只有办的人能看。"


def pass_it_on() -> str:
    return "(本人微信够不着,请您当面或打电话告诉他。)"


def please_call(number: int, place: str, name: str) -> str:
    return f"【请转告】{place}:他托付的事项{number}有消息了,请他联系{name or '村里'}。"


# -- a resident's own --------------------------------------------------------------------------------------------------


def own_line(number: int, title: str, step: str, name: str) -> str:
    return f"事项{number} {title}:{step or '等受理'},{name}办"


def own(lines: Sequence[str], words: Sequence[str]) -> str:
    if not lines:
        return f"您现在没有托付的事。想提就说:{'、'.join(f'我要{word}' for word in words)}。"
    return "\n".join((*lines, "不办了回「撤回事项」加编号。"))

"""What is said of a round from door to door: the preview, the list, the read-back, how far each place is."""

from collections.abc import Iterable, Mapping, Sequence

from handlers.domain.knocking import Knock, Knocked, KnockRound, KnockStep, Outcome, RoundKind, Why
from handlers.wording.marks import numeral

VERB = {RoundKind.KNOCK: "敲门", RoundKind.POSTING: "张贴"}
STATES = {
    Knocked.MET: "敲到",
    Knocked.ABSENT: "没人",
    Knocked.MOVED: "空户或搬走",
    Knocked.UNMET: "未见到",
    Knocked.TODO: "未敲",
}
_FIELDS = {"title": "标题", "purpose": "用途", "basis": "依据"}
_NEXT = 5


def missing(keys: Iterable[str], what: str) -> str:
    named = "、".join(_FIELDS[key] for key in keys)
    return f"还缺{named}。例:{what} 全村 返乡排查 到2月9日17点 用途 返乡摸底 依据 样防指2号"


def no_directive(number: int) -> str:
    return f"没有发出去的 D-{number},没法跟着开。请核对编号,或直接写:敲门 全村 标题 用途 … 依据 …"


def no_such_steps(words: str, titles: Sequence[str]) -> str:
    return f"没有叫「{words}」的步骤。" + (f"现有:{'、'.join(titles)}。" if titles else "县里还没写步骤模板。")


def too_many(people: int, limit: int, what: str) -> str:
    first = f"这一轮要发给{people}人,超过{limit}人要两个人看过:请先发一条通知(会请人复核),"
    return f"{first}再回「{what} D-编号 用途 … 依据 …」跟着开。"


def preview(one: KnockRound, where: str, homes: int, people: int, until: str, steps: str, later: int) -> str:
    """Return what is shown before a round begins; *later*: how many had enough messages today."""
    what = VERB[one.kind]
    lines = [
        f"将开一轮{what}:{where}《{one.title}》,{homes}户,网格员{people}人各收一条,住户不收消息。",
        f"截止:{until or '没写'}。用途:{one.purpose}。依据:{one.basis}。",
    ]
    lines += [f"按步骤:{steps}。"] if steps else []
    lines += [f"其中{later}人今天收得够多了,给他们攒到下一次一起发。"] if later else []
    if one.kind is RoundKind.KNOCK:
        lines.append("没人的先换时段、再晚上、再留条或打电话,还没见到就记未见到,不算谁的错。")
    lines.append("开始请回「发」,不开回「撤」,10分钟内有效。")
    return "\n".join(lines)


def dropped() -> str:
    return "好,没有开。"


def begun(one: KnockRound, people: int) -> str:
    word = f"{VERB[one.kind]}进度"
    return f"开了:《{one.title}》,已告诉{people}人。看进展回「{word}」,收工回「结束{VERB[one.kind]}」。"


def please_walk(one: KnockRound, until: str) -> str:
    """Return what everybody who walks hears: the same text for all."""
    head = f"【{VERB[one.kind]}】《{one.title}》" + (f"截止{until}" if until else "")
    why = f"用途:{one.purpose};依据:{one.basis}。"
    if one.kind is RoundKind.POSTING:
        return f"{head}。{why}回「张贴」看还剩哪几栋,贴好回「8栋贴完了」。"
    how = "回「敲门」看还有几户;敲一户回「3-101 敲了 3人」「3-101 没人」,一栋敲完回「8栋敲完了」。"
    return f"{head}。{why}{how}只问要问的,不拍照。"


def none_to_close(what: str) -> str:
    return f"现在没有您能结束的{what}。"


def which_round(titles: Sequence[str]) -> str:
    return f"开着的有:{'、'.join(f'《{title}》' for title in titles)}。请由开的人来结束。"


def closed(one: KnockRound) -> str:
    return f"《{one.title}》结束了。没敲到的仍记未敲,不会当成没有。辛苦大家。"


# -- the worker --------------------------------------------------------------------------------------------------------


def listed(
    title: str,
    until: str,
    left: Mapping[str, int],
    todo: Sequence[str],
    again: Sequence[str],
    noting: Sequence[str],
    later: tuple[int, str],
    others: Sequence[str],
) -> str:
    """Return how many are left, the next few, and what to do about doors where nobody was."""
    head = f"《{title}》" + (f"截止{until}," if until else "")
    if not todo and not again and not noting and not later[0]:
        return f"{head}您这里都敲过了,辛苦。" + _others(others)
    lines = []
    if todo:
        named = "、".join(f"{building}{count}户" for building, count in left.items() if building)
        lines.append(f"{head}还有{len(todo)}户没敲{f'({named})' if named else ''}。接着敲:{'、'.join(todo[:_NEXT])}。")
    else:
        lines.append(f"{head}都走过一遍了。")
    if again:
        lines.append(f"上次没人、现在可以再敲:{'、'.join(again[:_NEXT])}{'等' if len(again) > _NEXT else ''}。")
    if noting:
        lines.append(
            f"敲过三回没人,请留张条或打个电话(回「门牌 留条了」「门牌 电话打通了」):{'、'.join(noting[:_NEXT])}。"
        )
    if later[0]:
        lines.append(f"晚点再敲的{later[0]}户,最早{later[1]}。")
    return "".join(lines) + _others(others)


def _others(titles: Sequence[str]) -> str:
    return f"还开着:{'、'.join(f'《{title}》' for title in titles)}。" if titles else ""


def no_door(door: str) -> str:
    return f"这一轮里没有「{door}」这一户,没有记。请看看门牌,或回「敲门」看名单。"


def which_door(door: str, names: Sequence[str]) -> str:
    named = "、".join(f"{numeral(n)}{name}" for n, name in enumerate(names, 1))
    return f"「{door}」是哪一户?{named}。请带上前面的地方再说一遍。"


def said_before(name: str, state: Knocked, persons: int | None) -> str:
    said = f"{STATES[state]}{f',{persons}人' if persons is not None else ''}"
    return f"{name} 前面记过了({said}),没有重复记。"


def was_seen(name: str) -> str:
    return f"{name} 前面记的是敲到了,没有改。前面记错的话,回「{name} 敲错了」再说。"


def just_said(name: str) -> str:
    return f"{name} 刚记过没人,没有重复记。真又敲过一回,请回「{name} 又没人」。"


def moved_meanwhile(name: str) -> str:
    return f"{name} 刚才有人先记了一笔,请回「敲门」看看再说。"


_REASONS = {
    Why.CALLED: "电话联系上了",
    Why.EMPTY: "空户",
    Why.MOVED: "搬走了",
    Why.LEFT_NOTE: "未见到(留了条)",
    Why.DECLINED: "未见到(不方便),不再敲了,有事他会找您",
    Why.UNMET: "几个时段都没见到,记未见到,不算谁的错",
}


def put(name: str, out: Outcome, when: str, before: Knock | None) -> str:
    """Return the read-back of one door, the earlier word too when there was one."""
    if out.why is Why.NEXT_SLOT:
        said = f"没人,{when}再敲一回"
    elif out.why is Why.EVENING:
        said = f"又没人,换{when}再敲"
    elif out.why is Why.NOTE:
        said = "三回没人了,请留张条或打个电话,回「门牌 留条了」「门牌 电话打通了」"
    else:
        said = _REASONS.get(out.why, "敲到了") + (f",{out.persons}人" if out.persons is not None else "")
    if before is not None:
        earlier = f"{STATES[before.state]}{f'{before.persons}人' if before.persons is not None else ''}"
        return f"已改:{name} {earlier}→{said}。前一个也留着底。"
    return f"记:{name} {said}。"


_WHY = {Why.NEXT_SLOT: "换时段再敲", Why.EVENING: "晚上再敲", Why.NOTE: "留条或打电话", **_REASONS}


def history(name: str, steps: Sequence[tuple[str, KnockStep, str]]) -> str:
    """Return what was said of a door: when, what, why, by whom."""
    if not steps:
        return f"{name} 还没敲过。"
    lines = []
    for when, step, who in steps:
        people = f"{step.persons}人" if step.persons is not None else ""
        why = f"({_WHY[step.why]})" if step.why in _WHY and step.why is not Why.MOVED else ""
        lines.append(f"{when} {STATES[step.state]}{people}{why} {who}{',已撤回' if step.undone else ''}")
    return "\n".join((f"{name}:", *lines))


def left(count: int) -> str:
    return f"还有{count}户没敲。" if count else "没敲的都走过了。"


def left_out(words: str) -> str:
    return f"后面「{words[:20]}」没有记,要帮忙请另发一条。"


def no_hearsay() -> str:
    return "只记搬走;去了哪里不记,也不用打听。"


def what_of(words: str) -> str:
    return f"「{words[:20]}」没看懂,还没有记。这样说:8栋敲完 除了803没人、1001搬走了。"


def no_building(said: str, known: Sequence[str]) -> str:
    if not known:
        return "这里的门牌不分栋,请一户一户说,或全敲完了回「全敲完了」。"
    return f"没有{said or '这一栋'}。是{'、'.join(known[:3])}里的哪一栋?还没有记。"


def which_room(said: str, names: Sequence[str]) -> str:
    if not names:
        return f"这一栋里没有「{said}」,还没有记。请看看门牌再说一遍。"
    return f"「{said}」是哪一户?{'、'.join(names)}。还没有记。"


def nothing_left(building: str) -> str:
    return f"{building or '这里'}没有还没敲的了,没有重复记。"


def confirm(building: str, met: int, others: Sequence[tuple[str, Knocked, Why]], skipped: Sequence[str]) -> str:
    """Return the number that 对 will put down, with every exception by name."""
    lines = [f"{building or '您这里'}还没敲的有{met}户,都记「敲到」"]
    lines += [f"{name} {'空户' if why is Why.EMPTY else STATES[state]}" for name, state, why in others]
    lines += [f"{'、'.join(skipped)}先不记"] if skipped else []
    return f"{';'.join(lines)}。对吗?对就回「对」,不对直接再说。"


def put_many(states: Mapping[Knocked, int]) -> str:
    said = "、".join(f"{STATES[state]}{count}户" for state in STATES if (count := states.get(state, 0)))
    return f"记:{said or '没有要记的'}。记错了回「撤回」。"


def undone(count: int, names: Sequence[str]) -> str:
    named = "、".join(names) + (f"等{count}户" if count > len(names) else "")
    return f"已撤回:{named},回到前一个记录,撤掉的也留着底。"


def nothing_to_undo() -> str:
    return "没有您刚记的可以撤回。别人记的请他自己改,或请网格长改。"


def again(title: str, names: Sequence[str]) -> str:
    """Return the reminder that doors where nobody was may be tried again."""
    more = f"等{len(names)}户" if len(names) > 10 else ""
    return f"【敲门】《{title}》上次没人的,这会儿方便可以再敲:{'、'.join(names[:10])}{more}。不方便就晚点,不催。"

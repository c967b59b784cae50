"""What who walks from door to door hears: the list, the read-back, what was not clear."""

from collections.abc import Mapping, Sequence

from handlers.domain.knocking import Knock, Knocked, KnockStep, Outcome, RoundKind, Why
from handlers.wording.marks import numeral

VERB = {RoundKind.KNOCK: "敲门", RoundKind.POSTING: "张贴"}
STATES = {
    Knocked.MET: "敲到",
    Knocked.ABSENT: "没人",
    Knocked.MOVED: "空户或搬走",
    Knocked.UNMET: "未见到",
    Knocked.TODO: "未敲",
}
_NEXT = 5
_PARTS = 8


def listed(
    title: str,
    until: str,
    left: Mapping[str, int],
    todo: Sequence[tuple[str, str]],
    again: Sequence[tuple[str, str]],
    noting: Sequence[tuple[str, str]],
    later: tuple[int, str],
    others: Sequence[str],
) -> str:
    """Return how many are left, the next few, and what to do about doors where nobody was; a door stands with its
    grid, "" where there is one only."""
    head = f"《{title}》" + (f"截止{until}," if until else "")
    if not todo and not again and not noting and not later[0]:
        return f"{head}您这里都敲过了,辛苦。" + _others(others)
    lines = []
    if todo:
        parts = [f"{part}{count}户" for part, count in left.items() if part]
        named = "、".join(parts[:_PARTS]) + ("等" if len(parts) > _PARTS else "")
        lines.append(f"{head}还有{len(todo)}户没敲{f'({named})' if named else ''}。接着敲:{doors(todo[:_NEXT])}。")
        lines += [f"回的时候带上哪一格,像「{todo[0][0]}{todo[0][1]} 没人」。"] if todo[0][0] else []
    else:
        lines.append(f"{head}都走过一遍了。")
    if again:
        lines.append(f"上次没人、现在可以再敲:{doors(again[:_NEXT])}{'等' if len(again) > _NEXT else ''}。")
    if noting:
        lines.append(
            f"敲过三回没人,请留张条或打个电话(回「门牌 留条了」「门牌 电话打通了」):{doors(noting[:_NEXT])}"
            f"{'等' if len(noting) > _NEXT else ''}。"
        )
    if later[0]:
        lines.append(f"晚点再敲的{later[0]}户,最早{later[1]}。")
    return "".join(lines) + _others(others)


def doors(named: Sequence[tuple[str, str]]) -> str:
    """Return doors with their grid before the first of each.

    >>> doors([("", "3-101"), ("", "3-102")]), doors([("1格", "1户"), ("1格", "2户"), ("2格", "1户")])
    ('3-101、3-102', '1格 1户、2户;2格 1户')
    """
    parts: dict[str, list[str]] = {}
    for at, name in named:
        parts.setdefault(at, []).append(name)
    return ";".join((f"{at} " if at else "") + "、".join(names) for at, names in parts.items())


def none_open(kind: RoundKind) -> str:
    """Return what who walks hears when nothing is open here: what is open later they hear of."""
    usual = "今天敲门46 空户5" if kind is RoundKind.KNOCK else "今天贴通告13张"
    return f"现在没有开着的{VERB[kind]},开了会发给您;这一句没有记。平常的照旧报数,像「{usual}」。"


def for_walkers(kind: RoundKind) -> str:
    """Return what a lead hears whose doors are others' to walk to."""
    what = VERB[kind]
    return f"一户一户的名单在各格网格员手里。您看进展回「{what}进度」,收工回「结束{what}」。"


def which_grid(names: Sequence[str]) -> str:
    return f"是哪一格的?请带上格再说,像「{names[0]}敲完了」。还没有记。"


def no_such_title(words: str, titles: Sequence[str]) -> str:
    return f"没有叫「{words}」的。开着的有:{'、'.join(f'《{title}》' for title in titles[:5])}。"


def _others(titles: Sequence[str]) -> str:
    return f"还开着:{'、'.join(f'《{title}》' for title in titles)}。" if titles else ""


def no_door(door: str) -> str:
    return f"这一轮里没有「{door}」这一户,没有记。请看看门牌,或回「敲门」看名单。"


def which_door(door: str, names: Sequence[str]) -> str:
    named = "、".join(f"{numeral(n)}{name}" for n, name in enumerate(names[:4], 1)) + ("等" if len(names) > 4 else "")
    return f"「{door}」是哪一户?{named}。请带上哪一格再说一遍,像「{names[0]} 没人」。还没有记。"


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
    return "只记敲门的结果;人去了哪里、听来的话都不记,也不用打听。"


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


def confirm(
    building: str,
    met: int,
    others: Sequence[tuple[str, Knocked, Why]],
    skipped: Sequence[str],
    parts: Mapping[str, int],
) -> str:
    """Return the number that 对 will put down, by grid where there are several, with every exception by name."""
    named = "、".join(f"{part}{count}户" for part, count in parts.items())
    lines = [f"{building or '您这里'}还没敲的有{met}户{f'({named})' if named else ''},都记「敲到」"]
    lines += [f"{name} {'空户' if why is Why.EMPTY else STATES[state]}" for name, state, why in others]
    lines += [f"{'、'.join(skipped)}先不记"] if skipped else []
    return f"{';'.join(lines)}。对吗?对就回「对」,不对回「算了」。"


def not_put() -> str:
    return "好,没有记。哪几户不一样就直接说,像「8栋敲完 除了803没人」。"


def is_over(title: str) -> str:
    return f"《{title}》已经结束了,这一句没有记。要补请找开的人再开一轮。"


def put_many(states: Mapping[Knocked, int]) -> str:
    said = "、".join(f"{STATES[state]}{count}户" for state in STATES if (count := states.get(state, 0)))
    return f"记:{said or '没有要记的'}。记错了回「撤回」。"


def undone(count: int, names: Sequence[str]) -> str:
    named = "、".join(names) + (f"等{count}户" if count > len(names) else "")
    return f"已撤回:{named},回到前一个记录,撤掉的也留着底。"


def nothing_to_undo() -> str:
    return "没有您刚记的可以撤回。别人记的请他自己改,或请网格长改。"


def again(title: str, names: Sequence[tuple[str, str]]) -> str:
    """Return the reminder that doors where nobody was may be tried again."""
    more = f"等{len(names)}户" if len(names) > 10 else ""
    return f"【敲门】《{title}》上次没人的,这会儿方便可以再敲:{doors(names[:10])}{more}。不方便就晚点,不催。"

"""How far a round is at a place and its parts; a place where nobody knocked yet is 未敲, never 0."""

from collections.abc import Mapping, Sequence

from handlers.domain.knocking import Knocked, KnockRound
from handlers.wording.knocks import STATES, VERB


def counted(counts: Mapping[Knocked, int]) -> str:
    """Return how one place stands; a place where nobody knocked yet is 未敲, never 0.

    >>> counted({Knocked.TODO: 12}), counted({Knocked.TODO: 2, Knocked.MET: 3, Knocked.ABSENT: 1})
    ('未敲(12户)', '敲到3/6户 没人1 未敲2')
    """
    total = sum(counts.values())
    if not total:
        return "没有住户"
    if counts.get(Knocked.TODO, 0) == total:
        return f"未敲({total}户)"
    parts = [f"敲到{counts.get(Knocked.MET, 0)}/{total}户"]
    parts += [f"{STATES[state]}{count}" for state in list(STATES)[1:] if (count := counts.get(state, 0))]
    return " ".join(parts)


def people(persons: int, doors: int, total: Mapping[Knocked, int]) -> str:
    """Return how many people were told of; where some doors were not said, it is no total.

    >>> people(5, 2, {Knocked.MET: 2}), people(5, 2, {Knocked.MET: 3}), people(0, 0, {Knocked.MET: 3})
    (' 共5人', ' 说了人数的2户共5人', '')
    """
    if not doors:
        return ""
    return f" 共{persons}人" if doors >= total.get(Knocked.MET, 0) else f" 说了人数的{doors}户共{persons}人"


def progress(
    title: str, place: str, total: Mapping[Knocked, int], said: str, parts: Sequence[tuple[str, str]], more: int
) -> str:
    """Return the progress of one place and of its parts, in the order of the tree."""
    lines = [f"《{title}》{place} {counted(total)}{said}"]
    lines += [f"{name} {said}" for name, said in parts]
    lines += [f"还有{more}处没列。"] if more else []
    return "\n".join(lines)


def none_open(what: str) -> str:
    return f"现在没有开着的{what}。领导可以开:{what} 全村 标题 到2月9日17点 用途 … 依据 …"


def ended(one: KnockRound, said: str) -> str:
    return f"《{one.title}》到点了。{said}\n三天内补报的仍然记;收工回「结束{VERB[one.kind]}」。"

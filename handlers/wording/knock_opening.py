"""What is said around a round: its preview, its beginning, what all who walk are told, its end."""

from collections.abc import Iterable, Sequence

from handlers.domain.knocking import KnockRound, RoundKind
from handlers.wording.knocks import VERB

_FIELDS = {"title": "标题", "purpose": "用途", "basis": "依据"}


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


def not_closed(what: str) -> str:
    return f"这一轮刚有变化,还没有结束。请再回一次「结束{what}」。"


def bad_until(words: str) -> str:
    return f"截止「{words[:20]}」没看懂,或已经过了,还没有开。请写清几号几点,像「到2月9日17点」。"

"""What a household hears in a chat about a declaration: the receipt in one line a person, and what to do next."""

from collections.abc import Mapping, Sequence

from handlers.domain.declaration import Answer, PersonAnswer
from handlers.domain.receipt_colour import Colour

_COLOURS: Mapping[Colour, str] = {Colour.GREEN: "🟢 绿色", Colour.YELLOW: "🟡 黄色", Colour.RED: "🔴 红色"}
ALL_WELL = "都好"


def all_well_item(names: Sequence[str], others: int) -> str:
    who = "、".join(names[:4]) + (f"等{len(names)}人" if len(names) > 4 else "")
    rest = f";另{others}人请点「申报」" if others else ""
    return f"{ALL_WELL}:{who}和上次一样,没有不舒服{rest}"


def receipts(answer: Answer, link: str) -> str:
    """Say what each person got. It is a receipt and no pass."""
    lines = ["收到申报(凭据,不是通行证)。", *(_person(one) for one in answer.people)]
    notes = list(dict.fromkeys(n for one in answer.people for n in one.notes))
    if answer.help:
        notes.append(answer.help)
    return "\n".join([*lines, *notes, f"不对?要更正、要看我的信息:{link}"])


def written_down(answer: Answer) -> str:
    """Tell the worker what to read out."""
    lines = ["替本人记好了,请念给本人听:", *(_person(one) for one in answer.people)]
    notes = [note for one in answer.people for note in one.notes] + ([answer.help] if answer.help else [])
    return "\n".join([*lines, *dict.fromkeys(notes)])


def _person(one: PersonAnswer) -> str:
    receipt = one.receipt
    if receipt is None:
        return f"{one.label}:已登记。"
    until = f"{receipt.valid_until.month}月{receipt.valid_until.day}日"
    return (
        f"{one.label}:{_COLOURS[receipt.colour]}。原因:{receipt.reason}。{receipt.next_steps}"
        f"有效至{until},有事问{receipt.ask}。"
    )


def not_complete() -> str:
    return "第一次请点「申报」填一次(一分钟),同意之后,以后回一句「都好」就行。"


def whose() -> str:
    return "这是哪一位的体温?请把姓名写上,一位一条,如「王样花 36.7 没有不舒服」。"


def one_more(said: str, link: str) -> str:
    return f"{said}也可以点这里填:{link}"


def well_or_not(temperature: str) -> str:
    return f"量得很好。有没有不舒服?没有请回「{temperature or '36.5'} 没有不舒服」,有就写哪里不舒服。"


def now_reads(answer: Answer) -> str:
    return "\n".join(["核对好了,谢谢您。", *(_person(one) for one in answer.people)])


def not_yours() -> str:
    return "这一条已经核对过了,或者不是您的。要看请打开自己的申报链接。"


SPEAKERS = {"family": "家人", "neighbour": "邻居", "worker": "工作人员", "self": "本人"}


def somebody_registered(relation: str) -> str:
    return f"登记在册的代报人({relation})"


def declared_for_you(who: str) -> str:
    return f"告诉您一声:{who}今天替您做了申报。您随时可以自己填,以您的为准;不是您让报的,请告诉网格员。"


def declared_for(name: str, who: str) -> str:
    return f"告诉您一声:{who}今天替您家的{name}做了申报。请带个话;本人随时可以自己填,以本人的为准。"


def please_check(question: str) -> str:
    return f"有一条想请您核对。{question}"


def no_hurry() -> str:
    return "不着急,也不影响买菜看病;一天没顾上,网格员会打个电话问问您好不好。"

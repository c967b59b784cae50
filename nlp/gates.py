"""Speech acts before keywords: is this a report at all, or a notice, a plan, a question, a quote, a joke?"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from nlp import cues
from nlp.cue import ALWAYS, Cue, bits_of, seen_in
from nlp.lazy import lazy


class Act(StrEnum):
    """What a message does, before any figure of it is read."""

    TELL = "tell"
    SYSTEM = "system"
    NOTICE = "notice"
    FORWARD = "forward"
    TEMPLATE = "template"
    PLAN = "plan"
    HYPOTHETICAL = "hypothetical"
    HEARSAY = "hearsay"
    QUESTION = "question"
    HEALTH = "health"
    HELP = "help"
    ACK = "ack"
    TALK = "talk"


def own_words(text: str) -> tuple[int, int]:
    """Return the span of *text* (normalised) that the sender wrote: quoted and replied-to blocks are cut off."""
    start = 0
    found = cues.QUOTE.search(text)
    if found and (found.start() == 0 or not text[: found.start()].strip()):
        start = found.end()
    elif found and found.start() > 0:
        return 0, found.start()
    named = cues.NAMED_QUOTE.match(text)
    if named:
        start = named.end()
    return start, len(text)


def is_blank_form(text: str) -> bool:
    """Return whether *text* is a form nobody has filled in: X户X人, __人, labels without figures."""
    if not cues.TEMPLATE.search(text) and len(cues.FORM.findall(text)) < 2:
        return False
    rest = re.sub(
        r"第?\d{1,9}(?:网格|组|村|号|期)|\d{1,4}[年月日点:.]\d{0,2}|(?:^|\n)\s*\d{1,9}[、.)]",
        "",
        cues.TEMPLATE.sub("", text),
    )
    return re.search(r"\d{1,9}\s*[户人辆台份张次名个]|[::]\s*\d{1,9}", rest) is None


@lru_cache(maxsize=32)
def weigh(text: str, channel: str, role: str) -> Act:
    """Return what *text* (the sender's own words, normalised) does, from the first sign that decides."""
    stripped = text.strip()
    if not stripped or cues.MEDIA.match(stripped):
        return Act.SYSTEM
    seen = seen_in(stripped) | ALWAYS
    said = _Said(stripped, channel, role)
    for needed, decide in _SIGNS:
        if seen & needed:
            act = decide(said)
            if act is not None:
                return act
    return _asks(stripped, channel, role)


class _Said(NamedTuple):
    text: str
    channel: str
    role: str


_Decide = Callable[[_Said], Act | None]


def _if(cue: Cue, act: Act, unless: Callable[[str], object] | None = None) -> tuple[int, _Decide]:
    """Return a row of `_SIGNS`: *cue* found means *act*, except where *unless* holds."""
    if unless is None:
        return bits_of(cue), lambda said: act if cue.search(said.text) else None
    return bits_of(cue), lambda said: act if cue.search(said.text) and not unless(said.text) else None


def _blank(said: _Said) -> Act | None:
    return Act.TEMPLATE if is_blank_form(said.text) else None


def _spoken_to(said: _Said) -> Act | None:
    """Read a question to the bot by its name."""
    asked = cues.BOT.search(said.text) and cues.QUESTION.search(said.text)
    return Act.HELP if asked and not _reports(said.text) and not _addressed(said.text) else None


def _queried(said: _Said) -> Act | None:
    """Read 汇总一下 as a query where the bot is asked: by name, in private, or by whoever asks for a table."""
    asked = (
        cues.BOT.search(said.text)
        or (said.channel == "direct" and said.role != "resident")
        or (said.role != "leader" and cues.ASKS_FOR.match(said.text))
    )
    if not asked or not cues.QUERY.search(said.text):
        return None
    return Act.TALK if _addressed(said.text) else Act.HELP


def _compares(said: _Said) -> Act | None:
    """Read 为啥比昨天少3 of whoever reports or leads as a query."""
    asked = said.role != "resident" and len(said.text) <= 30 and cues.DIFFERS.search(said.text) is not None
    return None if not asked or _reports(said.text) or _addressed(said.text) or _ILL.search(said.text) else Act.HELP


_ILL = lazy(r"[烧热咳喘晕痛疼困死伤火水阳]")


def _taught(said: _Said) -> Act | None:
    return Act.HEARSAY if cues.LORE.search(said.text) and not cues.QUESTION.search(said.text) else None


def _headed(said: _Said) -> Act | None:
    return Act.NOTICE if cues.NOTICE_HEAD.match(said.text) else None


def _ordered(said: _Said) -> Act | None:
    if not cues.ORDER.search(said.text):
        return None
    spared = _reports(said.text) or cues.LIFELINE.search(said.text)
    return Act.NOTICE if said.role == "leader" or not spared else None


def _led(said: _Said) -> Act | None:
    return Act.NOTICE if said.role == "leader" and cues.LEADER_TALK.search(said.text) else None


def _silent(said: _Said) -> Act | None:
    """A leader's words that hold no fact are talk, and an order unless they ask."""
    if said.role != "leader" or cues.LEADER_FACT.search(said.text) or cues.LIFELINE.search(said.text):
        return None
    return _asks(*said) if cues.QUESTION.search(said.text) else Act.NOTICE


def _aimed(said: _Said) -> Act | None:
    if not cues.AIM.search(said.text) or _counts(said.text) >= 3 or _DONE_ALREADY.search(said.text):
        return None
    return Act.PLAN


_DONE_ALREADY = lazy(r"已(?:经)?(?:转移|完成|排查)")


def _addressed(text: str) -> bool:
    """A leader who asks one grid (@3网格) talks to people, not to the bot."""
    return text.startswith("@") and not text.startswith(("@机器人", "@小格", "@bot"))


_COUNTED = re.compile(r"\d{1,9}\s*[户人辆台份张次名]")


def _counts(text: str) -> int:
    return len(_COUNTED.findall(text))


def _reports(text: str) -> bool:
    return _counts(text) >= 2 or bool(re.search(r"日报|零报告|今日排查|无异常", text) and re.search(r"\d", text))


_ASKING = bits_of(cues.QUESTION, cues.HEARSAY)


def _asks(text: str, channel: str, role: str) -> Act:
    if not (seen_in(text) | ALWAYS) & _ASKING:
        return Act.TELL
    question = bool(cues.QUESTION.search(text))
    if cues.HEARSAY.search(text) and not re.search(r"网格|卡点", text):
        return Act.HEARSAY
    if not question:
        return Act.TELL
    if cues.IF.search(text):
        return Act.HYPOTHETICAL
    if _counts(text) >= 2:
        return Act.TALK if cues.WHICH.search(text) else Act.TELL
    if cues.WHOSE.search(text) or (_addressed(text) and "你们" in text):
        return Act.QUESTION
    if cues.HEALTH.search(text) and not cues.SEEKS_NOD.search(text):
        return Act.HEALTH
    return Act.QUESTION


def is_joke(text: str) -> bool:
    """Return whether *text* is small talk by its words."""
    return bool(cues.JOKE.search(text) or cues.AD.search(text) or is_fancy(text))


def is_fancy(text: str) -> bool:
    """Return whether *text* speaks of a film, a song or a price, or exaggerates: nobody is ill."""
    return bool(cues.FICTION.search(text) or cues.HYPERBOLE.search(text))


def is_laughed(text: str) -> bool:
    """Return whether *text* ends in laughter: what it says is not meant as a request."""
    return cues.LAUGH.search(text) is not None


def is_advert(text: str) -> bool:
    """Return whether *text* offers something for sale or hire."""
    return bool(cues.AD.search(text))


def wants_goods(text: str) -> bool:
    """Return whether a question asks to have something bought or brought (能不能帮忙开点)."""
    return bool(cues.GOODS_ASK.search(text))


def _of_lifeline(text: str) -> bool:
    return cues.LIFELINE.search(text) is not None


_SIGNS: tuple[tuple[int, _Decide], ...] = (
    _if(cues.SYSTEM, Act.SYSTEM),
    (bits_of(cues.TEMPLATE, cues.FORM), _blank),
    _if(cues.SUPPOSE, Act.HYPOTHETICAL, _reports),
    _if(cues.USAGE, Act.HELP, _reports),
    (bits_of(cues.DIFFERS), _compares),
    (bits_of(cues.BOT), _spoken_to),
    (bits_of(cues.QUERY), _queried),
    _if(cues.SAMPLE, Act.TEMPLATE),
    _if(cues.DRILL, Act.TEMPLATE),
    _if(cues.TALE, Act.HEARSAY),
    (bits_of(cues.LORE), _taught),
    _if(cues.FORWARD, Act.FORWARD),
    (bits_of(cues.NOTICE_HEAD), _headed),
    _if(cues.PRAISE, Act.NOTICE),
    _if(cues.FRAME, Act.NOTICE, lazy(r"完成情况|已完成|落实情况|进展情况").search),
    _if(cues.BASE, Act.NOTICE, lazy(r"排查|走访|今[天日]|返乡|转移|登记").search),
    _if(cues.THANKS, Act.NOTICE),
    _if(cues.WEATHER, Act.NOTICE, lazy(r"网格|转移\d|巡查\d|已转移").search),
    _if(cues.OTHERS, Act.HEARSAY, lazy(r"补报|今[天日]|目前|截[至止]|现有").search),
    _if(cues.SCHEDULE, Act.PLAN, _of_lifeline),
    _if(cues.IF, Act.HYPOTHETICAL, _reports),
    (bits_of(cues.ORDER), _ordered),
    (bits_of(cues.LEADER_TALK), _led),
    (ALWAYS, _silent),
    (bits_of(cues.AIM), _aimed),
    _if(cues.PLAN, Act.PLAN, lambda text: cues.DONE.search(text) or _of_lifeline(text)),
)
"""The signs in the order in which they decide: the words without which a row says nothing, and what it says."""

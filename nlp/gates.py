"""Speech acts before keywords: is this a report at all, or a notice, a plan, a question, a quote, a joke?"""

import re
from enum import StrEnum
from functools import lru_cache

from nlp import cues


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
    if not stripped or cues.MEDIA.match(stripped) or cues.SYSTEM.search(stripped):
        return Act.SYSTEM
    if is_blank_form(stripped):
        return Act.TEMPLATE
    if cues.SUPPOSE.search(stripped) and not _reports(stripped):
        return Act.HYPOTHETICAL
    if cues.USAGE.search(stripped) and not _reports(stripped):
        return Act.HELP
    if (
        cues.BOT.search(stripped)
        and cues.QUESTION.search(stripped)
        and not _reports(stripped)
        and not _addressed(stripped)
    ):
        return Act.HELP
    asked = (
        cues.BOT.search(stripped)
        or (channel == "direct" and role != "resident")
        or (role != "leader" and cues.ASKS_FOR.match(stripped))
    )
    if asked and cues.QUERY.search(stripped):
        return Act.HELP if not _addressed(stripped) else Act.TALK
    if cues.SAMPLE.search(stripped):
        return Act.TEMPLATE
    if cues.DRILL.search(stripped):
        return Act.TEMPLATE
    if cues.TALE.search(stripped) or (cues.LORE.search(stripped) and not cues.QUESTION.search(stripped)):
        return Act.HEARSAY
    if cues.FORWARD.search(stripped):
        return Act.FORWARD
    if cues.NOTICE_HEAD.match(stripped) or cues.PRAISE.search(stripped):
        return Act.NOTICE
    if cues.FRAME.search(stripped) and not re.search(r"完成情况|已完成|落实情况|进展情况", stripped):
        return Act.NOTICE
    if (
        cues.BASE.search(stripped) and not re.search(r"排查|走访|今[天日]|返乡|转移|登记", stripped)
    ) or cues.THANKS.search(stripped):
        return Act.NOTICE
    if cues.WEATHER.search(stripped) and not re.search(r"网格|转移\d|巡查\d|已转移", stripped):
        return Act.NOTICE
    if cues.OTHERS.search(stripped) and not re.search(r"补报|今[天日]|目前|截[至止]|现有", stripped):
        return Act.HEARSAY
    if cues.SCHEDULE.search(stripped) and not cues.LIFELINE.search(stripped):
        return Act.PLAN
    if cues.IF.search(stripped) and not _reports(stripped):
        return Act.HYPOTHETICAL
    if role == "leader" and (cues.ORDER.search(stripped) or cues.LEADER_TALK.search(stripped)):
        return Act.NOTICE
    if role == "leader" and not cues.LEADER_FACT.search(stripped) and not cues.LIFELINE.search(stripped):
        return _asks(stripped, channel, role) if cues.QUESTION.search(stripped) else Act.NOTICE
    if cues.ORDER.search(stripped) and not _reports(stripped) and not cues.LIFELINE.search(stripped):
        return Act.NOTICE
    if cues.AIM.search(stripped) and _counts(stripped) < 3 and not re.search(r"已(?:经)?(?:转移|完成|排查)", stripped):
        return Act.PLAN
    if cues.PLAN.search(stripped) and not cues.DONE.search(stripped) and not cues.LIFELINE.search(stripped):
        return Act.PLAN
    return _asks(stripped, channel, role)


def _addressed(text: str) -> bool:
    """A leader who asks one grid (@3网格) talks to people, not to the bot."""
    return bool(re.match(r"@(?!机器人|小格|bot)", text))


def _counts(text: str) -> int:
    return len(re.findall(r"\d{1,9}\s*[户人辆台份张次名]", text))


def _reports(text: str) -> bool:
    return _counts(text) >= 2 or bool(re.search(r"日报|零报告|今日排查|无异常", text) and re.search(r"\d", text))


def _asks(text: str, channel: str, role: str) -> Act:
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

"""Somebody ill or in danger now: told to the person on duty whatever the parse made of the rest."""

from collections.abc import Sequence

from nlp import cues, gates
from nlp.cue import ALWAYS, Cue, bits_of, seen_in
from nlp.events import DESPAIR, event_categories
from nlp.gates import Act
from nlp.temperatures import FEVER, scan_temperatures
from nlp.types import Draft, Intent

_SILENT = frozenset({Act.SYSTEM, Act.NOTICE, Act.TEMPLATE, Act.FORWARD, Act.PLAN, Act.HYPOTHETICAL, Act.HELP})
_GRAVE = {"trapped", "medical_emergency", "missing_person", "fire"}
_LIFELINE = Cue(
    r"断药|透析|胰岛素|喘不上气|喘不过气|上不来气|呼吸困难|没呼吸|救命|昏迷|晕倒|抽搐|氧气(?:没|不够"
    r"|用完)|要生了|羊水破"
)
_NO_LACK = Cue(r"(?:无|没有|未)(?:人)?(?:断药|透析)|(?:透析|胰岛素)[^,。;\n]{0,6}(?:已|送到|送达|做完|回来|打过|够)")
_DRILL = Cue(r"演练|演习|测试消息|培训|模拟")
_RUMOUR = Cue(r"谣言|辟谣|网传|不实|传言|新闻|报道|抖音|微博|去年|前年|那年|当年")
_NEAR = Cue(r"水(?:都)?(?:漫|快到|已经到|到了?).{0,4}(?:门口|窗|腰|屋|床)|快来(?:人|救)|掉进|出人命|在屋顶|上了房顶")


_SPARING = bits_of(_DRILL, _RUMOUR, cues.FICTION, cues.HYPERBOLE, cues.LAUGH)
_LIFELINE_BITS = bits_of(_LIFELINE)


_DESPAIR_BITS = bits_of(DESPAIR)


def _spares(text: str, seen: int) -> bool:
    """Return whether *text* speaks of a drill, a rumour or a film, exaggerates, or ends in laughter.

    Who laughs while saying that life is not worth living may mean it: laughter alone spares nobody that call.
    """
    if _DRILL.search(text) or _RUMOUR.search(text) or gates.is_fancy(text):
        return True
    return gates.is_laughed(text) and not (seen & _DESPAIR_BITS and DESPAIR.search(text))


def alarms_of(text: str, intent: Intent, drafts: Sequence[Draft], channel: str, role: str) -> tuple[str, ...]:
    """Return the signs in *text* (normalised, own words) that somebody is ill or in danger now; () when there are none.

    Signs: fever (37.3 °C and more, or somebody said to have one), and the event categories trapped,
    medical_emergency, missing_person, fire, danger. A notice, a template, a forward, a drill, a rumour, a film and a
    price give none; neither does the old figure of a correction, nor goods that have arrived.
    """
    act = gates.weigh(text, channel, role)
    if act in _SILENT:
        return ()
    seen = seen_in(text) | ALWAYS
    if seen & _SPARING and _spares(text, seen):
        return ()
    if role == "leader" and act in (Act.QUESTION, Act.TALK):
        return ()  # who asks about a figure reports nobody ill
    out = [name for name in event_categories(text) if name in _GRAVE]
    if _has_fever(text, intent, drafts):
        out.append("fever")
    if seen & _LIFELINE_BITS and intent is not Intent.DELIVERY and "medical_emergency" not in out:
        told = _LIFELINE.search(text)
        if told and not _NO_LACK.search(text):
            out.append("medical_emergency")
    if not out and _NEAR.search(text):
        out.append("danger")
    return tuple(out)


def _has_fever(text: str, intent: Intent, drafts: Sequence[Draft]) -> bool:
    if intent is Intent.CORRECTION:
        fields = {"temperature", "fever_people"}
        told = [draft.get("value") for draft in drafts if draft.get("field") in fields]
        counted = [draft.get("temperature") for draft in drafts if draft.type == "temperature"]
        return any(isinstance(value, float) and value >= FEVER for value in (*told, *counted))
    if any(one.celsius >= FEVER for one in scan_temperatures(text)):
        return True
    for draft in drafts:
        value = draft.get("temperature")
        if isinstance(value, int | float) and value >= FEVER:
            return True  # 38,5 and 385, read as temperatures only where one is due
        if draft.type == "event" and "fever" in _categories(draft):
            return True
    return False


def _categories(draft: Draft) -> tuple[str, ...]:
    value = draft.get("category")
    return value if isinstance(value, tuple) else ()

"""Somebody ill or in danger now: told to the person on duty whatever the parse made of the rest."""

import re

from nlp import gates
from nlp.events import event_categories
from nlp.gates import Act
from nlp.temperatures import FEVER, scan_temperatures
from nlp.types import Intent

_SILENT = frozenset({Act.SYSTEM, Act.NOTICE, Act.TEMPLATE, Act.FORWARD, Act.PLAN, Act.HYPOTHETICAL, Act.HELP})
_GRAVE = {"trapped", "medical_emergency", "missing_person", "fire"}
_LIFELINE = re.compile(
    r"断药|透析|胰岛素|喘不上气|喘不过气|上不来气|呼吸困难|没呼吸|救命|昏迷|晕倒|抽搐|氧气(?:没|不够"
    r"|用完)|要生了|羊水破"
)
_DRILL = re.compile(r"演练|演习|测试消息|培训|模拟")
_NEAR = re.compile(r"水(?:漫|快到|已经到|到了).{0,4}(?:门口|窗|腰|屋|床)|快来(?:人|救)|掉进|出人命")


def alarms_of(text: str, intent: Intent, channel: str, role: str) -> tuple[str, ...]:
    """Return the signs in *text* (normalised, own words) that somebody is ill or in danger now; () when there are none.

    Signs: fever, and the event categories trapped, medical_emergency, missing_person, fire, danger. A notice, a
    template, a forward or a drill gives none.
    """
    if _DRILL.search(text) or gates.weigh(text, channel, role) in _SILENT:
        return ()
    out = [name for name in event_categories(text) if name in _GRAVE]
    if any(one.celsius >= FEVER for one in scan_temperatures(text)):
        out.append("fever")
    if (
        _LIFELINE.search(text)
        and "medical_emergency" not in out
        and not re.search(r"(?:无|没有|未)(?:人)?(?:断药|透析)", text)
    ):
        out.append("medical_emergency")
    if _NEAR.search(text) and not out:
        out.append("danger")
    return tuple(out)

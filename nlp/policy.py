"""Accept, read back as pending, ask one question, or leave alone: how sure the reading is and what to ask."""

import re
from collections.abc import Mapping, Sequence

from nlp.cue import ALWAYS, Cue, bits_of, seen_in
from nlp.daily import SEEN
from nlp.lazy import lazy
from nlp.metrics import label_of, unit_of
from nlp.normalize import Plain
from nlp.numerals import scan_numbers
from nlp.rules import GUESSED, ODD, PAIRS
from nlp.types import Draft, Intent, Utterance

_COUNTS = frozenset({int, float})
_QUIET = frozenset({Intent.ACK, Intent.HELP, Intent.CHATTER, Intent.HEALTH_QUESTION})
_FIGURED = ("daily", "checkpoint")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_SPOKEN = re.compile(r"[户人名台辆份张]")
_ROWS = (
    (Cue(r"[=→][ ]?\d"), 2),
    (Cue(r"(?<![\d.])/(?!\d{1,2}(?:月|日|\b))|(?<=[一-鿿a-zA-Z\d)])/(?=[一-鿿])"), 2),
    (Cue(r"\(\s?\d{1,6}\s?[,、/]\s?\d"), 1),
    (Cue(r"[|\t].*\d"), 1),
    (Cue(r"[□■☐☑☒✓✔✗√×]"), 1),
)
_ROW_SIGNS = bits_of(*(found for found, _ in _ROWS))
_KNOWN_STATE = Cue(
    r"[一二两三四五六七八九十\d]{1,3}户(?:没人|无人|锁门|不在家|家里没人)|[一二两三四五六七八九十\d]{1,3}[户人名个位](?:未|没)(?:有)?(?:测|量)|(?:昨日|昨天|前天|上周|上次)[^,。;\n\d]{0,12}\d+[户人名个辆台]"
    r"|(?:由|从)(?:原来的?)?\s*\d+\s*[户人名个辆台份张条次]\s*(?:增|减|上升|下降|降|变|调整|扩)"
)
_HARMLESS = re.compile(
    r"\d{1,4}\s*(?:年|月|日|号|点|时|分|:|网格|格|组|栋|楼|单元|天|岁|小时|分钟)|\d{1,2}[.、)]|1\d{2}[\d*]{8}"
    r"|84\s*消毒|第\s*\d{1,9}|\d{1,9}-\d{1,9}(?:-\d{1,9})?"
)


def settle(intent: Intent, drafts: Sequence[Draft], alarms: tuple[str, ...], plain: Plain, own: str) -> Utterance:
    """Return what was read of *plain* with its confidence, whether to confirm it, the one question to ask, and the
    unread spans; *own* are the sender's own words."""
    if not drafts and intent in _QUIET:
        return Utterance(plain.raw, intent, (), _confidence((), plain, ()), False, None, (), alarms)
    unread = _unread(drafts, plain)
    kept = tuple([_without_marks(draft) for draft in drafts])
    confidence = _confidence(kept, plain, unread)
    ask = _question(kept, plain, unread)
    confirm = ask is not None or confidence < 0.75 or _by_columns(own) or _changes(intent, kept) or _shared(kept)
    confirm = confirm or (bool(kept) and _doubtful(kept, own))
    return Utterance(plain.raw, intent, kept, confidence, confirm, ask, unread, alarms)


def _by_columns(text: str) -> bool:
    """Return whether which figure is whose hangs on its place in a row of the writer's own making: `a=1 b=2`, `1/2/3`,
    `(1,2)`, ticked boxes. Such a row may be read one column off with every word known, so somebody looks once more."""
    return bool((seen_in(text) | ALWAYS) & _ROW_SIGNS) and any(
        len(found.findall(text)) >= least for found, least in _ROWS
    )


def _changes(intent: Intent, drafts: Sequence[Draft]) -> bool:
    """Return whether a figure that stands is to be changed: the wrong one of two would be lost in silence."""
    return intent is Intent.CORRECTION and any(draft.type != "retraction" for draft in drafts)


def _shared(drafts: Sequence[Draft]) -> bool:
    """Return whether a figure is told of several grids at once (三、四格隔离5户): of both together, or of each?"""
    for draft in drafts:
        together = draft.type in _FIGURED and "、" in str(draft.get("grid") or "")
        if together and any(type(slot.value) in _COUNTS and slot.value for slot in draft.slots):
            return True
    return False


_NO_MORE: Mapping[str, str] = {
    **PAIRS,
    **dict.fromkeys(("swab_done", "swab_missing"), "swab_due"),
    **dict.fromkeys(("vehicles_turned_back", "vehicles_out_province", "vehicles_hubei"), "vehicles_checked"),
    **{f"returnees_{part}": "returnees" for part in ("wuhan", "hubei", "hubei_other", "out_province", "in_province")},
    **{f"{key}_new": f"{key}_cum" for key in ("returnees", "isolated_people", "households_checked", "people_checked")},
    "vaccinated_people": "vaccinated_people_cum",
    "households_absent": "households_visited",
    "hazards_fixed": "hazards_found",
    "fever_people": "people_checked",
}
"""Figures and those they cannot exceed, where both are told and the second is not 0."""


_BOUND = Cue(
    r"(?:不到|不足|不满|(?:至少|起码|最多|顶多)[一-鿿]{0,5}?|超过了?|不超过)\s*(?!3[67]|[4-9]?[05]%)(?:\d|[一二两三四五六七八九十])"
)
"""Less or more than a figure is not that figure."""
_PER_HEAD = Cue(r"每[户人家][^,。;\n\d]{0,8}(?:\d|[一二两三四五六七八九十半])")
_IN_ALL = lazy(r"[共计]|一共|总")
_BY_DOOR = Cue(r"\d-\d{3,4}\s*(?:\d{1,2}|[一二两三四五六七八九])\s*[人户](?![次均])")
_VAGUE = bits_of(_BOUND, _PER_HEAD, _BY_DOOR)


def _doubtful(drafts: Sequence[Draft], text: str) -> bool:
    """Return whether figures cannot be so, or are bounds (不到30户), or goods by head: 给60户,每户10只 were not ten."""
    for draft in drafts:
        if draft.type in _FIGURED and _at_odds(draft):
            return True
    if not seen_in(text) & _VAGUE:
        return False
    if _BOUND.search(text) is not None:
        return True
    if drafts[0].type in _FIGURED and _BY_DOOR.search(text) is not None:
        return True  # 隔离2户,3-201 2人,5-301 3人: what a door has is a part of some figure
    by_head = _PER_HEAD.search(text) is not None and _IN_ALL.search(text) is None
    return by_head and any(draft.type in ("need", "delivery") for draft in drafts)


def _at_odds(draft: Draft) -> bool:
    """Return whether two figures of *draft* cannot both be so: more homes than people, more parts than there are."""
    told: dict[str, int] = {}
    for slot in draft.slots:
        value = slot.value
        if type(value) is int:
            told[slot.key] = value
    if len(told) < 2:
        return False
    for key, value in told.items():
        most = _NO_MORE.get(key)
        if most is not None and value > told.get(most, value) > 0:
            return True
    due, done, missing = told.get("swab_due"), told.get("swab_done"), told.get("swab_missing")
    return due is not None and done is not None and missing is not None and due != done + missing


def _without_marks(draft: Draft) -> Draft:
    kept = tuple([slot for slot in draft.slots if slot.key != SEEN])
    return draft if len(kept) == len(draft.slots) else draft._replace(slots=kept)


def _unread(drafts: Sequence[Draft], plain: Plain) -> tuple[tuple[int, int], ...]:
    if not any(draft.type in _FIGURED for draft in drafts):
        return ()
    known = bytearray(len(plain.text) + 1)
    for draft in drafts:
        for slot in draft.slots:
            if slot.end:
                known[slot.start : slot.end] = b"\1" * (slot.end - slot.start)
    figures = [found.span() for found in _NUMBER.finditer(plain.text)]
    figures += [(one.start, one.end) for one in scan_numbers(plain.text) if _SPOKEN.match(plain.text, one.end)]
    left = {span for span in figures if known.find(1, span[0], span[1]) < 0}
    if not left:
        return ()
    for pattern in (_HARMLESS, _KNOWN_STATE):
        for found in pattern.finditer(plain.text):
            known[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    return tuple(sorted(span for span in left if known.find(1, span[0], span[1]) < 0))


def _confidence(drafts: Sequence[Draft], plain: Plain, unread: tuple[tuple[int, int], ...]) -> float:
    if not (drafts or unread or plain.repaired):
        return 1.0
    lowest = min([slot.confidence for draft in drafts for slot in draft.slots], default=1.0)
    return round(max(0.1, lowest - 0.05 * len(plain.repaired) - 0.1 * len(unread)), 2)


def _question(drafts: Sequence[Draft], plain: Plain, unread: tuple[tuple[int, int], ...]) -> str | None:
    if plain.cut:
        return "内容太长,只读了前2000个字。请分成几条发,好吗?"
    if drafts and drafts[0].type == "correction":
        changed = [str(draft.get("field")) for draft in drafts if draft.get("value") is None]
    else:
        changed = []
    if changed:
        label = label_of(changed[0])
        named = "、".join(label_of(key) for key in changed)
        return f"{named}现在一共几{unit_of(changed[0])}?请回总数,如「{label}改6」。"
    for draft in drafts:
        asked = _about(draft) or _met(draft, plain.text)
        if asked:
            return asked
    spots = list(dict.fromkeys([_around(plain.text, start, end) for start, end in unread])) if unread else ()
    if len(spots) > 1:
        return f"{''.join(f'「{one}」' for one in spots[:_NAMED])}这几处我没读懂,各是哪一项?"
    if spots:
        return f"「{spots[0]}」这一处我没读懂,是哪一项?"
    return None


_MET = lazy(r"见(?:到|着|面|上)?(?:人)?(?:的|了)?\s*[:=]?\s*(?P<n>\d{1,4})(?!\d|[.:]\d|\s*(?:人|个|次|位))")


def _met(draft: Draft, text: str) -> str | None:
    """敲门46 空5 见40: the three must add up; which one is wrong is for the sender to say."""
    knocked, absent = draft.get("households_visited"), draft.get("households_absent")
    if not isinstance(knocked, int) or not isinstance(absent, int):
        return None
    found = _MET.search(text, draft.start, max(draft.end, draft.start))
    if found is None or int(found["n"]) + absent == knocked:
        return None
    return f"敲门{knocked}户,空户{absent}户,见到{found['n']}户,对不上,哪个数要改?"


_NAMED = 3
"""Places named in one question; more would not be answered."""
_SHOWN = 16
"""Characters shown of what could not be read."""


def _around(text: str, start: int, end: int) -> str:
    left = max(text.rfind(mark, 0, start) for mark in ",。;\n、 ") + 1  # 昼夜岗:1 is asked about with its key
    if end - left > _SHOWN:
        left = max(left, text.rfind(":", 0, start) + 1)
    right = min((at for mark in ",。;\n、 " if (at := text.find(mark, end)) >= 0), default=len(text))
    return text[left:right][:_SHOWN]


def _about(draft: Draft) -> str | None:
    if draft.type == "daily" and draft.get("no_change"):
        return "按昨天的数照报吗?回「对」,或直接发新数。"
    for slot in draft.slots:
        if slot.confidence == GUESSED and draft.type == "correction":
            return f"{label_of(str(draft.get('field')))}改成{slot.value},对吗?"
        if slot.confidence == GUESSED and draft.type in _FIGURED:
            return f"新增按{label_of(slot.key)}{slot.value}{unit_of(slot.key)}记,对吗?"
        if slot.confidence == ODD and draft.type in _FIGURED:
            return f"{label_of(slot.key)}按{slot.value}{unit_of(slot.key)}记,对吗?"
        if slot.approximate and draft.type in _FIGURED:
            return f"{label_of(slot.key)}准数是多少?先按{slot.value}{unit_of(slot.key)}记。"
        if type(slot.value) in _COUNTS and slot.value < 0:  # type: ignore[operator]
            return f"{label_of(slot.key)}写的是{slot.value},是什么意思?"
        if slot.key == "temperature" and slot.confidence < 0.7:
            return f"体温按{slot.value}℃记,对吗?"
    return None

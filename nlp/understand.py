"""The room's only door: a message, the moment it was sent and who sent it, to one Utterance."""

import re
from datetime import datetime

from nlp import checkin, corrections, events, gates, parcels, relative, reports, tabular
from nlp.alarms import alarms_of
from nlp.command import CommandKind, numbered_fixes, quick_kind, strip_mention
from nlp.gates import Act
from nlp.lazy import lazy
from nlp.mended import scope_of
from nlp.normalize import Plain, normalize
from nlp.policy import settle
from nlp.types import Draft, Intent, Slot, Utterance

_QUIET = frozenset(
    {Act.SYSTEM, Act.NOTICE, Act.FORWARD, Act.TEMPLATE, Act.PLAN, Act.HYPOTHETICAL, Act.HEARSAY, Act.TALK}
)
_ACKS = frozenset({CommandKind.RECEIPT, CommandKind.CONFIRM, CommandKind.GO})
_ASKS = frozenset({CommandKind.HELP, CommandKind.DUTY, CommandKind.PROGRESS, CommandKind.ROLLUP})
_BOT_NAMES = ("小格", "机器人", "机器人助手", "bot", "网格机器人", "小助手")


def understand(text: str, sent_at: datetime, *, channel: str = "group", sender_role: str = "gridworker") -> Utterance:
    """Return what *text* says: its intent, its records with spans of the raw text, and what must be asked.

    *sent_at* aware; *channel* group or direct; *sender_role* gridworker, village, resident or leader. Never raises on
    any text; what lies beyond 2,000 characters is left unread and asked for.
    """
    plain = normalize(text)
    start, end = gates.own_words(plain.text)
    own = plain.text[start:end]
    intent, drafts = _read(own, sent_at, channel, sender_role)
    alarms = alarms_of(own, intent, drafts, channel, sender_role)
    moved = [_shift(draft, start) for draft in drafts] if start else drafts
    return _to_raw(settle(intent, moved, alarms, plain, own), plain)


def _read(text: str, sent_at: datetime, channel: str, role: str) -> tuple[Intent, list[Draft]]:
    words, mentioned = strip_mention(text, _BOT_NAMES)
    act = gates.weigh(text, channel, role)
    quick = _quick(_unmention(words).strip())
    if quick is not None:
        return quick, []
    fixed = numbered_fixes(words) if words[:1].isdigit() and len(words) <= _SHORT else 0
    if fixed:
        return Intent.CORRECTION, _beside(text, words, fixed, sent_at)
    if act is Act.HELP:
        return Intent.HELP, []
    if act is Act.TALK and mentioned:
        return Intent.HELP, []
    if act in _QUIET:
        return Intent.CHATTER, []
    body = _unmention(text)
    if "+" in body:
        body = _ME_TOO.sub(lambda found: " " * len(found[0]), body)
    if act in (Act.HEALTH, Act.QUESTION):
        return _question(body, sent_at, channel, role, act, mentioned)
    told = _tell(body, sent_at, channel, role)
    # whoever speaks to the bot and is not understood wants to know how it works
    return (Intent.HELP, []) if mentioned and told == (Intent.CHATTER, []) and words else told


def _beside(text: str, words: str, fixed: int, sent_at: datetime) -> list[Draft]:
    """Return the corrections by name behind those by number, whose items only the read-back knows: 5=6 隔离是六户."""
    at = text.find(words)
    if at < 0 or not words[fixed:].strip():
        return []
    return corrections.read_figures_only(" " * (at + fixed) + words[fixed:], sent_at)


_SHORT = 60
"""Characters: a correction by number is shorter."""
_NAMED = lazy(r"(?:^|(?<=[\s\n]))@\S{1,12}(?=\s|$)")
_ME_TOO = re.compile(r"^\s*\+\s*1(?=\s|[一-鿿])")
_AS_BEFORE = lazy(
    r"(?:数据|数字)?(?:同|跟|和|与)(?:昨[天日]|上次|上一?天)|其[他余它](?:都|均|全)?(?:不变|没变|同昨|照旧)|无变化"
)


def _quick(words: str) -> Intent | None:
    kind = quick_kind(words)
    if kind in _ACKS:
        return Intent.ACK
    return Intent.HELP if kind in _ASKS else None


def _unmention(text: str) -> str:
    """Blank the @names in front of a message (length kept, so that spans stay)."""
    return (
        text
        if "@" not in text
        else re.sub(r"(?:^|(?<=[\s\n]))@\S{1,12}(?=\s|$)", lambda found: " " * len(found[0]), text)
    )


def _question(
    body: str, sent_at: datetime, channel: str, role: str, act: Act, mentioned: bool
) -> tuple[Intent, list[Draft]]:
    if gates.wants_goods(body) and not gates.is_advert(body):
        needs = parcels.read_needs(body)
        if needs:
            return Intent.NEEDS, needs
    told = events.event_categories(body)
    if "price_gouging" in told or (events.is_grave(told) and events.is_near(body)):
        return Intent.EVENT, events.event_drafts(body, told, sent_at)
    if act is Act.HEALTH or (channel == "direct" and checkin.speaks_of_health(body)):
        own = checkin.read_checkin(body, sent_at) if channel == "direct" and _about_self(body) else []
        return Intent.HEALTH_QUESTION, own
    if mentioned:
        return Intent.HELP, []
    return Intent.CHATTER, []


def _about_self(text: str) -> bool:
    return bool(re.search(r"我|有点|体温|\d|了|吗|怎么办|是不是", text)) and not re.search(r"多少度|如果", text)


def _tell(body: str, sent_at: datetime, channel: str, role: str) -> tuple[Intent, list[Draft]]:
    changed = relative.read_more_or_less(body, sent_at)
    if changed:
        return Intent.CORRECTION, changed
    if corrections.is_correction(body) and not (_AS_BEFORE.search(body) and "更正" not in body):
        made = _corrected(body, sent_at, channel, role)
        if made is not None:
            return made
    if channel == "direct" and role == "resident":
        made = tabular.read_tabular(body, sent_at, channel, role) or _household(body, sent_at)
        if made is not None:
            return made
    return reports.read_reports(body, sent_at, channel, role)


def _corrected(body: str, sent_at: datetime, channel: str, role: str) -> tuple[Intent, list[Draft]] | None:
    drafts, follows = corrections.read_corrections(body, sent_at)
    if follows < len(body):
        _, rest = reports.read_reports(body[follows:], sent_at, channel, role)
        told = [_shift(draft, follows) for draft in rest]
        if not told and not drafts:
            drafts = corrections.read_figures_only(body, sent_at)
        return Intent.CORRECTION, drafts + [_at_place(draft, body[:follows]) for draft in told]
    if len(drafts) > 3 and not corrections.is_strong(body):
        return None
    if drafts or corrections.is_strong(body):
        return (Intent.CORRECTION, drafts) if drafts else None
    return None


def _at_place(draft: Draft, head: str) -> Draft:
    """A report sent in place of another keeps the grid that was named with the old one."""
    if draft.type == "retraction" or any(slot.key in ("grid", "village", "checkpoint") for slot in draft.slots):
        return draft
    scope = [slot for slot in scope_of(head) if slot.key in ("grid", "village")]
    return draft._replace(slots=(*scope, *draft.slots))


def _household(body: str, sent_at: datetime) -> tuple[Intent, list[Draft]] | None:
    needs = parcels.read_needs(body)
    if needs:
        return Intent.NEEDS, needs
    if checkin.speaks_of_health(body):
        drafts = checkin.read_checkin(body, sent_at)
        if drafts:
            return Intent.CHECKIN_REPLY, drafts
    return None


def _shift(draft: Draft, by: int) -> Draft:
    if not by:
        return draft
    slots = tuple(slot._replace(start=slot.start + by, end=slot.end + by) if slot.end else slot for slot in draft.slots)
    return Draft(draft.type, slots, draft.start + by, draft.end + by)


def _to_raw(said: Utterance, plain: Plain) -> Utterance:
    """Return *said* with every span moved from the normalised text to the raw one."""
    if plain.index is None:
        return said
    drafts = tuple(
        Draft(draft.type, tuple(_raw_slot(slot, plain) for slot in draft.slots), *plain.span(draft.start, draft.end))
        for draft in said.drafts
    )
    return said._replace(drafts=drafts, unread=tuple(plain.span(start, end) for start, end in said.unread))


def _raw_slot(slot: Slot, plain: Plain) -> Slot:
    if not slot.end:
        return slot
    start, end = plain.span(slot.start, slot.end)
    return slot._replace(start=start, end=end)


def records(said: Utterance) -> list[dict[str, object]]:
    """Return the records of *said* in the shape of the corpus schema: type and fields; `approx` lists vague figures."""
    return [_record(draft) for draft in said.drafts]


def _record(draft: Draft) -> dict[str, object]:
    out: dict[str, object] = {"type": draft.type}
    approximate: list[str] = []
    for slot in draft.slots:
        out[slot.key] = list(slot.value) if isinstance(slot.value, tuple) else slot.value
        if slot.approximate and isinstance(slot.value, int | float):
            approximate.append(slot.key)
    if approximate:
        out["approx"] = approximate
    return out

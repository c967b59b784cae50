"""Declaring by chat: who of a household may be declared again from an address, and what was said about them.

Only what stands complete is said again with one word: an earlier sheet and consent to both, for that person. Whoever
has neither goes to the page. A neighbour says nothing of health, here as on the page.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from handlers import declare_health
from handlers.declared_form import form_of
from handlers.domain.consent import ConsentPurpose, Speaker, Way
from handlers.domain.declaration import Answer, FormRow, PersonSheet, Sheet
from handlers.domain.errors import Refused, UnknownNode
from handlers.domain.household import Address, Caller, Relation
from handlers.domain.message import Channel, Inbound
from handlers.ports import Context, Work
from nlp.normalize import normalize
from nlp.types import Intent, Utterance
from nlp.understand import understand

FRESH = timedelta(days=30)
"""A journey told longer ago than this is asked for again."""
_SAME = re.compile(r"(?:都)?(?:和|跟|同)上(?:次|回)(?:都)?一样[,。!]?(?:都好)?[。!]?")
_RUNS_OUT = re.compile(r"药.{0,4}(?:剩|没了|快没|不够|吃完|用完|断)|(?:没|缺|断).{0,2}药(?!味)")
_WAY = {Channel.KF: Way.KF, Channel.OFFICIAL_ACCOUNT: Way.OFFICIAL_ACCOUNT}
_KIN = frozenset({Relation.MEMBER, Relation.CHILD, Relation.PARENT, Relation.SPOUSE, Relation.RELATIVE})


@dataclass(frozen=True, slots=True)
class Ready:
    """Who may be declared again from this address for one household. `names` by handle; `others`: how many of the
    household still have to fill in the page. `own`: the handle of whoever speaks, None for one who lives elsewhere."""

    household_id: int
    rows: tuple[FormRow, ...]
    names: dict[str, str] = field(repr=False)
    others: int
    own: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said about people: None is not said. `whom` are handles; `temperature` as typed."""

    whom: tuple[str, ...]
    symptoms: tuple[str, ...] | None = field(repr=False)
    temperature: str = field(repr=False)


def ready(channel: Channel, sender: str, place_id: int | None, work: Work, ctx: Context) -> Ready | None:
    """Return who may be declared again from this address, None when nobody: unknown, not of the family, no sheet yet.

    Of several households somebody answers for, the one at *place_id* is meant, and none when that is not one of them.
    """
    if ctx.county.declaring is None:
        return None
    callers = {
        caller.household_id: caller
        for caller in work.households.of_address(channel.value, sender, ctx.day)
        if ctx.tree.has(caller.household_id)
    }
    home = place_id if place_id in callers else next(iter(callers)) if len(callers) == 1 and place_id is None else None
    caller = callers.get(home) if home is not None else None
    if home is None or caller is None or caller.relation not in _KIN:
        return None
    try:
        form = form_of(home, None, work, ctx, known=True)
    except (Refused, UnknownNode):
        return None
    own = f"m{caller.member_id}" if caller.member_id is not None else None
    theirs = [row for row in form.rows if caller.may_answer or row.who == own]
    rows = tuple(row for row in theirs if _complete(row, ctx))
    if not rows:
        return None
    members = {f"m{member.id}": member.name for member in work.households.members(home, ctx.day)}
    named = {f"s{subject.id}": subject.name for subject in work.subjects.of_household(home)}
    return Ready(home, rows, {**named, **members}, len(theirs) - len(rows), own)


def _complete(row: FormRow, ctx: Context) -> bool:
    said = row.last is not None and row.last.journey.away is not None
    fresh = row.last_at is not None and ctx.now - row.last_at <= FRESH
    return said and fresh and {ConsentPurpose.DECLARE.value, ConsentPurpose.HEALTH.value} <= row.granted


def told(text: str, said: Utterance, known: Ready) -> Told | None:
    """Return what *text* says of the people of the household, None when it says nothing of how they are.

    `whom` is empty when it cannot be told who is meant: a temperature is one person's.
    """
    if is_same(text):
        return Told(tuple(row.who for row in known.rows), (), "")
    if said.intent is not Intent.CHECKIN_REPLY or len(said.drafts) != 1:
        return None
    slots = {slot.key: slot for slot in said.drafts[0].slots}
    listed_symptoms = slots["symptoms"].value if "symptoms" in slots else () if "status" in slots else None
    symptoms = listed_symptoms if isinstance(listed_symptoms, tuple) else None
    if symptoms is None and "temperature" not in slots:
        return None
    celsius = slots.get("temperature")
    typed = said.text[celsius.start : celsius.end].strip() if celsius is not None else ""
    listed = tuple(row.who for row in known.rows)
    named = tuple(who for who in listed if len(known.names.get(who, "")) > 1 and known.names[who] in text)
    whom: tuple[str, ...] = named or (listed if not typed or len(listed) == 1 else ())
    if not whom and known.own in listed and re.match(r"\s*(?:我|本人)", text):
        whom = (known.own,) if known.own is not None else ()
    if typed and len(whom) > 1:
        whom = ()
    return Told(whom, symptoms, typed)


def is_same(text: str) -> bool:
    """Return whether the words say: as last time.

    >>> is_same("和上次一样。"), is_same("和上次一样就是有点咳")
    (True, False)
    """
    return bool(_SAME.fullmatch(normalize(text).text.strip()))


def parted(text: str, at: datetime) -> tuple[str, str]:
    """Return the words without the parts that ask for something (药还剩两天), and those parts, "" when none does."""
    asks = [
        part for part in re.split(r"[\s,,。;;、]+", text) if part and (_RUNS_OUT.search(part) or _is_need(part, at))
    ]
    for part in asks:
        text = text.replace(part, " ")
    return text, ",".join(asks)


def _is_need(part: str, at: datetime) -> bool:
    return understand(part, at, channel="direct", sender_role="resident").intent is Intent.NEEDS


def declare(
    said: Told, known: Ready, caller_address: Address, inbound: Inbound, work: Work, ctx: Context, *, asks: str = ""
) -> Answer:
    """Hand in what was said as a sheet: the journey as it was told last, how they feel as told now."""
    rows = {row.who: row for row in known.rows}
    people = tuple(
        replace(
            rows[who].last or PersonSheet(row=who),
            row=who,
            who=who,
            said_by=Speaker.SELF if who == known.own else Speaker.FAMILY,
            symptoms=said.symptoms,
            temperature=said.temperature,
            consents=frozenset(),
        )
        for who in said.whom
    )
    key = hashlib.sha256(f"{inbound.channel} {inbound.key}".encode()).hexdigest()[:40]
    sheet = Sheet(
        key=key, place_id=known.household_id, people=people, made_at=inbound.sent_at, way=_WAY[inbound.channel],
        household_id=known.household_id, known=True, asks=asks, said_from=caller_address,
    )  # fmt: skip
    return declare_health.submit(sheet, work, ctx)


def may_settle(callers: Sequence[Caller], household_id: int | None, member_id: int | None) -> bool:
    """Return whether one of the callers may set right what was said of that person: they, or who answers for them."""
    return any(
        caller.household_id == household_id
        and (caller.may_answer or (member_id is not None and caller.member_id == member_id))
        for caller in callers
    )

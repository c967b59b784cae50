"""Who is on a sheet, and what they say yes to: found again or made known, with consent recorded person by person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers.domain.consent import (
    Age,
    Consent,
    ConsentPurpose,
    ConsentState,
    Decision,
    Speaker,
    Way,
    decide,
    newest,
)
from handlers.domain.declaration import FieldFault, PersonSheet
from handlers.domain.declared import Profile, Subject
from handlers.domain.declaring import Declaring
from handlers.domain.errors import UnknownNode
from handlers.domain.household import Member
from handlers.ports import Context, Work
from handlers.read_sheet import read_name
from handlers.wording import declaration as say

MEMBER, SUBJECT = "m", "s"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody on a sheet: known (`subject`), in the register (`member`), or new by name. `age` is what is known."""

    subject: Subject | None
    member: Member | None
    profile: Profile | None = field(repr=False)

    @property
    def age(self) -> Age:
        """Return whether a guardian must speak, as far as it is known."""
        child = self.profile.child if self.profile else None
        return Age.UNKNOWN if child is None else Age.CHILD if child else Age.GROWN


def handle_of(member: Member | None, subject: Subject | None) -> str:
    """Return the handle a page names somebody by; it says nothing without the household it belongs to."""
    if member is not None:
        return f"{MEMBER}{member.id}"
    assert subject is not None
    return f"{SUBJECT}{subject.id}"


def who_is(
    person: PersonSheet, household_id: int | None, members: Mapping[int, Member], work: Work
) -> tuple[Who, list[FieldFault]]:
    """Return who the row is about, with what is wrong with it. Raises UnknownNode for a handle of another household."""
    if person.who is None:
        return _named(person, household_id, members, work)
    kind, number = person.who[:1], person.who[1:]
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        raise UnknownNode("no such person")
    if kind == MEMBER:
        member = members.get(int(number))
        if member is None:
            raise UnknownNode("no such person")
        return _same(person, _known(person, work.subjects.of_member(member.id), member))
    subject = work.subjects.get(int(number)) if kind == SUBJECT and household_id is not None else None
    if subject is None or subject.household_id != household_id or subject.profile is None:
        raise UnknownNode("no such person")
    return _same(person, _known(person, subject, members.get(subject.member_id or 0)))


def _same(person: PersonSheet, who: Who) -> tuple[Who, list[FieldFault]]:
    """Return who was ticked; a fault when the name written beside the tick is another one's of the same surname."""
    typed = "".join(person.name.split())
    other = bool(typed) and who.profile is not None and typed != who.profile.name
    return who, [FieldFault(person.row, "name", say.name_of_another())] if other else []


def _named(
    person: PersonSheet, household_id: int | None, members: Mapping[int, Member], work: Work
) -> tuple[Who, list[FieldFault]]:
    name, phone, faults = read_name(person)
    if faults:
        return Who(None, None, Profile("", "", person.under_14)), faults
    member = next((one for one in members.values() if one.name == name), None)
    subject = (work.subjects.of_member(member.id) if member else None) or work.subjects.find(household_id, name)
    who = _known(replace(person, phone=phone), subject, member)
    return (who if subject or member else replace(who, profile=Profile(name, phone, person.under_14))), []


def _known(person: PersonSheet, subject: Subject | None, member: Member | None) -> Who:
    """What is known of a person is kept; what the sheet adds (a phone, whether a child) is taken where it was not."""
    held = subject.profile if subject else None
    name = held.name if held else member.name if member else ""
    child = member.under_14 if member and member.under_14 is not None else held.child if held else None
    phone = person.phone or (held.phone if held else "")
    return Who(subject, member, Profile(name, phone, person.under_14 if child is None else child))


def speaker_faults(person: PersonSheet, who: Who) -> list[FieldFault]:
    """Return what is wrong with who speaks for whom: under 14 a guardian does, and a neighbour says nothing of health.

    Nothing is wrong with refusing: whoever says yes to nothing is asked for nothing.
    """
    if not person.consents:
        return []
    if who.age is Age.UNKNOWN:
        return [FieldFault(person.row, "under_14", say.age_missing())]
    if who.age is Age.CHILD and not (person.guardian and person.said_by is not Speaker.NEIGHBOUR):
        return [FieldFault(person.row, "guardian", say.guardian_needed())]
    health = any(text.startswith(f"{ConsentPurpose.HEALTH}@") for text in person.consents)
    if health and person.said_by is Speaker.NEIGHBOUR:
        return [FieldFault(person.row, "consents", say.neighbour_no_health())]
    return []


def words_of(
    person: PersonSheet, said: Iterable[Consent], declaring: Declaring, way: Way, at: datetime
) -> tuple[list[Consent], list[FieldFault]]:
    """Return the words of consent the row adds to what was *said* before, with what is wrong with its ticks.

    A box left empty says no where nobody had said yes; it takes nothing back. A tick for older words is asked anew.
    """
    texts = declaring.table.consents
    ids = {text.id: purpose for purpose, text in texts.items()}
    if not person.consents <= ids.keys():
        return [], [FieldFault(person.row, "consents", say.consent_unknown())]
    before = newest(said)
    ticked = {ids[text] for text in person.consents}
    words = []
    for purpose, text in texts.items():
        held = before.get(purpose)
        if purpose in ticked:
            state = ConsentState.GRANTED
        elif held is not None and held.state is not ConsentState.NOT_ASKED:
            continue
        else:
            state = ConsentState.REFUSED
        words.append(Consent(purpose, text.version, state, person.said_by, person.guardian, way, at))
    return words, []


def decisions(
    who: Who, said: Iterable[Consent], declaring: Declaring, way: Way, ctx: Context
) -> Mapping[ConsentPurpose, Decision]:
    """Return for each purpose whether what the person says may be kept, on which basis."""
    held = newest(said)
    return {
        purpose: decide(
            purpose,
            who.age,
            held.get(purpose),
            text.version,
            way,
            ctx.day,
            basis=declaring.basis(purpose),
            orders=declaring.orders,
        )
        for purpose, text in declaring.table.consents.items()
    }


def made_known(who: Who, household_id: int | None, work: Work, now: datetime) -> Subject:
    """Return the person, made known when they are not yet; what the sheet added is written to who they are."""
    assert who.profile is not None
    if who.subject is None:
        return work.subjects.make(household_id, who.member.id if who.member else None, who.profile, now)
    if who.subject.profile != who.profile:
        work.subjects.put_profile(who.subject.id, who.profile)
    return replace(who.subject, profile=who.profile)

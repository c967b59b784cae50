"""/me: what is held about me, who looked and why, a copy, setting right, erasing. Each request has its time.

What somebody typed on a sheet they see with that sheet's token at once. All that is held about a person is opened once
a worker has made sure that it is they: a household's door is open to many, and a claim is no proof.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers import care, erase_person, name_red
from handlers.declared_counts import counted_node
from handlers.declared_form import declaring_of
from handlers.domain.consent import Consent
from handlers.domain.declaration import CATEGORIES, SYMPTOMS, TRANSPORTS, Category, Transport
from handlers.domain.declared import Given, Looked, Profile, Said
from handlers.domain.errors import Refused
from handlers.domain.facts import Facts
from handlers.domain.isolation import Decision, Episode
from handlers.domain.people import Person
from handlers.domain.rights import RequestState, RightKind, RightsRequest
from handlers.domain.roster_fields import Unfit, clean, mobile, person_name
from handlers.domain.threshold import CareTask, TaskKind
from handlers.domain.wellbeing import Wellbeing
from handlers.ports import Context, Work
from handlers.rights_grants import Mine, all_mine, due_at, mine
from handlers.wording import declaration as said_words
from handlers.wording import own_data as say
from handlers.wording.four_ones import reading


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody did with what is held: when, who (role and name of the worker), what, what for."""

    at: datetime
    who: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about one person, as far as the token opens it. `whole`: this is all there is."""

    row: str
    profile: Profile = field(repr=False)
    said: tuple[Said, ...] = field(repr=False)
    receipt: Given | None = field(repr=False)
    consents: tuple[Consent, ...]
    tasks: tuple[CareTask, ...] = field(repr=False)
    requests: tuple[RightsRequest, ...]
    whole: bool
    isolations: tuple[tuple[Episode, tuple[Decision, ...]], ...] = field(default=(), repr=False)
    answers: tuple[tuple[datetime, Wellbeing, str], ...] = field(default=(), repr=False)


def held(token: str, work: Work, ctx: Context) -> tuple[Held, ...]:
    """Return what is held about everybody the token opens; UnknownNode when it opens nothing."""
    found = tuple(_held(one, work) for one in all_mine(token, work, ctx))
    for one in all_mine(token, work, ctx):
        work.audit.note(ctx.now, None, "look", f"subject:{one.subject.id}", "proof", "own")
    return found


def _held(one: Mine, work: Work) -> Held:
    subject = one.subject
    assert subject.profile is not None
    words = work.consents.of(subject.id)
    given = work.colours.of([subject.id]).get(subject.id)
    ids = {said.id for said in one.said}
    if not one.whole:
        words = tuple(word for word in words if word.sheet_id == one.sheet_id)
        given = given if given and given.declaration_id in ids else None
    return Held(
        row=one.row,
        profile=subject.profile,
        said=one.said,
        receipt=given,
        consents=words,
        tasks=tuple(t for t in work.care_tasks.of_subject(subject.id) if one.whole or t.declaration_id in ids),
        requests=work.rights.of(subject.id) if one.whole else (),
        whole=one.whole,
        isolations=_isolations(subject.id, work) if one.whole else (),
        answers=work.answers.of_subject(subject.id) if one.whole else (),
    )


def _isolations(subject_id: int, work: Work) -> tuple[tuple[Episode, tuple[Decision, ...]], ...]:
    return tuple((one, work.isolations.decisions(one.id)) for one in work.isolations.of_subject(subject_id))


def looked(token: str, row: str | None, work: Work, ctx: Context) -> tuple[Line, ...]:
    """Return who looked at or used what is held about the person, newest first: by role and name, with the purpose."""
    who = mine(token, row, work, ctx)
    lines = work.rights.looked(who.subject.id)
    people = work.people.many((line.person_id for line in lines if line.person_id is not None), ctx.day)
    return tuple(
        Line(line.at, _worker(line, people, ctx), say.ACTIONS.get(line.action, line.action), say.purpose(line.purpose))
        for line in lines
    )


def _worker(line: Looked, people: Mapping[int, Person], ctx: Context) -> str:
    if line.person_id is None:
        return say.BY_THEMSELVES
    person = people.get(line.person_id)
    if person is None:
        return say.SOMEBODY_WHO_LEFT
    titles = [ctx.county.roles[role].title for role in sorted(person.roles) if role in ctx.county.roles]
    return f"{'、'.join(titles) or say.WORKER}{person.name}"


def copy(token: str, row: str | None, work: Work, ctx: Context) -> dict[str, Any]:
    """Return a copy of what is held about the person, as JSON, in words (PIPL 45)."""
    who = mine(token, row, work, ctx)
    request = work.rights.ask(who.subject.id, RightKind.COPY, ctx.now, due_at(ctx))
    found = _held(who, work)
    work.audit.note(ctx.now, None, "copy", f"subject:{who.subject.id}", "proof", "own")
    work.rights.answer(request, RequestState.DONE, ctx.now)
    return {
        "made_at": ctx.local(ctx.now).isoformat(timespec="seconds"),
        "whole": found.whole,
        "profile": {"姓名": found.profile.name, "电话": found.profile.phone or None, "未满14岁": found.profile.child},
        "declarations": [_said_json(said, ctx) for said in found.said],
        "receipt": _receipt_json(found.receipt) if found.receipt else None,
        "consents": [
            {"purpose": w.purpose, "version": w.version, "state": w.state, "said_by": w.said_by, "at": w.at.isoformat()}
            for w in found.consents
        ],
        "tasks": [{"kind": t.kind, "state": t.state, "at": t.made_at.isoformat(), "note": t.note} for t in found.tasks],
        "isolations": [_isolation_json(decisions) for _, decisions in found.isolations],
        "answers": [{"at": at.isoformat(), "said": reading(said), "via": via} for at, said, via in found.answers],
        "requests": [{"kind": r.kind, "state": r.state, "at": r.asked_at.isoformat()} for r in found.requests],
    }


def _said_json(said: Said, ctx: Context) -> dict[str, Any]:
    return {
        "day": said.day.isoformat(),
        "made_at": ctx.local(said.made_at).isoformat(timespec="seconds"),
        "arrived_at": ctx.local(said.arrived_at).isoformat(timespec="seconds"),
        "said_by": said.said_by,
        "state": said.state,
        "destroy_on": said.destroy_on.isoformat() if said.destroy_on else None,
        "facts": in_words(said.facts) if said.facts else None,
    }


def _isolation_json(decisions: tuple[Decision, ...]) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "state": one.state, "at": one.entered_at.isoformat(), "told_by": one.told_how or None}
        | (one.paper.as_json() if one.paper else {})
        for one in decisions
    ]


def _receipt_json(given: Given) -> dict[str, Any]:
    receipt = given.receipt
    return {
        "colour": receipt.colour,
        "reason": receipt.reason,
        "next": receipt.next_steps,
        "valid_until": receipt.valid_until.isoformat(),
        "rules": list(receipt.rules),
        "version": receipt.version,
        "by": receipt.by,
    }


def in_words(facts: Facts) -> dict[str, str]:
    """Return declared facts as people read them; what was not said is left out."""
    found: dict[str, str] = {}
    if facts.away is not None:
        found["去过外地"] = "是" if facts.away else "一直在本地"
    if facts.away:
        found |= {"从哪里回来": facts.origin, "经过": facts.transit or said_words.NO_TRANSIT}
        found |= {"哪天到": facts.arrived.isoformat()} if facts.arrived else {}
        found |= {"怎么回来": TRANSPORTS[Transport(facts.transport)]} if facts.transport else {}
        found |= {"类别": CATEGORIES[Category(facts.category)]} if facts.category else {}
    if facts.symptoms is not None:
        found["症状"] = "、".join(SYMPTOMS.get(code, code) for code in facts.symptoms) or "无"
    if facts.celsius is not None:
        found["体温"] = f"{facts.celsius}℃"
    return found


def correct(token: str, row: str | None, name: str, phone: str, work: Work, ctx: Context) -> str:
    """Set the name or the phone right; what was declared is set right by declaring again. Refused when it is unfit."""
    who = mine(token, row, work, ctx)
    assert who.subject.profile is not None
    profile = who.subject.profile
    try:
        new_name = person_name(name) if clean(name) else profile.name
    except Unfit as unfit:
        raise Refused(said_words.name_unfit(unfit.say)) from unfit
    new_phone = mobile(phone, allow_sample=ctx.county.sample) if clean(phone) else profile.phone
    if new_phone is None:
        raise Refused(said_words.phone_unfit())
    request = work.rights.ask(who.subject.id, RightKind.CORRECT, ctx.now, due_at(ctx))
    work.subjects.put_profile(who.subject.id, replace(profile, name=new_name, phone=new_phone))
    work.audit.note(ctx.now, None, "correct", f"subject:{who.subject.id}", "proof", "own")
    work.rights.answer(request, RequestState.DONE, ctx.now)
    return say.corrected()


def erase(token: str, row: str | None, work: Work, ctx: Context) -> str:
    """Erase, at once: all of the person, or what this sheet said where that is all the token opens."""
    who = mine(token, row, work, ctx)
    request = work.rights.ask(who.subject.id, RightKind.ERASE, ctx.now, due_at(ctx))
    work.audit.note(ctx.now, None, "erase", f"subject:{who.subject.id}", "proof", "all" if who.whole else "sheet")
    work.rights.answer(request, RequestState.DONE, ctx.now)
    kept = who.whole and work.erasure.isolated(who.subject.id)
    if who.sheet_id is not None:
        work.erasure.erase_sheet(who.subject.id, who.sheet_id, "asked", ctx.now)
    else:
        erase_person.erase(who.subject, work, ctx)
    return say.erased_beside() if kept else say.erased(all_of_it=who.whole)


def ask_for_all(token: str, row: str | None, work: Work, ctx: Context) -> str:
    """Ask to see all that is held: a worker makes sure that it is they, within the legal time."""
    who = mine(token, row, work, ctx)
    if who.whole:
        return say.open_already()
    request = work.rights.ask(who.subject.id, RightKind.ACCESS, ctx.now, due_at(ctx))
    node = counted_node(who.subject.household_id or who.said[0].node_id, ctx)
    care.open_task(TaskKind.IDENTITY, who.subject, node, declaring_of(ctx), work, ctx)
    return say.identity_asked(ctx.local(request.due_at))


def object_to_red(token: str, row: str | None, why: str, work: Work, ctx: Context) -> str:
    """Appeal against a red receipt; Refused when there is none, or nothing was written."""
    who = mine(token, row, work, ctx)
    given = work.colours.of([who.subject.id]).get(who.subject.id)
    if given is None or given.clinician_id is None:
        raise Refused(said_words.nothing_to_appeal())
    request = work.rights.ask(who.subject.id, RightKind.EXPLAIN, ctx.now, due_at(ctx))
    node = counted_node(who.subject.household_id or who.said[0].node_id, ctx)
    task = name_red.appeal(who.subject, node, clean(why)[:300], work, ctx)
    work.audit.note(ctx.now, None, "appeal", f"subject:{who.subject.id}", "proof", f"request {request.id}")
    return said_words.appeal_taken(task.id)


def subject_token(code: str, work: Work, ctx: Context) -> str | None:
    """Return a token for the code a worker read out, once; None for a code that opens nothing."""
    return work.rights.exchange(clean(code).upper(), ctx.now, due_at(ctx))

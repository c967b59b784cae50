"""One of everything that says something about people, how long each may stay, and what is left."""

from datetime import timedelta

from sqlalchemy import insert
from village import Village

from handlers.domain.household import Health, Relation
from handlers.domain.place_code import CodeKind
from handlers.domain.privacy import Personal
from store import models as m
from store.cipher import FieldCipher
from store.models import metadata


def fill(village: Village) -> None:
    """One of everything that a rule is about, as of now."""
    now, day = village.now, village.ctx.day
    with village.database.begin() as c:
        for table, values in (
            (m.inbox, {"key": "k", "channel": "aibot", "kind": "text", "sender": "lv", "body": "我妈发烧了",
                       "received_at": now,
                       "due_at": now, "state": "done"}),
            (m.quarantine, {"key": "q", "channel": "aibot", "body": "x", "received_at": now}),
            (m.session, {"key_hash": "h", "person_id": 1, "created_at": now, "seen_at": now}),
            (m.parcel, {"purpose": "reply", "channel": "aibot", "endpoint": "e", "body": {"text": "x"},
                        "created_at": now,
                        "due_at": now, "response_code": "c", "state": "sent", "ended_at": now}),
            (m.delivery, {"purpose": "reply", "address": "lv", "created_at": now}),
            (m.pace, {"key": "lv", "free_at": now.timestamp()}),
            (m.access_token, {"key": "a", "value": "t", "expires_at": now}),
            (m.directive, {"author_id": 1, "scope_id": 1, "body": "排查", "audience": {}, "ladder": [],
                           "state": "closed",
                           "created_at": now, "ended_at": now}),
            (m.receipt, {"directive_id": 1, "person_id": 1, "node_id": 1, "blocker": "缺人", "answered_at": now}),
            (m.talk, {"person_id": 1, "place": "1:1", "topic": "asked", "body": {"a": 1}, "said_at": now,
                      "expires_at": now}),
            (m.me_token, {"hash": "m", "made_at": now, "expires_at": now}),
            (m.visit, {"label": "l", "channel": "kf", "token": "t", "seen_at": now}),
            (m.reply_window, {"label": "l", "opening": "word", "channel": "kf", "opened_at": now}),
            (m.notice_refusal, {"label": "l", "template_id": "t", "refused_at": now}),
            (m.kf_pull, {"open_kfid": "k", "token": "t", "token_at": now, "due_at": now}),
            (m.code_link, {"lookup": "x", "channel": "kf", "url": "u", "permanent": True, "made_at": now}),
            (m.sheet_answer, {"at": "a", "body": b"x" * 40, "made_at": now}),
            (m.official_list, {"name": "o", "kind": "people", "issuer": "i", "basis": "b", "issued_on": day,
                               "expires_on": day, "sha256": "s", "signature": "g", "imported_at": now}),
            (m.statement, {"source": "official", "list_id": 1, "household_id": village.node("v1g1h1"),
                           "name_index": "n",
                           "body": {"away": True}, "said_on": day, "expires_on": day}),
            (m.day_off, {"person_id": 1, "day": day, "why": "unwell", "said_at": now}),
            (m.day_list, {"person_id": 1, "day": day, "state": "sent", "at": now}),
            (m.visit_word, {"household_id": 1, "day": day, "person_id": 1, "state": "said", "said_at": now}),
            (m.enrolment, {"household_id": 1, "plan": "isolation", "first_day": day, "last_day": day, "since_at": now}),
            (m.contact_due, {"household_id": 1, "day": day, "slot": 540, "kinds": 2, "state": "asked", "made_at": now}),
            (m.ask, {"household_id": 1, "question": "health", "asker_id": 1, "state": "asked", "at": now}),
            (m.wish, {"household_id": 1, "plans": "elders", "said_at": now}),
            (m.waiver, {"directive_id": 1, "node_id": 1, "person_id": 1, "reason": "今晚就要", "at": now}),
            (m.contact_step, {"contact_id": 1, "step": "call", "why": "no_answer", "at": now}),
            (m.person_key, {"key_id": "e" * 32, "made_at": now}),
            (m.subject, {"id": 900, "key_id": "e" * 32, "made_at": now}),
            (m.episode, {"id": 900, "subject_id": 900, "household_id": 1, "node_id": 1, "started_on": day,
                         "expected_on": day, "ended_on": day, "state": "ended", "made_at": now}),
            (m.decision, {"episode_id": 900, "subject_id": 900, "kind": "end", "body": b"x" * 60, "state": "told",
                          "entered_by": 1, "entered_at": now}),
            (m.knock_round, {"kind": "knock", "nodes": [1], "words": {"title": "排查"}, "author_id": 1,
                             "state": "closed", "made_at": now, "ended_at": now}),
            (m.knock, {"round_id": 1, "household_id": 1, "place_id": 1, "state": "met", "persons": 3}),
            (m.knock_step, {"round_id": 1, "household_id": 1, "state": "met", "persons": 3, "rung": 0, "why": "seen",
                            "by_id": 1, "at": now}),
            (m.matter, {"pack": "mediation", "node_id": 1, "subject_id": 900, "body": b"x" * 60, "state": "closed",
                        "agreed": "self", "destroy_on": day + timedelta(days=180), "opened_at": now, "moved_at": now,
                        "closed_at": now}),
            (m.matter_step, {"matter_id": 1, "subject_id": 900, "step": "closed", "note": b"x" * 60, "at": now}),
            (m.need, {"household_id": 1, "subject_id": 900, "day": day, "body": b"x" * 60, "state": "open",
                      "said_at": now}),
            (m.contact_answer, {"contact_id": 1, "subject_id": 900, "day": day, "body": b"x" * 60, "speaker": "c1",
                                "via": "kf", "state": "standing", "said_at": now}),
        ):  # fmt: skip
            c.execute(insert(table).values(**values))
        c.execute(m.role.update().values(valid_to=day))
        c.execute(insert(m.account).values(person_id=1, password_hash="x", changed_at=now))
        home = village.node("v1g1h3")
        c.execute(
            insert(m.household).values(
                household_id=home, address="巷子口", head_count=2, about={"a": 1}, updated_at=now
            )
        )
        c.execute(m.node.update().where(m.node.c.id == home).values(valid_to=day))
    with village.store.begin() as work:
        home = village.node("v1g1h2")
        member = work.households.add_member(home, "样例叔", day, now)
        work.households.put_health(member.id, Health(("alone",), ("insulin",)), now)
        contact = work.households.add_contact(home, "样例侄", Relation.RELATIVE, day, now)
        work.households.bind_address(contact.id, "kf", "wm1", now)
        work.households.end_address("kf", "wm1", now)
        work.households.leave(member.id, day)
        work.households.end_contact(contact.id, day)
        work.codes.issue(village.node("v1"), CodeKind.NODE, now)
        work.codes.revoke(village.node("v1"), "lost", now)


def left(village: Village) -> dict[str, int]:
    """How many personal cells say anything, by table and column; ids of people who are still here are left out."""
    found = {}
    empty = len(FieldCipher.current().seal(b""))
    with village.database.read() as c:
        for table in metadata.tables.values():
            for column in table.columns:
                if not isinstance(column.info["about"], Personal) or table is m.audit:
                    continue
                rows = c.exec_driver_sql(f'SELECT "{column.name}" FROM "{table.name}"').scalars().all()
                told = [
                    v
                    for v in rows
                    if v not in (None, "") and not (isinstance(v, bytes | memoryview) and len(v) <= empty)
                ]
                told = [v for v in told if not (isinstance(v, str) and v.startswith("gone-"))]
                if told:
                    found[f"{table.name}.{column.name}"] = len(told)
    return found


def longest() -> dict[str, int]:
    """The days after which nothing of a column may be left, from the moment everything was made."""
    found = {}
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(about := column.info["about"], Personal):
                found[f"{table.name}.{column.name}"] = about.retain_after.days
    # what was declared is released when the observation ends: fourteen days after the arrival of the 22nd
    for name in ("declaration.journey", "declaration.health", "declaration.destroy_on", "colour_receipt.body",
                 "question.body", "subject.profile", "subject.name_index"):  # fmt: skip
        found[name] += 9
    for name in ("inbox.body", "talk.body"):
        found[name] += 0
    found["parcel.response_code"] += 3  # a card's code is good for 72 hours
    # the keys of people of the register live as long as the register says
    found["person_key.wrapped"] = found["resident.profile"]
    found["code_link.url"] += 365  # one without an end is made anew after a year
    found["visit.token"] = found["visit.label"]
    found["me_token.hash"] += 90  # what opens /me is good for ninety days
    return found

"""Ageing: every personal column by its class. One rule a table says when its rows are old and what is done to them.

The spans are those beside the columns (`handlers.domain.privacy`); `tests/declaration/test_ageing.py` fails for a
personal column that no rule covers. Each step takes a bounded number of rows; the tick comes again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from handlers.domain.declared import SaidState
from store import models as m
from store.ageing_doors import DOOR_RULES
from store.ageing_rule import AT_ONCE, Moment, Rule, nothing, span
from store.audit import AuditRepo
from store.erasure import Erasure
from store.households import HouseholdRepo

_CARD_FOR = timedelta(hours=72)  # a card can be changed so long (platform A.3)
_LINK_FOR = timedelta(days=365)  # one without an end is made anew after a year
_SESSION_FOR = timedelta(hours=8)
_EMPTY_SEALED = 1 + 12 + 16  # version, nonce, tag (store.cipher)


def _written(column: Column[Any]) -> ColumnElement[bool]:
    """Return whether a sealed text that may not be null says anything; the empty one is as long as its seal."""
    return func.length(column) > _EMPTY_SEALED


def _filled(table: Table, *names: str) -> ColumnElement[bool]:
    return or_(*(table.c[name].is_not(None) for name in names))


def _gone_home(moment: Moment) -> ColumnElement[bool]:
    """A household that was left or merged away so long ago."""
    left = select(m.node.c.id).where(m.node.c.valid_to < moment.day_before(m.household.c.address))
    return m.household.c.household_id.in_(left) & _filled(m.household, "address", "head_count", "about")


def _no_post_since(moment: Moment, after: timedelta) -> ColumnElement[bool]:
    """Nobody's post any more, and the last one ended so long ago; who never had one counts from nothing."""
    day = (moment.now - after).astimezone(moment.zone).date()
    r = m.role.c
    held = exists().where(r.person_id == m.person.c.id, or_(r.valid_to.is_(None), r.valid_to >= day))
    had = exists().where(r.person_id == m.person.c.id)
    return had & ~held


def _account_over(moment: Moment) -> ColumnElement[bool]:
    of = select(m.person.c.id).where(
        or_(m.person.c.active.is_(False), _no_post_since(moment, span(m.account.c.password_hash)))
    )
    return m.account.c.person_id.in_(of)


def _isolation_over(moment: Moment) -> ColumnElement[bool]:
    """Ended by a decision so long ago; one that nobody ended goes on."""
    return and_(m.episode.c.ended_on < moment.day_before(m.episode.c.ended_on))


RULES: Sequence[Rule] = (
    Rule(
        m.inbox,
        ("body",),
        lambda t: (m.inbox.c.received_at < t.before(m.inbox.c.body)) & m.inbox.c.destroyed.is_(False),
        nothing("body", destroyed=True),
    ),
    Rule(
        m.inbox,
        ("sender",),
        lambda t: (m.inbox.c.received_at < t.before(m.inbox.c.sender)) & m.inbox.c.sender.is_not(None),
        nothing("sender"),
    ),
    Rule(m.quarantine, ("body",), lambda t: m.quarantine.c.received_at < t.before(m.quarantine.c.body)),
    Rule(m.session, ("key_hash",), lambda t: m.session.c.created_at < t.before(m.session.c.key_hash, _SESSION_FOR)),
    Rule(m.account, ("password_hash",), _account_over),
    Rule(
        m.person,
        ("userid", "name", "phones"),
        lambda t: _no_post_since(t, span(m.person.c.name)) & m.person.c.active,
        lambda table: {
            "name": "",
            "phones": None,
            "active": False,
            "userid": literal("gone-") + cast(table.c.id, String),
        },
    ),
    Rule(
        m.parcel,
        ("body",),
        lambda t: (m.parcel.c.created_at < t.before(m.parcel.c.body)) & m.parcel.c.body.is_not(None),
        nothing("body"),
    ),
    Rule(
        m.parcel,
        ("response_code",),
        lambda t: (
            (m.parcel.c.created_at < t.before(m.parcel.c.response_code, _CARD_FOR))
            & m.parcel.c.response_code.is_not(None)
        ),
        nothing("response_code"),
    ),
    Rule(
        m.delivery,
        ("address",),
        lambda t: (m.delivery.c.created_at < t.before(m.delivery.c.address)) & (m.delivery.c.address != ""),
        nothing(address=""),
    ),
    Rule(m.pace, ("key",), lambda t: m.pace.c.free_at < (t.now - timedelta(days=1)).timestamp()),
    Rule(
        m.access_token,
        ("value",),
        lambda t: (
            (m.access_token.c.expires_at < t.before(m.access_token.c.value)) & m.access_token.c.value.is_not(None)
        ),
        nothing("value"),
    ),
    Rule(
        m.directive,
        ("body",),
        lambda t: (
            (m.directive.c.created_at < t.before(m.directive.c.body))
            & m.directive.c.ended_at.is_not(None)
            & _written(m.directive.c.body)
        ),
        lambda _table: {"body": ""},
    ),
    Rule(
        m.receipt,
        ("blocker",),
        lambda t: (m.receipt.c.answered_at < t.before(m.receipt.c.blocker)) & m.receipt.c.blocker.is_not(None),
        nothing("blocker"),
    ),
    Rule(m.talk, ("body",), lambda t: m.talk.c.said_at < t.before(m.talk.c.body)),
    Rule(m.household, ("address", "head_count", "about"), _gone_home, nothing("address", "head_count", "about")),
    Rule(
        m.contact_address,
        ("address", "lookup"),
        lambda t: m.contact_address.c.ended_at < t.before(m.contact_address.c.address),
    ),
    Rule(
        m.place_code,
        ("secret",),
        lambda t: func.coalesce(m.place_code.c.revoked_at, m.place_code.c.expires_at) < t.before(m.place_code.c.secret),
    ),
    Rule(m.me_token, ("hash",), lambda t: m.me_token.c.expires_at < t.before(m.me_token.c.hash)),
    Rule(
        m.statement,
        ("name_index", "body"),
        lambda t: m.statement.c.expires_on < t.day_before(m.statement.c.body),
    ),
    Rule(m.sheet_answer, ("body",), lambda t: m.sheet_answer.c.made_at < t.before(m.sheet_answer.c.body)),
    Rule(m.visit, ("label", "token"), lambda t: m.visit.c.seen_at < t.before(m.visit.c.label)),
    Rule(m.reply_window, ("label",), lambda t: m.reply_window.c.opened_at < t.before(m.reply_window.c.label)),
    Rule(m.notice_refusal, ("label",), lambda t: m.notice_refusal.c.refused_at < t.before(m.notice_refusal.c.label)),
    Rule(
        m.kf_pull,
        ("token",),
        lambda t: (m.kf_pull.c.token_at < t.before(m.kf_pull.c.token)) & m.kf_pull.c.token.is_not(None),
        nothing("token"),
    ),
    Rule(
        m.code_link,
        ("url",),
        lambda t: or_(
            m.code_link.c.expires_at < t.before(m.code_link.c.url),
            m.code_link.c.permanent & (m.code_link.c.made_at < t.before(m.code_link.c.url, _LINK_FOR)),
        ),
    ),
    Rule(m.consent, ("subject_id",), lambda t: m.consent.c.said_at < t.before(m.consent.c.subject_id)),
    Rule(
        m.rights_request,
        ("reason",),
        lambda t: m.rights_request.c.answered_at < t.before(m.rights_request.c.reason),
    ),
    Rule(m.day_off, ("why",), lambda t: m.day_off.c.day < t.day_before(m.day_off.c.why)),
    Rule(m.day_list, ("state",), lambda t: m.day_list.c.day < t.day_before(m.day_list.c.state)),
    Rule(m.visit_word, ("state",), lambda t: m.visit_word.c.day < t.day_before(m.visit_word.c.state)),
    Rule(m.enrolment, ("plan",), lambda t: m.enrolment.c.last_day < t.day_before(m.enrolment.c.plan)),
    Rule(m.contact_due, ("state",), lambda t: m.contact_due.c.day < t.day_before(m.contact_due.c.state)),
    Rule(
        m.need,
        ("body",),
        lambda t: (m.need.c.said_at < t.before(m.need.c.body)) & m.need.c.body.is_not(None),
        nothing("body"),
    ),
    Rule(m.ask, ("asker_id", "state"), lambda t: m.ask.c.at < t.before(m.ask.c.state)),
    Rule(m.wish, ("plans",), lambda t: m.wish.c.said_at < t.before(m.wish.c.plans)),
    Rule(
        m.waiver,
        ("reason",),
        lambda t: (m.waiver.c.at < t.before(m.waiver.c.reason)) & m.waiver.c.reason.is_not(None),
        nothing("reason"),
    ),
    Rule(m.contact_step, ("why",), lambda t: m.contact_step.c.at < t.before(m.contact_step.c.why)),
    Rule(
        m.contact_answer,
        ("body",),
        lambda t: (
            (m.contact_answer.c.said_at < t.before(m.contact_answer.c.body)) & m.contact_answer.c.body.is_not(None)
        ),
        nothing("body", state="erased"),
    ),
    Rule(
        m.decision,
        ("body",),
        lambda t: (
            m.decision.c.episode_id.in_(select(m.episode.c.id).where(_isolation_over(t)))
            & m.decision.c.body.is_not(None)
        ),
        nothing("body"),
    ),
    Rule(
        m.episode,
        ("started_on", "expected_on", "ended_on"),
        _isolation_over,
        nothing("started_on", "expected_on", "ended_on", state="erased"),
    ),
    Rule(
        m.care_task,
        ("note",),
        lambda t: (m.care_task.c.closed_at < t.before(m.care_task.c.note)) & m.care_task.c.note.is_not(None),
        nothing("note"),
    ),
    *DOOR_RULES,
)

BY_HAND = {
    "declaration": ("journey", "health", "destroy_on"),
    "colour_receipt": ("body",),
    "question": ("body",),
    "subject": ("profile", "name_index"),
    "person_key": ("wrapped",),
    "resident": ("profile", "health"),
    "contact": ("name",),
    "audit": ("person_id",),
}
"""What `Ageing` does beyond the rules: rows that go together, with the keys that sealed them."""


class Ageing:
    """One round of ageing within the caller's transaction."""

    def __init__(self, connection: Connection, erasure: Erasure, households: HouseholdRepo, audit: AuditRepo) -> None:
        self._connection, self._erasure, self._households, self._audit = connection, erasure, households, audit

    def run(self, now: datetime, zone: ZoneInfo) -> Mapping[str, int]:
        """Destroy what is old, a bounded number of rows a table; returns how many by table, those with none left out.

        Called again until it returns nothing, it leaves nothing that is older than its span.
        """
        moment = Moment(now, zone)
        found: Counter[str] = Counter()
        for rule in RULES:
            found[rule.table.name] += rule.apply(self._connection, moment)
        found["declaration"] += self._declarations(moment)
        found["subject"] += self._subjects(moment)
        found["resident"] += self._residents(moment)
        found["contact"] += self._contacts_gone(moment)
        found["audit"] += self._audit.cut(moment.before(m.audit.c.person_id), now)
        return {name: count for name, count in found.items() if count}

    def _declarations(self, moment: Moment) -> int:
        """What was declared goes on its day, and with it the receipts and questions that say the same."""
        d = m.declaration.c
        today = moment.now.astimezone(moment.zone).date()
        old = list(self._connection.scalars(select(d.id).where(d.destroy_on <= today).limit(AT_ONCE)))
        if not old:
            return 0
        gone = {"journey": None, "health": None, "destroy_on": None, "state": SaidState.ERASED.value}
        self._connection.execute(update(m.declaration).where(d.id.in_(old)).values(**gone))
        for table in (m.colour_receipt, m.question):
            about = update(table).where(table.c.declaration_id.in_(old))
            self._connection.execute(about.values(body=None, state="dropped"))
        return len(old)

    def _subjects(self, moment: Moment) -> int:
        """With nothing left to keep, the person's keys are destroyed: then no copy of anything opens either."""
        s, t, r = m.subject.c, m.care_task.c, m.rights_request.c
        said = exists().where(m.declaration.c.subject_id == s.id, m.declaration.c.destroy_on.is_not(None))
        task = exists().where(t.subject_id == s.id, or_(t.closed_at.is_(None), t.note.is_not(None)))
        asked = exists().where(r.subject_id == s.id, r.answered_at.is_(None))
        isolated = exists().where(m.episode.c.subject_id == s.id, m.episode.c.started_on.is_not(None))
        told = exists().where(m.matter.c.subject_id == s.id, m.matter.c.body.is_not(None))
        fresh = s.made_at >= moment.before(s.profile)
        old = select(s.id).where(s.erased_at.is_(None), ~said, ~task, ~asked, ~isolated, ~told, ~fresh)
        found = self._connection.scalars(old.limit(AT_ONCE)).all()
        return sum(self._erasure.erase(one, "aged", moment.now) for one in found)

    def _residents(self, moment: Moment) -> int:
        """Who lives nowhere here any more: what they need goes first, who they were later."""
        gone = 0
        for column, forget in (
            (m.resident.c.health, self._households.forget_health),
            (m.resident.c.profile, self._households.forget),
        ):
            day = moment.day_before(column)
            p = m.membership.c
            lives = exists().where(p.resident_id == m.resident.c.id, or_(p.valid_to.is_(None), p.valid_to >= day))
            lived = exists().where(p.resident_id == m.resident.c.id)
            old = select(m.resident.c.id).where(column.is_not(None), lived, ~lives).limit(AT_ONCE)
            gone += sum(forget(one, "aged", moment.now) for one in self._connection.scalars(old).all())
        return gone

    def _contacts_gone(self, moment: Moment) -> int:
        c = m.contact.c
        old = select(c.id).where(c.valid_to < moment.day_before(c.name)).limit(AT_ONCE)
        return sum(
            self._households.forget_contact(one, "aged", moment.now) for one in self._connection.scalars(old).all()
        )

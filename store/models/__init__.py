"""All tables; importing this module is what fills `metadata`."""

from store.models.access import account, audit, audit_anchor, session
from store.models.asks import ask, asker, held_message, waiver, wish
from store.models.base import metadata
from store.models.checklists import checklist
from store.models.consents import care_task, consent, mention, rights_request
from store.models.declarations import (
    colour_receipt,
    declaration,
    me_token,
    official_list,
    person_key,
    question,
    sheet,
    statement,
    subject,
    tombstone,
)
from store.models.directives import directive, mode, receipt, sequence, talk
from store.models.duty import day_list, day_off, handover, list_round, paper_order
from store.models.four_ones import contact_answer, contact_due, contact_round, contact_step, enrolment, need, visit_word
from store.models.households import (
    care,
    contact,
    contact_address,
    household,
    household_change,
    membership,
    place_code,
    resident,
)
from store.models.inbox import alarm, heartbeat, inbox, quarantine
from store.models.isolation import decision, episode
from store.models.knocks import knock, knock_round, knock_step, posting, step_done
from store.models.matters import matter, matter_step
from store.models.outbox import access_token, delivery, pace, parcel
from store.models.reports import daily, report, tally
from store.models.sheet_answers import sheet_answer
from store.models.tree import bind_code, chat, hierarchy_version, leave, node, node_alias, person, role
from store.models.visits import code_link, kf_pull, notice_refusal, reply_window, visit

__all__ = [
    "access_token",
    "account",
    "alarm",
    "ask",
    "asker",
    "audit",
    "audit_anchor",
    "bind_code",
    "care",
    "care_task",
    "chat",
    "checklist",
    "code_link",
    "colour_receipt",
    "consent",
    "contact",
    "contact_address",
    "contact_answer",
    "contact_due",
    "contact_round",
    "contact_step",
    "daily",
    "day_list",
    "day_off",
    "decision",
    "declaration",
    "delivery",
    "directive",
    "enrolment",
    "episode",
    "handover",
    "heartbeat",
    "held_message",
    "hierarchy_version",
    "household",
    "household_change",
    "inbox",
    "kf_pull",
    "knock",
    "knock_round",
    "knock_step",
    "leave",
    "list_round",
    "matter",
    "matter_step",
    "me_token",
    "membership",
    "mention",
    "metadata",
    "mode",
    "need",
    "node",
    "node_alias",
    "notice_refusal",
    "official_list",
    "pace",
    "paper_order",
    "parcel",
    "person",
    "person_key",
    "place_code",
    "posting",
    "quarantine",
    "question",
    "receipt",
    "reply_window",
    "report",
    "resident",
    "rights_request",
    "role",
    "sequence",
    "session",
    "sheet",
    "sheet_answer",
    "statement",
    "step_done",
    "subject",
    "talk",
    "tally",
    "tombstone",
    "visit",
    "visit_word",
    "waiver",
    "wish",
]

"""All tables; importing this module is what fills `metadata`."""

from store.models.access import account, audit, session
from store.models.base import metadata
from store.models.directives import directive, mode, receipt, sequence, talk
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
from store.models.outbox import delivery, pace, parcel
from store.models.reports import daily, report, tally
from store.models.tree import bind_code, chat, hierarchy_version, leave, node, node_alias, person, role

__all__ = [
    "account",
    "alarm",
    "audit",
    "bind_code",
    "care",
    "chat",
    "contact",
    "contact_address",
    "daily",
    "delivery",
    "directive",
    "heartbeat",
    "hierarchy_version",
    "household",
    "household_change",
    "inbox",
    "leave",
    "membership",
    "metadata",
    "mode",
    "node",
    "node_alias",
    "pace",
    "parcel",
    "person",
    "place_code",
    "quarantine",
    "receipt",
    "report",
    "resident",
    "role",
    "sequence",
    "session",
    "talk",
    "tally",
]

"""All tables; importing this module is what fills `metadata`."""

from store.models.access import account, audit, session
from store.models.base import metadata
from store.models.directives import directive, mode, receipt, sequence, talk
from store.models.inbox import alarm, heartbeat, inbox, quarantine
from store.models.outbox import delivery, pace, parcel
from store.models.reports import daily, report, tally
from store.models.tree import bind_code, chat, hierarchy_version, leave, node, node_alias, person, role

__all__ = [
    "account",
    "alarm",
    "audit",
    "bind_code",
    "chat",
    "daily",
    "delivery",
    "directive",
    "heartbeat",
    "hierarchy_version",
    "inbox",
    "leave",
    "metadata",
    "mode",
    "node",
    "node_alias",
    "pace",
    "parcel",
    "person",
    "quarantine",
    "receipt",
    "report",
    "role",
    "sequence",
    "session",
    "talk",
    "tally",
]

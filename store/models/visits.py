"""Residents who speak with us: by which code they came, when they may be written to, what they do not want; and what
we must remember of 微信客服 and 公众号 to hear and to be found.

Nobody is called by name here, and no WeChat id stands here: a resident is the one-way `label` of an address.
"""

from sqlalchemy import Boolean, Index, Integer, String, Table

from handlers.domain.privacy import CODE, SECRET, VISIT, WISH
from store.columns import Sealed, UtcDateTime, personal, plain
from store.models.base import metadata

visit = Table(
    "visit",
    metadata,
    personal("label", String(64), VISIT, primary_key=True),
    plain("channel", String(16), nullable=False),
    personal("token", Sealed, CODE),  # of the code that was scanned last
    plain("came_at", UtcDateTime),
    plain("left_at", UtcDateTime),
    plain("asked", String(20)),  # what our last answer waits to hear more about
    plain("asked_at", UtcDateTime),
    plain("seen_at", UtcDateTime, nullable=False),
    Index("ix_visit_seen_at", "seen_at"),
)

reply_window = Table(
    "reply_window",
    metadata,
    personal("label", String(64), VISIT, primary_key=True),
    plain("opening", String(8), primary_key=True),
    plain("channel", String(16), nullable=False),
    plain("opened_at", UtcDateTime, nullable=False),
    plain("shut_at", UtcDateTime),
    Index("ix_reply_window_opened_at", "opened_at"),
)

notice_refusal = Table(
    "notice_refusal",
    metadata,
    personal("label", String(64), WISH, primary_key=True),
    plain("template_id", String(64), primary_key=True),
    plain("refused_at", UtcDateTime, nullable=False),
)

kf_pull = Table(
    "kf_pull",
    metadata,
    plain("open_kfid", String(64), primary_key=True),
    plain("cursor", String(256), nullable=False, default=""),
    personal("token", Sealed, SECRET),
    plain("token_at", UtcDateTime),
    plain("asked", Integer, nullable=False, default=0),
    plain("due_at", UtcDateTime, nullable=False),
    plain("lease_until", UtcDateTime),
    plain("owner", String(40)),
    plain("pulled_at", UtcDateTime),
    plain("failures", Integer, nullable=False, default=0),
)

code_link = Table(
    "code_link",
    metadata,
    plain("lookup", String(32), primary_key=True),  # keyed index of channel and scene
    plain("channel", String(16), nullable=False),
    personal("url", Sealed, CODE, nullable=False),
    plain("permanent", Boolean, nullable=False),
    plain("made_at", UtcDateTime, nullable=False),
    plain("expires_at", UtcDateTime),
    Index("ix_code_link_channel_permanent", "channel", "permanent"),
)

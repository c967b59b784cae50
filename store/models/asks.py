"""Who asked which household what, and whether it was answered; what was kept from ringing; what households wish.

None of it says what somebody answered: an answer stands under its person's key, a message in the outbox.
"""

from sqlalchemy import Index, Integer, String, Table, UniqueConstraint

from handlers.domain.privacy import ASKED, LEFT_ALONE, WORDS_OF_STAFF
from store.columns import Sealed, UtcDateTime, personal, plain
from store.models.base import metadata

asker = Table(  # a plan as it stood when it asked: a later change of the file changes nothing here
    "asker",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("key", String(32), nullable=False),
    plain("title", String(40), nullable=False),
    plain("department", String(40), nullable=False),
    plain("purpose", String(120), nullable=False),
    plain("basis", String(120), nullable=False),
    plain("allows", String(800), nullable=False),
    UniqueConstraint("key", "title", "department", "purpose", "basis", "allows"),
)

ask = Table(
    "ask",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("household_id", Integer, nullable=False),
    plain("question", String(16), nullable=False),
    personal("asker_id", Integer, ASKED, nullable=False),
    plain("contact_id", Integer, index=True),
    personal("state", String(8), ASKED, nullable=False),
    plain("source_id", Integer),  # of one answered from the ledger: the row that has the answer
    plain("at", UtcDateTime, nullable=False),
    plain("answered_at", UtcDateTime),
    Index("ix_ask_household_id_at", "household_id", "at"),
    Index("ix_ask_at", "at"),
)

held_message = Table(  # what did not go out because its person had enough that day, and why
    "held_message",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("person_id", Integer, nullable=False, index=True),
    plain("directive_id", Integer, index=True),
    plain("purpose", String(16), nullable=False),
    plain("had", Integer, nullable=False),
    plain("cap", Integer, nullable=False),
    plain("state", String(10), nullable=False),
    plain("due_at", UtcDateTime),
    plain("made_at", UtcDateTime, nullable=False),
    plain("ended_at", UtcDateTime),
    Index("ix_held_message_due_at", "due_at"),
)

waiver = Table(  # 破例: somebody sent in spite of the cap, and wrote down why
    "waiver",
    metadata,
    plain("id", Integer, primary_key=True),
    plain("directive_id", Integer, nullable=False, unique=True),
    plain("node_id", Integer, nullable=False),
    plain("person_id", Integer, nullable=False),
    personal("reason", Sealed, WORDS_OF_STAFF),
    plain("at", UtcDateTime, nullable=False),
)

wish = Table(  # a household wants to speak when something is the matter, and not to be asked
    "wish",
    metadata,
    plain("household_id", Integer, primary_key=True, autoincrement=False),
    personal("plans", String(400), LEFT_ALONE, nullable=False),  # those it left altogether, to come back to
    plain("said_at", UtcDateTime, nullable=False),
)

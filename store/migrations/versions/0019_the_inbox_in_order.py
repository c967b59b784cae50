"""what waits in the inbox lies in the order it is worked off, all of it and by sender"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_inbox_state_due_at", "inbox")
    op.drop_index("ix_inbox_sender_state", "inbox")
    waits = sa.text("state = 'new'")
    op.create_index("ix_inbox_new", "inbox", ["sent_at", "id"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_inbox_sender_state_sent_at", "inbox", ["sender", "state", "sent_at"])


def downgrade() -> None:
    op.drop_index("ix_inbox_sender_state_sent_at", "inbox")
    op.drop_index("ix_inbox_new", "inbox")
    op.create_index("ix_inbox_sender_state", "inbox", ["sender", "state"])
    op.create_index("ix_inbox_state_due_at", "inbox", ["state", "due_at"])

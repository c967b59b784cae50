"""a letter may speak of several"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_mention_subject_id", "mention")
    op.drop_table("mention")
    _create(sa.PrimaryKeyConstraint("parcel_id", "subject_id", name=op.f("pk_mention")))


def downgrade() -> None:
    op.drop_index("ix_mention_subject_id", "mention")
    op.drop_table("mention")
    _create(sa.PrimaryKeyConstraint("parcel_id", name=op.f("pk_mention")))


def _create(key: sa.PrimaryKeyConstraint) -> None:
    op.create_table(
        "mention",
        sa.Column("parcel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        key,
    )
    op.create_index("ix_mention_subject_id", "mention", ["subject_id"])

"""answers to sheets"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_answer",
        sa.Column("at", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_sheet_answer")),
    )
    with op.batch_alter_table("sheet_answer", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_answer_made_at", ["made_at"], unique=False)


def downgrade() -> None:
    op.drop_table("sheet_answer")

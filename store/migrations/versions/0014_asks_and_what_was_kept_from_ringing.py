"""asks, and what was kept from ringing"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OF_HOUSEHOLDS = sa.text("person_id IS NULL AND chat_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "asker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.Column("allows", sa.String(length=800), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asker")),
        sa.UniqueConstraint(
            "key", "title", "department", "purpose", "basis", "allows",
            name=op.f("uq_asker_key_title_department_purpose_basis_allows"),
        ),
    )  # fmt: skip
    op.create_table(
        "ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=16), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
    )
    op.create_index("ix_ask_household_id_at", "ask", ["household_id", "at"])
    op.create_index("ix_ask_contact_id", "ask", ["contact_id"])
    op.create_table(
        "held_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("had", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_message")),
    )
    op.create_index("ix_held_message_person_id", "held_message", ["person_id"])
    op.create_index("ix_held_message_directive_id", "held_message", ["directive_id"])
    op.create_index("ix_held_message_due_at", "held_message", ["due_at"])
    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
        sa.UniqueConstraint("directive_id", name=op.f("uq_waiver_directive_id")),
    )
    op.create_table(
        "wish",
        sa.Column("household_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plans", sa.String(length=400), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_wish")),
    )
    op.drop_index("ix_delivery_person_id", "delivery")
    op.create_index("ix_delivery_person_id", "delivery", ["person_id", "created_at"])
    op.create_index(
        "ix_delivery_household", "delivery", ["node_id", "created_at"],
        sqlite_where=_OF_HOUSEHOLDS, postgresql_where=_OF_HOUSEHOLDS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_delivery_household", "delivery")
    op.drop_index("ix_delivery_person_id", "delivery")
    op.create_index("ix_delivery_person_id", "delivery", ["person_id"])
    for table in ("wish", "waiver", "held_message", "ask", "asker"):
        op.drop_table(table)

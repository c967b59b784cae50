"""the four ones: plans, rounds, contacts"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrolment",
        sa.Column("household_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("normal_days", sa.Integer(), nullable=False),
        sa.Column("normal_on", sa.Date(), nullable=True),
        sa.Column("exception_only", sa.Boolean(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("household_id", "plan", name=op.f("pk_enrolment")),
    )
    op.create_index("ix_enrolment_last_day", "enrolment", ["last_day"])
    op.create_table(
        "contact_round",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done_to", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", "slot", name=op.f("pk_contact_round")),
    )
    op.create_table(
        "contact_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_due")),
        sa.UniqueConstraint("household_id", "day", "slot", name=op.f("uq_contact_due_household_id_day_slot")),
    )
    op.create_index("ix_contact_due_due_at", "contact_due", ["due_at"])
    op.create_index("ix_contact_due_day", "contact_due", ["day"])
    op.create_index("ix_contact_due_owner_id", "contact_due", ["owner_id"])

    op.create_table(
        "contact_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_step")),
    )
    op.create_index("ix_contact_step_contact_id", "contact_step", ["contact_id"])
    op.create_table(
        "contact_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("speaker", sa.String(length=16), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_contact_answer_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_answer")),
    )
    op.create_index("ix_contact_answer_contact_id", "contact_answer", ["contact_id"])
    op.create_index("ix_contact_answer_subject_id", "contact_answer", ["subject_id"])


def downgrade() -> None:
    op.drop_table("contact_answer")
    op.drop_table("contact_step")
    op.drop_table("contact_due")
    op.drop_table("contact_round")
    op.drop_table("enrolment")

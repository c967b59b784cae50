"""lists of the day, what households say of visits, indexes by which what is old is found"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_round",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done_to", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_list_round")),
    )
    op.create_table(
        "day_list",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_day_list")),
    )
    op.create_index("ix_day_list_day", "day_list", ["day"])
    op.create_table(
        "visit_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("brought", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_with", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_word")),
    )
    op.create_index("ix_visit_word_household_id_day", "visit_word", ["household_id", "day"])
    op.create_index("ix_visit_word_day", "visit_word", ["day"])
    op.create_index("ix_ask_at", "ask", ["at"])
    op.create_index("ix_contact_step_at", "contact_step", ["at"])


def downgrade() -> None:
    op.drop_index("ix_contact_step_at", "contact_step")
    op.drop_index("ix_ask_at", "ask")
    op.drop_table("visit_word")
    op.drop_table("day_list")
    op.drop_table("list_round")

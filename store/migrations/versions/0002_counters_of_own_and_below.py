"""counters keep a node's own word and its children's sum apart, exactly

The counters are made anew from the reports at the next start.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("tally")
    _create(
        sa.Column("own", sa.String(length=40), nullable=False),
        sa.Column("own_said", sa.Integer(), nullable=False),
        sa.Column("below", sa.String(length=40), nullable=False),
        sa.Column("below_said", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("tally")
    _create(sa.Column("value", sa.Float(), nullable=False), sa.Column("reports", sa.Integer(), nullable=False))


def _create(*figures: "sa.Column[Any]") -> None:
    op.create_table(
        "tally",
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("template", sa.String(length=32), nullable=False),
        sa.Column("metric", sa.String(length=60), nullable=False),
        *figures,
        sa.PrimaryKeyConstraint("node_id", "day", "template", "metric", name=op.f("pk_tally")),
    )
    op.create_index("ix_tally_day", "tally", ["day"])

"""people of households open under keys of their own

What was sealed under the data key cannot be sealed again here: people and contacts come back with the next import.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _empty()
    with op.batch_alter_table("contact") as batch:
        batch.add_column(sa.Column("key_id", sa.String(length=32), nullable=True))
        batch.alter_column("name", existing_type=sa.LargeBinary(), nullable=True)
        batch.create_unique_constraint(op.f("uq_contact_key_id"), ["key_id"])
        batch.create_foreign_key(op.f("fk_contact_key_id_person_key"), "person_key", ["key_id"], ["key_id"])
    with op.batch_alter_table("resident") as batch:
        batch.add_column(sa.Column("key_id", sa.String(length=32), nullable=False))
        batch.add_column(sa.Column("health_key_id", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("profile", sa.LargeBinary(), nullable=True))
        for column in ("key_id", "health_key_id"):
            batch.create_unique_constraint(op.f(f"uq_resident_{column}"), [column])
            batch.create_foreign_key(op.f(f"fk_resident_{column}_person_key"), "person_key", [column], ["key_id"])
        batch.drop_column("about")
        batch.drop_column("name")


def downgrade() -> None:
    _empty()
    with op.batch_alter_table("resident") as batch:
        batch.add_column(sa.Column("name", sa.LargeBinary(), nullable=False))
        batch.add_column(sa.Column("about", sa.LargeBinary(), nullable=True))
        for column in ("key_id", "health_key_id"):
            batch.drop_constraint(op.f(f"fk_resident_{column}_person_key"), type_="foreignkey")
            batch.drop_constraint(op.f(f"uq_resident_{column}"), type_="unique")
            batch.drop_column(column)
        batch.drop_column("profile")
    with op.batch_alter_table("contact") as batch:
        batch.drop_constraint(op.f("fk_contact_key_id_person_key"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_contact_key_id"), type_="unique")
        batch.alter_column("name", existing_type=sa.LargeBinary(), nullable=False)
        batch.drop_column("key_id")


def _empty() -> None:
    for table in ("contact_address", "contact", "membership", "resident"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables

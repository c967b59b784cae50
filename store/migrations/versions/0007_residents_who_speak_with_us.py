"""residents who speak with us"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OF_RESIDENTS = sa.text("channel IN ('kf', 'official_account')")


def upgrade() -> None:
    op.create_table(
        "code_link",
        sa.Column("lookup", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_code_link")),
    )
    op.create_index("ix_code_link_channel_permanent", "code_link", ["channel", "permanent"])

    op.create_table(
        "kf_pull",
        sa.Column("open_kfid", sa.String(length=64), nullable=False),
        sa.Column("cursor", sa.String(length=256), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("token_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("pulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("open_kfid", name=op.f("pk_kf_pull")),
    )
    op.create_table(
        "notice_refusal",
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("label", "template_id", name=op.f("pk_notice_refusal")),
    )
    op.create_table(
        "reply_window",
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("opening", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shut_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("label", "opening", name=op.f("pk_reply_window")),
    )
    op.create_index("ix_reply_window_opened_at", "reply_window", ["opened_at"])

    op.create_table(
        "visit",
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked", sa.String(length=20), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("label", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_seen_at", "visit", ["seen_at"])

    op.create_index(
        "ix_parcel_resident",
        "parcel",
        ["target", "first_attempt_at"],
        sqlite_where=_OF_RESIDENTS,
        postgresql_where=_OF_RESIDENTS,
    )


def downgrade() -> None:
    op.drop_index("ix_parcel_resident", "parcel", sqlite_where=_OF_RESIDENTS, postgresql_where=_OF_RESIDENTS)

    op.drop_index("ix_visit_seen_at", "visit")

    op.drop_table("visit")
    op.drop_index("ix_reply_window_opened_at", "reply_window")

    op.drop_table("reply_window")
    op.drop_table("notice_refusal")
    op.drop_table("kf_pull")
    op.drop_index("ix_code_link_channel_permanent", "code_link")

    op.drop_table("code_link")

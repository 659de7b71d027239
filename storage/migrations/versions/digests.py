"""How readers want their digests, what became of them, what was shown, and what evidence comes to.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "profiles",
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", "encoder", name=op.f("pk_profiles")),
    )
    op.create_table(
        "digest_settings",
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_digest_settings")),
    )
    op.create_index(op.f("ix_digest_settings_alerts"), "digest_settings", ["alerts"])
    op.create_index(op.f("ix_digest_settings_active_wake_at"), "digest_settings", ["active", "wake_at"])
    op.create_table(
        "digest_slots",
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", "slot", name=op.f("pk_digest_slots")),
    )
    op.create_index(op.f("ix_digest_slots_settled_at"), "digest_slots", ["settled_at"])
    op.create_table(
        "shown_stories",
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Text(), nullable=True),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Text(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", "at", "place", name=op.f("pk_shown_stories")),
    )
    op.create_index(op.f("ix_shown_stories_at"), "shown_stories", ["at"])

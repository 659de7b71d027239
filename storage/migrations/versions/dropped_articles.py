"""What was dropped by its age, so that no feed brings it back.

Revision ID: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dropped_articles",
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("audience", "key", name=op.f("pk_dropped_articles")),
    )
    op.create_index(op.f("ix_dropped_articles_met_at"), "dropped_articles", ["met_at"])
    op.create_index(op.f("ix_articles_first_seen"), "articles", ["first_seen"])

"""Messages that wait for a time, and readers who want no broadcasts.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "declined_broadcasts",
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_declined_broadcasts")),
    )

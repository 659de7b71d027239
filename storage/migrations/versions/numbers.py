"""By which numbers readers name what they follow, and what those meant that stood beside their interests.

Revision ID: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("follows", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE follows SET number = (SELECT count(*) FROM follows AS earlier"
        " WHERE earlier.reader_id = follows.reader_id AND earlier.id <= follows.id)"
    )
    op.create_table(
        "shown_interests",
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_shown_interests")),
    )

"""Which name whoever is sent something had in Telegram last.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reader_names",
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader_id", name=op.f("pk_reader_names")),
    )
    op.create_index(op.f("ix_reader_names_name"), "reader_names", ["name"])

"""What messages tell of, and by which act of a reader's evidence came to be.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shown_messages",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("reader_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("things", sa.Text(), nullable=False),
        sa.Column("offers", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_shown_messages")),
    )
    op.create_index(op.f("ix_shown_messages_ref"), "shown_messages", ["ref"])
    op.create_index(op.f("ix_shown_messages_reader_id"), "shown_messages", ["reader_id"])
    op.create_index(op.f("ix_shown_messages_shown_at"), "shown_messages", ["shown_at"])
    op.create_index(op.f("ix_shown_messages_chat_id_message_id"), "shown_messages", ["chat_id", "message_id"])
    op.add_column("evidence", sa.Column("act", sa.Text(), nullable=True))

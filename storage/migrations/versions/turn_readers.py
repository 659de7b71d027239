"""Who asked each question: in a group not always who began the conversation.

Of earlier turns in groups it is not known, so they go: nobody could be told of them as theirs, nor have them forgotten.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM turns WHERE conversation_id LIKE 'telegram:-%'")
    op.execute("DELETE FROM conversations WHERE id LIKE 'telegram:-%'")
    op.add_column("turns", sa.Column("reader_id", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE turns SET reader_id ="
        " (SELECT conversations.reader_id FROM conversations WHERE conversations.id = turns.conversation_id)"
    )
    op.create_index(op.f("ix_turns_reader_id"), "turns", ["reader_id"])

"""Which updates are what somebody types behind the bot's name: their payloads say so, but are about to be sealed.

Revision ID: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("typed", sa.Boolean(), nullable=False, server_default=sa.false()))
    typed = sa.table("inbox", sa.column("typed", sa.Boolean()), sa.column("payload", sa.Text()))
    op.execute(sa.update(typed).where(typed.c.payload.contains('"inline_query": ')).values(typed=True))

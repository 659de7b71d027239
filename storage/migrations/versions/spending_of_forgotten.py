"""What the forgotten used that day, by no name of theirs; and when somebody typed behind the name of the bot.

Revision ID: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spending", sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "spending_of_forgotten",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_spending_of_forgotten")),
    )

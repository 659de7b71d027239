"""Which articles were first seen soon after they came out; of those that are in none is known to have been.

Revision ID: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.false()))

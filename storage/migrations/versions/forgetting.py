"""When a reader dropped an interest last, so that undo takes back no word from before.

Revision ID: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reader_settings", sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))

"""Which stories were placed apart, as what tells of many events.

Revision ID: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("roundup", sa.Boolean(), nullable=False, server_default=sa.false()))

"""What readers write is sealed: that is done some at a time before this step, which says that all of it is.

Revision ID: 0023
"""

from __future__ import annotations

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is left to do: see `storage.unsealed`."""

"""Who someone is to Tidings."""

from __future__ import annotations

from typing import NewType

ReaderId = NewType("ReaderId", str)
"""Where a reader is known from and as what: `telegram:123`, `terminal:ada`."""

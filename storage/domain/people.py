"""Readers as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from storage.domain.times import require_aware

ReaderId = NewType("ReaderId", str)
"""Where a reader is known from and as what: `telegram:123`, `terminal:ada`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Someone who talks to Tidings. `language` is the language the bot speaks to them (ISO 639-1)."""

    id: ReaderId
    language: str
    since: datetime

    def __post_init__(self) -> None:
        require_aware(self.since, "since")

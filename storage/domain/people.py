"""Who someone is to Tidings, and how it is to deal with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

ReaderId = NewType("ReaderId", str)
"""Where a reader is known from and as what: `telegram:123`, `terminal:ada`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """How the bot is to deal with a reader, as far as they said.

    Args:
        language: That they chose to be spoken to in (ISO 639-1); `None` where they chose none.
        zone: The IANA name of the time zone that their digests go by; `None` where they have told how they want none.
        asked: What they were asked last that they may write in answer, as whoever asked calls it; `None` is nothing.
    """

    language: str | None = None
    zone: str | None = None
    asked: str | None = None

"""What the operators' side of the bot stands on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messenger.gate import Access, Counts, Measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Operating:
    """It, part by part."""

    access: Access
    counts: Counts
    measured: Measures

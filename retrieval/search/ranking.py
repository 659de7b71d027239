"""How what was found is weighed, as one value: the defaults are those that measured best."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How a searcher ranks.

    Args:
        words: Weight of the ranking by words.
        meaning: Weight of the ranking by meaning; at 0 neither the encoder nor the dense index is used.
        offset: The rank offset of the fusion.
    """

    words: float = 1.0
    meaning: float = 1.0
    offset: int = 60

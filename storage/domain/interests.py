"""What a reader follows, as values."""

from __future__ import annotations

from dataclasses import dataclass

from storage.domain.dialogue import Lapse
from storage.domain.stories import Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestNote:
    """Something a reader follows, as it can be told them.

    Args:
        label: What it is, in a few words.
        weight: How much, from 0; means something beside the weights of the same reader's other interests.
        trend: Whether that is changing.
        evidence: What it was seen by, the newest first: questions they asked, titles they opened.
    """

    label: str
    weight: float
    trend: Trend = Trend.STEADY
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A reader's interests in plain words; `engine` is who wrote them, `lapse` why the model that was to did not."""

    text: str
    engine: str
    lapse: Lapse | None = None

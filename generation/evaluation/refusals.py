"""What refusing more costs: the share of unanswerable and of answerable questions refused, threshold by threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

THRESHOLDS = tuple(round(0.1 * step, 1) for step in range(1, 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """The shares, 0 to 1, of the questions that would be refused below a confidence."""

    threshold: float
    refused_unanswerable: float
    refused_answerable: float


def trade_off(
    unanswerable: Sequence[float], answerable: Sequence[float], thresholds: Sequence[float] = THRESHOLDS
) -> tuple[Trade, ...]:
    """The trades at some thresholds, as given; none where there are no questions of either kind.

    Args:
        unanswerable: The confidences that the sources say, of questions of which they do not.
        answerable: The same of those of which they do.
        thresholds: Where to look.
    """
    if not unanswerable or not answerable:
        return ()
    return tuple(
        Trade(
            threshold=threshold,
            refused_unanswerable=_below(unanswerable, threshold),
            refused_answerable=_below(answerable, threshold),
        )
        for threshold in thresholds
    )


def _below(confidences: Sequence[float], threshold: float) -> float:
    return sum(confidence < threshold for confidence in confidences) / len(confidences)

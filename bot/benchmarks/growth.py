"""How the cost of a search grows with what is searched, as a picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.drawing.canvas import picture

_KIND = "language_and_time"
_LINES = (
    ("one_collection", "p95_ms", "one Chroma collection with where", "#b3413a", "s"),
    ("exact_numpy", "p95_ms", "exact, numpy in memory", "#8a8a8a", "^"),
    ("tidings", "both_p95_ms", "Tidings, meaning and words", "#7aa6d6", "o"),
    ("tidings", "dense_p95_ms", "Tidings, meaning", "#1f5fa8", "o"),
)
_BUDGET_MS = 25


def draw_growth(measured: Mapping[int, Mapping[str, Mapping[str, object]]], file: Path) -> None:
    """Draw the 95th percentiles under a language and a time filter, by number of passages, into `file`.

    Raises:
        InputError: The file cannot be written.
    """
    with picture(file, 7.2, 4.2) as axes:
        for who, name, label, colour, marker in _LINES:
            points = list(_points(measured, who, name))
            if points:
                axes.plot(*zip(*points, strict=True), marker=marker, color=colour, label=label, linewidth=2)
        axes.axhline(_BUDGET_MS, color="#444444", linestyle=":", linewidth=1)
        # In the middle, where what scans is above it already, and nothing else has come there yet.
        at = (math.sqrt(min(measured) * max(measured)), _BUDGET_MS)
        axes.annotate(f"budget: {_BUDGET_MS} ms", at, (0, 4), textcoords="offset points", ha="center")
        axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="ms, 95th percentile")
        axes.set_title("Search with a language and a time filter (5 % of two years), two cores", fontsize=10)


def _points(
    measured: Mapping[int, Mapping[str, Mapping[str, object]]], who: str, name: str
) -> Iterator[tuple[int, float]]:
    for n, figures in sorted(measured.items()):
        kind = figures.get(who, {}).get(_KIND)
        if isinstance(kind, dict):
            yield n, kind[name]

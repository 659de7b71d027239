"""How the cost of a search grows with what is searched, as a picture."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from storage.errors import InputError

_KIND = "language_and_time"
_LINES = (
    ("one_collection", "p95_ms", "one Chroma collection with where", "#b3413a", "s"),
    ("exact_numpy", "p95_ms", "exact, numpy in memory", "#8a8a8a", "^"),
    ("tidings", "both_p95_ms", "Tidings, meaning and words", "#7aa6d6", "o"),
    ("tidings", "dense_p95_ms", "Tidings, meaning", "#1f5fa8", "o"),
)
_BUDGET_MS = 25


def require_drawing(file: Path) -> None:
    """See, before all the work, that its figures can be drawn into `file`.

    Raises:
        InputError: matplotlib is not installed, or there is no such folder.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise InputError(str(file), "matplotlib is not installed (pip install -e '.[bench]')")
    if not file.parent.is_dir():
        raise InputError(str(file), "there is no such folder")


def draw_growth(measured: Mapping[int, Mapping[str, Mapping[str, object]]], file: Path) -> None:
    """Draw the 95th percentiles under a language and a time filter, by number of passages, into `file`.

    Raises:
        InputError: The file cannot be written.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7.2, 4.2), dpi=150)
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
    axes.grid(visible=True, which="major", color="#e5e5e5")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9)
    figure.tight_layout()
    try:
        figure.savefig(file)
    except (OSError, ValueError) as error:
        raise InputError(str(file), f"cannot be written: {error}") from error
    finally:
        plt.close(figure)


def _points(
    measured: Mapping[int, Mapping[str, Mapping[str, object]]], who: str, name: str
) -> Iterator[tuple[int, float]]:
    for n, figures in sorted(measured.items()):
        kind = figures.get(who, {}).get(_KIND)
        if isinstance(kind, dict):
            yield n, kind[name]

"""How likely two articles are to tell of one event: a small linear model, trained on news that people grouped.

It is data, a weight a figure, and how it was made stands beside it. Times come on top, by a rule: no data at hand has
both dates and groups.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.topics.pool import ACROSS, NAMES, Matrix, Rarity, features
from retrieval.topics.sketch import Sketch
from storage.errors import InputError

SHIPPED = "odds.json"
"""The file of the weights, in this package."""

MOST = np.float32(4.0)
"""Log-odds are no larger than this, nor smaller than its negative: no pair outvotes many others."""

# Most reports of an event come within a day or two of each other. Log-odds of two published a time apart, beyond what
# their texts say: +0.4 at once, 0 after a day, -1 after six, -2 after eighteen, and no less than -3.
_AT_ONCE, _DECAY, _SCALE_DAYS, _LEAST = 0.4, 0.69, 1.27, -3.0
_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A linear model of log-odds.

    Args:
        within: A weight a figure of `retrieval.topics.pool.NAMES`, and a constant at the end: for one language.
        across: The same between two languages; 0 for what means nothing there.
        languages: By language, what is weighed otherwise than in `within` where both are in it.
    """

    within: tuple[float, ...]
    across: tuple[float, ...]
    languages: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def odds(sketches: Sequence[Sketch], rarity: Rarity, pair_rarity: Rarity, weights: Weights) -> Matrix:
    """(P, P) the log-odds that i and j tell of one event, within ±`MOST`.

    Args:
        sketches: P articles.
        rarity: Of their terms, one article's after the other's.
        pair_rarity: Of their pairs of words, likewise.
        weights: The model.
    """
    figures = features(sketches, rarity, pair_rarity)
    found = _weighed(figures, weights.within)
    languages = np.asarray([each.language or "" for each in sketches])
    known = languages != ""
    for language, own in weights.languages.items():
        both = np.logical_and.outer(languages == language, languages == language)
        if both.any():
            found = np.where(both, _weighed(figures, own), found)
    foreign = np.not_equal.outer(languages, languages) & np.logical_and.outer(known, known)
    if foreign.any():
        found = np.where(foreign, _weighed(figures, weights.across), found)
    found = found + _times(sketches)
    groups = np.asarray([each.group or "" for each in sketches])
    found[np.equal.outer(groups, groups) & (groups != "")] = MOST
    clipped: Matrix = np.clip(found, -MOST, MOST)
    return clipped


def _weighed(figures: NDArray[np.float32], weights: Sequence[float]) -> Matrix:
    found: Matrix = np.tensordot(np.asarray(weights[:-1], np.float32), figures, 1) + np.float32(weights[-1])
    return found


def _times(sketches: Sequence[Sketch]) -> Matrix:
    """What the time between two says; 0 where either has none."""
    seconds = np.asarray([each.published.timestamp() if each.published else np.nan for each in sketches])
    days = np.abs(np.subtract.outer(seconds, seconds)) / _DAY
    said = np.maximum(_AT_ONCE - _DECAY * np.log1p(days / _SCALE_DAYS), _LEAST)
    found: Matrix = np.nan_to_num(said, nan=0.0).astype(np.float32)
    return found


def shipped_weights() -> Weights:
    """The model that ships with Tidings."""
    return read_weights(Path(str(resources.files("retrieval.topics").joinpath(SHIPPED))))


def read_weights(path: Path) -> Weights:
    """The model of a file.

    Raises:
        InputError: It cannot be read, or is of other figures than these.
    """
    try:
        read = json.loads(path.read_bytes())
        within = {name: float(read["within"][name]) for name in (*NAMES, "constant")}
        return Weights(
            within=tuple(within.values()),
            languages={
                language: tuple(float(own.get(name, weight)) for name, weight in within.items())
                for language, own in read.get("languages", {}).items()
            },
            across=tuple(
                float(read["across"][name]) if name in (*ACROSS, "constant") else 0.0 for name in (*NAMES, "constant")
            ),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(str(path), "holds no weights of this version's figures") from error


def write_weights(path: Path, weights: Weights, made: Mapping[str, object]) -> None:
    """Keep a model, with how it was made, to be read by people too."""
    named = [*NAMES, "constant"]
    within = {name: round(weight, 5) for name, weight in zip(named, weights.within, strict=True)}
    across = {name: round(weight, 5) for name, weight in zip(named, weights.across, strict=True)}
    kept = {name: weight for name, weight in across.items() if name in (*ACROSS, "constant")}
    languages = {
        language: {
            name: round(weight, 5)
            for name, weight, usual in zip(named, own, weights.within, strict=True)
            if weight != usual
        }
        for language, own in weights.languages.items()
    }
    model = {"made": made, "within": within, "languages": languages, "across": kept}
    path.write_text(
        json.dumps(model, ensure_ascii=False, indent=2) + "\n",
        encoding="utf-8",
    )

"""Which examples a model learns from, which say when to stop, and which judge it: by time, oldest to newest. Pure.

What judges is newer than what was learnt from, as tomorrow's news are, and nothing of it was looked at before. Each
language is divided by itself, so that each is judged, whichever of them brought the newest articles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from retrieval.training.examples import Example
from storage.domain.news import ArticleId

Side = Literal["training", "stopping", "judging"]

STOPPING_SHARE, JUDGING_SHARE = 0.08, 0.17
"""Of the groups of articles that nearly say the same."""
FEWEST_GROUPS = 24
"""Fewer leave too little on some side to say anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Examples by what they are for. No group of copies, and no text that is looked for by, is on two sides."""

    training: tuple[Example, ...]
    stopping: tuple[Example, ...]
    judging: tuple[Example, ...]


def split(examples: Sequence[Example]) -> Split:
    """Divide the examples of each language by when their articles appeared.

    A question whose articles fall on several sides is left out, and so is any other text that does.
    """
    sides: dict[ArticleId, Side] = {}
    for first in _first_seen(examples).values():
        sides |= _sides(first)
    sides_of: dict[str, set[Side]] = {}
    for example in examples:
        for text in (example.query, example.positive):
            sides_of.setdefault(text, set()).add(sides[example.group])
    clear = [e for e in examples if len(sides_of[e.query]) == 1 and len(sides_of[e.positive]) == 1]
    return Split(
        training=tuple(e for e in clear if sides[e.group] == "training"),
        stopping=tuple(e for e in clear if sides[e.group] == "stopping"),
        judging=tuple(e for e in clear if sides[e.group] == "judging"),
    )


def _first_seen(examples: Iterable[Example]) -> dict[str | None, dict[ArticleId, datetime]]:
    """When each group of copies appeared, which is when its first one did; by the language of that one."""
    first: dict[ArticleId, Example] = {}
    for example in examples:
        held = first.setdefault(example.group, example)
        if (example.at, example.article) < (held.at, held.article):
            first[example.group] = example
    by_language: dict[str | None, dict[ArticleId, datetime]] = {}
    for group, example in first.items():
        by_language.setdefault(example.language, {})[group] = example.at
    return by_language


def _sides(first: Mapping[ArticleId, datetime]) -> dict[ArticleId, Side]:
    # Those of one moment, such as all of a file without dates, in an order that has nothing to do with what they say.
    oldest_first = sorted(first, key=lambda group: (first[group], hashlib.sha256(group.encode()).digest()))
    judging = round(len(oldest_first) * JUDGING_SHARE)
    stopping = round(len(oldest_first) * STOPPING_SHARE)
    sides: dict[ArticleId, Side] = dict.fromkeys(oldest_first, "training")
    sides |= dict.fromkeys(oldest_first[len(oldest_first) - judging - stopping :], "stopping")
    sides |= dict.fromkeys(oldest_first[len(oldest_first) - judging :], "judging")
    return sides

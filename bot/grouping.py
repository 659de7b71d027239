"""What is the same of many things, said once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

K = TypeVar("K")
T = TypeVar("T")


def grouped(things: Iterable[tuple[K, T]]) -> dict[K, tuple[T, ...]]:
    """The things of each kind, kinds and things in the order they first came."""
    groups: dict[K, list[T]] = {}
    for kind, thing in things:
        groups.setdefault(kind, []).append(thing)
    return {kind: tuple(same) for kind, same in groups.items()}


def spans(numbers: Sequence[int]) -> str:
    """Rising numbers as a person writes them: `1–3, 7`."""
    starts = [0, *(at for at, (one, two) in enumerate(pairwise(numbers), 1) if two != one + 1), len(numbers)]
    runs = [numbers[start:end] for start, end in pairwise(starts) if start < end]
    return ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)

"""Chance that is the same for the same thing, on every machine and in every run. It decides nothing secret."""

from __future__ import annotations

import random


def chance_of(*of: object) -> random.Random:
    """A beginning of its own for what these are."""
    return random.Random(" ".join(map(str, of)))  # noqa: S311

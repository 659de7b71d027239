"""English words and names that are written often: those that the shipped encoder has whole in its vocabulary."""

from __future__ import annotations

import json
from functools import cache

from retrieval.index.shipped import shipped_model

# Slovakian is as well known as Slovakia.
_OF_IT = ("", "s", "n", "ns", "an", "ans", "ian", "ians", "en", "ens", "i", "is", "ish", "ese")
_SHORTEST = 4


def is_known(word: str, besides: frozenset[str] = frozenset()) -> bool:
    """Whether a word, or the name that it is formed from, is one of them, or of those `besides`, in lower case."""
    lowered = word.casefold()
    forms = (lowered.removesuffix(ending) for ending in _OF_IT)
    return any(each in besides or each in _vocabulary() for each in forms if len(each) >= _SHORTEST)


@cache
def _vocabulary() -> frozenset[str]:
    held = json.loads((shipped_model() / "tokenizer.json").read_text(encoding="utf-8"))
    return frozenset(held["model"]["vocab"])

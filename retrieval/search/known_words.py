"""English words and names that are written often: those that the shipped encoder has whole in its vocabulary."""

from __future__ import annotations

import json
import re
from functools import cache

from retrieval.index.shipped import shipped_model

# Slovakian is as well known as Slovakia.
_OF_IT = re.compile("(?<=.{4})(?:s|n|ns|an|ans|ian|ians|i|is|ish|ese)$")


def is_known(word: str, besides: frozenset[str] = frozenset()) -> bool:
    """Whether a word, or the name that it is formed from, is one of them, or of those `besides`, in lower case."""
    lowered = word.casefold()
    return any(each in besides or each in _vocabulary() for each in (lowered, _OF_IT.sub("", lowered)))


@cache
def _vocabulary() -> frozenset[str]:
    held = json.loads((shipped_model() / "tokenizer.json").read_text(encoding="utf-8"))
    return frozenset(held["model"]["vocab"])

"""A question with its names as sources in the other language write them: 南屏 for Nanping, Melkor for 梅尔科.

Only names that stand in what was found, and sound so, are put in: an encoder that never saw a name can compare what is
written alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generation.quoting.agreement import ASKED_OF_NONE
from generation.reading.exonyms import spellings
from generation.reading.pinyin import written
from generation.reading.sounds import pieces
from generation.reading.terms import is_chinese, terms
from storage.domain.news import Hit


def transcribed(question: str, hits: Sequence[Hit]) -> str:
    """`question` with its names as those of the hits write them that are in the other language; mostly as it is."""
    chinese = is_chinese(question)
    texts = (f"{hit.passage.headline.title}\n{hit.passage.text}" for hit in hits)
    told = "\n".join(text for text in texts if is_chinese(text) != chinese)
    known = spellings(question)
    if not chinese:
        return _put({name: each for name, each in written(question, told).items() if name not in known}, question)
    named = {piece: name for name, piece in written(told, question).items()} | pieces(told, question)
    told_small = frozenset(re.findall(r"\b[a-z]{4,}\b", told))
    return _put(
        {
            piece: f" {name} "
            for piece, name in named.items()
            if piece not in known and name.lower() not in told_small and ASKED_OF_NONE.isdisjoint(terms(name))
        },
        question,
    ).strip()


def _put(instead: dict[str, str], text: str) -> str:
    if not instead:
        return text
    longest_first = sorted(instead, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: instead[found.group()], text)

"""How many tokens a text may have, where the model's own tokenizer is out of reach. Rather too many than too few."""

from __future__ import annotations

import re
from math import ceil

# Letters and spaces mostly come in words that vocabularies hold whole or in two parts: 4.0 to 4.7 of them make a token
# of English news, 3.0 where a vocabulary made for English meets German.
_CHARACTERS_PER_TOKEN = 3.0
_WORDS = re.compile(r"[A-Za-z\s]")

# Of what is not in such words, tokens per character by its code point: digits, punctuation and accented letters stand
# alone; Chinese, measured, 0.6 to 1.1 and with a vocabulary made for English 1.7; emoji up to three.
_ALONE, _WIDE, _RARE = 1.0, 1.5, 3.0
_FIRST_WIDE, _FIRST_RARE = "\u0900", "\U00010000"


def estimate(text: str) -> int:
    """Tokens `text` has at most with the vocabularies in use, but for one that hardly knows its script."""
    rest, words = _WORDS.subn("", text)
    others = sum(_RARE if c >= _FIRST_RARE else _WIDE if c >= _FIRST_WIDE else _ALONE for c in rest)
    return ceil(words / _CHARACTERS_PER_TOKEN + others)

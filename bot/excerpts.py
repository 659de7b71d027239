"""Pieces of texts as they are shown: on one line, and never ending in the middle of a word without saying so."""

from __future__ import annotations

import re
import unicodedata

_AT_LINE_END = re.compile(r"(?<!\s)\s*\n\s*")
_ENDED = re.compile(r"[.!?。！？…][\"'”’)\]」』）】》]*$")
# A word in small letters opens no sentence; iPhone does.
_UNDER_WAY = re.compile(r"^[\"'“‘(\[]*[a-zà-öø-ÿ]+(?![A-Za-zÀ-ÿ])")
_LONGEST_WORD = 40
"""A blank is looked for within this many characters before a cut; where there is none, the script has none."""


def one_line(text: str) -> str:
    """`text` on one line. Lines meet at a space, but not where the script is written without."""
    bare = text.strip()
    joined = _AT_LINE_END.sub(lambda gap: _between(bare[gap.start() - 1], bare[gap.end()]), bare)
    return " ".join(joined.split())


def cut(text: str, most: int) -> str:
    """`text` where it has at most `most` characters, else its beginning up to the end of a word, and "…"."""
    if len(text) <= most:
        return text
    start = text[:most]
    if text[most].isalnum() and not _wide(start[-1]) and not _wide(text[most]):
        blank = max(start.rfind(" ", most - _LONGEST_WORD), start.rfind("\n", most - _LONGEST_WORD))
        start = start[:blank] if blank > 0 else start
    return _left_open(start)


def opened(text: str) -> str:
    """`text`, with "…" where it stops before its sentence does, and where it begins after."""
    ended = text if _ENDED.search(text) else _left_open(text)
    return f"…{ended}" if _UNDER_WAY.match(ended) else ended


def _left_open(text: str) -> str:
    return text.rstrip(" \n,;:，；：、") + "…"


def _between(before: str, after: str) -> str:
    return "" if _wide(before) and _wide(after) else " "


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}

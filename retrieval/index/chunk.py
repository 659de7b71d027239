"""Articles cut into passages, the unit that is encoded, found and quoted.

Pure and linear in the length of the text. Knows nothing of encoders beyond the length that suits them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from storage.domain.news import PassageDraft
from storage.domain.scripts import CJK
from storage.domain.sentences import sentences

# The shipped encoder reads at most 256 word pieces: about 200 English words. For encoders that read Chinese by the
# character that is 220 of them and a title; the shipped one, which knows words, takes some 150 pieces for those.
# Lengths are counted so that both are the same: a word weighs 11, a character of Chinese 10.
_LIMIT = 2200
_WORD_WEIGHT = 11
_CJK_WEIGHT = 10

# A longer run without a space is counted, and may be cut, as several words.
_LONGEST_WORD = 16
# Thai, Lao, Khmer and Burmese put no spaces between words; four letters come to about one word piece or two.
_UNSPACED = frozenset({"th", "lo", "km", "my"})
_UNSPACED_WORD = 4

# The last sentence of a passage opens the next one where it is no longer than this share of a passage.
_OVERLAP = 0.2


class _Piece(NamedTuple):
    start: int
    end: int
    weight: int


def chunk(text: str, language: str | None = None) -> tuple[PassageDraft, ...]:
    """Cut `text` into passages of about equal length at the borders of sentences.

    Neighbours share a sentence where it is short. Every passage is `text[start:end]` exactly, none is blank, and
    together they hold every character that is not white space. A sentence longer than a passage is cut between words.

    Args:
        text: An article's text.
        language: ISO 639-1, where known; it matters only for those written without spaces.
    """
    unit = _unit_pattern(_UNSPACED_WORD if language in _UNSPACED else _LONGEST_WORD)
    pieces = [piece for start, end in sentences(text) for piece in _pieces(text, start, end, unit)]
    return tuple(
        PassageDraft(position=position, start=start, end=end, text=text[start:end])
        for position, (start, end) in enumerate(_pack(pieces))
    )


def _unit_pattern(longest: int) -> re.Pattern[str]:
    return re.compile(rf"(?P<cjk>[{CJK}])|[^\s{CJK}]{{1,{longest}}}")


def _pieces(text: str, start: int, end: int, unit: re.Pattern[str]) -> Iterator[_Piece]:
    """The sentence as one piece, or as several where it alone is longer than a passage."""
    piece_start, piece_end, weight = start, start, 0
    for match in unit.finditer(text, start, end):
        cost = _CJK_WEIGHT if match["cjk"] else _WORD_WEIGHT
        if weight + cost > _LIMIT:
            yield _Piece(piece_start, piece_end, weight)
            piece_start, weight = match.start(), 0
        piece_end = match.end()
        weight += cost
    yield _Piece(piece_start, end, weight)


def _pack(pieces: list[_Piece]) -> Iterator[tuple[int, int]]:
    """Spans of consecutive pieces, none heavier than the limit, of about equal weight so that no scrap is left over."""
    remaining = sum(piece.weight for piece in pieces)
    first = 0
    while first < len(pieces):
        target = remaining / max(1, -(-remaining // _LIMIT))
        last, weight = first, pieces[first].weight
        while last + 1 < len(pieces) and weight < target and weight + pieces[last + 1].weight <= _LIMIT:
            last += 1
            weight += pieces[last].weight
        yield pieces[first].start, pieces[last].end
        repeats = last > first and last + 1 < len(pieces) and _fits_twice(pieces[last], pieces[last + 1])
        first = last if repeats else last + 1
        remaining -= weight - (pieces[last].weight if repeats else 0)


def _fits_twice(piece: _Piece, following: _Piece) -> bool:
    """Whether `piece` may open the next passage too, leaving room for what is new there."""
    return piece.weight <= _LIMIT * _OVERLAP and piece.weight + following.weight <= _LIMIT

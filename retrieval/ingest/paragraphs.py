"""Lines that were broken to fit a page, put together again as paragraphs. Pure and linear in the text's length."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from storage.domain.scripts import CJK

_FULL = 0.6
"""A line that is shorter than this share of the usual width ends its paragraph, or is a heading."""
_USUAL = 0.9
"""The share of the lines that are no longer than the usual width."""
_RUNNING = 3
"""Pages that must begin or end alike for what they share to be no part of the text."""
_EDGE_LINES = 2

_ENDS = re.compile(r"[.!?:;…。！？：；][\"'”’»」』)）\]】》]*$")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*(?:\s|$)|[。！？]")
_BEGINS_ANEW = re.compile(
    r"[-*+•·▪●◆■#>|=]|\(?\d{1,3}[.)、]\s|[（(][\d一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、"
)
_CJK_END, _CJK_START = re.compile(f"[{CJK}，、；：。”』」》]$"), re.compile(f"[{CJK}“『「《]")
_WIDE = re.compile(f"[{CJK}]")
_DIGITS = re.compile(r"\d+")


def unwrap(text: str) -> str:
    """Plain text with a paragraph a line, where its lines were broken by hand; lists and tables stay as they are."""
    lines = [line.strip() for line in text.splitlines()]
    full = _full_line(lines)
    found: list[str] = []
    for filled, block in itertools.groupby(lines, bool):
        if filled:
            held = list(block)
            # Prose has a sentence that ends; a list of names or headlines has none.
            found += _joined(held, full) if any(map(_SENTENCE_END.search, held)) else held
    return "\n".join(found)


def unpaged(pages: Sequence[str]) -> str:
    """The pages of a document as one text, a paragraph a line, without page numbers and running heads."""
    by_page = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    seen = Counter(
        mark for lines in by_page for mark in {_mark(line) for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:])}
    )
    kept: list[str] = []
    for lines in by_page:
        last = len(lines) - _EDGE_LINES
        kept += (
            line
            for at, line in enumerate(lines)
            if _EDGE_LINES <= at < last or not (seen[_mark(line)] >= _RUNNING or line.isdecimal())
        )
    return "\n".join(_joined(kept, _full_line(kept)))


def _mark(line: str) -> str:
    """What pages share of a line: all but its numbers."""
    return _DIGITS.sub("#", line)


def _full_line(lines: Sequence[str]) -> float:
    """How wide a line is that may have been broken because the next word found no room."""
    widths = sorted(_width(line) for line in lines if line)
    return _FULL * widths[int(_USUAL * (len(widths) - 1))] if widths else 0.0


def _width(line: str) -> int:
    """How many columns a line takes: a Chinese character takes two."""
    return len(line) + len(_WIDE.findall(line))


def _joined(lines: Sequence[str], full: float) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line, following in itertools.pairwise([*lines, ""]):
        paragraphs[-1].append(line)
        if _width(line) < full or _ENDS.search(line) or not following or _BEGINS_ANEW.match(following):
            paragraphs.append([])
    return [_line(pieces) for pieces in paragraphs if pieces]


def _line(pieces: Sequence[str]) -> str:
    parts: list[str] = []
    for piece in pieces:
        if parts and not (_CJK_END.search(parts[-1]) and _CJK_START.match(piece)):
            parts.append(" ")
        parts.append(piece)
    return "".join(parts)

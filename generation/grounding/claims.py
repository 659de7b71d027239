"""What a chat model writes, read as claims: sentences, each with the numbers of the passages it names.

Read as it comes, piece by piece. Whatever a model writes, only plain sentences come out of it: marks of formatting are
taken off, and no more than a bounded length is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.domain.sentences import sentences

MOST_CHARACTERS = 6_000
"""More than this of a reply is not read."""
LONGEST_CLAIM = 600
"""A sentence that is longer is no sentence."""
MOST_CLAIMS = 24

_NUMBERS = r"(?:passages?|sources?|段落?|来源)?\s{0,2}\d{1,3}(?:\s?[,，、;]\s?\d{1,3}){0,9}"
_MARK = rf"(?:\[{_NUMBERS}\]|【{_NUMBERS}】|［{_NUMBERS}］)"
_MARKS = re.compile(_MARK, re.IGNORECASE)
# Written behind the full stop by some models, before it by others.
_BEHIND = re.compile(rf"([.!?…。！？]+[\"'”’»」』）)]*)(\s{{0,4}}(?:{_MARK}\s{{0,2}})+)", re.IGNORECASE)
_OPENED = re.compile(r"[\[【［][^\]】］]{0,40}$")
_DIGITS = re.compile(r"\d{1,3}")
_LIST_MARK = re.compile(r"^(?:#{1,6}\s+|[-*•·]\s+|\(?\d{1,2}[.)、]\s+|>\s+)+")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`{1,3}")
_BEFORE_STOP = re.compile(r"\s+([.,!?;:。，！？；：])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence of a model's, and the numbers it cites, each once, in order; it may cite none."""

    text: str
    numbers: tuple[int, ...]


class ClaimReader:
    """Reads claims from text that comes in pieces."""

    def __init__(self) -> None:
        self._text = ""
        self._read = 0
        self._claims = 0

    @property
    def full(self) -> bool:
        """Whether as much was read as may be; what comes after is not looked at."""
        return self._read >= MOST_CHARACTERS or self._claims >= MOST_CLAIMS

    def feed(self, piece: str) -> list[Claim]:
        """The claims that are complete now. A sentence is, once another one begins, for its marks may follow it."""
        taken = piece[: MOST_CHARACTERS - self._read]
        self._read += len(taken)
        self._text = _BEHIND.sub(r"\2\1 ", self._text + taken)
        # What may become a mark is not the beginning of a sentence.
        opened = _OPENED.search(self._text)
        spans = sentences(self._text[: opened.start()] if opened else self._text)
        if len(spans) < 2:  # noqa: PLR2004 - one before and the one that begins
            return []
        found = [self._text[start:end] for start, end in spans[:-1]]
        self._text = self._text[spans[-1][0] :]
        return self._given(found)

    def finish(self) -> list[Claim]:
        """What is left once no more comes."""
        rest, self._text = _BEHIND.sub(r"\2\1 ", self._text), ""
        return self._given([rest[start:end] for start, end in sentences(rest)])

    def _given(self, written: list[str]) -> list[Claim]:
        claims = [claim for each in written if (claim := _claim(each)) is not None]
        claims = claims[: MOST_CLAIMS - self._claims]
        self._claims += len(claims)
        return claims


def _claim(written: str) -> Claim | None:
    numbers = [int(n) for mark in _MARKS.findall(written) for n in _DIGITS.findall(mark)]
    plain = _EMPHASIS.sub("", _LIST_MARK.sub("", _MARKS.sub(" ", written).strip()))
    text = _BEFORE_STOP.sub(r"\1", " ".join(plain.split()))
    if not any(character.isalnum() for character in text) or len(text) > LONGEST_CLAIM:
        return None
    return Claim(text=text, numbers=tuple(dict.fromkeys(numbers)))

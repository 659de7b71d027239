"""Texts that a reader was told of, remembered so that each is known again, in a sixth of the room of their names."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from zlib import crc32

from storage.domain.news import ArticleId

_MARK_BYTES = 4


@dataclass(frozen=True, slots=True)
class Heard:
    """Texts by four bytes of each, which a text shares with one of 2,000 others once in two million times.

    A story counts as told that was not by its number only if all its texts are known, which makes it rarer still.
    """

    marks: frozenset[int] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[ArticleId]) -> Self:
        """These texts, named by the first article that had each (`Headline.group`)."""
        return cls(frozenset(map(_mark, texts)))

    @classmethod
    def unpacked(cls, kept: bytes) -> Self:
        """Those that `packed` wrote."""
        return cls(frozenset(struct.unpack(f"<{len(kept) // _MARK_BYTES}I", kept)))

    def packed(self) -> bytes:
        """Four bytes of each."""
        return struct.pack(f"<{len(self.marks)}I", *sorted(self.marks))

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and _mark(text) in self.marks

    def __bool__(self) -> bool:
        return bool(self.marks)

    def __or__(self, other: Heard) -> Heard:
        return Heard(self.marks | other.marks)


def _mark(text: str) -> int:
    return crc32(text.encode())

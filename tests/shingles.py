"""Whether a line has one of very many texts in it, in work that does not grow with their number.

Of each text its beginning, its length and its hash are kept, some 250 bytes, and none of its words.
"""

from __future__ import annotations

from collections.abc import Iterator

LONG, SHORT = 12, 6
"""Characters of a beginning; a text that has not as many as the first is known by the second."""


class Shingles:
    """Very many texts, of at least `SHORT` characters each.

    Args:
        most: So many at most; what comes after them is not known.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._wholes: set[int] = set()
        self._lengths: dict[int, dict[int, tuple[int, ...]]] = {LONG: {}, SHORT: {}}

    def __len__(self) -> int:
        return len(self._wholes)

    def clear(self) -> None:
        """Begin anew."""
        self._wholes.clear()
        for known in self._lengths.values():
            known.clear()

    def add(self, text: str) -> None:
        """One more, if there is room."""
        whole = hash(text)
        if whole in self._wholes or len(self._wholes) >= self._most:
            return
        self._wholes.add(whole)
        size = LONG if len(text) >= LONG else SHORT
        known, begin = self._lengths[size], hash(text[:size])
        lengths = known.get(begin, ())
        if len(text) not in lengths:
            known[begin] = (*lengths, len(text))

    def within(self, line: str) -> Iterator[str]:
        """Those that stand in it, word for word."""
        for size, known in self._lengths.items():
            if not known:
                continue
            for at in range(len(line) - size + 1):
                for length in known.get(hash(line[at : at + size]), ()):
                    found = line[at : at + length]
                    if len(found) == length and hash(found) in self._wholes:
                        yield found

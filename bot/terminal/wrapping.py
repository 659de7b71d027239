"""Lines of a given width, for scripts with and without spaces, and text that grows while it is shown.

Wide characters (Chinese, Japanese, Korean) may be parted anywhere but before closing and after opening punctuation.
Breaking is greedy, so what is appended after a space never moves what stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

MEASURE = 100
"""Cells of a line that still read well, however wide the terminal."""

GLUE = "\u00a0"
"""Stands for a space at which a line never ends."""

_NEVER_FIRST = set("[，。、；：？！）］｝」』》〉】〕…—～·”’,.;:?!)]}%％")
_NEVER_LAST = set("（［｛「『《〈【〔“‘([{")


def wrapped(text: Text, width: int) -> list[Text]:
    """`text` as lines of at most `width` cells, without the spaces at their ends; one empty line for no text."""
    lines = list(text.divide(list(_breaks(text.plain, max(width, 2)))))
    for line in lines:
        line.rstrip()
    return lines or [Text()]


class Flow:
    """A paragraph that grows at its end and is shown as it grows, wrapped to the width of the console.

    Args:
        console: Where to. Off a terminal nothing is wrapped.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, MEASURE) if console.is_terminal else None
        self._text = Text()
        self._shown: list[Text] = []

    def add(self, text: Text) -> None:
        """Show `text` after what stands. Begin it with a space, or with a letter that may follow what stands."""
        self._text.append_text(text)
        lines = wrapped(self._text, self._width) if self._width else [self._text.copy()]
        last = len(self._shown) - 1
        for number, line in enumerate(lines):
            if number < last:
                continue
            if number > last >= 0:
                self._console.print()
            before = len(self._shown[number]) if number <= last else 0
            self._console.print(line[before:], end="", soft_wrap=True)
            last = max(last, number)
        self._shown = lines
        self._console.file.flush()

    def end(self) -> None:
        """End the last line, if anything was shown."""
        if self._shown:
            self._console.print()
        self._shown = []
        self._text = Text()


def _breaks(text: str, width: int) -> Iterator[int]:
    """Offsets at which new lines begin."""
    used = 0
    for start, end in _pieces(text):
        piece = text[start:end]
        cells = cell_len(piece.rstrip(" "))
        if used and used + cells > width:
            yield start
            used = 0
        if cells > width:  # an address, or a word of a script without breaks
            for offset, character in enumerate(piece, start):
                size = cell_len(character)
                if used + size > width:
                    yield offset
                    used = 0
                used += size
        else:
            used += cell_len(piece)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that stay on one line, each with the spaces that follow it."""
    start = 0
    for at in range(1, len(text)):
        if _may_part(text[at - 1], text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _may_part(before: str, after: str) -> bool:
    if before == " " or after == " ":
        return after != " "
    if after in _NEVER_FIRST or before in _NEVER_LAST or GLUE in {before, after}:
        return False
    return cell_len(before) > 1 or cell_len(after) > 1

"""Chinese names that a question writes by another character of the same sound, as the news do: 林幕云 as 林慕云.

A character is put in another's place only where both are read alike, where two others beside it stand as in the news,
and where the question's own word is in no dictionary: who asks of 南平 means that city.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from storage.domain.scripts import CJK

Sounds = Callable[[str], frozenset[str]]
"""The syllables that a character is read as."""
Known = Callable[[str], Sequence[tuple[str, bool]]]
"""The words of a text in order, each with whether a dictionary has it."""

_RUN = re.compile(f"[{CJK}]{{3,}}")
_WINDOW = 3


def respelled(question: str, texts: Iterable[str], known: Known, sounds: Sounds) -> str:
    """`question` with its misspelt names in the characters of the texts; as it is where none is known to be meant."""
    held = "\n".join(texts)
    windows = {run[at : at + _WINDOW] for run in _RUN.findall(held) for at in range(len(run) - _WINDOW + 1)}
    put = {at: character for at in _doubted(question, known) if (character := _meant(question, at, windows, sounds))}
    return "".join(put.get(at, character) for at, character in enumerate(question))


def _doubted(question: str, known: Known) -> Iterator[int]:
    """Where the characters stand that belong to no word of the dictionary of more than one character."""
    for found in _RUN.finditer(question):
        at = found.start()
        for word, in_dictionary in known(found.group()):
            if len(word) == 1 or not in_dictionary:
                yield from range(at, at + len(word))
            at += len(word)


def _meant(question: str, at: int, windows: set[str], sounds: Sounds) -> str | None:
    """The character that stands there in the texts, between the same others; `None` where it is right, or none does."""
    own = question[at]
    around = [
        (question[begin : begin + _WINDOW], at - begin)
        for begin in range(max(0, at - _WINDOW + 1), min(at, len(question) - _WINDOW) + 1)
        if _RUN.fullmatch(question[begin : begin + _WINDOW])
    ]
    if any(window in windows for window, _ in around):
        return None
    others = {
        each[i]
        for window, i in around
        for each in windows
        if each[:i] == window[:i] and each[i + 1 :] == window[i + 1 :] and sounds(each[i]) & sounds(own)
    }
    return others.pop() if len(others) == 1 else None

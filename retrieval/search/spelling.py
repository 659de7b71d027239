"""Names that a question misspells, as the news spell them: Halvorson as Halvorsen.

Only words that are seldom written, and stand nowhere in what whoever asks may see, are looked at, and only names that
stand there are put in their place: what others alone may see decides nothing. Iraq is not taken for Iran, whether the
news tell of it or not. Knows nothing of answers; asked for only where there was none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from retrieval.ports import Corpus, LexicalIndex
from retrieval.search.known_words import is_known
from retrieval.search.spelling_zh import Known, Sounds, respelled
from storage.domain.news import Filters, Passage
from storage.domain.people import ReaderId
from storage.domain.scripts import CJK
from storage.errors import IndexUnavailable

_WORD = re.compile(r"[A-Za-zÀ-ÿ]{5,40}(?:-[A-Za-zÀ-ÿ]{1,40})?")
_HAN = re.compile(f"[{CJK}]")
_NAME = re.compile(r"(?<![\w-])[A-ZÀ-Þ][\w-]{3,40}")
_MOST_WORDS = 8
"""Words of a question that are looked at."""
_PASSAGES = 40
"""That whoever asks may see, of those that hold a word."""
_DEEPER, _DEEPEST = 10, 20_000
"""So many times as many are looked at, up to so many, where others' sources took up the first."""
_LONG = 8
"""From so many letters on a word may have two faults."""


class Spelling:
    """Spells questions as the news do, implementing `bot.flows.ports.Spelling`.

    Args:
        lexical: Knows which words there are.
        corpus: The stored passages.
        famous: Names, in lower case, that are known besides the words that are often written.
        known: The words of a Chinese text, with whether a dictionary has them.
        sounds: How a Chinese character is read; where nothing knows, Chinese names are left as they are.
    """

    def __init__(
        self,
        lexical: LexicalIndex,
        corpus: Corpus,
        famous: frozenset[str] = frozenset(),
        known: Known = lambda text: [(text, False)],
        sounds: Sounds = lambda _: frozenset(),
    ) -> None:
        self._lexical = lexical
        self._corpus = corpus
        self._famous = famous
        self._known = known
        self._sounds = sounds

    async def __call__(self, text: str, filters: Filters, reader: ReaderId | None) -> str | None:
        """`text` with its misspelt names in the spelling nearest to theirs; `None` where none is known to be near."""
        instead: dict[str, str] = {}
        for word in _words(text):
            if (name := await self._name(word, filters, reader)) is not None:
                instead[word] = name
        respelt = _WORD.sub(lambda found: instead.get(found.group(), found.group()), text)
        respelt = await self._by_sound(respelt, filters, reader)
        return None if respelt == text else respelt

    async def _by_sound(self, text: str, filters: Filters, reader: ReaderId | None) -> str:
        """`text` with the Chinese names that it writes by their sound alone as passages near to it write them."""
        if not _HAN.search(text):
            return text
        try:
            ids = [match.id for match in await self._lexical.search(text, _PASSAGES, filters)]
        except IndexUnavailable:
            return text
        held = await self._corpus.passages(ids, filters=filters, reader=reader) if ids else {}
        texts = [f"{passage.headline.title}\n{passage.text}" for passage in held.values()]
        return respelled(text, texts, self._known, self._sounds)

    async def _name(self, word: str, filters: Filters, reader: ReaderId | None) -> str | None:
        """The name that a word is meant for. Stems differ by more than words may, but seldom do."""
        if is_known(word, self._famous):
            return None
        try:
            if await self._holding(word, 0, 1, Filters(), reader):
                return None
            for faults in (1, 2):
                held = await self._holding(word, faults, _PASSAGES, filters, reader)
                if (name := _nearest(word, held)) is not None:
                    return name
        except IndexUnavailable:
            pass
        return None

    async def _holding(
        self, word: str, faults: int, most: int, filters: Filters, reader: ReaderId | None
    ) -> list[Passage]:
        """Passages that hold a word with at most so many faults, about `most` of those that `reader` may see."""
        k = _PASSAGES
        while True:
            ids = await self._lexical.like(word, faults, k)
            held = await self._corpus.passages(ids, filters=filters, reader=reader) if ids else {}
            if len(held) >= most or len(ids) < k or k == _DEEPEST:
                return [held[id_] for id_ in ids if id_ in held][: 2 * most]
            k = min(k * _DEEPER, _DEEPEST)


def _words(text: str) -> list[str]:
    """The words of a question that may be names: those with a capital, or any where none but the first has one."""
    found = [(match.start(), match.group()) for match in _WORD.finditer(text)]
    named = any(at and word[0].isupper() for at, word in found)
    return list(dict.fromkeys(word for _, word in found if word[0].isupper() or not named))[:_MOST_WORDS]


def most_faults(word: str) -> int:
    """How many letters of a word may be wrong, missing, too many, or in each other's places."""
    return 2 if len(word) >= _LONG else 1


def _nearest(word: str, passages: Sequence[Passage]) -> str | None:
    """The name that takes the fewest faults, of these the commonest; first letters are seldom mistaken."""
    found = Counter(name for passage in passages for name in _NAME.findall(f"{passage.headline.title}\n{passage.text}"))
    lowered, most = word.casefold(), most_faults(word)
    faults = {
        name: faults_between(lowered, name.casefold())
        for name in found
        if name[0].casefold() == lowered[0] and abs(len(name) - len(word)) <= most
    }
    near = [name for name, count in faults.items() if 0 < count <= most]
    return min(near, key=lambda name: (faults[name], -found[name], name), default=None)


def faults_between(one: str, other: str) -> int:
    """Letters to put in, take out, change, or swap with a neighbour, to make one of the other (optimal alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]

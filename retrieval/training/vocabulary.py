"""New words for a model that reads a language letter by letter, begun where what they mean already stands. Pure.

A BERT of English cuts Chinese into single characters, most of which it does not know. It is given the characters, and
the words of a corpus; each new row begins as the mean of the pieces of what a glossary says it means, so that it stands
among its English neighbours before any training. Knows nothing of files; `retrieval.training.growing` writes it down.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.training.glossary import Glossary
from storage.domain.scripts import CJK

Rows = NDArray[np.float32]
"""(n, d) float32, a row a token."""

_RUN = re.compile(f"[{CJK}]+")
_CHARACTER = re.compile(f"[{CJK}]")
_SHORTEST, _LONGEST = 2, 6
# How often something occurs before it is worth a row: a word that a glossary explains needs less training.
_OFTEN, _OFTEN_EXPLAINED, _OFTEN_CHARACTER = 8, 4, 2
# A model that has this much of what is written can read it; its characters stay as they are.
_READS = 0.95
_SENSES = 4
_SENSES_LEARNT = 2
# A long explanation says less for sure than a single word.
_LENGTH_DISCOUNT = 0.3
# What has no meaning anyone gave it stands this far, in parts of a usual length, from the middle of what has.
_UNKNOWN_SPREAD = 0.05
_EMPTY = frozenset("of the a an in on at for and or to by with sth sb be is etc one s ' - , . ; : ( )".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True, kw_only=True)
class Spellings:
    """How often words and single characters occur in a corpus, of scripts without spaces."""

    words: Counter[str]
    characters: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What a vocabulary is given.

    Args:
        characters: For the pieces that texts are cut into, in the order of their rows.
        words: Whole words that are looked for before that; their rows follow.
        rows: Of characters and words, in this order.
        replaced: New rows for characters it has, by their place.
    """

    characters: tuple[str, ...]
    words: tuple[str, ...]
    rows: Rows
    replaced: Mapping[int, NDArray[np.float32]]


def spellings(texts: Iterable[str], cut: Callable[[str], Sequence[str]]) -> Spellings:
    """Count what is written in `texts`; `cut` gives the words of one."""
    words: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for text in texts:
        runs = "\n".join(_RUN.findall(text))
        if runs:
            characters.update(runs.replace("\n", ""))
            words.update(word for word in cut(runs) if _RUN.fullmatch(word))
    return Spellings(words=words, characters=characters)


def reads(seen: Spellings, known: Mapping[str, int]) -> bool:
    """Whether a vocabulary has nearly all characters that occur, by how often they do."""
    total = seen.characters.total()
    return sum(n for character, n in seen.characters.items() if character in known) >= _READS * total


def grown(
    seen: Spellings,
    known: Mapping[str, int],
    table: Rows,
    pieces: Callable[[str], Sequence[int]],
    glossary: Glossary,
    most_words: int,
) -> Growth:
    """The growth of a vocabulary that cannot read what occurs.

    Args:
        seen: What occurs.
        known: The vocabulary, each token with its row.
        table: The rows of its embeddings.
        pieces: The rows a text is cut into by the model's tokenizer.
        glossary: What words mean; what it does not have is composed of its parts.
        most_words: How many words at most, the commonest first.
    """
    characters = [each for each, n in seen.characters.most_common() if n >= _OFTEN_CHARACTER and each not in known]
    read = {*characters, *filter(_CHARACTER.fullmatch, known)}
    # Whoever writes the traditional form means the same.
    characters += [
        old for old, new in glossary.simplified.items() if new in read and old not in read and _CHARACTER.fullmatch(old)
    ]
    words = [
        word
        for word, n in seen.words.most_common()
        if _SHORTEST <= len(word) <= _LONGEST
        and word not in known
        and n >= (_OFTEN_EXPLAINED if word in glossary.meanings else _OFTEN)
    ][:most_words]
    had = [token for token in known if _CHARACTER.fullmatch(token)]
    meant = _Meant(known, table, pieces, glossary)
    vectors = meant.vectors([*characters, *had, *words])
    new = [*characters, *words]
    return Growth(
        characters=tuple(characters),
        words=tuple(words),
        rows=np.stack([vectors[each] for each in new]) if new else np.zeros((0, table.shape[1]), dtype=np.float32),
        replaced={known[each]: vectors[each] for each in had if each in glossary.meanings},
    )


def explained(seen: Spellings, glossary: Glossary) -> list[tuple[str, str]]:
    """What occurs, commonest first, with what it means, the two in either order; no meaning twice."""
    pairs: dict[str, str] = {}
    for word, _ in seen.words.most_common():
        if senses := glossary.meanings.get(word):
            pairs.setdefault(", ".join(senses[:_SENSES_LEARNT]), word)
    return [(word, meaning) if at % 2 else (meaning, word) for at, (meaning, word) in enumerate(pairs.items())]


class _Meant:
    """Rows for words, as long as the rows of a model usually are."""

    def __init__(
        self, known: Mapping[str, int], table: Rows, pieces: Callable[[str], Sequence[int]], glossary: Glossary
    ) -> None:
        self._table = table
        self._pieces = pieces
        self._glossary = glossary
        self._length = float(np.median(np.linalg.norm(table, axis=1)))
        self._empty = {known[word] for word in _EMPTY if word in known}

    def vectors(self, wanted: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """A row for each: by what it means, else by what its parts mean, else near the middle of all that mean."""
        explained = {each: row for each in wanted if (row := self._explained(each)) is not None}
        middle = np.mean(list(explained.values()), axis=0) if explained else self._table.mean(axis=0)
        chance = np.random.default_rng(0)
        found = dict(explained)
        for each in wanted:
            if each not in found:
                parts = _parts(each, explained)
                apart = chance.normal(scale=_UNKNOWN_SPREAD * self._length, size=middle.shape)
                found[each] = self._scaled(
                    np.mean([explained[part] for part in parts], axis=0) if parts else middle + apart
                )
        return found

    def _explained(self, word: str) -> NDArray[np.float32] | None:
        word = self._glossary.simplified.get(word, word)
        rows, weights = [], []
        for place, meaning in enumerate(self._glossary.meanings.get(word, ())[:_SENSES]):
            ids = list(self._pieces(meaning))
            ids = [id_ for id_ in ids if id_ not in self._empty] or ids
            if ids:
                rows.append(self._table[ids].mean(axis=0))
                weights.append(1 / ((1 + place) * len(ids) ** _LENGTH_DISCOUNT))
        return self._scaled(np.average(rows, axis=0, weights=weights)) if rows else None

    def _scaled(self, row: NDArray[np.floating]) -> NDArray[np.float32]:
        length = max(float(np.linalg.norm(row)), float(np.finfo(np.float32).tiny))
        return np.asarray(row * (self._length / length), dtype=np.float32)


def _parts(word: str, explained: Mapping[str, object]) -> list[str]:
    """The longest explained parts of a word, from its beginning; what none covers is passed over."""
    parts: list[str] = []
    at = 0
    while at < len(word):
        part = next((word[at:end] for end in range(len(word), at, -1) if word[at:end] in explained), None)
        if part is not None:
            parts.append(part)
        at += len(part or word[at])
    return parts

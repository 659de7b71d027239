"""A second, closer look at what a search found: small linear models, trained on questions whose answers are known.

They are data, two weights a feature, one for questions in Chinese and one for others; how they were made stands beside
them. They know nothing of encoders and corpora, for their features are relative to what was found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.index.words import WordCutter
from retrieval.owner import OwnerThread
from retrieval.ports import Candidate
from retrieval.search.asked import Asked, read_question
from retrieval.search.features import NAMES, Matrix, features
from storage.domain.news import ArticleId
from storage.errors import InputError

OURS = "tidings"
"""What the reranker that ships with Tidings is called."""
SHIPPED = "reranker.json"
"""The file of its weights, in this package."""

# Of a feature in the file: for articles, by other questions and Chinese ones, then for the passages of one.
_COLUMNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A linear model: `score = features @ weights`, columns as `retrieval.search.features.NAMES`.

    Args:
        other: For questions in any language but Chinese.
        chinese: For questions in Chinese.
    """

    other: tuple[float, ...]
    chinese: tuple[float, ...]

    def scores(self, rows: Matrix, *, chinese: bool) -> tuple[float, ...]:
        """One score a row; larger is better."""
        weights = np.asarray(self.chinese if chinese else self.other, dtype=np.float32)
        return tuple((rows @ weights).tolist())


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Two models, for what makes an article the right one is not what tells where in it the answer stands.

    Args:
        articles: Ranks the candidates; an article stands where its best passage does.
        passages: Says which of its passages that is.
    """

    articles: Linear
    passages: Linear

    def scores(self, rows: Matrix, candidates: Sequence[Candidate], *, chinese: bool) -> tuple[float, ...]:
        """One score a candidate; larger is better."""
        ranked, preferred = self.articles.scores(rows, chinese=chinese), self.passages.scores(rows, chinese=chinese)
        members: dict[ArticleId, list[int]] = {}
        for at, candidate in enumerate(candidates):
            members.setdefault(candidate.passage.headline.id, []).append(at)
        scores = list(ranked)
        for places in members.values():
            best_first = sorted(places, key=lambda at: -preferred[at])
            for at, score in zip(best_first, sorted((ranked[at] for at in places), reverse=True), strict=True):
                scores[at] = score
        return tuple(scores)


class LinearReranker:
    """The reranker that ships with Tidings, implementing `retrieval.ports.Reranker`.

    Args:
        cutter: Cuts questions as the lexical index does.
        weights: The model; `None` reads the shipped one with the first question.
    """

    def __init__(self, cutter: WordCutter, weights: Weights | None = None) -> None:
        self._cutter = cutter
        self._weights = weights
        self._owner = OwnerThread("rerank")

    async def load(self) -> None:
        """Read the model now rather than with the first question."""
        await self._owner.run(self._loaded)

    async def scores(self, question: str, candidates: Sequence[Candidate]) -> Sequence[float]:
        """One score a candidate, a log-odds: larger is better, and comparable within the call only."""
        return await self._owner.run(self._scores, question, candidates)

    def close(self) -> None:
        """Finish the question under way."""
        self._owner.close()

    def _scores(self, question: str, candidates: Sequence[Candidate]) -> Sequence[float]:
        asked = as_asked(question, self._cutter)
        return self._loaded().scores(features(asked, candidates), candidates, chinese=asked.chinese)

    def _loaded(self) -> Weights:
        if self._weights is None:
            self._weights = shipped_weights()
        return self._weights


def as_asked(question: str, cutter: WordCutter) -> Asked:
    """`question` as candidates are compared with it."""
    words, pairs = cutter.asked(question)
    return read_question(question, words, pairs)


def shipped_weights() -> Weights:
    """The model that ships with Tidings."""
    return read_weights(Path(str(resources.files("retrieval.search").joinpath(SHIPPED))))


def read_weights(path: Path) -> Weights:
    """The model of a file as `write_weights` leaves it.

    Raises:
        InputError: It cannot be read, or is of other features than these.
    """
    try:
        named = json.loads(path.read_bytes())["weights"]
        columns = [tuple(float(named[name][column]) for name in NAMES) for column in range(_COLUMNS)]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            str(path), "holds no reranker of this version; make one with `tidings train reranker`"
        ) from error
    other, chinese, other_within, chinese_within = columns
    return Weights(
        articles=Linear(other=other, chinese=chinese), passages=Linear(other=other_within, chinese=chinese_within)
    )


def write_weights(path: Path, weights: Weights, made: Mapping[str, Any]) -> None:
    """Keep a model, with how it was made, to be read by people too.

    Raises:
        InputError: The file cannot be written.
    """
    columns = (weights.articles.other, weights.articles.chinese, weights.passages.other, weights.passages.chinese)
    named = {name: [round(weight, 5) for weight in each] for name, *each in zip(NAMES, *columns, strict=True)}
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(pair)}" for name, pair in named.items())
    head = json.dumps(made, ensure_ascii=False, indent=2).replace("\n", "\n  ")
    text = f'{{\n  "made": {head},\n  "weights": {{\n{lines}\n  }}\n}}\n'
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(str(path), f"cannot be written: {error.strerror}") from error

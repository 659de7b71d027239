"""What this package needs from outside itself, and what its own parts need from each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from storage.domain.encoders import EncoderModel, KeptEncoder
from storage.domain.news import (
    ArticleId,
    Changes,
    Feed,
    FeedVisit,
    Filters,
    Fingerprint,
    HeldArticle,
    Passage,
    PassageId,
    PreparedArticle,
    SaveReport,
)
from storage.domain.people import ReaderId
from storage.domain.stories import Company, Placed, Stand, StoryId, StoryMark, StoryStep

Vectors = NDArray[np.float32]
"""(n, d) float32, unit rows."""

Vector = NDArray[np.float32]
"""(d,) float32, unit length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An HTTP answer. `url` is where the redirects ended; `not_modified` is a 304, whose body is empty."""

    url: str
    body: bytes
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False
    max_age_seconds: int | None = None


class HttpGet(Protocol):
    """The one door to the network. Every request has a deadline, a size limit and a checked address."""

    async def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Fetched:
        """Fetch `url`, following redirects by hand.

        Raises:
            FetchError: No usable answer within the limits; `AddressRefused` where the address is forbidden.
        """
        ...


class Encoder(Protocol):
    """Turns texts into unit vectors. `name` identifies the model beside stored vectors."""

    @property
    def name(self) -> str: ...

    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors in the order of `texts`, one row each.

        Raises:
            EncoderUnavailable: The model cannot be loaded, or fails.
        """
        ...

    async def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question, unit length.

        Raises:
            EncoderUnavailable: The model cannot be loaded, or fails.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A passage an index found; larger `score` is better. What it measures is the index's own."""

    id: PassageId
    score: float


class DenseIndex(Protocol):
    """Nearest passages by cosine: a cache of vectors the database holds. Scores are cosines in [-1, 1]."""

    async def revision(self) -> int:
        """The revision of the corpus this index stands at; 0 where it is empty."""
        ...

    async def apply(self, changes: Changes, vectors: Vectors) -> None:
        """Take `changes` over, `vectors[i]` belonging to `changes.added[i]`. Doing so twice changes nothing.

        Raises:
            IndexUnavailable: The index cannot be written; `DimensionMismatch` where the width differs.
        """
        ...

    async def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> Sequence[Match]:
        """Up to k matches that meet `filters`, best first.

        Raises:
            IndexUnavailable: The index cannot be read.
        """
        ...

    async def count(self) -> int:
        """How many passages it holds."""
        ...

    async def clear(self) -> None:
        """Forget everything, whatever state the files are in."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """An encoder and the index of its vectors: a vector of one means nothing among those of another."""

    encoder: Encoder
    dense: DenseIndex

    async def current(self) -> Space:
        """Itself: where there is only one space, it is the one to search in."""
        return self


class Spaces(Protocol):
    """Knows in which space searches look at the moment; a change of encoder moves them from one to another."""

    async def current(self) -> Space:
        """The space for one search, which keeps to it to its end."""
        ...


class Encoders(Protocol):
    """The record of the encoders that vectors are kept of. Only the owner of the indexes writes to it."""

    async def kept(self) -> Sequence[KeptEncoder]: ...

    async def begin(self, model: EncoderModel, now: datetime) -> None:
        """Note that vectors of this encoder are being made, from now on."""
        ...

    async def serve(self, model: EncoderModel, now: datetime) -> None:
        """Make this the one that serves, and retire the one that did, at once."""
        ...

    async def retire(self, name: str, now: datetime) -> None:
        """Note that one which was coming is used no more."""
        ...

    async def forget(self, name: str) -> None:
        """Forget one that is retired, once its vectors are gone."""
        ...


class LexicalIndex(Protocol):
    """Passages by their words. Scores are BM25, at least 0. Same law as `DenseIndex`."""

    async def revision(self) -> int: ...

    async def apply(self, changes: Changes) -> None: ...

    async def search(self, text: str, k: int, filters: Filters) -> Sequence[Match]: ...

    async def like(self, word: str, faults: int, k: int) -> Sequence[PassageId]:
        """Passages that hold a word with at most so many letters (0 to 2) other than `word`: k where there are as many.

        Whoever may see them, so that what is told by them is told of those alone that whoever asks may see.

        Raises:
            IndexUnavailable: The index cannot be read.
        """
        ...

    async def count(self) -> int: ...

    async def clear(self) -> None: ...


class Signals(NamedTuple):
    """What speaks for a passage besides how well it matches; each in [0, 1].

    A tuple, as candidates are: a search makes hundreds, and a frozen dataclass takes four times as long.

    Args:
        freshness: How lately it was published: halves with every half-life. 0 where the time of the news is bounded.
        recent: The same by months rather than days.
        young: The same by years, and the slower the older it is; 0 too where the question speaks of a time.
        around: 1 where it is from a time that the question speaks of.
        source: 1 where the question names its source.
        phrases: The share of what the question quotes that it holds.
    """

    freshness: float = 0.0
    recent: float = 0.0
    young: float = 0.0
    around: float = 0.0
    source: float = 0.0
    phrases: float = 0.0


class Candidate(NamedTuple):
    """A passage that a search found, as it is before reranking.

    Args:
        passage: The passage.
        score: What both sides and the signals make of it; larger is better.
        similarity: Cosine to the question, where it is known.
        bm25: The lexical score, where the words found it.
        signals: What else speaks for it.
    """

    passage: Passage
    score: float
    similarity: float | None = None
    bm25: float | None = None
    signals: Signals = Signals()


class Reranker(Protocol):
    """Looks again, and closer, at what a search found."""

    async def scores(self, question: str, candidates: Sequence[Candidate]) -> Sequence[float]:
        """One score a candidate, larger is better; comparable within the call only.

        Raises:
            EncoderUnavailable: Its model cannot be loaded, or fails.
        """
        ...


class Corpus(Protocol):
    """The database as the indexes and the searcher see it."""

    async def passages(
        self, ids: Sequence[PassageId], *, filters: Filters, reader: ReaderId | None
    ) -> dict[PassageId, Passage]:
        """Those of `ids` that exist, meet `filters` and come from sources `reader` may see."""
        ...

    async def tells_in(self, language: str) -> bool:
        """Whether there may be articles in a language (ISO 639-1); `False` only where there is none."""
        ...

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        """The first passages of these articles, those that `reader` may see, in the order of `ids`."""
        ...

    async def changes(self, after: int, limit: int) -> Changes:
        """What changed after revision `after`: about `limit` passages, always whole articles.

        Empty, with `revision == after`, when nothing did.
        """
        ...

    async def ahead(self, revision: int) -> int:
        """How many articles were saved after a revision."""
        ...

    async def passage_count(self) -> int: ...

    async def sample(self, n: int) -> Sequence[PassageId]:
        """Up to n stored passages spread over the corpus, for self-checks."""
        ...

    async def unencoded(self, encoder: str, limit: int) -> Sequence[Passage]:
        """Passages that have no vector of this encoder yet, oldest first."""
        ...

    async def store_vectors(self, encoder: str, ids: Sequence[PassageId], vectors: Vectors) -> None:
        """Keep vectors as float16. Ids that meanwhile went away are passed over."""
        ...

    async def vectors(self, encoder: str, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """The stored vectors of `ids`, unit length again after float16; missing ones are absent."""
        ...

    async def forget_vectors(self, encoder: str, *, after: int = 0) -> int | None:
        """Forget some vectors of an encoder, of passages after the id `after`.

        Returns:
            The id to go on after, or `None` where none is left.
        """
        ...

    async def prune(self, upto: int) -> None:
        """Forget which passages were removed up to revision `upto`, but for the newest removals."""
        ...


class StoryBook(Protocol):
    """The stories as they are kept."""

    async def revision(self) -> int:
        """The revision of the corpus that the stories stand at."""
        ...

    async def stand(self, archived: int) -> Stand:
        """Where the stories stand, with the latest `archived` of those that are retired."""
        ...

    async def retired(self, id_: StoryId) -> tuple[StoryMark, Sequence[Placed]] | None:
        """A story, and those of its articles that have a sketch, in the order they came; `None` once it is dropped."""
        ...

    async def next_id(self) -> StoryId:
        """A number that no story has, nor any after it."""
        ...

    async def known(self, ids: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        ...

    async def private(self, ids: Sequence[ArticleId]) -> dict[ArticleId, str]:
        """Which of these articles only some readers see, and of which feed."""
        ...

    async def company(self, feed: str, limit: int) -> Company:
        """The articles that exactly those see who see what this feed brings; the latest `limit` of them."""
        ...

    async def commit(self, step: StoryStep) -> bool:
        """Write a step whole; whether it was: not where another process has taken the stories on from `step.after`."""
        ...


class ArticleStore(Protocol):
    """The database as gathering sees it.

    An `audience` is a feed that is not shared; its articles are its readers' alone. Without one, only what is
    everyone's is seen.
    """

    async def held(self, canonical_urls: Sequence[str], audience: str | None = None) -> dict[str, HeldArticle]:
        """Which of these URLs are held, and as which article: the audience's own before everyone's."""
        ...

    async def near(self, bands: Sequence[int], audience: str | None = None) -> Sequence[tuple[ArticleId, Fingerprint]]:
        """Groups that share a band, each with the fingerprint of a member that is everyone's or the audience's own."""
        ...

    async def save(self, prepared: Sequence[PreparedArticle]) -> SaveReport:
        """Store what is new, replace what its own feed or the operator changed, in one transaction."""
        ...

    async def link(self, feed_url: str, ids: Sequence[ArticleId], audience: str | None = None) -> None:
        """Note that these articles, everyone's or the audience's own, are in this feed too."""
        ...


class Dropped(Protocol):
    """What was dropped by its age, and is not to come back."""

    async def met(self, known: Mapping[str, str], audience: str | None, now: datetime) -> frozenset[str]:
        """Those of what a feed has that were dropped, everyone's or the audience's own; it is noted that it has them.

        Args:
            known: By any name, what an article is known by: its canonical URL, or its text where it has none.
            audience: The feed whose readers alone see its articles; `None` where they are everyone's.
            now: The present.
        """
        ...


class FeedStore(Protocol):
    """The feeds as gathering sees them."""

    async def due(self, now: datetime) -> Sequence[Feed]: ...

    async def record(self, visit: FeedVisit) -> None: ...

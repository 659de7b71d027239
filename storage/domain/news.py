"""News as values: feeds, articles, passages, and what a search asks and finds.

Times are aware UTC. An unknown time is `None` and is never guessed. Texts are NFC without control characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from storage.domain.annotations import Category
from storage.domain.people import ReaderId
from storage.domain.times import require_aware
from storage.domain.why import Why

ArticleId = NewType("ArticleId", str)
PassageId = NewType("PassageId", int)


class FeedStatus(StrEnum):
    """How a feed stood when it was last looked at."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source Tidings reads, with what the last visit left.

    `last_error` says to those who host what stood in the way at the last visit, `last_why` to readers.
    `shared` feeds are the instance's own and seen by every reader; the others only by those who added them.
    """

    url: str
    title: str | None = None
    category: str | None = None
    language: str | None = None
    shared: bool = True
    status: FeedStatus = FeedStatus.NEW
    last_error: str | None = None
    last_why: Why | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime | None = None
    next_fetch_at: datetime | None = None
    failures: int = 0
    articles: int = 0

    def __post_init__(self) -> None:
        require_aware(self.fetched_at, "fetched_at")
        require_aware(self.next_fetch_at, "next_fetch_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedVisit:
    """What one visit to a feed found out about the feed itself; `error` and `why` are `None` when it could be read."""

    url: str
    at: datetime
    next_fetch_at: datetime
    error: str | None = None
    why: Why | None = None
    title: str | None = None
    language: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    def __post_init__(self) -> None:
        require_aware(self.at, "at")
        require_aware(self.next_fetch_at, "next_fetch_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article without its text: what a listing or a citation shows.

    `group` is the id of the first article with nearly the same text, which not everyone who sees this one need see;
    where it is the first, its own id, or the one it would have as everyone's.
    `language` is an ISO 639-1 code. `url` is absolute http(s), or `None` where the article came without one.
    """

    id: ArticleId
    title: str
    first_seen: datetime
    group: ArticleId
    url: str | None = None
    source: str | None = None
    author: str | None = None
    published: datetime | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        require_aware(self.first_seen, "first_seen")
        require_aware(self.published, "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as gathered.

    Args:
        headline: What is shown of it.
        text: All of it.
        canonical_url: The key by which later copies are recognised.
        feed_url: The feed that brought it, which alone may rewrite it; `None` where the operator brought it.
        audience: The feed whose readers alone see it; `None` where it is everyone's.
        live: Whether it was first seen soon after it came out: a feed brought it that had been read shortly before.
    """

    headline: Headline
    text: str
    canonical_url: str | None = None
    feed_url: str | None = None
    audience: str | None = None
    live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldArticle:
    """What tells whether a held article has changed and who may rewrite it; `digest` is of its text."""

    id: ArticleId
    title: str
    digest: bytes
    feed_url: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageDraft:
    """A stretch of an article before it is stored: `article.text[start:end] == text`."""

    position: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What recognises nearly the same text: a MinHash `signature`, and `bands` that near copies are likely to share.

    A band fits a signed 64-bit integer.
    """

    signature: bytes
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedArticle:
    """An article ready to be stored, cut into passages."""

    article: Article
    passages: tuple[PassageDraft, ...]
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stored stretch of an article's text, the unit that is indexed, found and quoted."""

    id: PassageId
    position: int
    text: str
    headline: Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Bounds on what a search may return.

    `since` is inclusive and `until` exclusive, both on the published time; an article of unknown time meets neither,
    unless `undated` allows it. Each of `sources` is a name of a source or the host of a link, in any letter case; an
    article that has one of them meets the bound. `category` is its subject, which is noted a little after it can be
    found.
    """

    language: str | None = None
    category: Category | None = None
    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()
    undated: bool = False

    def __post_init__(self) -> None:
        require_aware(self.since, "since")
        require_aware(self.until, "until")

    @property
    def any(self) -> bool:
        """Whether anything at all is bounded."""
        return any((self.language, self.category, self.since, self.until, self.sources))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to look for.

    Args:
        text: The question or keywords, any language.
        k: How many hits at most, at least 1.
        per_article: How many passages of one article may be among them.
        filters: Bounds that every hit meets.
        reader: Whose sources to look in; `None` is the operator, who sees all.
        breadth: What saying something new counts among the hits beside being good, from 0, nothing, to 1, all.
    """

    text: str
    k: int = 10
    per_article: int = 1
    filters: Filters = field(default_factory=Filters)
    reader: ReaderId | None = None
    breadth: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that was found, best first in a result.

    `score` orders hits of one search and means nothing across searches. `similarity` is the cosine of passage and
    query in [-1, 1] where the passage's vector is known; `bm25` the lexical score where the lexical side found it.
    """

    passage: Passage
    score: float
    similarity: float | None = None
    bm25: float | None = None


class Part(StrEnum):
    """A part of a search that may fail, and leaves the others to answer."""

    MEANING = "meaning"
    WORDS = "words"
    RERANKER = "reranker"
    INDEX = "index"
    """Much of what is stored is in no index yet, as after a restore."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hits best first, how long the search took, and `without` which parts of it that failed."""

    hits: tuple[Hit, ...]
    took: timedelta = timedelta(0)
    without: frozenset[Part] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReport:
    """What became of articles that were handed to storage: `new + updated + duplicates` is their number."""

    new: int = 0
    updated: int = 0
    duplicates: int = 0

    def __add__(self, other: SaveReport) -> SaveReport:
        return SaveReport(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            duplicates=self.duplicates + other.duplicates,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusCounts:
    """How much is stored; `vectors` by encoder."""

    articles: int
    passages: int
    sources: int
    vectors: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What the indexes have to take over to stand at `revision`: passages to add, ids to drop.

    Removals up to the revision `pruned` may be missing: an index that stands below it, and not at 0, has to be rebuilt.
    """

    revision: int
    added: tuple[Passage, ...]
    removed: tuple[PassageId, ...]
    pruned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What bringing the indexes up to date did.

    `held_elsewhere` says that another process owns the indexes and nothing was done here; it keeps them up to date.
    `switched_to` names the encoder that searches use from now on, where that changed; `not_switched` says why it did
    not although another one is wanted and was tried.
    """

    encoded: int = 0
    added: int = 0
    removed: int = 0
    rebuilt: tuple[str, ...] = ()
    took: timedelta = timedelta(0)
    held_elsewhere: bool = False
    switched_to: str | None = None
    not_switched: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFailure:
    """A source, or a line of one, that could not be read, and why. `count` is for how many like it this one stands."""

    url: str
    error: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What a run of gathering did. `fetched` counts entries read, whatever became of them."""

    fetched: int = 0
    saved: SaveReport = field(default_factory=SaveReport)
    failed: tuple[SourceFailure, ...] = ()
    took: timedelta = timedelta(0)

    def __add__(self, other: IngestReport) -> IngestReport:
        return IngestReport(
            fetched=self.fetched + other.fetched,
            saved=self.saved + other.saved,
            failed=self.failed + other.failed,
            took=self.took + other.took,
        )

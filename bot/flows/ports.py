"""What the flows need from the rest of the house, as small protocols."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from storage.domain.dialogue import Answer, ConversationId, Question, Sentence, Turn
from storage.domain.evidence import Evidence
from storage.domain.news import (
    Article,
    ArticleId,
    CorpusCounts,
    Feed,
    Filters,
    Headline,
    Hit,
    IngestReport,
    SearchRequest,
    SearchResult,
    SyncReport,
)
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.domain.summaries import GivenDocument

NOBODY = "none"
"""The engine of what no engine wrote."""


class Search(Protocol):
    """Finds passages."""

    async def search(self, request: SearchRequest) -> SearchResult:
        """Hits best first; none is a result, not an error."""
        ...


class Spelling(Protocol):
    """Spells a question as the news do."""

    async def __call__(self, text: str, filters: Filters, reader: ReaderId | None, /) -> str | None:
        """`text` with its misspelt names as what `reader` may see spells them; `None` where there are none."""
        ...


class Engine(Protocol):
    """Writes answers from hits."""

    @property
    def name(self) -> str: ...

    def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        """Sentences as they are ready, then the whole answer; of one that is `far` it may keep them back till then."""
        ...


class Rewrite(Protocol):
    """Makes a question complete from the turns before it, oldest first."""

    def __call__(self, text: str, history: Sequence[Turn], *, anyway: bool = False) -> str:
        """Complete; as it came where it stands on its own, unless it is to be completed `anyway`."""
        ...


class Whole(Protocol):
    """A question that a follow-up was made, which may name what it puts in the place of something else."""

    @property
    def text(self) -> str:
        """The whole question."""
        ...

    def is_told_by(self, told: str, /) -> bool:
        """Whether a text tells of what is named; any does where nothing is."""
        ...


class Completing(Protocol):
    """Makes a follow-up that leaves out what the question before it said a whole question."""

    def __call__(self, text: str, history: Sequence[Turn], *, anyway: bool = False) -> Whole | None:
        """`None` where it leaves out nothing, unless what was asked about before is to be put in `anyway`."""
        ...


class Headlines(Protocol):
    """Lists the newest of some stories, each with a sentence of its own."""

    def __call__(self, question: Question, hits: Sequence[Hit], topic: str, n: int, /) -> Answer:
        """Up to `n` of the stories, newest first; of `topic` where that is not empty."""
        ...


class Hottest(Protocol):
    """Lists what most outlets tell of."""

    async def __call__(
        self, question: Question, filters: Filters, reader: ReaderId | None, shown: Collection[ArticleId], /
    ) -> Answer:
        """Of the time that `filters` bound, of the last day otherwise; a refusal where that is nothing.

        What the stories were told by that are not to be told again is `shown`.
        """
        ...


class Bounded(Protocol):
    """What a wish says of when the news were published, and in which language, told apart from the rest."""

    @property
    def text(self) -> str:
        """The wish without the words that bound it; all of it where no word would be left."""
        ...

    @property
    def filters(self) -> Filters:
        """The bounds it names, besides those that were set."""
        ...


class Bounds(Protocol):
    """Reads what a wish says of when the news were published, and in which language."""

    def __call__(self, text: str, filters: Filters, now: datetime, /) -> Bounded:
        """`filters` with the bounds that `text` names, those that were set staying, and what is left of `text`."""
        ...


class Dialogues(Protocol):
    """Remembers conversations."""

    async def history(self, conversation: ConversationId, limit: int) -> Sequence[Turn]:
        """The last turns, oldest first."""
        ...

    async def record(
        self, conversation: ConversationId, reader: ReaderId, turn: Turn, *, evidence: Sequence[Evidence] = ()
    ) -> None:
        """Add a turn, and take down what it tells of the reader, at once."""
        ...

    async def forget(self, conversation: ConversationId) -> None: ...


class GivenDocuments(Protocol):
    """Remembers what readers gave to read."""

    async def of(self, reader: ReaderId, conversation: ConversationId) -> GivenDocument | None:
        """The last one that this reader gave in this conversation, as long as it is kept."""
        ...


class Feeds(Protocol):
    """The sources, the instance's and each reader's."""

    async def list(self, reader: ReaderId | None = None) -> Sequence[Feed]:
        """All feeds, or those `reader` sees: the shared ones not removed and the ones they added."""
        ...

    async def due(self, now: datetime) -> Sequence[Feed]:
        """Those that want a visit, longest waiting first."""
        ...

    async def add(self, feeds: Sequence[Feed]) -> int:
        """Add what is not there yet; returns how many were."""
        ...

    async def remove(self, url: str) -> bool: ...

    async def withdraw(self, urls: Sequence[str]) -> None:
        """Undo `add` of feeds that turned out not to be readable."""
        ...

    async def subscribe(self, reader: ReaderId, feed: Feed) -> bool: ...

    async def unsubscribe(self, reader: ReaderId, url: str) -> bool: ...


class Gather(Protocol):
    """Brings articles in."""

    async def feeds(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        """Visit these feeds now. One that fails is reported; the rest go on."""
        ...

    async def jsonl(self, path: Path, progress: Progress) -> IngestReport:
        """Import a JSON Lines file, gzipped or not.

        Raises:
            InputError: The file cannot be read at all.
        """
        ...

    async def discover(self, url: str) -> Feed:
        """The feed at `url`, or the one the page at `url` names.

        Raises:
            FeedError: There is none, or it cannot be read.
        """
        ...


class Stories(Protocol):
    """The articles a reader may see."""

    async def latest(self, n: int, filters: Filters, reader: ReaderId | None) -> Sequence[Headline]:
        """Newest first, undated ones last."""
        ...

    async def get(self, article_id: ArticleId, reader: ReaderId | None) -> Article | None:
        """The article, if it is held and `reader` may see it."""
        ...

    async def sources_like(self, part: str, reader: ReaderId | None = None) -> Sequence[str]:
        """The names of sources, and the hosts, that hold `part` in any letter case, of those `reader` sees."""
        ...


class Shelf(Stories, Protocol):
    """The articles that are in."""

    async def counts(self, reader: ReaderId | None = None) -> CorpusCounts:
        """How much is in; articles and sources are those `reader` sees, `None` seeing all."""
        ...

    async def with_prefix(self, prefix: str) -> Sequence[ArticleId]:
        """The articles whose ids begin with `prefix`."""
        ...

    async def remove(self, ids: Sequence[ArticleId]) -> int:
        """Take articles out, passages and vectors with them; returns how many there were."""
        ...


class RetentionShelf(Protocol):
    """Lets go what is old."""

    async def drop_articles(self, kept: timedelta) -> int:
        """Some thousand articles that came in longer ago than `kept`; how many, 0 once none is left."""
        ...

    async def drop_talk(self, before: datetime) -> int:
        """What readers asked and were answered before then; how many questions."""
        ...


class Index(Protocol):
    """Keeps what is searchable equal to what is stored."""

    async def sync(self, progress: Progress) -> SyncReport: ...

    async def rebuild(self, progress: Progress) -> SyncReport: ...

    async def behind(self) -> int:
        """How many articles are stored and cannot be found yet.

        Raises:
            IndexUnavailable: An index cannot be used now.
        """
        ...


class FollowStories(Protocol):
    """Puts articles into stories."""

    async def follow(self, progress: Progress) -> int:
        """Every one that came in since the last time and can be searched; how many that were."""
        ...

    async def behind(self) -> int:
        """How many are stored and in no story yet."""
        ...

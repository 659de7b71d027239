"""The sample edition as the flows see it: searched by words alone, talked about in a conversation that is kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources

from bot.flows.converse import Converse
from generation.elliptic import whole
from generation.engines.extractive import ExtractiveEngine
from generation.reading.terms import is_chinese
from generation.rewrite import standalone
from retrieval.index.chunk import chunk
from storage.domain.dialogue import Answer, ConversationId, Reply, Turn
from storage.domain.evidence import Evidence
from storage.domain.news import (
    ArticleId,
    Changes,
    Headline,
    Hit,
    Passage,
    PassageId,
    SearchRequest,
    SearchResult,
)
from storage.domain.people import ReaderId
from tests.bot.flows import nothing_new
from tests.fakes import InMemoryLexical

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
READER, CHAT = ReaderId("terminal:ada"), ConversationId("terminal:ada")


@cache
def passages() -> tuple[Passage, ...]:
    """Every passage of the sample edition."""
    found: list[Passage] = []
    for line in resources.files("bot").joinpath("data", "sample.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        headline = Headline(
            id=ArticleId(row["id"]),
            title=row["title"],
            first_seen=NOW,
            group=ArticleId(row["id"]),
            source=row["source"],
            published=datetime.fromisoformat(row["published"]),
            language=row["language"],
        )
        found += [
            Passage(id=PassageId(len(found) + i), position=draft.position, text=draft.text, headline=headline)
            for i, draft in enumerate(chunk(row["text"], row["language"]))
        ]
    return tuple(found)


class ByWords:
    """Searches the edition by words."""

    def __init__(self) -> None:
        self._words = InMemoryLexical()
        self._passages = {passage.id: passage for passage in passages()}
        self._filled = False

    async def search(self, request: SearchRequest) -> SearchResult:
        if not self._filled:
            await self._words.apply(Changes(revision=1, added=passages(), removed=()))
            self._filled = True
        of_article: Counter[ArticleId] = Counter()
        hits: list[Hit] = []
        for match in await self._words.search(request.text, len(self._passages), request.filters):
            passage = self._passages[match.id]
            of_article[passage.headline.id] += 1
            if of_article[passage.headline.id] <= request.per_article:
                hits.append(Hit(passage=passage, score=match.score, bm25=match.score))
        return SearchResult(hits=tuple(hits[: request.k]), took=timedelta(0))


@cache
def by_words() -> ByWords:
    """The one search that all conversations share; it never changes."""
    return ByWords()


class Kept:
    """A conversation in memory."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    async def history(self, conversation: ConversationId, limit: int) -> Sequence[Turn]:
        return self.turns[-limit:]

    async def record(
        self, conversation: ConversationId, reader: ReaderId, turn: Turn, *, evidence: Sequence[Evidence] = ()
    ) -> None:
        del evidence
        self.turns.append(turn)

    async def forget(self, conversation: ConversationId) -> None:
        self.turns.clear()


async def talk(*questions: str) -> list[Answer]:
    """The answers to questions put one after the other in one conversation."""
    converse = Converse(
        search=by_words(),
        engine=ExtractiveEngine(),
        latest=nothing_new(),
        rewrite=standalone,
        completing=whole,
        detect=lambda text: "zh" if is_chinese(text) else "en",
        dialogues=Kept(),
        clock=lambda: NOW,
    )
    answers: list[Answer] = []
    for question in questions:
        parts = [part async for part in converse.ask(question, reader=READER, conversation=CHAT)]
        answers += [part.answer for part in parts if isinstance(part, Reply)]
    return answers

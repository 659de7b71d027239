"""Every port of a process fails now and then, by lot: its database, its index, its model; and Telegram's calls.

A fault comes where a real one would, and says what a real one says; all are drawn from one seed.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from generation.messages import Prompt
from storage.database import Database, Transaction
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId, SearchRequest, SearchResult
from storage.errors import GenerationError, IndexUnavailable, StorageBusy
from tests.bot.flows import NOW
from tests.bot_api.server import Failure, Fault
from tests.fakes import ScriptedModel


@dataclass(slots=True)
class Lot:
    """Draws what fails.

    Args:
        share: Of all uses of a port that fail, in [0, 1].

    Attributes:
        met: How many of each there were.
    """

    share: float
    seed: int
    met: Counter[str] = field(default_factory=Counter)
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - to be repeated

    def falls(self, name: str) -> bool:
        """Whether this use fails."""
        fell = self._chance.random() < self.share
        self.met[name] += fell
        return fell


def failing_database(lot: Lot) -> None:
    """Any reading of any database may find it busy, any transaction too, at its begin or with all of it undone."""
    reading, transaction = Database.reading, Database.transaction

    @asynccontextmanager
    async def read(self: Database) -> AsyncIterator[Transaction]:
        if lot.falls("reading"):
            raise StorageBusy("database: busy by lot")
        async with reading(self) as connection:
            yield connection

    @asynccontextmanager
    async def write(self: Database, within: Transaction | None = None) -> AsyncIterator[Transaction]:
        if within is None and lot.falls("beginning"):
            raise StorageBusy("database: busy by lot")
        async with transaction(self, within) as connection:
            yield connection
            if within is None and lot.falls("committing"):
                raise StorageBusy("database: busy by lot")

    Database.reading, Database.transaction = read, write  # type: ignore[method-assign, assignment]


@dataclass(frozen=True, slots=True)
class FailingSearch:
    """An index with one passage, which tells of whatever is asked; now and then it cannot be used."""

    lot: Lot

    async def search(self, request: SearchRequest) -> SearchResult:
        if self.lot.falls("searching"):
            raise IndexUnavailable("dense", "busy by lot")
        headline = Headline(
            id=ArticleId("a1"),
            title="The harbour",
            url="https://news.example/harbour",
            source="The Harbour Post",
            published=NOW,
            first_seen=NOW,
            language="en",
            group=ArticleId("a1"),
        )
        text = f"The harbour master was asked: {request.text}. He said no more."
        passage = Passage(id=PassageId(1), position=0, text=text, headline=headline)
        return SearchResult(hits=(Hit(passage=passage, score=1.0),), took=timedelta(0))


class FailingModel(ScriptedModel):
    """A model that writes what that passage says; now and then it fails, before its first word or after it."""

    def __init__(self, lot: Lot) -> None:
        super().__init__()
        self._lot = lot

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        if self._lot.falls("writing"):
            raise GenerationError(self.name, "down by lot")
        for word in re.findall(r"The harbour master was asked: [^.]*\.", prompt.messages[-1].text)[-1].split(" "):
            yield f"{word} "
            if self._lot.falls("going on"):
                raise GenerationError(self.name, "down by lot")
        yield "[1]"


def sending(lot: Lot) -> Fault:
    """Any call to Telegram may be cut before it arrives or after, fail, or be asked to wait."""
    faults: dict[str, Callable[[], Failure]] = {
        "cut": lambda: Failure(status=0),
        "lost": lambda: Failure(status=0, done=True),
        "broken": lambda: Failure(status=500),
        "halted": lambda: Failure(status=429, description="Too Many Requests", parameters={"retry_after": 1}),
    }

    def fault(_method: str, _fields: dict[str, str]) -> Failure | None:
        return next((made() for name, made in faults.items() if lot.falls(name)), None)

    return fault

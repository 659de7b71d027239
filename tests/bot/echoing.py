"""What a bot serves from that says again what it is told: its flows and stores real, and what they read the tests'.

A search finds the same for any words, and the engine answers with the question, so that every text comes back through
rendering; hot stories and their pages are always the same, and no picture is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, cast

from bot.flows.feed_lists import FeedLists
from bot.flows.find import Find
from bot.flows.follow import Following
from bot.flows.fresh import Fresh
from bot.flows.learn import Learn
from bot.serve import Rooms
from generation.portrait import TemplateWriter
from retrieval.ingest.opml import read_opml, write_opml
from storage.annotations import AnnotationStore
from storage.articles import ArticleStore
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.interests import Bundle, Interests
from storage.domain.news import Hit, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.stories import HotStory, Page, StoryId
from storage.domain.times import Clock
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.follows import FollowStore
from storage.stories import StoryStore
from tests.bot.process import rooms
from tests.fakes import make_passage
from tests.hot import HotList, hot_story

_BUNDLED = 5


class NoPictures:
    """Draws nothing, of which there is a test of its own."""

    async def of_page(self, page: Page, language: str, zone: tzinfo) -> tuple[bytes, ...]:
        return ()

    async def of_interests(self, known: Interests, language: str) -> tuple[bytes, ...]:
        return ()


class Everywhere:
    """A search that finds the same for any words."""

    _FOUND = tuple(
        Hit(passage=make_passage(number, text, title=text[:9], url=f"https://news.example/{number}"), score=1 / number)
        for number, text in enumerate(("The tide is < high & rising.\nIt turns.", "渡轮将于四月交付。"), start=1)
    )

    async def search(self, request: SearchRequest) -> SearchResult:
        return SearchResult(hits=self._FOUND[: request.k], took=timedelta(0))


class OneStory:
    """Opens the same story by most numbers."""

    async def open(
        self, id_: StoryId, *, lines: int, language: str | None = None, reader: ReaderId | None = None
    ) -> HotStory | None:
        return hot_story(id_) if 0 < id_ < 1_000 else None


class Bundles:
    """Takes what follows each other for what is about the same."""

    async def of(self, reader: ReaderId, evidence: Mapping[EvidenceId, Evidence], now: datetime) -> tuple[Bundle, ...]:
        ids = sorted(evidence, reverse=True)[: 10 * _BUNDLED]
        parts = [tuple(ids[at : at + _BUNDLED]) for at in range(0, len(ids), _BUNDLED)]
        return tuple(
            Bundle(evidence=part, weight=1.0, muted=any(evidence[id_].kind is EvidenceKind.MUTED for id_ in part))
            for part in parts
        )


def echoing(database: Database, folder: Path, clock: Clock) -> Rooms:
    """The rooms of an instance in that folder."""
    found = rooms(database, folder, clock=clock, full=True)
    feeds, stories, everywhere = FeedStore(database), StoryStore(database), Everywhere()
    fresh = Fresh(stories=cast(Any, None), teller=cast(Any, None), unheard=lambda *_: [])
    return replace(
        found,
        draw=NoPictures(),
        converse=replace(cast(Any, found.converse), search=everywhere),
        find=Find(search=everywhere, stories=HotList((hot_story(),))),
        lists=FeedLists(feeds=feeds, read=read_opml, write=write_opml, clock=clock),
        follows=Following(
            follows=FollowStore(database), stories=stories, hot=OneStory(), search=everywhere, about=lambda *_: (),
            turns=lambda *_: (), fresh=fresh, quiet=_never, night=_never, clock=clock,
        ),
        learn=Learn(
            shelf=EvidenceStore(database), bundles=Bundles(), texts=ArticleStore(database),
            notes=AnnotationStore(database), portraits=TemplateWriter(), follows=FollowStore(database),
            digests=DigestStore(database), clock=clock,
        ),
    )  # fmt: skip


async def _never(_reader: ReaderId) -> bool:
    return False

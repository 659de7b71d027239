"""From feeds to news that can be found: what reads, encodes, indexes, searches, and puts articles into stories."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bot.app.stores import Stores, shipped
from bot.encoders import wanted_encoder
from bot.flows.feed_lists import FeedLists
from bot.flows.ingest import Ingest
from bot.flows.news import News
from bot.flows.retention import Retention
from bot.flows.sources import Sources
from bot.moments import here
from bot.watching.encoding import timed
from bot.watching.meter import REBUILDS, Index
from retrieval.index.crossencoder import CrossReranker
from retrieval.index.encoder import identified
from retrieval.index.lexical import TantivyIndex
from retrieval.index.lock import IndexLock
from retrieval.index.opening import SpaceOpener
from retrieval.index.spaces import LivingSpaces
from retrieval.index.sync import IndexKeeper
from retrieval.index.words import WordCutter
from retrieval.ports import DenseIndex, Encoder
from retrieval.search.rerank import LinearReranker
from retrieval.search.rerankers import reranker
from retrieval.search.searcher import Searcher
from retrieval.topics.keeper import StoryKeeper
from storage.domain.encoders import EncoderModel
from storage.encoders import EncoderStore
from storage.errors import InputError, SettingsError

if TYPE_CHECKING:
    from retrieval.ingest.fetch import HttpDoor
    from retrieval.ingest.pipeline import Gatherer

USER_AGENT = "Tidings/0.1 (news reader; feeds are read as often as they allow)"
THREADS = 2
"""Processor threads the encoder may use; more than two gain little on short texts."""


class Finding(Stores):
    """From feeds to ranked news."""

    @cached_property
    def wanted(self) -> EncoderModel:
        """The encoder that this instance is to have, whether or not searches use it yet."""
        return identified(wanted_encoder(self.settings), self.settings.encoder_precision)

    @cached_property
    def encoders(self) -> EncoderStore:
        return EncoderStore(self.database)

    @cached_property
    def spaces(self) -> LivingSpaces:
        folder, server = self._home / "chroma", self.settings.chroma_url
        opener = SpaceOpener(
            chroma=str(server) if server else folder,
            folder=folder,
            cache=self.settings.cache / "encoders",
            threads=THREADS,
        )
        spaces = LivingSpaces(self.encoders, self.wanted, lambda model: timed(opener(model), self.meter), self.clock)
        self._closing.push_async_callback(spaces.close)
        return spaces

    @property
    def encoder(self) -> Encoder:
        """The encoder that the settings name."""
        return self.spaces.space(self.wanted).encoder

    @property
    def dense(self) -> DenseIndex:
        """The index of its vectors."""
        return self.spaces.space(self.wanted).dense

    @cached_property
    def lexical(self) -> TantivyIndex:
        return self._closed_by(TantivyIndex(self._home / "lexical", self.cutter), TantivyIndex.close)

    @cached_property
    def search(self) -> Searcher:
        return Searcher(self.articles, self.spaces, self.lexical, reranker=self.reranker, zoned=here)

    @cached_property
    def reranker(self) -> LinearReranker | CrossReranker | None:
        """What looks again at what was found, as the settings name it."""
        try:
            found = reranker(self.settings.reranker, self.cutter)
        except InputError as error:
            raise SettingsError("TIDINGS_RERANKER", str(error)) from error
        if found is not None:
            self._closing.callback(found.close)
        return found

    @cached_property
    def cutter(self) -> WordCutter:
        """Cuts texts for the lexical index, and questions for those who compare with it."""
        return WordCutter(self._home / "words")

    @cached_property
    def lock(self) -> IndexLock:
        """Whether this process is the one that writes to the indexes, and puts articles into stories."""
        return self._closed_by(IndexLock(self._home / "index.lock"), IndexLock.release)

    @cached_property
    def index(self) -> IndexKeeper:
        def rebuilt(name: str) -> None:
            self.meter.count(REBUILDS, Index(name))

        return IndexKeeper(self.articles, self.encoders, self.spaces, self.lexical, self.lock, self.clock, rebuilt)

    @cached_property
    def topics(self) -> StoryKeeper:
        cache = self.settings.cache / "prototypes"
        return StoryKeeper(self.articles, self.stories, self.spaces, self.cutter, self.lock.acquire, cache)

    @cached_property
    def door(self) -> HttpDoor:
        """The way to the network."""
        from retrieval.ingest.fetch import HttpDoor

        door = HttpDoor(
            user_agent=USER_AGENT,
            total_timeout=timedelta(seconds=self.settings.fetch_timeout),
            max_body_bytes=self.settings.fetch_max_bytes,
            allow_private=self.settings.allow_private_networks,
        )
        self._closing.push_async_callback(door.aclose)
        return door

    @cached_property
    def gather(self) -> Gatherer:
        from retrieval.ingest.pipeline import Gatherer, GatherLimits
        from retrieval.ingest.politeness import PoliteGet

        gatherer = Gatherer(
            http=PoliteGet(self.door),
            articles=self.articles,
            dropped=self.dropped,
            feeds=self.feeds,
            clock=self.clock,
            limits=GatherLimits(interval=timedelta(minutes=self.settings.ingest_every)),
        )
        self._closing.push_async_callback(gatherer.close)
        return gatherer

    @cached_property
    def ingest(self) -> Ingest:
        return Ingest(feeds=self.feeds, gather=self.gather, index=self.index, stories=self.topics, clock=self.clock)

    @cached_property
    def news(self) -> News:
        return News(ingest=self.ingest, shelf=self.articles, sample=shipped("sample.jsonl"), retention=self.retention)

    @cached_property
    def retention(self) -> Retention:
        settings = self.settings
        return Retention(
            shelf=self.dropped, clock=self.clock, articles=_days(settings.keep_articles), talk=_days(settings.keep_talk)
        )

    @cached_property
    def sources(self) -> Sources:
        return Sources(feeds=self.feeds, gather=self.gather)

    @cached_property
    def lists(self) -> FeedLists:
        from retrieval.ingest.opml import read_opml, write_opml

        return FeedLists(feeds=self.feeds, read=read_opml, write=write_opml, clock=self.clock)


def _days(number: int) -> timedelta | None:
    """So many days; none for good."""
    return timedelta(days=number) if number else None

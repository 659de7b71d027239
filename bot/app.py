"""The composition root: the only module that names the concrete classes of all four packages.

Nothing is built before it is asked for, so that `tidings feeds list` loads no model and opens no index.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.drawing.pictures import Pictures
from bot.encoders import wanted_encoder
from bot.flows.alerts import Alerting
from bot.flows.briefs import Briefs
from bot.flows.converse import Converse
from bot.flows.digest import Digests
from bot.flows.feedback import Feedback
from bot.flows.follow import Following
from bot.flows.fresh import Fresh
from bot.flows.hot import Hot
from bot.flows.ingest import Ingest
from bot.flows.latest import Latest
from bot.flows.learn import Learn
from bot.flows.news import News
from bot.flows.pages import Pages
from bot.flows.ports import Engine
from bot.flows.recommend import Recommend
from bot.flows.sources import Sources
from bot.flows.subjects import Subjects
from bot.flows.telling import Storyteller
from bot.models import chat_model, engine, portrait_writer, storyteller
from bot.moments import here, local_zone
from bot.personal.bundles import EvidenceBundles
from bot.personal.matrices import StoryVectors
from bot.personal.own_data import OwnData
from bot.personal.profiles import ReaderProfiles
from bot.personal.ranks import PlannedRanks
from bot.personal.words import Phrases
from bot.settings import Settings
from bot.texts import languages, say
from generation.about import about
from generation.brief import brief, of_story
from generation.quoting.headlines import headlines
from generation.rewrite import standalone
from generation.turns import turns
from generation.unheard import unheard
from retrieval.index.crossencoder import CrossReranker
from retrieval.index.encoder import identified
from retrieval.index.lexical import TantivyIndex
from retrieval.index.lock import IndexLock
from retrieval.index.opening import SpaceOpener
from retrieval.index.spaces import LivingSpaces
from retrieval.index.sync import IndexKeeper
from retrieval.index.words import WordCutter
from retrieval.ingest.language import detect
from retrieval.interests.ranking import SHIPPED, installed
from retrieval.ports import DenseIndex, Encoder
from retrieval.search.query import understand
from retrieval.search.rerank import LinearReranker
from retrieval.search.rerankers import reranker
from retrieval.search.searcher import Searcher
from retrieval.topics.heat import against
from retrieval.topics.keeper import StoryKeeper
from storage.annotations import AnnotationStore
from storage.articles import ArticleStore
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.annotations import Category
from storage.domain.encoders import EncoderModel
from storage.domain.times import Clock
from storage.encoders import EncoderStore
from storage.errors import GenerationError, IndexUnavailable, InputError, SettingsError, StorageError
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.follows import FollowStore
from storage.profiles import ProfileStore
from storage.readers import ReaderStore
from storage.stories import StoryStore

if TYPE_CHECKING:
    from generation.ports import ChatModel
    from retrieval.ingest.pipeline import Gatherer

log = logging.getLogger(__name__)

P = TypeVar("P")

USER_AGENT = "Tidings/0.1 (news reader; feeds are read as often as they allow)"
THREADS = 2
"""Processor threads the encoder may use; more than two gain little on short texts."""


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_app(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[App]:
    """The instance the settings describe, its database migrated; closed in reverse of how it was built.

    Args:
        settings: Of the instance.
        clock: Gives the present; a replay gives another.

    Raises:
        StorageError: The database cannot be used.
    """
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError("TIDINGS_HOME", f"{home} cannot be made: {error.strerror}") from error
    async with AsyncExitStack() as closing:
        app = App(settings, closing, clock)
        closing.push_async_callback(app.database.close)
        await app.database.migrate()
        yield app


class App:
    """One instance of Tidings, its parts built when they are first used.

    Args:
        closing: Where each part that holds something leaves how to let go of it.
        clock: Gives the present.
    """

    def __init__(self, settings: Settings, closing: AsyncExitStack, clock: Clock = utc_now) -> None:
        self.settings, self.clock = settings, clock
        self._closing = closing
        self._home = settings.home

    # what we remember

    @cached_property
    def database(self) -> Database:
        return Database(self.settings.database_url or f"sqlite:///{(self._home / 'tidings.db').absolute()}")

    @cached_property
    def articles(self) -> ArticleStore:
        return ArticleStore(self.database)

    @cached_property
    def stories(self) -> StoryStore:
        return StoryStore(self.database)

    @cached_property
    def feeds(self) -> FeedStore:
        return FeedStore(self.database)

    @cached_property
    def dialogues(self) -> DialogueStore:
        return DialogueStore(self.database)

    @cached_property
    def follows(self) -> FollowStore:
        return FollowStore(self.database)

    # from feeds to ranked news

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
        spaces = LivingSpaces(self.encoders, self.wanted, opener, self.clock)
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
        return IndexKeeper(self.articles, self.encoders, self.spaces, self.lexical, self.lock, self.clock)

    @cached_property
    def topics(self) -> StoryKeeper:
        cache = self.settings.cache / "prototypes"
        return StoryKeeper(self.articles, self.stories, self.spaces, self.cutter, self.lock.acquire, cache)

    @cached_property
    def gather(self) -> Gatherer:
        from retrieval.ingest.fetch import HttpDoor
        from retrieval.ingest.pipeline import Gatherer, GatherLimits
        from retrieval.ingest.politeness import PoliteGet

        door = HttpDoor(
            user_agent=USER_AGENT,
            total_timeout=timedelta(seconds=self.settings.fetch_timeout),
            max_body_bytes=self.settings.fetch_max_bytes,
            allow_private=self.settings.allow_private_networks,
        )
        self._closing.push_async_callback(door.aclose)
        gatherer = Gatherer(
            http=PoliteGet(door),
            articles=self.articles,
            feeds=self.feeds,
            clock=self.clock,
            limits=GatherLimits(interval=timedelta(minutes=self.settings.ingest_every)),
        )
        self._closing.push_async_callback(gatherer.close)
        return gatherer

    # the flows

    @cached_property
    def converse(self) -> Converse:
        return Converse(
            search=self.search,
            engine=self.engine,
            latest=self.latest,
            rewrite=standalone,
            detect=detect,
            dialogues=self.dialogues,
            clock=self.clock,
        )

    @cached_property
    def engine(self) -> Engine:
        """What writes answers, as the settings name it."""
        return engine(self.model, self.settings)

    @cached_property
    def model(self) -> ChatModel | None:
        """The language model of the settings, not yet loaded; `None` where there is none."""
        model = chat_model(self.settings)
        if model is not None:
            self._closing.push_async_callback(model.close)
        return model

    @cached_property
    def latest(self) -> Latest:
        return Latest(
            stories=self.articles,
            hot=self.hot.answer,
            search=self.search,
            headlines=headlines,
            bounds=lambda text, filters, now: understand(text, filters, here(now)),
            clock=self.clock,
        )

    @cached_property
    def teller(self) -> Storyteller:
        """What tells stories, as the settings name it."""
        return storyteller(self.model, self.settings)

    @cached_property
    def hot(self) -> Hot:
        return Hot(
            shelf=self.stories,
            texts=self.articles,
            notes=AnnotationStore(self.database),
            teller=self.teller,
            views=self.feeds,
            against=against,
            clock=self.clock,
        )

    @cached_property
    def fresh(self) -> Fresh:
        return Fresh(stories=self.hot, teller=self.teller, unheard=unheard)

    @cached_property
    def following(self) -> Following:
        return Following(
            follows=self.follows,
            stories=self.stories,
            hot=self.hot,
            search=self.search,
            about=about,
            turns=turns,
            fresh=self.fresh,
            quiet=self.digests.quiet,
            clock=self.clock,
        )

    @cached_property
    def profiles(self) -> ReaderProfiles:
        return ReaderProfiles(shelf=ProfileStore(self.database), corpus=self.articles, spaces=self.spaces)

    @cached_property
    def recommend(self) -> Recommend:
        phrases = Phrases(
            words=EvidenceStore(self.database),
            search=self.search,
            corpus=self.articles,
            cut=self.cutter.words,
            called={each: [say(one, f"category_{each}") for one in languages()] for each in Category},
        )
        ranks = PlannedRanks(
            profiles=self.profiles,
            phrases=phrases,
            vectors=StoryVectors(corpus=self.articles),
            corpus=self.articles,
            spaces=self.spaces,
            weights=installed(self._home / SHIPPED),
        )
        return Recommend(
            stories=self.hot, ranks=ranks, views=self.feeds, seen=DigestStore(self.database), fresh=self.fresh
        )

    @cached_property
    def digests(self) -> Digests:
        return Digests(
            shelf=DigestStore(self.database),
            acts=EvidenceStore(self.database),
            recommend=self.recommend,
            zone=local_zone(),
            clock=self.clock,
        )

    @cached_property
    def alerting(self) -> Alerting:
        return Alerting(shelf=DigestStore(self.database), recommend=self.recommend, clock=self.clock)

    @cached_property
    def pages(self) -> Pages:
        return Pages(briefs=self.briefs, views=self.follows, fresh=self.fresh, clock=self.clock)

    @cached_property
    def briefs(self) -> Briefs:
        return Briefs(search=self.search, stories=self.hot, write=brief, write_story=of_story, clock=self.clock)

    @cached_property
    def pictures(self) -> Pictures:
        return self._closed_by(Pictures(), Pictures.close)

    @cached_property
    def ingest(self) -> Ingest:
        return Ingest(feeds=self.feeds, gather=self.gather, index=self.index, stories=self.topics, clock=self.clock)

    @cached_property
    def news(self) -> News:
        return News(ingest=self.ingest, shelf=self.articles, sample=shipped("sample.jsonl"))

    @cached_property
    def sources(self) -> Sources:
        return Sources(feeds=self.feeds, gather=self.gather)

    @cached_property
    def learn(self) -> Learn:
        return Learn(
            shelf=EvidenceStore(self.database),
            bundles=EvidenceBundles(corpus=self.articles, spaces=self.spaces),
            texts=self.articles,
            notes=AnnotationStore(self.database),
            portraits=portrait_writer(self.model, self.settings),
            clock=self.clock,
        )

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(shelf=EvidenceStore(self.database), clock=self.clock)

    @cached_property
    def own_data(self) -> OwnData:
        return OwnData(
            shelf=ReaderStore(self.database),
            learn=self.learn,
            sources=self.feeds,
            home=self._home,
            clock=self.clock,
        )

    @cached_property
    def feedback(self) -> Feedback:
        return Feedback(shelf=EvidenceStore(self.database), clock=self.clock)

    async def begin(self) -> None:
        """Give a new instance its first feeds: those of TIDINGS_FEEDS, or the shipped list."""
        from retrieval.ingest.opml import read_opml

        path = self.settings.feeds or shipped("feeds.opml")
        if await self.feeds.known():
            return
        try:
            feeds, failed = read_opml(path.read_bytes(), path.name)
        except OSError as error:
            raise SettingsError("TIDINGS_FEEDS", f"{path} cannot be read: {error.strerror}") from error
        if failed and not feeds:
            raise SettingsError("TIDINGS_FEEDS", f"{path}: {failed[0].error}")
        for failure in failed:
            log.warning("feed_unreadable", extra={"feed": failure.url, "reason": failure.error})
        await self.feeds.add(feeds)

    async def warm(self) -> None:
        """Load what answering needs, side by side; what cannot be loaded says so when it is used."""
        await asyncio.gather(self.spaces.warm(), self.lexical.warm(), self.load_model(), return_exceptions=True)

    async def load_model(self) -> None:
        """Load the language model, if there is one, so that no reader waits for it; one that cannot be is logged."""
        if self.model is None:
            return
        try:
            await self.model.load()
        except GenerationError as error:
            log.warning("model_not_loaded", extra={"model": self.model.name, "reason": error.reason})

    async def ready(self) -> Mapping[str, bool]:
        """What answering stands on, and whether each can be used now."""
        return {
            "database": await _usable(self.articles.passage_count()),
            "lexical": await _usable(self.lexical.count()),
            "dense": await _usable(self._dense_count()),
        }

    async def _dense_count(self) -> int:
        return await (await self.spaces.current()).dense.count()

    def _closed_by(self, part: P, close: Callable[[P], None]) -> P:
        self._closing.callback(close, part)
        return part


def shipped(name: str) -> Path:
    """A data file that ships with Tidings."""
    return Path(str(resources.files("bot").joinpath("data", name)))


async def _usable(use: Awaitable[int]) -> bool:
    try:
        await use
    except (StorageError, IndexUnavailable):
        return False
    return True

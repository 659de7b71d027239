"""From news to words: what answers and tells stories, and the language model that may write for it."""

from __future__ import annotations

from functools import cached_property

from bot.app.finding import Finding
from bot.drawing.pictures import Pictures
from bot.flows.briefs import Briefs
from bot.flows.comparing import Comparing
from bot.flows.converse import Converse
from bot.flows.find import Find
from bot.flows.fresh import Fresh
from bot.flows.hot import Hot
from bot.flows.latest import Latest
from bot.flows.level import Level
from bot.flows.of_given import OfGiven
from bot.flows.pages import Pages
from bot.flows.ports import Engine
from bot.flows.retelling import Retelling
from bot.flows.summarize import Summarize
from bot.flows.telling import Storyteller
from bot.models import chat_model, engine, storyteller, summarizer
from bot.moments import here
from bot.watching.meter import DOUBTED, WRITING
from generation.brief import brief, of_story
from generation.elliptic import whole
from generation.engines.aside import Aside
from generation.engines.extractive import ExtractiveEngine
from generation.metering import MeteredModel
from generation.quoting.headlines import headlines
from generation.quoting.retold import retold
from generation.quoting.transcribed import transcribed
from generation.reading.exonyms import FAMOUS_WORDS
from generation.reading.pinyin import syllables
from generation.reading.several import compared
from generation.rewrite import standalone
from generation.unheard import unheard
from retrieval.ingest.language import detect
from retrieval.search.meaning import Meaning
from retrieval.search.query import understand
from retrieval.search.spelling import Spelling
from retrieval.search.within import Within
from retrieval.topics.heat import against
from storage.annotations import AnnotationStore
from storage.given import GivenStore


class Telling(Finding):
    """From news to words."""

    _aside: Aside | None = None

    def quote_aside(self) -> None:
        """Have quotes written in a process of their own: for whoever serves many, before anything answers."""
        self._aside = Aside()
        self._closing.push_async_callback(self._aside.close)

    async def warm_quoting(self) -> None:
        """Begin that process, if there is one, so that no reader waits for it."""
        if self._aside is not None:
            await self._aside.begin()

    @cached_property
    def engine(self) -> Engine:
        """What writes answers, as the settings name it."""
        return engine(self.model, self.settings, self.quoting, lambda n: self.meter.count(DOUBTED, by=n))

    @cached_property
    def quoting(self) -> ExtractiveEngine:
        """What quotes, where no model writes, and where only sources in another language tell."""
        return ExtractiveEngine(likeness=Meaning(self.spaces), elsewhere=self._aside)

    @cached_property
    def model(self) -> MeteredModel | None:
        """The language model of the settings, not yet loaded; `None` where there is none."""
        model = chat_model(self.settings)
        if model is None:
            return None
        self._closing.push_async_callback(model.close)
        return MeteredModel(model, lambda seconds: self.meter.took(WRITING, seconds))

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
    def told(self) -> Level:
        """The search whose readers are told what it goes without."""
        return Level(search_in=self.search, behind=self.index.behind, stored=lambda: self.articles.ahead(0))

    @cached_property
    def latest(self) -> Latest:
        return Latest(
            stories=self.articles,
            hot=self.hot.answer,
            search=self.told,
            headlines=headlines,
            bounds=lambda text, filters, now: understand(text, filters, here(now)),
            clock=self.clock,
        )

    @cached_property
    def converse(self) -> Converse:
        return Converse(
            search=self.told,
            engine=self.engine,
            latest=self.latest,
            rewrite=standalone,
            completing=whole,
            detect=detect,
            dialogues=self.dialogues,
            clock=self.clock,
            abroad=self.quoting,
            spelled=Spelling(self.lexical, self.articles, FAMOUS_WORDS, self.cutter.known, syllables),
            comparing=Comparing(search=self.told, names=self.articles.sources_like, compared=compared),
            retelling=Retelling(search=self.told, article=self.articles.get, retold=retold),
            transcribed=transcribed,
            of_given=OfGiven(shelf=GivenStore(self.database), within=Within(self.cutter)),
        )

    @cached_property
    def summarize(self) -> Summarize:
        from bot.documents import Documents

        documents = Documents(self.door)
        self._closing.push_async_callback(documents.close)
        return Summarize(documents=documents, summarizer=summarizer(self.model, self.settings))

    @cached_property
    def find(self) -> Find:
        return Find(search=self.told, stories=self.hot)

    @cached_property
    def fresh(self) -> Fresh:
        return Fresh(stories=self.hot, teller=self.teller, unheard=unheard)

    @cached_property
    def briefs(self) -> Briefs:
        return Briefs(search=self.told, stories=self.hot, write=brief, write_story=of_story, clock=self.clock)

    @cached_property
    def pages(self) -> Pages:
        return Pages(briefs=self.briefs, views=self.follows, fresh=self.fresh, clock=self.clock)

    @cached_property
    def pictures(self) -> Pictures:
        return self._closed_by(Pictures(), Pictures.close)

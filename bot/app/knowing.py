"""From what readers do to what they get: their interests, their digests, and what is kept of them."""

from __future__ import annotations

from functools import cached_property

from bot.app.telling import Telling
from bot.flows.alerts import Alerting
from bot.flows.digest import Digests
from bot.flows.feedback import Feedback
from bot.flows.follow import Following
from bot.flows.learn import Learn
from bot.flows.recommend import Recommend
from bot.flows.subjects import Subjects
from bot.models import portrait_writer
from bot.moments import local_zone
from bot.personal.bundles import EvidenceBundles
from bot.personal.matrices import StoryVectors
from bot.personal.own_data import OwnData
from bot.personal.profiles import ReaderProfiles
from bot.personal.ranks import PlannedRanks
from bot.personal.words import Phrases
from bot.texts import languages, say
from bot.watching.digests import CountedDigests
from generation.about import about
from generation.turns import turns
from retrieval.interests.ranking import SHIPPED, installed
from storage.annotations import AnnotationStore
from storage.digests import DigestStore
from storage.domain.annotations import Category
from storage.evidence import EvidenceStore
from storage.profiles import ProfileStore
from storage.readers import ReaderStore


class Knowing(Telling):
    """What is known of readers, and what they get for it."""

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
            shelf=CountedDigests(self.database, self.meter),
            acts=EvidenceStore(self.database),
            recommend=self.recommend,
            sources=self.articles.sources_like,
            zone=local_zone(),
            clock=self.clock,
        )

    @cached_property
    def alerting(self) -> Alerting:
        return Alerting(shelf=DigestStore(self.database), recommend=self.recommend, clock=self.clock)

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
            night=self.digests.night,
            clock=self.clock,
        )

    @cached_property
    def learn(self) -> Learn:
        return Learn(
            shelf=EvidenceStore(self.database),
            bundles=EvidenceBundles(corpus=self.articles, spaces=self.spaces),
            texts=self.articles,
            notes=AnnotationStore(self.database),
            portraits=portrait_writer(self.model, self.settings),
            follows=self.follows,
            digests=DigestStore(self.database),
            clock=self.clock,
        )

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(shelf=EvidenceStore(self.database), clock=self.clock)

    @cached_property
    def feedback(self) -> Feedback:
        return Feedback(shelf=EvidenceStore(self.database), clock=self.clock)

    async def _renew_words(self) -> bool:
        """The indexes are not opened for this before it is needed."""
        return await self.index.renew_words()

    @cached_property
    def own_data(self) -> OwnData:
        return OwnData(
            shelf=ReaderStore(self.database),
            learn=self.learn,
            sources=self.feeds,
            home=self._home,
            clock=self.clock,
            renew=self._renew_words,
            talk_days=self.settings.keep_talk,
            key=self.settings.budget_key,
        )

"""The commands about the news: the newest, the hottest, and a story at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.flows.evidence import of_answer
from bot.flows.subjects import subject_wanted
from bot.flows.wishes import about as news_of
from bot.flows.wishes import hottest_of
from bot.messenger.answers.decisions import Decision, Writing, offered, words
from bot.messenger.answers.flows import Briefs, Draws, Finds, Hot, Latest
from bot.messenger.incoming.events import Commanded
from bot.messenger.paragraphs import about, found, render
from bot.texts import say
from storage.domain.changes import Change, Learned, Recorded
from storage.domain.dialogue import COMMANDED, Turn
from storage.domain.feedback import Offer
from storage.domain.news import ArticleId
from storage.domain.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCommands:
    """Answers them."""

    latest: Latest
    hot: Hot
    find: Finds
    briefs: Briefs
    draw: Draws
    writing: Writing
    clock: Clock

    async def newest(self, event: Commanded) -> Decision:
        """The newest stories, of everything or of a topic."""
        origin = event.origin
        async with self.writing(origin):
            reply = await self.latest.reply(event.argument, reader=origin.reader, language=origin.language)
        evidence, cited = of_answer(origin.reader, reply.answer), reply.answer.citations
        return Decision(
            parts=render.answer(reply.answer, origin.clock),
            changes=(
                *self._goes_on(event, reply.answer.question.standalone, [each.article_id for each in cited]),
                *((Learned(evidence=evidence),) if evidence else ()),
            ),
            things=about.of_answer(reply.answer),
        )

    async def hottest(self, event: Commanded) -> Decision:
        """What most outlets tell of, of a subject where one is named."""
        origin, subject = event.origin, subject_wanted(event.argument)
        async with self.writing(origin):
            listed = await self.hot.list(reader=origin.reader, language=origin.language, category=subject)
        named = "" if subject is None else say(origin.language, f"category_{subject}")
        cited = [each.gist.citations[0].article_id for each in listed.stories if each.gist.citations]
        return Decision(
            parts=render.hot(listed, origin.language, origin.clock),
            changes=self._goes_on(event, hottest_of(named, origin.language), cited),
            things=about.of_hot(listed.stories),
            offers=offered(origin, Offer.BRIEF, Offer.FOLLOW),
        )

    async def search(self, event: Commanded) -> Decision:
        """The articles that words find."""
        origin = event.origin
        if not event.argument:
            return words(origin.language, "search_usage")
        async with self.writing(origin):
            finding = await self.find.articles(event.argument, reader=origin.reader)
        told, held = found.listed(finding, origin.language, origin.clock), finding.articles
        if not held:
            return Decision(parts=told)
        return Decision(
            parts=told,
            changes=self._goes_on(event, news_of(event.argument), [each.headline.id for each in held]),
            things=found.things(held),
            offers=offered(origin, Offer.BRIEF, Offer.FOLLOW),
        )

    async def brief(self, event: Commanded) -> Decision:
        """A story's page, by its number or by any words."""
        origin = event.origin
        if not event.argument:
            return words(origin.language, "brief_usage")
        async with self.writing(origin):
            page = await self.briefs.about(event.argument, reader=origin.reader, language=origin.language)
            pictures = await self.draw.of_page(page, origin.language, origin.clock)
        return Decision(
            parts=render.page(page, origin.language, origin.clock),
            pictures=pictures,
            changes=self.briefs.looked(origin.reader, page),
            things=about.of_page(page),
            offers=offered(origin, Offer.FOLLOW),
        )

    def _goes_on(self, event: Commanded, wished: str, cited: Sequence[ArticleId]) -> tuple[Change, ...]:
        """That a list was shown which goes on as if it had been asked for in words."""
        if not cited:
            return ()
        asked = f"{COMMANDED}{event.command} {event.argument}".rstrip()
        turn = Turn(question=asked, standalone=wished, answer="", cited=tuple(cited), at=self.clock())
        origin = event.origin
        return (Recorded(conversation=origin.conversation, reader=origin.reader, turn=turn),)

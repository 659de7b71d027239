"""The commands about the news: the newest, the hottest, and a story at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from bot.flows.evidence import of_answer
from bot.flows.subjects import subject_wanted
from bot.messenger.answers.decisions import Decision, Writing, offered, words
from bot.messenger.answers.flows import Briefs, Draws, Finds, Hot, Latest
from bot.messenger.incoming.events import Commanded
from bot.messenger.paragraphs import about, found, render
from storage.domain.changes import Learned
from storage.domain.feedback import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCommands:
    """Answers them."""

    latest: Latest
    hot: Hot
    find: Finds
    briefs: Briefs
    draw: Draws
    writing: Writing

    async def newest(self, event: Commanded) -> Decision:
        """The newest stories, of everything or of a topic."""
        origin = event.origin
        async with self.writing(origin):
            reply = await self.latest.reply(event.argument, reader=origin.reader, language=origin.language)
        evidence = of_answer(origin.reader, reply.answer)
        learned = (Learned(evidence=evidence),) if evidence else ()
        return Decision(
            parts=render.answer(reply.answer, origin.clock), changes=learned, things=about.of_answer(reply.answer)
        )

    async def hottest(self, event: Commanded) -> Decision:
        """What most outlets tell of, of a subject where one is named."""
        origin, subject = event.origin, subject_wanted(event.argument)
        async with self.writing(origin):
            listed = await self.hot.list(reader=origin.reader, language=origin.language, category=subject)
        return Decision(
            parts=render.hot(listed, origin.language, origin.clock),
            things=about.of_hot(listed.stories),
            offers=offered(origin, Offer.BRIEF, Offer.FOLLOW),
        )

    async def search(self, event: Commanded) -> Decision:
        """The articles that words find."""
        origin = event.origin
        if not event.argument:
            return words(origin.language, "search_usage")
        async with self.writing(origin):
            hits = await self.find.articles(event.argument, reader=origin.reader)
        if not hits:
            return words(origin.language, "search_nothing")
        return Decision(
            parts=found.listed(hits, origin.language, origin.clock),
            things=found.things(hits),
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

"""How sources in one language tell what was quoted from those in the other: for who goes on in that language."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.flows.ports import Search
from storage.domain.dialogue import Question, Reply, Turn
from storage.domain.news import Article, ArticleId, Filters, Hit, PassageId, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.scripts import CJK

_HAN = re.compile(f"[{CJK}]")
_ARTICLES = 2
"""Of those that were cited so many are looked for, the foremost."""
_PASSAGES, _PER_ARTICLE = 6, 3
# A story goes on being told for some days; before it happened it was not told.
_BEFORE, _AFTER = timedelta(days=2), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """Finds it.

    Args:
        article: An article that a reader may see, by its id.
        retold: Which passages, found by the title of an article, tell the same in the other language.
    """

    search: Search
    article: Callable[[ArticleId, ReaderId | None], Awaitable[Article | None]]
    retold: Callable[[Article, Sequence[Hit]], Sequence[Hit]]

    async def joined(
        self, question: Question, hits: Sequence[Hit], request: SearchRequest
    ) -> tuple[Question, Sequence[Hit]]:
        """Where one asks on in the other language: with what tells the same in that, as if it had been cited, too.

        Args:
            question: What is asked.
            hits: Found for it.
            request: Whose sources are looked in and within which bounds, and how many passages are read besides.
        """
        follows, spoken = question.follows, written_in(question.text)
        if follows is None or request.filters.language is not None:
            return question, hits
        if written_in(follows.answer) == spoken:
            return await self._gone_on(question, follows, hits, request)
        found = await self._find(follows, spoken, request)
        if not found:
            return question, hits
        # In the language that is spoken now, what is leant on has the name that it has there.
        understood = replace(question, told_as=found[0].passage.headline.title)
        more = await self._more(understood, spoken, request)
        # What the turn before rested on stays in view: it may give a newer figure.
        before = (await self.search.search(replace(request, text=follows.standalone))).hits
        rested = [hit for hit in before if hit.passage.headline.id in follows.cited]
        cited = dict.fromkeys((*follows.cited, *(hit.passage.headline.id for hit in found)))
        together: dict[PassageId, Hit] = {}
        for hit in (*found, *more, *rested, *hits):
            together.setdefault(hit.passage.id, hit)
        return replace(understood, follows=replace(follows, cited=tuple(cited))), tuple(together.values())

    async def _gone_on(
        self, question: Question, follows: Turn, hits: Sequence[Hit], request: SearchRequest
    ) -> tuple[Question, Sequence[Hit]]:
        """Where one had changed languages before: what they lean on is still in words of the other one."""
        leant, spoken = follows.standalone.removeprefix(follows.question), written_in(question.text)
        if not leant.strip() or written_in(leant) == spoken:
            return question, hits
        for cited in follows.cited:
            article = await self.article(cited, request.reader)
            title = "" if article is None else article.headline.title
            if title.strip() and written_in(title) == spoken:
                understood = replace(question, told_as=title)
                more = await self._more(understood, spoken, request)
                return understood, tuple({hit.passage.id: hit for hit in (*hits, *more)}.values())
        return question, hits

    async def _more(self, question: Question, spoken: str, request: SearchRequest) -> Sequence[Hit]:
        here = replace(request, text=question.looked_for, filters=replace(request.filters, language=spoken))
        return (await self.search.search(here)).hits

    async def known(self, reply: Reply, request: SearchRequest) -> Reply:
        """A reply in the other language, with whether sources in that of the question tell of the same at all."""
        turn = reply.answer.turn
        if turn is None:
            return reply
        found = await self._find(turn, written_in(turn.question), request)
        return replace(reply, answer=replace(reply.answer, told_here=bool(found)))

    async def _find(self, turn: Turn, language: str, within: SearchRequest) -> tuple[Hit, ...]:
        """The passages in `language` (ISO 639-1), those of the article that was cited first before others."""
        found: dict[PassageId, Hit] = {}
        for cited in turn.cited[:_ARTICLES]:
            article = await self.article(cited, within.reader)
            if article is None or not article.headline.title.strip():
                continue
            request = replace(
                within,
                text=article.headline.title,
                k=_PASSAGES,
                per_article=_PER_ARTICLE,
                filters=_about_then(article, replace(within.filters, language=language)),
            )
            for hit in self.retold(article, (await self.search.search(request)).hits):
                found.setdefault(hit.passage.id, hit)
        return tuple(found.values())


def written_in(text: str) -> str:
    """The language of a text by its script (ISO 639-1): of few words it is often guessed wrong."""
    return "zh" if _HAN.search(text) else "en"


def _about_then(article: Article, filters: Filters) -> Filters:
    """`filters`, bounded to about when the article was published, where that is known."""
    published = article.headline.published
    if published is None:
        return filters
    since, until = published - _BEFORE, published + _AFTER
    return replace(
        filters,
        since=max(since, filters.since) if filters.since else since,
        until=min(until, filters.until) if filters.until else until,
        undated=False,
    )

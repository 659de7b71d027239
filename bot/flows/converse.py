"""A question in, a cited answer out, as it is written. Remembers the turn for follow-ups.

Who asks for the news gets the newest stories, and who speaks to the bot a remark: neither is searched for an answer.

Knows nothing of where the question came from or how the answer will look.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import assert_never

from bot.flows.asked import as_of, clean_question
from bot.flows.comparing import Comparing
from bot.flows.evidence import of_answer
from bot.flows.latest import Latest
from bot.flows.of_given import Meant, OfGiven
from bot.flows.paging import Paging, spoken
from bot.flows.ports import NOBODY, Completing, Dialogues, Engine, Rewrite, Search, Spelling
from bot.flows.retelling import Retelling, written_in
from bot.flows.understanding import as_written, readings, telling
from bot.flows.wording.wished import Newest, Wish, Word
from storage.domain.dialogue import Answer, ConversationId, Question, Reply, Sentence, Timings, Turn
from storage.domain.news import Filters, Hit, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.summaries import GivenDocument
from storage.domain.times import Clock

HISTORY_TURNS = 4
FALLBACK_LANGUAGE = "en"
# By so much nearer in meaning is what the other language tells that it is quoted rather than what was found.
_CLEARLY_NEARER = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much is read for one answer.

    Args:
        passages: Passages handed to the engine.
        per_article: Passages of one article among them.
        abroad: Passages of sources in the other language, where those are looked at by themselves.
    """

    passages: int = 20
    per_article: int = 3
    abroad: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Converse:
    """Answers questions.

    Args:
        latest: Answers those who ask for the news.
        of_given: Knows what readers gave to read; `None` where they can give nothing.
        abroad: Quotes what only sources in the other language tell, where the engine refuses, or keeps back what is far
            from the question; `None` where nothing can.
        comparing: Finds what is said of either of two that a question compares; `None` where nothing does.
        retelling: Finds how the language of a question tells what the other one told; `None` where nothing does.
        transcribed: A question with its names as passages in the other language write them; `None` where nothing knows.
        completing: Makes follow-ups that leave out what the question before said whole questions; `None` where nothing
            does.
        spelled: Knows how the news spell what a question misspells; `None` where nothing does.
        detect: The language of a text (ISO 639-1), `None` where it cannot be told.
    """

    search: Search
    engine: Engine
    latest: Latest
    rewrite: Rewrite
    detect: Callable[[str], str | None]
    dialogues: Dialogues
    clock: Clock
    of_given: OfGiven | None = None
    abroad: Engine | None = None
    completing: Completing | None = None
    spelled: Spelling | None = None
    comparing: Comparing | None = None
    retelling: Retelling | None = None
    transcribed: Callable[[str, Sequence[Hit]], str] | None = None
    reading: Reading = field(default_factory=Reading)

    async def ask(
        self,
        text: str,
        *,
        reader: ReaderId | None = None,
        conversation: ConversationId | None = None,
        language: str | None = None,
        filters: Filters | None = None,
        now: datetime | None = None,
        zone: tzinfo | None = UTC,
    ) -> AsyncGenerator[Sentence | Reply, None]:
        """Sentences as they are ready, then the whole reply; a listing comes whole, and what was taken otherwise too.

        Args:
            text: What was asked, in any language.
            reader: Whose sources to look in; `None` is the operator.
            conversation: Where follow-ups refer to and the turn is kept, with what it tells of the reader; `None` keeps
                nothing.
            language: The reader's language, used where the question's cannot be told.
            filters: Bounds on the sources.
            now: When the question is asked, where that is not the present: nothing published later is used.
            zone: By which days are told; `None` is this machine's.

        Raises:
            InputError: The question is empty or too long.
        """
        parts = self.answer(
            text,
            reader=reader,
            conversation=conversation,
            language=language,
            filters=filters,
            now=now,
            zone=zone,
        )
        async with aclosing(parts):
            async for part in parts:
                if isinstance(part, Reply) and conversation is not None and reader is not None:
                    turn = part.answer.turn
                    if turn is not None:
                        evidence = of_answer(reader, part.answer)
                        await self.dialogues.record(conversation, reader, turn, evidence=evidence)
                yield part

    async def answer(
        self,
        text: str,
        *,
        reader: ReaderId | None = None,
        conversation: ConversationId | None = None,
        language: str | None = None,
        filters: Filters | None = None,
        now: datetime | None = None,
        zone: tzinfo | None = UTC,
    ) -> AsyncGenerator[Sentence | Reply, None]:
        """Like `ask`, but nothing is kept: the turn is the caller's to record.

        Raises:
            InputError: The question is empty or too long.
        """
        start = time.perf_counter()
        asked = clean_question(text)
        present = now or self.clock()
        bounds = as_of(filters or Filters(), present)
        answer = await self._unasked(asked, conversation, reader, bounds, present)
        if answer is not None:
            took = _since(start)
            yield Reply(answer=answer, timings=Timings(retrieve=took, first_token=took, total=took))
            return
        history = await spoken(self.dialogues, conversation, HISTORY_TURNS) if conversation else ()
        language = self.detect(asked) or language or FALLBACK_LANGUAGE
        refusal: Reply | None = None
        meant = await self._meant(asked, history, reader, conversation)
        for understood in readings(self.rewrite, self.completing, asked, history, language, present, meant):
            bounds, given = as_of(filters or Filters(), now), understood.given
            question, found = await self._read(replace(understood.question, zone=zone), given, reader, bounds)
            hits = telling(understood.whole, found.hits)
            retrieved = _since(start)
            first: timedelta | None = None
            kept_back = True
            async with aclosing(self.engine.answer(question, hits)) as parts:
                async for part in parts:
                    first = first or _since(start)
                    if isinstance(part, Sentence):
                        kept_back = False
                        yield part
                        continue
                    timings = Timings(retrieve=retrieved, first_token=first, total=_since(start))
                    whole = replace(part if given is None else _of_given(part), without=found.without)
                    reply = Reply(answer=whole, timings=timings)
                    kept_back = kept_back and part.far
                    if given is None:
                        reply = await self._told_otherwise(reply, reader, bounds, start if kept_back else None)
                    for sentence in reply.answer.sentences if kept_back else ():
                        yield sentence
                    if not part.refused or (given is not None and meant is not None and meant.surely):
                        yield _as_written(reply, asked, history)
                        return
                    told = bool(hits) or understood.whole is None
                    refusal = refusal or (reply if given is None and told else None)
        if refusal is not None:
            reply = await self._instead(refusal, reader, as_of(filters or Filters(), now), start)
            for sentence in () if reply is refusal or reply.answer.meant else reply.answer.sentences:
                yield sentence
            yield _as_written(reply, asked, history)

    async def about(self, text: str, given: GivenDocument, *, language: str | None = None) -> Answer:
        """What a document says on a question that came with it; a refusal where it does not. Nothing is kept.

        Raises:
            InputError: The question is empty or too long.
        """
        asked = clean_question(text)
        spoken = self.detect(asked) or language or FALLBACK_LANGUAGE
        question = Question(text=asked, language=spoken, asked_at=self.clock(), standalone=asked)
        found = await self._find(question, given, given.reader, Filters())
        async with aclosing(self.engine.answer(question, found.hits)) as parts:
            async for part in parts:
                if isinstance(part, Answer):
                    return _of_given(part)
        raise AssertionError("an engine ended without an answer")

    async def reply(self, text: str, *, now: datetime | None = None, filters: Filters | None = None) -> Reply:
        """The whole reply to a single question of the operator's, nothing remembered."""
        async for part in self.ask(text, now=now, filters=filters):
            if isinstance(part, Reply):
                return part
        raise AssertionError("an engine ended without an answer")

    async def _unasked(
        self,
        asked: str,
        conversation: ConversationId | None,
        reader: ReaderId | None,
        filters: Filters,
        now: datetime,
    ) -> Answer | None:
        """What is said to one who asks nothing of the news, or for more of a list; `None` to one who asks something."""
        wished = self.latest.wish(asked, filters, now)
        if wished is not None:
            return await self._granted(wished, asked, reader, filters, now)
        paging = Paging(latest=self.latest, dialogues=self.dialogues)
        return await paging.next(asked, conversation, reader, filters, now)

    async def _granted(
        self, wished: Wish, asked: str, reader: ReaderId | None, filters: Filters, now: datetime
    ) -> Answer:
        """What is said to one who asks nothing of the news; the words tell its language better than a guess would."""
        question = Question(text=asked, language=wished.language, asked_at=now, standalone=asked)
        match wished:
            case Newest(hottest=True):
                return await self.latest.hottest(question, reader, filters)
            case Newest(topic=topic):
                return await self.latest.answer(question, topic, reader, filters)
            case Word(remark=remark):
                return Answer(question=question, remark=remark, engine=NOBODY)
            case _:
                assert_never(wished)

    async def _meant(
        self, asked: str, history: Sequence[Turn], reader: ReaderId | None, conversation: ConversationId | None
    ) -> Meant | None:
        if self.of_given is None or reader is None or conversation is None:
            return None
        return await self.of_given.meant(asked, history, reader, conversation)

    async def _told_otherwise(
        self, reply: Reply, reader: ReaderId | None, filters: Filters, start: float | None
    ) -> Reply:
        """A reply, looked for abroad where it may be (`start` is when that began), with what is known of it here."""
        if start is not None:
            reply = await self._told_abroad(reply, reader, filters, start)
        if self.retelling is None or reply.answer.told_in is None:
            return reply
        return await self.retelling.known(reply, self._request(reply.answer.question, reader, filters, 1))

    async def _told_abroad(self, reply: Reply, reader: ReaderId | None, filters: Filters, start: float) -> Reply:
        """What only sources in the other language tell, instead of a reply that is none or far; that where none does.

        They are looked for by themselves: among all others they come too far behind to be read.
        """
        if self.abroad is None or filters.language is not None:
            return reply
        question = reply.answer.question
        other = "en" if written_in(question.text) == "zh" else "zh"
        bounds = replace(filters, language=other)
        request = self._request(question, reader, bounds, self.reading.abroad)
        hits = (await self.search.search(request)).hits
        named = self.transcribed(request.text, hits) if self.transcribed and question.follows is None else request.text
        if named != request.text:
            hits = (await self.search.search(replace(request, text=named))).hits
        if not hits:
            return reply
        async with aclosing(self.abroad.answer(replace(question, named_there=named), hits)) as parts:
            answers = [replace(part, question=question) async for part in parts if isinstance(part, Answer)]
        if not answers or answers[-1].told_in is None or not _nearer(answers[-1], reply.answer):
            return reply
        took = _since(start)
        told = replace(answers[-1], without=reply.answer.without)
        return Reply(answer=told, timings=replace(reply.timings, first_token=took, total=took))

    async def _read(
        self, question: Question, given: GivenDocument | None, reader: ReaderId | None, filters: Filters
    ) -> tuple[Question, SearchResult]:
        """What is read for a question, and how it is understood by that."""
        found = await self._find(question, given, reader, filters)
        if given is not None or self.retelling is None:
            return question, found
        question, hits = await self.retelling.joined(
            question, found.hits, self._request(question, reader, filters, self.reading.abroad)
        )
        return question, replace(found, hits=tuple(hits))

    async def _instead(self, refused: Reply, reader: ReaderId | None, filters: Filters, start: float) -> Reply:
        """What is said instead of a refusal: what sources in the other language tell, or of the names it means."""
        reply = await self._told_otherwise(refused, reader, filters, start)
        return await self._respelt(refused, reader, filters, start) if reply is refused else reply

    async def _respelt(self, refused: Reply, reader: ReaderId | None, filters: Filters, start: float) -> Reply:
        """The reply to the question with its names as the sources spell them; the refusal where that is refused too."""
        question = refused.answer.question
        if self.spelled is None or question.follows is not None:
            return refused
        meant = await self.spelled(question.text, filters, reader)
        if meant is None:
            return refused
        again, found = await self._read(replace(question, text=meant, standalone=meant), None, reader, filters)
        async with aclosing(self.engine.answer(again, found.hits)) as parts:
            answers = [part async for part in parts if isinstance(part, Answer)]
        if answers[-1].refused:
            return refused
        answer = replace(answers[-1], question=replace(question, standalone=meant), meant=meant, without=found.without)
        took = _since(start)
        return Reply(answer=answer, timings=replace(refused.timings, first_token=took, total=took))

    async def _find(
        self, question: Question, given: GivenDocument | None, reader: ReaderId | None, filters: Filters
    ) -> SearchResult:
        if given is not None and self.of_given is not None:
            return SearchResult(
                hits=tuple(await self.of_given.within.find(given, question.standalone, self.reading.passages))
            )
        request = self._request(question, reader, filters, self.reading.passages)
        compared = None if self.comparing is None else await self.comparing.find(question.text, request)
        return compared if compared is not None else await self.search.search(request)

    def _request(self, question: Question, reader: ReaderId | None, filters: Filters, passages: int) -> SearchRequest:
        return SearchRequest(
            text=question.looked_for,
            k=passages,
            per_article=self.reading.per_article,
            filters=filters,
            reader=reader,
        )


def _as_written(reply: Reply, asked: str, history: Sequence[Turn]) -> Reply:
    return replace(reply, answer=as_written(reply.answer, asked, history))


def _nearer(abroad: Answer, here: Answer) -> bool:
    """Whether what is told abroad is nearer to the question than what is told here, where that is known."""
    if here.nearness is None or abroad.nearness is None:
        return True
    return abroad.nearness > here.nearness + _CLEARLY_NEARER


def _of_given(answer: Answer) -> Answer:
    """An answer from what its reader gave; where that does not say, nothing of it is near."""
    return replace(answer, given=True, nearest=())


def _since(start: float) -> timedelta:
    return timedelta(seconds=time.perf_counter() - start)

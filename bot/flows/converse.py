"""A question in, a cited answer out, as it is written. Remembers the turn for follow-ups.

Knows nothing of where the question came from or how the answer will look.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.flows.ports import Dialogues, Engine, Rewrite, Search
from storage.domain.dialogue import ConversationId, Question, Reply, Sentence, Timings
from storage.domain.news import Filters, Hit, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import InputError

MAX_QUESTION_CHARACTERS = 2_000
HISTORY_TURNS = 4
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How much is read for one answer.

    Args:
        passages: Passages handed to the engine.
        per_article: Passages of one article among them.
    """

    passages: int = 20
    per_article: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Converse:
    """Answers questions.

    Args:
        detect: The language of a text (ISO 639-1), `None` where it cannot be told.
    """

    search: Search
    engine: Engine
    rewrite: Rewrite
    detect: Callable[[str], str | None]
    dialogues: Dialogues
    clock: Clock
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
    ) -> AsyncIterator[Sentence | Reply]:
        """Sentences as they are ready, then the whole reply.

        Args:
            text: What was asked, in any language.
            reader: Whose sources to look in; `None` is the operator.
            conversation: Where follow-ups refer to and the turn is kept; `None` keeps nothing.
            language: The reader's language, used where the question's cannot be told.
            filters: Bounds on the sources.
            now: When the question is asked, where that is not the present: nothing published later is used.

        Raises:
            InputError: The question is empty or too long.
        """
        parts = self.answer(text, reader=reader, conversation=conversation, language=language, filters=filters, now=now)
        async for part in parts:
            if isinstance(part, Reply) and conversation is not None and reader is not None:
                await self.dialogues.record(conversation, reader, part.answer.turn)
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
    ) -> AsyncIterator[Sentence | Reply]:
        """Like `ask`, but nothing is kept: the turn is the caller's to record.

        Raises:
            InputError: The question is empty or too long.
        """
        start = time.perf_counter()
        asked = clean_question(text)
        history = await self.dialogues.history(conversation, HISTORY_TURNS) if conversation else ()
        question = Question(
            text=asked,
            language=self.detect(asked) or language or FALLBACK_LANGUAGE,
            asked_at=now or self.clock(),
            standalone=self.rewrite(asked, history),
        )
        hits = await self._find(question, reader, as_of(filters or Filters(), now))
        retrieved = time.perf_counter()

        first: float | None = None
        async for part in self.engine.answer(question, hits):
            first = first or time.perf_counter()
            if isinstance(part, Sentence):
                yield part
                continue
            yield Reply(
                answer=part,
                timings=Timings(
                    retrieve=timedelta(seconds=retrieved - start),
                    first_token=timedelta(seconds=first - start),
                    total=timedelta(seconds=time.perf_counter() - start),
                ),
            )

    async def reply(self, text: str, *, now: datetime | None = None, filters: Filters | None = None) -> Reply:
        """The whole reply to a single question of the operator's, nothing remembered."""
        async for part in self.ask(text, now=now, filters=filters):
            if isinstance(part, Reply):
                return part
        raise AssertionError("an engine ended without an answer")

    async def _find(self, question: Question, reader: ReaderId | None, filters: Filters) -> Sequence[Hit]:
        request = SearchRequest(
            text=question.standalone,
            k=self.reading.passages,
            per_article=self.reading.per_article,
            filters=filters,
            reader=reader,
        )
        return (await self.search.search(request)).hits


def clean_question(text: str) -> str:
    """`text` in NFC, on one line, without control characters.

    Raises:
        InputError: Nothing is left of it, or it is longer than `MAX_QUESTION_CHARACTERS`.
    """
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise InputError(
            "question",
            f"{len(text)} characters; at most {MAX_QUESTION_CHARACTERS} are read",
            key="question_too_long",
            length=len(text),
            limit=MAX_QUESTION_CHARACTERS,
        )
    visible = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"}
    )
    asked = " ".join(visible.split())
    if not any(unicodedata.category(character)[0] in "LN" for character in asked):
        raise InputError("question", "there are no words in it", key="question_empty")
    return asked


def as_of(filters: Filters, now: datetime | None) -> Filters:
    """`filters` without what was published after `now`. What has no date is not known to be later, and stays."""
    if now is None:
        return filters
    unbounded = filters.since is None and filters.until is None
    until = min(filters.until, now) if filters.until else now
    return replace(filters, until=until, undated=filters.undated or unbounded)

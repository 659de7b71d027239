"""The engine that lets a chat model write, and believes only what the passages show.

The model is given numbered passages; each sentence it writes is held against them as it comes, and what they do not
support is replaced by their own words or left out. Where the model fails, is slow or writes nothing sound, the
extractive answer goes out instead and says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from generation.budget import shown
from generation.engines.extractive import ExtractiveEngine
from generation.grounding.draft import Draft
from generation.grounding.listening import Patience, claims
from generation.ports import ChatModel
from generation.prompts import answering
from storage.domain.dialogue import Answer, Lapse, Question, Sentence
from storage.domain.news import Hit

# More passages than these a model tells apart badly, and each is read before its first word.
_PASSAGES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundedEngine:
    """Answers with those sentences of a model's that the passages support.

    Args:
        model: Writes.
        quoting: Answers instead where the model does not.
        doubted: Told how often the sources did not bear out what the model wrote for an answer.
    """

    model: ChatModel
    quoting: ExtractiveEngine = field(default_factory=ExtractiveEngine)
    patience: Patience = field(default_factory=Patience)
    doubted: Callable[[int], None] | None = None

    @property
    def name(self) -> str:
        return self.model.name

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        """The sentences that stand, as they are written, then the whole answer."""
        if not hits:
            yield await self.quoting.quoted(question, hits)
            return
        draft = Draft(hits[:_PASSAGES])
        async with aclosing(self._written(question, hits, draft)) as sentences:
            async for sentence in sentences:
                yield sentence
        if self.doubted is not None:
            self.doubted(draft.faults.total())
        if draft.believed:
            quoted = self.quoting.write(question, hits)
            for sentence in self._rivals(quoted, hits, draft):
                yield sentence
            yield replace(draft.answer(question, self.name, hits), conflicting=quoted.conflicting)
        elif draft.refuses:
            yield Answer(question=question, nearest=self.quoting.nearest(question, hits), engine=self.name)
        else:
            quoted = await self.quoting.quoted(question, hits)
            for sentence in quoted.sentences:
                yield sentence
            yield replace(quoted, lapse=draft.lapse or Lapse.UNSOUND)

    async def _written(self, question: Question, hits: Sequence[Hit], draft: Draft) -> AsyncGenerator[Sentence, None]:
        """What stands of what the model writes, until it has done, or fails."""
        with draft.lapses(self.name):
            # Counting may read a tokenizer first.
            counting = asyncio.to_thread(shown, self.model, answering(question, []), hits[:_PASSAGES])
            excerpts = await asyncio.wait_for(counting, self.patience.first.total_seconds())
            prompt = answering(question, excerpts)
            async with aclosing(claims(self.model, prompt, self.patience)) as written:
                # What only replaces a doubted claim is no answer by itself: it waits for one that is believed.
                waiting: list[Sentence] = []
                async for claim in written:
                    if (sentence := draft.take(claim)) is not None:
                        waiting.append(sentence)
                    if draft.believed:
                        for each in waiting:
                            yield each
                        waiting.clear()
                    if draft.done:
                        break

    def _rivals(self, quoted: Answer, hits: Sequence[Hit], draft: Draft) -> Iterator[Sentence]:
        """Where sources differ on what is asked for, the quotes of both that the model left out."""
        if not quoted.conflicting:
            return
        for citation in quoted.citations[:2]:
            hit = next(
                each
                for each in hits
                if each.passage.headline.id == citation.article_id and citation.quote in each.passage.text
            )
            if (sentence := draft.quote(citation.quote, hit)) is not None:
                yield sentence

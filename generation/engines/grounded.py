"""The engine that lets a chat model write, and believes only what the passages show.

The model is given numbered passages; each sentence it writes is held against them as it comes, and what they do not
support is replaced by their own words or left out. Where the model fails, is slow or writes nothing sound, the
extractive answer goes out instead and says so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta

from generation.budget import Excerpt, fitted
from generation.claims import Claim, ClaimReader
from generation.draft import Draft
from generation.engines.extractive import ExtractiveEngine
from generation.ports import ChatModel
from generation.prompts import answering
from storage.domain.dialogue import Answer, Lapse, Question, Sentence
from storage.domain.news import Hit
from storage.errors import GenerationError, ModelBusy

log = logging.getLogger(__name__)

# More passages than these a model tells apart badly, and each is read before its first word.
_PASSAGES = 8
# What a chat template puts around messages, in tokens.
_TEMPLATE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a reader waits for a model.

    Args:
        first: For its first words.
        whole: For all of it; what is sound by then is the answer.
    """

    first: timedelta = timedelta(seconds=20)
    whole: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundedEngine:
    """Answers with those sentences of a model's that the passages support.

    Args:
        model: Writes.
        quoting: Answers instead where the model does not.
    """

    model: ChatModel
    quoting: ExtractiveEngine = field(default_factory=ExtractiveEngine)
    patience: Patience = field(default_factory=Patience)

    @property
    def name(self) -> str:
        return self.model.name

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncGenerator[Sentence | Answer, None]:
        """The sentences that stand, as they are written, then the whole answer."""
        shown = self._shown(question, hits)
        if not shown:
            yield self.quoting.write(question, hits)
            return
        draft = Draft([each.hit for each in shown])
        async with aclosing(self._written(question, shown, draft)) as sentences:
            async for sentence in sentences:
                yield sentence
        if draft.faults:
            doubted = {fault.name.lower(): n for fault, n in draft.faults.items()}
            log.info("claims_doubted", extra={"model": self.name, "faults": doubted})
        if draft.sentences:
            yield draft.answer(question, self.name)
        elif draft.refuses:
            yield Answer(question=question, nearest=self.quoting.nearest(question, hits), engine=self.name)
        else:
            quoted = self.quoting.write(question, hits)
            for sentence in quoted.sentences:
                yield sentence
            yield replace(quoted, lapse=draft.lapse or Lapse.UNSOUND)

    async def _written(
        self, question: Question, shown: Sequence[Excerpt], draft: Draft
    ) -> AsyncGenerator[Sentence, None]:
        """What stands of what the model writes, until it has done, or fails."""
        try:
            async with aclosing(self._claims(question, shown)) as claims:
                async for claim in claims:
                    if (sentence := draft.take(claim)) is not None:
                        yield sentence
                    if draft.done:
                        break
        except ModelBusy:
            draft.lapse = Lapse.BUSY
        except TimeoutError:
            draft.lapse = Lapse.SLOW
        except GenerationError as error:
            log.warning("model_failed", extra={"model": self.name, "reason": error.reason})
            draft.lapse = Lapse.FAILED

    def _shown(self, question: Question, hits: Sequence[Hit]) -> list[Excerpt]:
        """The best passages that the model has room for."""
        bare = answering(question, [])
        taken = sum(self.model.count(message.text) for message in bare.messages)
        return fitted(hits[:_PASSAGES], self.model.context - bare.tokens - taken - _TEMPLATE, self.model.count)

    async def _claims(self, question: Question, shown: Sequence[Excerpt]) -> AsyncGenerator[Claim, None]:
        """What the model says, sentence by sentence.

        Raises:
            GenerationError: It failed, or is busy.
            TimeoutError: It takes longer than a reader waits.
        """
        reader = ClaimReader()
        async with aclosing(self.model.write(answering(question, shown))) as pieces:
            until = time.monotonic() + self.patience.whole.total_seconds()
            wait = self.patience.first.total_seconds()
            # Each piece is waited for by itself: a time-out around all of them would end whoever reads the claims.
            while (piece := await asyncio.wait_for(anext(pieces, None), wait)) is not None:
                for claim in reader.feed(piece):
                    yield claim
                if reader.full:
                    return
                wait = until - time.monotonic()
        for claim in reader.finish():
            yield claim

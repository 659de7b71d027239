"""Summaries that a chat model writes, each sentence held against the document; the quoting summarizer stands in for it.

A document that the model has no room for is given to it as what is quoted of its parts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from generation.budget import shown
from generation.grounding.draft import Draft
from generation.grounding.listening import Patience, claims
from generation.messages import Prompt
from generation.ports import ChatModel
from generation.prompts import summarizing
from generation.reading.terms import is_chinese
from generation.summarize import paragraph, parts_within, summarize
from storage.domain.dialogue import Citation, Lapse, Sentence
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId
from storage.domain.sentences import sentences
from storage.domain.summaries import WORDS, Document, Quote, Summary

# In characters: long enough to be understood, short enough to be told where a claim is from.
_PASSAGE = 1_000
_WORDS_PER_SENTENCE = 15
_DOCUMENT = ArticleId("document")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundedSummarizer:
    """Summarizes with those sentences of a model's that the document supports.

    Args:
        model: Writes.
    """

    model: ChatModel
    patience: Patience = field(default_factory=Patience)

    @property
    def name(self) -> str:
        return self.model.name

    async def summarize(self, document: Document, *, words: int | None = None) -> Summary:
        """What the document says, in at most about `words`; where they are given, its parts in no more together."""
        quoted = await asyncio.to_thread(summarize, document, words=words)
        summary = await self._told(document, quoted, words or WORDS)
        return summary if words is None else parts_within(summary, words)

    async def _told(self, document: Document, quoted: Summary, words: int) -> Summary:
        """The same with all that is quoted of the parts, of which the model is shown all."""
        hits = _hits(document, quoted)
        if not quoted.sentences or not hits:
            return quoted
        draft = Draft(hits, most=max(1, round(words / _WORDS_PER_SENTENCE)))
        with draft.lapses(self.name):
            # Counting may read a tokenizer first, perhaps over a network.
            prompting = asyncio.to_thread(self._prompt, document, hits, words)
            prompt = await asyncio.wait_for(prompting, self.patience.first.total_seconds())
            async with aclosing(claims(self.model, prompt, self.patience)) as written:
                async for claim in written:
                    draft.take(claim)
                    if draft.done:
                        break
        if not draft.believed:
            return replace(quoted, lapse=draft.lapse or Lapse.UNSOUND)
        summary = _summary(document, draft.sentences, draft.citations, quoted)
        return replace(summary, engine=self.name, lapse=draft.lapse and Lapse.CUT)

    def _prompt(self, document: Document, hits: Sequence[Hit], words: int) -> Prompt:
        """With as much of the document as the model has room for.

        Raises:
            GenerationError: It has room for none.
        """
        code = "zh" if is_chinese(document.text[:_PASSAGE]) else ""
        excerpts = shown(self.model, summarizing(document.title, [], code, words), hits)
        return summarizing(document.title, excerpts, code, words)


def _hits(document: Document, quoted: Summary) -> list[Hit]:
    """The document in passages; what is quoted of its parts where it is long enough to have been read in parts."""
    if not quoted.sections:
        return [_hit(n, passage) for n, passage in enumerate(_passages(document.text))]
    parts = ("\n".join(sentence.text for sentence in section.sentences) for section in quoted.sections)
    return [_hit(n, part) for n, part in enumerate(parts) if part]


def _passages(text: str) -> Iterator[str]:
    """Stretches of whole sentences."""
    begin = stop = 0
    for start, end in sentences(text):
        if stop > begin and end - begin > _PASSAGE:
            yield text[begin:stop]
            begin = start
        stop = end
    if stop > begin:
        yield text[begin:stop]


def _hit(n: int, text: str) -> Hit:
    headline = Headline(id=_DOCUMENT, title="", first_seen=_LONG_AGO, group=_DOCUMENT)
    return Hit(passage=Passage(id=PassageId(n), position=n, text=text, headline=headline), score=1.0)


def _summary(document: Document, told: Sequence[Sentence], citations: Sequence[Citation], quoted: Summary) -> Summary:
    """What was told, and the sections as quoted, the quotes of both numbered together in the document's order."""
    of_sections = quoted.quotes if quoted.sections else ()
    spans = sentences(document.text)
    of_told = {citation.n: _quote(citation.quote, document.text, spans, of_sections) for citation in citations}
    ordered = sorted({(quote.start, quote.end): quote for quote in (*of_told.values(), *of_sections)}.items())
    numbers = {place: n for n, (place, _) in enumerate(ordered, start=1)}

    def cited(said: Sequence[Sentence], quotes: Mapping[int, Quote]) -> tuple[Sentence, ...]:
        def number(n: int) -> int:
            return numbers[quotes[n].start, quotes[n].end]

        return tuple(replace(sentence, citations=tuple(map(number, sentence.citations))) for sentence in said)

    renumbered = cited(told, of_told)
    by_number = {quote.n: quote for quote in of_sections}
    return replace(
        quoted,
        text=paragraph([sentence.text for sentence in renumbered]),
        sentences=renumbered,
        quotes=tuple(replace(quote, n=numbers[place]) for place, quote in ordered),
        sections=tuple(replace(part, sentences=cited(part.sentences, by_number)) for part in quoted.sections),
    )


def _quote(text: str, whole: str, spans: Sequence[tuple[int, int]], shown: Sequence[Quote]) -> Quote:
    """Where a quote stands in the document: within one of those that the model was shown, if it was shown such."""
    around = next((quote for quote in shown if text in quote.text), None)
    start = whole.find(text, around.start if around else 0)
    sentence = next(i for i, (_, end) in enumerate(spans) if end > start)
    return Quote(n=0, text=text, start=start, end=start + len(text), sentence=sentence)

"""Who names a story, tells it in a few lines, and says what of it touches a reader: by quoting, or a model, checked.

Of a model's words only what the articles bear out is taken; where it fails, is slow or says anything else, the quoted
form stands in and says so.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from generation import gist as quoting
from generation import headlines
from generation.budget import Excerpt, shown
from generation.gist import LINES, repeats, told
from generation.grounding.draft import Draft
from generation.grounding.listening import Patience, claims
from generation.grounding.support import Source, support
from generation.leads import leads
from generation.messages import Prompt
from generation.openings import fits
from generation.ports import ChatModel
from generation.prompts import condensing, naming, touching
from generation.reading.terms import background, is_chinese, terms
from storage.domain.dialogue import Citation, Lapse, Sentence
from storage.domain.news import ArticleId, Hit
from storage.domain.sentences import sentences
from storage.domain.summaries import Gist, StoryHeadline

# More outlets than these a model tells apart badly; of each, an event is named by how it opens.
_MOST_OUTLETS = 8
_OPENING_SENTENCES = 3
_LABEL = re.compile(r"^(?:headline|title|标题)\s*[:：]\s*", re.IGNORECASE)
_AROUND = " .。\"“”「」'‘’*"


class ExtractiveStoryteller:
    """Tells stories in their articles' own words; in a thread, so that many can be told while others are answered."""

    name = quoting.NAME

    async def headline(self, hits: Sequence[Hit], language: str | None = None) -> StoryHeadline:
        """As `headlines.headline` does."""
        return await asyncio.to_thread(headlines.headline, hits, language)

    async def gist(self, hits: Sequence[Hit], lines: int = LINES, language: str | None = None) -> Gist:
        """As `gist.gist` does."""
        return await asyncio.to_thread(quoting.gist, hits, lines, language)

    async def angle(self, interest: str, hits: Sequence[Hit], language: str | None = None) -> Gist | None:
        """As `gist.angle` does."""
        return await asyncio.to_thread(quoting.angle, interest, hits, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundedStoryteller:
    """Tells stories in those words of a model's that their articles bear out, in the language of these.

    Args:
        model: Writes.
    """

    model: ChatModel
    patience: Patience = field(default_factory=Patience)

    @property
    def name(self) -> str:
        return self.model.name

    async def headline(self, hits: Sequence[Hit], language: str | None = None) -> StoryHeadline:
        """One line that every word of stands in how an article opens; the best of the titles else."""
        quoted = headlines.headline(hits, language)
        opening = [_opening(hit) for hit in leads(hits, language)[:_MOST_OUTLETS]]
        if not opening:
            return quoted
        draft, code = Draft(opening), _code(opening)
        line, supporting = "", list[ArticleId]()
        with draft.lapses(self.name):
            prompt = await self._prompt(lambda excerpts: naming(excerpts, code), opening)
            async with aclosing(claims(self.model, prompt, self.patience)) as written:
                async for claim in written:
                    line = _LABEL.sub("", claim.text).strip(_AROUND)
                    supporting = [hit.passage.headline.id for hit in opening if _bears_out(line, hit)]
                    break
        if not supporting or not headlines.names_an_event(line) or not fits(line):
            return replace(quoted, lapse=draft.lapse or Lapse.UNSOUND)
        return StoryHeadline(text=line, articles=tuple(supporting), engine=self.name)

    async def gist(self, hits: Sequence[Hit], lines: int = LINES, language: str | None = None) -> Gist:
        """In so many lines or fewer, those of the model's first that stand; what is quoted fills up."""
        quoted = quoting.gist(hits, lines, language)
        opening = leads(hits, language)[:_MOST_OUTLETS]
        if not quoted.lines:
            return quoted
        code = _code(opening)
        draft = Draft(opening, most=lines)
        await self._listen(draft, lambda excerpts: condensing(excerpts, code, lines), opening)
        if not draft.believed:
            return replace(quoted, lapse=draft.lapse or Lapse.UNSOUND)
        kept: list[tuple[str, str, Hit]] = []
        for line in (*_lines(draft.sentences, draft.citations, hits), *_lines(quoted.lines, quoted.citations, hits)):
            if len(kept) < lines and quoting.fits(line[0]) and not repeats(line[0], [each[0] for each in kept]):
                kept.append(line)
        return replace(told(kept, self.name), lapse=draft.lapse and Lapse.CUT)

    async def angle(self, interest: str, hits: Sequence[Hit], language: str | None = None) -> Gist | None:
        """One line of the story on what a reader follows; `None` where the story says nothing of it.

        Whether it does is never the model's to say.
        """
        quoted = quoting.angle(interest, hits, language)
        if quoted is None:
            return None
        articles = {citation.article_id for citation in quoted.citations}
        holding = sorted(hits, key=lambda hit: hit.passage.headline.id not in articles)[:_MOST_OUTLETS]
        code = _code(holding)
        draft = Draft(holding, most=1)
        await self._listen(draft, lambda excerpts: touching(interest, excerpts, code), holding)
        found = [
            line
            for line in _lines(draft.sentences, draft.citations, hits)
            if quoting.about(interest, line[0]) and quoting.fits(line[0])
        ]
        if not draft.believed or not found:
            return replace(quoted, lapse=draft.lapse or Lapse.UNSOUND)
        return told(found, self.name)

    async def _listen(
        self, draft: Draft, prompting: Callable[[Sequence[Excerpt]], Prompt], hits: Sequence[Hit]
    ) -> None:
        """Take what stands of what the model writes, until it has done, or fails."""
        with draft.lapses(self.name):
            prompt = await self._prompt(prompting, hits)
            async with aclosing(claims(self.model, prompt, self.patience)) as written:
                async for claim in written:
                    draft.take(claim)
                    if draft.done:
                        break

    async def _prompt(self, prompting: Callable[[Sequence[Excerpt]], Prompt], hits: Sequence[Hit]) -> Prompt:
        """With as many of the passages as the model has room for."""
        # Counting may read a tokenizer first.
        counting = asyncio.to_thread(shown, self.model, prompting([]), hits)
        return prompting(await asyncio.wait_for(counting, self.patience.first.total_seconds()))


def _opening(hit: Hit) -> Hit:
    """A hit with no more of its passage than its first sentences."""
    text = hit.passage.text
    ends = [end for _, end in sentences(text)[:_OPENING_SENTENCES]]
    return replace(hit, passage=replace(hit.passage, text=text[: ends[-1]] if ends else text))


def _code(hits: Sequence[Hit]) -> str:
    first = hits[0].passage
    return "zh" if is_chinese(first.text) else first.headline.language or ""


def _bears_out(line: str, hit: Hit) -> bool:
    """Whether an opening supports a headline and has every telling word of it: what it lacks may be an opinion."""
    source = Source(hit)
    missing = any(background(term) >= 1 and term not in source.terms for term in terms(line))
    return not missing and not support(line, source).faults


def _lines(said: Sequence[Sentence], citations: Sequence[Citation], hits: Sequence[Hit]) -> list[tuple[str, str, Hit]]:
    """Each sentence with the quote it rests on and the hit that holds this."""
    by_number = {citation.n: citation for citation in citations}
    found = []
    for sentence in said:
        citation = by_number[sentence.citations[0]]
        of_article = (hit for hit in hits if hit.passage.headline.id == citation.article_id)
        hit = next(hit for hit in of_article if citation.quote in hit.passage.text)
        found.append((sentence.text, citation.quote, hit))
    return found

"""The passages of one text that may answer a question: what somebody gave to read, and nobody else has.

By words alone, which a single text needs no index for. Knows nothing of articles.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from textwrap import shorten
from urllib.parse import urlsplit

from retrieval.index.chunk import chunk
from retrieval.index.words import WordCutter
from retrieval.ingest.language import detect
from storage.domain.news import Headline, Hit, Passage, PassageDraft, PassageId
from storage.domain.summaries import GivenDocument

_TITLE = 80
"""Characters of its beginning that stand for the title of one that has none."""
_SATURATION, _LENGTH = 1.2, 0.75
"""The constants of BM25, as in the paper."""


class Within:
    """Finds passages in documents that readers gave.

    Args:
        cutter: Cuts texts into words.
    """

    def __init__(self, cutter: WordCutter) -> None:
        self._cutter = cutter

    async def find(self, given: GivenDocument, question: str, k: int) -> Sequence[Hit]:
        """Up to `k` passages of a document, the likeliest to say something on the question first; of a short one all.

        Passages are numbered from 1 in their order; those without a word of the question come last, in that order.
        """
        return await asyncio.to_thread(self._find, given, question, k)

    def _find(self, given: GivenDocument, question: str, k: int) -> tuple[Hit, ...]:
        language = detect(given.document.text[:2_000])
        drafts = chunk(given.document.text, language)
        scores = self._scores([draft.text for draft in drafts], question)
        best = sorted(range(len(drafts)), key=lambda at: (-scores[at], at))[:k]
        headline = _headline(given, language)
        return tuple(Hit(passage=_passage(drafts[at], headline), score=scores[at], bm25=scores[at]) for at in best)

    def _scores(self, texts: Sequence[str], question: str) -> list[float]:
        """BM25 of each text against the words of the question, and against its pairs of Chinese characters."""
        words, pairs = self._cutter.asked(question)
        wanted = set(words) | set(pairs)
        counted = [Counter((*self._cutter.words(text), *self._cutter.asked(text)[1])) for text in texts]
        mean = sum(each.total() for each in counted) / len(counted) if counted else 0.0
        scores = [0.0] * len(counted)
        for word in wanted:
            holding = sum(word in each for each in counted)
            rarity = math.log(1 + (len(counted) - holding + 0.5) / (holding + 0.5))
            for at, each in enumerate(counted):
                if times := each[word]:
                    long = 1 - _LENGTH + _LENGTH * each.total() / mean
                    scores[at] += rarity * times * (_SATURATION + 1) / (times + _SATURATION * long)
        return scores


def _headline(given: GivenDocument, language: str | None) -> Headline:
    document = given.document
    return Headline(
        id=given.id,
        title=document.title or shorten(document.text, _TITLE, placeholder=" …"),
        first_seen=given.at,
        group=given.id,
        url=document.url,
        source=(urlsplit(document.url).hostname or "").removeprefix("www.") or None if document.url else None,
        language=language,
    )


def _passage(draft: PassageDraft, headline: Headline) -> Passage:
    return Passage(id=PassageId(draft.position + 1), position=draft.position, text=draft.text, headline=headline)

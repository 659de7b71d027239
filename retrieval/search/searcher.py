"""From a question to the passages that may answer it: meaning and words side by side, fused.

The database is the truth: whatever an index says, a hit is a passage that is stored, meets the filters and may be seen
by the reader. One index that cannot be used leaves the other to answer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Candidate, Corpus, LexicalIndex, Match, Reranker, Signals, Space, Spaces
from retrieval.search.fuse import weighted_sum
from retrieval.search.preferences import preference, signals
from retrieval.search.query import Query, understand
from retrieval.search.ranking import Ranking
from retrieval.search.selection import select
from storage.domain.news import ArticleId, Hit, Part, Passage, PassageId, SearchRequest, SearchResult
from storage.domain.times import Clock
from storage.errors import EncoderUnavailable, IndexUnavailable

logger = logging.getLogger(__name__)

RERANKED = 60
"""How many of what was found are looked at again."""
AT_ONCE = 4
"""Searches at once. Most of each is done by one thread of the process, so that more would only make one another, and
whatever else it does, wait: such as the sign that a message was seen. The next begins as one ends."""

# Each index is asked for this many times what is wanted: filters, folding and fusion take their share. Going deeper for
# the several passages of an article that an answer reads takes twice the time, and finds no better ones.
_OVERFETCH = 6
_SHALLOWEST = 60
# How much deeper each further look goes where too few were left, and how deep the last may go: what other readers alone
# may see is in the indexes too. Looking up so many takes the database some half a second.
_DEEPER = 10
_DEEPEST = 100_000
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a search found at first.

    Args:
        question: The words it looked for: the request's, without those that bound it.
        candidates: Passages that meet its bounds, best first.
        without: What of the search failed.
    """

    question: str
    candidates: tuple[Candidate, ...]
    without: frozenset[Part] = frozenset()


@dataclass(slots=True)
class _Found:
    """What one search knows so far, and the space it looks in."""

    space: Space
    dense: Sequence[Match] = ()
    lexical: Sequence[Match] = ()
    passages: dict[PassageId, Passage] = field(default_factory=dict)
    asked: set[PassageId] = field(default_factory=set)
    without: set[Part] = field(default_factory=set)

    def surviving(self, matches: Sequence[Match]) -> list[Match]:
        return [match for match in matches if match.id in self.passages]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _as_it_is(moment: datetime) -> datetime:
    return moment


class Searcher:
    """Finds passages, implementing `bot.flows.ports.Search`.

    Args:
        corpus: The stored passages and vectors.
        spaces: Where to look by meaning: a space, or what knows which one it is now.
        lexical: Passages by their words.
        ranking: How the two are weighed, and what is preferred among their hits.
        reranker: Looks again at the best of what was found; `None` leaves them as they are.
        clock: The present, from which "yesterday" and how new an article is are counted; nothing that has to be
            published before a moment is asked for after it.
        zoned: A moment in the zone whose days are meant by "yesterday"; those of UTC without it.
    """

    def __init__(
        self,
        corpus: Corpus,
        spaces: Spaces,
        lexical: LexicalIndex,
        ranking: Ranking | None = None,
        reranker: Reranker | None = None,
        clock: Clock = _utc_now,
        zoned: Callable[[datetime], datetime] = _as_it_is,
    ) -> None:
        self._corpus = corpus
        self._spaces = spaces
        self._lexical = lexical
        self._ranking = ranking or Ranking()
        self._reranker = reranker
        self._clock = clock
        self._zoned = zoned
        self._degraded: set[Part] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def search(self, request: SearchRequest) -> SearchResult:
        """Hits best first; of articles with nearly the same text only the best-placed one is among them.

        What the text itself says of times and languages bounds the hits where any meet it, and else only prefers.

        Raises:
            IndexUnavailable: Neither index can be used.
        """
        started = time.perf_counter()
        hits: tuple[Hit, ...] = ()
        without: frozenset[Part] = frozenset()
        if request.text.strip():
            async with self._turns:
                look = await self.look(request)
                scores = await self._scores(look)
                without = look.without if scores is not None else look.without | {Part.RERANKER}
                hits = select(request, look.candidates, scores or [each.score for each in look.candidates])
        took = timedelta(seconds=time.perf_counter() - started)
        return SearchResult(hits=hits, took=took, without=without)

    async def look(self, request: SearchRequest) -> Look:
        """All that both sides find, before it is looked at again.

        Raises:
            IndexUnavailable: Neither index can be used.
        """
        now = self._clock()
        if request.filters.until is not None:
            # What ends at midnight is asked for on the day before.
            now = min(now, request.filters.until - _LEAST)
        now = self._zoned(now)
        query = understand(request.text, request.filters, now)
        look = await self._meeting(request, query, now)
        if look.candidates or query.filters == request.filters:
            return look
        return await self._meeting(request, understand(request.text, request.filters, now, binding=False), now)

    async def _meeting(self, request: SearchRequest, query: Query, now: datetime) -> Look:
        """What is found within the bounds of `query`."""
        request = replace(request, text=query.text, filters=query.filters)
        language = request.filters.language
        # The other language is looked into for many a question; where nothing is in it, that is soon known.
        if language is not None and not await self._corpus.tells_in(language):
            return Look(question=query.text, candidates=())
        depth = max(_SHALLOWEST, request.k * _OVERFETCH)
        vector, found = await self._first_look(request, depth)
        if request.filters.any or request.reader is not None:
            await self._deeper_words(request, found, depth)
            if vector is not None:
                await self._deeper_meaning(request, found, vector, depth)
        similarity = await self._similarity(found, vector)
        bm25 = {match.id: match.score for match in found.surviving(found.lexical)}
        fused = weighted_sum([(similarity, self._ranking.meaning), (bm25, self._ranking.words)])
        candidates: list[Candidate] = []
        # In the zone that articles are dated in an age is soon reckoned.
        present = now.astimezone(UTC)
        of_article: dict[ArticleId, Signals] = {}
        for id_, score in fused.items():
            passage = found.passages[id_]
            noted = of_article.get(passage.headline.id)
            # Only what the question quotes stands in one passage of an article and not in another.
            if noted is None or query.phrases:
                noted = signals(passage, query, present, self._ranking.half_life)
                of_article[passage.headline.id] = noted
            candidates.append(
                Candidate(
                    passage=passage,
                    score=score * preference(noted, self._ranking),
                    similarity=similarity.get(id_),
                    bm25=bm25.get(id_),
                    signals=noted,
                )
            )
        candidates.sort(key=lambda candidate: -candidate.score)
        return Look(question=query.text, candidates=tuple(candidates), without=frozenset(found.without))

    async def _scores(self, look: Look) -> Sequence[float] | None:
        """The scores of the candidates: of the best as they were looked at again, of the others below those.

        `None` where they could not be looked at again.
        """
        scores = [candidate.score for candidate in look.candidates]
        if self._reranker is None or not scores:
            return scores
        head = look.candidates[:RERANKED]
        try:
            closer = await self._reranker.scores(look.question, head)
        except EncoderUnavailable as error:
            self._warn(Part.RERANKER, error)
            return None
        self._degraded.discard(Part.RERANKER)
        again = [
            score + self._ranking.youth * candidate.signals.young for score, candidate in zip(closer, head, strict=True)
        ]
        lowest = min(again)
        return [*again, *(lowest - 1 + score - scores[len(head) - 1] for score in scores[len(head) :])]

    async def _first_look(self, request: SearchRequest, depth: int) -> tuple[NDArray[np.float32] | None, _Found]:
        found = _Found(space=await self._spaces.current())
        (vector, dense), lexical = await asyncio.gather(
            self._ask_dense(found.space, request, depth), self._ask_lexical(request, depth)
        )
        if isinstance(lexical, IndexUnavailable):
            found.without.add(Part.WORDS)
            if isinstance(dense, Exception):
                raise lexical
            lexical = ()
        found.lexical = lexical
        if isinstance(dense, Exception):
            found.without.add(Part.MEANING)
            # Without the index, what the words found can still be ordered by meaning.
            dense = () if vector is None else await self._ordered(found.space, vector, lexical)
        found.dense = dense
        await self._load(request, found)
        return vector, found

    async def _deeper_words(self, request: SearchRequest, found: _Found, depth: int) -> None:
        """Further down the list of words, which meets the filters, where other readers' sources took up its head."""
        while depth < _DEEPEST and _too_few(request, found, found.lexical, depth):
            depth = min(depth * _DEEPER, _DEEPEST)
            lexical = await self._ask_lexical(request, depth)
            if isinstance(lexical, IndexUnavailable):
                found.without.add(Part.WORDS)
                return
            found.lexical = lexical
            await self._load(request, found)

    async def _deeper_meaning(
        self, request: SearchRequest, found: _Found, vector: NDArray[np.float32], depth: int
    ) -> None:
        """The same by meaning."""
        while depth < _DEEPEST and _too_few(request, found, found.dense, depth):
            depth = min(depth * _DEEPER, _DEEPEST)
            try:
                found.dense = await found.space.dense.nearest(vector, depth, request.filters)
            except IndexUnavailable as error:
                found.without.add(Part.MEANING)
                self._warn(Part.MEANING, error)
                return
            await self._load(request, found)

    async def _ask_dense(
        self, space: Space, request: SearchRequest, depth: int
    ) -> tuple[NDArray[np.float32] | None, Sequence[Match] | IndexUnavailable | EncoderUnavailable]:
        vector: NDArray[np.float32] | None = None
        if not self._ranking.meaning:
            return None, ()
        try:
            vector = await space.encoder.encode_query(request.text)
            matches = await space.dense.nearest(vector, depth, request.filters)
        except (IndexUnavailable, EncoderUnavailable) as error:
            self._warn(Part.MEANING, error)
            return vector, error
        self._degraded.discard(Part.MEANING)
        return vector, matches

    async def _ask_lexical(self, request: SearchRequest, depth: int) -> Sequence[Match] | IndexUnavailable:
        try:
            matches = await self._lexical.search(request.text, depth, request.filters)
        except IndexUnavailable as error:
            self._warn(Part.WORDS, error)
            return error
        self._degraded.discard(Part.WORDS)
        return matches

    async def _ordered(self, space: Space, vector: NDArray[np.float32], matches: Sequence[Match]) -> list[Match]:
        cosines = await self._cosines(space, vector, [match.id for match in matches])
        return [Match(id=id_, score=cosine) for id_, cosine in sorted(cosines.items(), key=lambda pair: -pair[1])]

    async def _cosines(
        self, space: Space, vector: NDArray[np.float32], ids: Sequence[PassageId]
    ) -> dict[PassageId, float]:
        stored = await self._corpus.vectors(space.encoder.name, ids)
        return {id_: float(each @ vector) for id_, each in stored.items() if each.shape == vector.shape}

    async def _load(self, request: SearchRequest, found: _Found) -> None:
        ids = dict.fromkeys(match.id for match in (*found.dense, *found.lexical))
        unknown = [id_ for id_ in ids if id_ not in found.asked]
        found.asked.update(unknown)
        if unknown:
            found.passages |= await self._corpus.passages(unknown, filters=request.filters, reader=request.reader)

    async def _similarity(self, found: _Found, vector: NDArray[np.float32] | None) -> dict[PassageId, float]:
        """The cosines of all that was found: what only its words found has a stored vector too."""
        cosines = {match.id: match.score for match in found.surviving(found.dense)}
        missing = [match.id for match in found.surviving(found.lexical) if match.id not in cosines]
        if vector is None or not missing:
            return cosines
        return cosines | await self._cosines(found.space, vector, missing)

    def _warn(self, part: Part, error: IndexUnavailable | EncoderUnavailable) -> None:
        """Once, until it works again."""
        if part not in self._degraded:
            self._degraded.add(part)
            logger.warning("search_degraded", extra={"part": part, "reason": _reason(error)})


def _reason(error: IndexUnavailable | EncoderUnavailable) -> str:
    """What went wrong; which side it is of stands beside it."""
    return f"{error.encoder}: {error.reason}" if isinstance(error, EncoderUnavailable) else str(error)


def _too_few(request: SearchRequest, found: _Found, matches: Sequence[Match], depth: int) -> bool:
    """Whether a side that was asked for `depth` matches has more to give, and what it gave left less than is wanted."""
    return len(matches) >= depth and len(found.surviving(matches)) < request.k

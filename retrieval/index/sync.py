"""Both indexes kept equal to the database, and rebuilt from it where they are not.

Words go first, so that news can be found at once; vectors follow. Vectors are stored as they come and an index's
revision moves only after its data, so that whatever is interrupted is resumed or repeated.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lock import IndexLock
from retrieval.ports import Corpus, DenseIndex, Encoder, LexicalIndex, Vectors
from storage.domain.news import Changes, Filters, Passage, PassageId, SyncReport
from storage.domain.progress import Progress
from storage.errors import EncoderUnavailable, IndexDamaged, IndexUnavailable, StorageError

logger = logging.getLogger(__name__)

# Passages a step takes over; a kill repeats at most one. Encoding makes the dense steps the slow ones.
_LEXICAL_STEP = 500
_DENSE_STEP = 128

# Passages that must find themselves, and how many of a hundred may fail to: the graph of neighbours is approximate.
_SAMPLE = 100
_MISSES_ALLOWED = 0.02
# How far down a passage may find itself: copies of its text come as high.
_SELF_DEPTH = 20
# Among vectors that are all alike the approximate search goes astray; looking wider makes it nearly exact.
_SELF_DEPTH_AGAIN = 400
_ALIKE = 1e-3


@dataclass(slots=True)
class _Tally:
    encoded: int = 0
    added: int = 0
    removed: int = 0
    rebuilt: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One index and how changes reach it. `lock` lets one caller at a time bring it forward."""

    name: str
    index: DenseIndex | LexicalIndex
    step: int
    apply: Callable[[Changes, _Tally], Awaitable[None]]
    finds_itself: Callable[[Passage], Awaitable[bool]]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class IndexKeeper:
    """Keeps what is searchable equal to what is stored, implementing `bot.flows.ports.Index`.

    Args:
        corpus: The stored passages and vectors.
        encoder: Gives passages their vectors; loaded only when some lack one.
        dense: The index of vectors.
        lexical: The index of words.
        lock: Whether this process may write to them.
    """

    def __init__(
        self, corpus: Corpus, encoder: Encoder, dense: DenseIndex, lexical: LexicalIndex, lock: IndexLock
    ) -> None:
        self._corpus = corpus
        self._encoder = encoder
        self._dense = dense
        self._lexical = lexical
        self._lock = lock
        self._sides = (
            _Side(
                name="lexical",
                index=lexical,
                step=_LEXICAL_STEP,
                apply=self._apply_words,
                finds_itself=self._words_find,
            ),
            _Side(
                name="dense",
                index=dense,
                step=_DENSE_STEP,
                apply=self._apply_vectors,
                finds_itself=self._vector_finds,
            ),
        )

    async def sync(self, progress: Progress) -> SyncReport:
        """Take over what changed. An index that fails is tried once more; one that is damaged is rebuilt.

        In a process that is not the owner nothing is done, and the report says so.

        Raises:
            EncoderUnavailable: Passages lack vectors and the encoder cannot be loaded; words are up to date.
            IndexUnavailable: An index cannot be used now, and stays as it is; or not even after it was cleared.
        """
        return await self._each(progress, self._bring)

    async def check(self, progress: Progress) -> SyncReport:
        """`sync`, then see that each index holds what it should and finds it; one that does not is rebuilt."""
        return await self._each(progress, self._bring_and_check)

    async def rebuild(self, progress: Progress) -> SyncReport:
        """Clear both and fill them again, encoding only what has no stored vector."""
        return await self._each(progress, self._refill)

    async def follow(self, progress: Progress, every: timedelta) -> NoReturn:
        """Until cancelled, take over what any process stores, within about `every`.

        Costs one reading of the database a turn while nothing changes. In a process that is not the owner it waits to
        become it. What goes wrong is logged, once while it stays the same, and tried again the next turn.
        """
        level_at: int | None = None
        told: str | None = None
        while True:
            await asyncio.sleep(every.total_seconds())
            try:
                level_at = await self._level(level_at, progress)
                told = None
            except (IndexUnavailable, EncoderUnavailable, StorageError) as error:
                if str(error) != told:
                    logger.warning("index_not_level", extra={"reason": str(error)})
                told = str(error)

    async def _level(self, level_at: int | None, progress: Progress) -> int | None:
        """The revision both indexes stand at, after a `sync` unless the database is still at `level_at`."""
        if level_at is not None and (await self._corpus.changes(level_at, 1)).revision == level_at:
            return level_at
        if (await self.sync(progress)).held_elsewhere:
            return None
        return min(await self._lexical.revision(), await self._dense.revision())

    async def _each(self, progress: Progress, step: Callable[[_Side, _Tally, Progress], Awaitable[None]]) -> SyncReport:
        started = time.perf_counter()
        if not self._lock.acquire():
            return SyncReport(held_elsewhere=True)
        tally = _Tally()
        for side in self._sides:
            async with side.lock:
                await step(side, tally, progress)
        return SyncReport(
            encoded=tally.encoded,
            added=tally.added,
            removed=tally.removed,
            rebuilt=tuple(tally.rebuilt),
            took=timedelta(seconds=time.perf_counter() - started),
        )

    async def _bring(self, side: _Side, tally: _Tally, progress: Progress) -> None:
        try:
            await self._follow_again(side, tally, progress)
        except IndexDamaged as error:
            logger.warning("index_rebuilt", extra={"index": side.name, "reason": str(error)})
            await self._refill(side, tally, progress)

    async def _follow_again(self, side: _Side, tally: _Tally, progress: Progress) -> None:
        """`_follow`, and once more where it fails: the index has opened its files anew by then."""
        try:
            await self._follow(side, tally, progress)
        except IndexUnavailable as error:
            logger.info("index_tried_again", extra={"index": side.name, "reason": str(error)})
            await self._follow(side, tally, progress)

    async def _bring_and_check(self, side: _Side, tally: _Tally, progress: Progress) -> None:
        await self._bring(side, tally, progress)
        if side.name in tally.rebuilt:
            return
        reason = await self._astray(side)
        if reason:
            logger.warning("index_rebuilt", extra={"index": side.name, "reason": reason})
            await self._refill(side, tally, progress)

    async def _refill(self, side: _Side, tally: _Tally, progress: Progress) -> None:
        tally.rebuilt.append(side.name)
        await side.index.clear()
        await self._follow(side, tally, progress)

    async def _follow(self, side: _Side, tally: _Tally, progress: Progress) -> None:
        """Take changes over step by step until the index stands where the database does."""
        revision = await side.index.revision()
        held = await side.index.count()
        if revision == 0 and held:
            # A first step that was interrupted: what it left may have gone from the database since.
            await side.index.clear()
            held = 0
        done, total = 0, max(0, await self._corpus.passage_count() - held)
        while True:
            changes = await self._corpus.changes(revision, side.step)
            if changes.revision < revision:
                raise IndexDamaged(side.name, "is ahead of the database, which was restored or replaced")
            if changes.revision == revision:
                return
            await side.apply(changes, tally)
            revision = changes.revision
            done += len(changes.added)
            if done > total:
                # News came in meanwhile.
                total = done + max(0, await self._corpus.passage_count() - await side.index.count())
            progress(side.name, done, total)

    async def _apply_words(self, changes: Changes, tally: _Tally) -> None:
        await self._lexical.apply(changes)
        # Counted once, where passages are seen first.
        tally.added += len(changes.added)
        tally.removed += len(changes.removed)

    async def _apply_vectors(self, changes: Changes, tally: _Tally) -> None:
        held = await self._corpus.vectors(self._encoder.name, [passage.id for passage in changes.added])
        missing = [passage for passage in changes.added if passage.id not in held]
        for start in range(0, len(missing), _DENSE_STEP):
            # An article may be far longer than a step.
            held |= await self._encode(missing[start : start + _DENSE_STEP], tally)
        await self._dense.apply(changes, _stacked(changes.added, held))

    async def _encode(self, passages: Sequence[Passage], tally: _Tally) -> dict[PassageId, NDArray[np.float32]]:
        vectors = await self._encoder.encode_documents([document_text(passage) for passage in passages])
        ids = [passage.id for passage in passages]
        await self._corpus.store_vectors(self._encoder.name, ids, vectors)
        tally.encoded += len(ids)
        return dict(zip(ids, vectors, strict=True))

    async def _astray(self, side: _Side) -> str | None:
        """What shows that the index does not hold what it should; `None` where nothing does."""
        try:
            held, stored = await side.index.count(), await self._corpus.passage_count()
            revision = await side.index.revision()
            if (await self._corpus.changes(revision, 1)).revision != revision:
                # News came in meanwhile; the next sync takes it over.
                return None
            if held != stored:
                return f"holds {held} passages, the database {stored}"
            ids = await self._corpus.sample(_SAMPLE)
            sampled = await self._corpus.passages(ids, filters=Filters(), reader=None)
            lost = [passage.id for passage in sampled.values() if not await side.finds_itself(passage)]
        except IndexDamaged as error:
            return str(error)
        if len(lost) > len(sampled) * _MISSES_ALLOWED:
            return f"{len(lost)} of {len(sampled)} passages do not find themselves"
        return None

    async def _words_find(self, passage: Passage) -> bool:
        if not any(character.isalnum() for character in passage.text):
            return True
        matches = await self._lexical.search(passage.text, _SELF_DEPTH, Filters())
        scores = [match.score for match in matches]
        # Where all score alike, they are copies of one text, and this passage may be one of those further down.
        copies = len(matches) == _SELF_DEPTH and scores[0] - scores[-1] <= _ALIKE * scores[0]
        return copies or any(match.id == passage.id for match in matches)

    async def _vector_finds(self, passage: Passage) -> bool:
        stored = await self._corpus.vectors(self._encoder.name, [passage.id])
        if passage.id not in stored:
            return True
        vector = stored[passage.id]
        for depth in (_SELF_DEPTH, _SELF_DEPTH_AGAIN):
            matches = await self._dense.nearest(vector, depth, Filters())
            itself = any(match.id == passage.id and match.score >= 1 - _ALIKE for match in matches)
            copies = len(matches) == depth and matches[-1].score >= 1 - _ALIKE
            if itself or copies:
                return True
        return False


def document_text(passage: Passage) -> str:
    """What of a passage is encoded: the article's title and the text, which may itself begin with the title."""
    title = passage.headline.title
    return passage.text if passage.text.startswith(title) else f"{title}\n{passage.text}"


def _stacked(passages: Sequence[Passage], vectors: dict[PassageId, NDArray[np.float32]]) -> Vectors:
    if not passages:
        return np.zeros((0, 0), dtype=np.float32)
    return np.stack([vectors[passage.id] for passage in passages])

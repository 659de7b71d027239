"""How one index is kept equal to the database: followed step by step, looked over, and made anew where it is not sound.

Vectors are stored as they come and an index's revision moves only after its data, so that whatever is interrupted is
resumed or repeated. Knows nothing of other indexes, nor of which process may write.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Corpus, DenseIndex, LexicalIndex, Space, Vectors
from storage.domain.news import Changes, Filters, Passage, PassageId
from storage.domain.progress import Progress
from storage.errors import DimensionMismatch, IndexDamaged, IndexUnavailable

logger = logging.getLogger(__name__)

LEXICAL, DENSE = "lexical", "dense"

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
class Tally:
    """What has been done so far."""

    encoded: int = 0
    added: int = 0
    removed: int = 0
    rebuilt: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What goes along while an index is brought forward.

    Args:
        tally: Counts what is done.
        progress: Told how far it is.
        between: Done after every step, for what must not wait for all of them.
    """

    tally: Tally
    progress: Progress
    between: Callable[[], Awaitable[None]] | None = None


class Following(ABC):
    """One index and how changes reach it. Whoever brings it forward holds `lock`.

    Args:
        name: What it is called.
        step: About how many passages are taken over at a time.
    """

    def __init__(self, name: str, corpus: Corpus, index: DenseIndex | LexicalIndex, step: int) -> None:
        self.name = name
        self.lock = asyncio.Lock()
        self._corpus = corpus
        self._index = index
        self._step = step

    async def revision(self) -> int:
        """Where it stands."""
        return await self._index.revision()

    async def is_behind(self) -> bool:
        """Whether the database has moved on."""
        revision = await self._index.revision()
        return (await self._corpus.changes(revision, 1)).revision != revision

    async def bring(self, errand: Errand) -> None:
        """Take over what changed. An index that fails is tried once more; one that is damaged is made anew."""
        try:
            await self._follow_again(errand)
        except IndexDamaged as error:
            logger.warning("index_rebuilt", extra={"index": self.name, "reason": str(error)})
            await self.refill(errand)

    async def bring_and_check(self, errand: Errand) -> None:
        """`bring`, then see that it holds what it should and finds it; made anew where it does not."""
        await self.bring(errand)
        if self.name in errand.tally.rebuilt:
            return
        reason = await self._astray()
        if reason:
            logger.warning("index_rebuilt", extra={"index": self.name, "reason": reason})
            await self.refill(errand)

    async def refill(self, errand: Errand) -> None:
        """Make it anew."""
        errand.tally.rebuilt.append(self.name)
        await self._index.clear()
        await self._follow(errand)

    async def _follow_again(self, errand: Errand) -> None:
        """`_follow`, and once more where it fails: the index has opened its files anew by then."""
        try:
            await self._follow(errand)
        except IndexUnavailable as error:
            logger.info("index_tried_again", extra={"index": self.name, "reason": str(error)})
            await self._follow(errand)

    async def _follow(self, errand: Errand) -> None:
        """Take changes over step by step until the index stands where the database does."""
        revision = await self._index.revision()
        held = await self._index.count()
        if revision == 0 and held:
            # A first step that was interrupted: what it left may have gone from the database since.
            await self._index.clear()
            held = 0
        done, total = 0, max(0, await self._corpus.passage_count() - held)
        while True:
            changes = await self._corpus.changes(revision, self._step)
            if changes.revision < revision:
                raise IndexDamaged(self.name, "is ahead of the database, which was restored or replaced")
            if 0 < revision < changes.pruned:
                raise IndexDamaged(self.name, "has not followed for so long that what was removed since is forgotten")
            if changes.revision == revision:
                return
            await self._apply(changes, errand.tally)
            revision = changes.revision
            done += len(changes.added)
            if done > total:
                # News came in meanwhile.
                total = done + max(0, await self._corpus.passage_count() - await self._index.count())
            if done:
                errand.progress(self.name, done, total)
            if errand.between is not None:
                await errand.between()

    async def _astray(self) -> str | None:
        """What shows that the index does not hold what it should; `None` where nothing does."""
        try:
            held, stored = await self._index.count(), await self._corpus.passage_count()
            if await self.is_behind():
                # News came in meanwhile; the next time takes it over.
                return None
            if held != stored:
                return f"holds {held} passages, the database {stored}"
            ids = await self._corpus.sample(_SAMPLE)
            sampled = await self._corpus.passages(ids, filters=Filters(), reader=None)
            lost = [passage.id for passage in sampled.values() if not await self._finds_itself(passage)]
        except IndexDamaged as error:
            return str(error)
        if len(lost) > len(sampled) * _MISSES_ALLOWED:
            return f"{len(lost)} of {len(sampled)} passages do not find themselves"
        return None

    @abstractmethod
    async def _apply(self, changes: Changes, tally: Tally) -> None: ...

    @abstractmethod
    async def _finds_itself(self, passage: Passage) -> bool: ...


class FollowingWords(Following):
    """The index of words."""

    def __init__(self, corpus: Corpus, index: LexicalIndex) -> None:
        super().__init__(LEXICAL, corpus, index, _LEXICAL_STEP)
        self._words = index

    async def renew(self) -> None:
        """Write every passage anew, so that nothing in the files is left of those removed before; searches go on.

        What was removed is only marked so, until all that was written with it is replaced.
        """
        async with self.lock:
            await self.bring(Errand(tally=Tally(), progress=lambda *_: None))
        revision, more = 0, True
        while more:
            async with self.lock:
                changes = await self._corpus.changes(revision, self._step)
                more = changes.revision != revision
                if more:
                    # It stands where it stood: what came in meanwhile is taken over as ever.
                    await self._words.apply(replace(changes, revision=await self._words.revision()))
            revision = changes.revision

    async def _apply(self, changes: Changes, tally: Tally) -> None:
        await self._words.apply(changes)
        # Counted once, where passages are seen first.
        tally.added += len(changes.added)
        tally.removed += len(changes.removed)

    async def _finds_itself(self, passage: Passage) -> bool:
        if not any(character.isalnum() for character in passage.text):
            return True
        matches = await self._words.search(passage.text, _SELF_DEPTH, Filters())
        scores = [match.score for match in matches]
        # Where all score alike, they are copies of one text, and this passage may be one of those further down.
        copies = len(matches) == _SELF_DEPTH and scores[0] - scores[-1] <= _ALIKE * scores[0]
        return copies or any(match.id == passage.id for match in matches)


class FollowingVectors(Following):
    """The index of one encoder's vectors, which are stored as they come; the model is loaded only where some lack."""

    def __init__(self, corpus: Corpus, space: Space) -> None:
        super().__init__(DENSE, corpus, space.dense, _DENSE_STEP)
        self._dense = space.dense
        self._encoder = space.encoder

    async def refill(self, errand: Errand) -> None:
        """Make it anew from stored vectors; where those are not of one model, from vectors made anew."""
        try:
            await super().refill(errand)
        except DimensionMismatch as error:
            logger.warning("vectors_made_anew", extra={"encoder": self._encoder.name, "reason": str(error)})
            after = await self._corpus.forget_vectors(self._encoder.name)
            while after is not None:
                after = await self._corpus.forget_vectors(self._encoder.name, after=after)
            await super().refill(errand)

    async def _apply(self, changes: Changes, tally: Tally) -> None:
        held = await self._corpus.vectors(self._encoder.name, [passage.id for passage in changes.added])
        missing = [passage for passage in changes.added if passage.id not in held]
        for start in range(0, len(missing), _DENSE_STEP):
            # An article may be far longer than a step.
            held |= await self._encode(missing[start : start + _DENSE_STEP], tally)
        await self._dense.apply(changes, _stacked(changes.added, held))

    async def _encode(self, passages: Sequence[Passage], tally: Tally) -> dict[PassageId, NDArray[np.float32]]:
        vectors = await self._encoder.encode_documents([document_text(passage) for passage in passages])
        ids = [passage.id for passage in passages]
        await self._corpus.store_vectors(self._encoder.name, ids, vectors)
        tally.encoded += len(ids)
        return dict(zip(ids, vectors, strict=True))

    async def _finds_itself(self, passage: Passage) -> bool:
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


def _stacked(passages: Sequence[Passage], vectors: Mapping[PassageId, NDArray[np.float32]]) -> Vectors:
    """The vectors of `passages`, a row each.

    Raises:
        DimensionMismatch: They are of different widths: another model has gone by the same name.
    """
    if not passages:
        return np.zeros((0, 0), dtype=np.float32)
    rows = [vectors[passage.id] for passage in passages]
    for row in rows:
        if row.shape != rows[0].shape:
            raise DimensionMismatch(DENSE, expected=rows[0].shape[0], actual=row.shape[0])
    return np.stack(rows)

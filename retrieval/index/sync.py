"""What is searchable, kept equal to what is stored, and moved from one encoder to the next.

Words go first and never wait for vectors: they are brought forward after every step of those. The vectors of the
encoder that searches use go before those of one that is still coming. Only the owner of the index folder works here.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NoReturn

from retrieval.index.following import Errand, Following, FollowingVectors, FollowingWords, Tally
from retrieval.index.generations import is_due
from retrieval.index.lock import IndexLock
from retrieval.index.spaces import LivingSpaces
from retrieval.ports import Corpus, DenseIndex, Encoders, LexicalIndex
from storage.domain.encoders import EncoderModel, EncoderRole, KeptEncoder
from storage.domain.news import SyncReport
from storage.domain.progress import Progress
from storage.domain.times import Clock
from storage.errors import EncoderUnavailable, IndexDamaged, IndexUnavailable, TidingsError
from storage.libraries import first_line

logger = logging.getLogger(__name__)

_How = Callable[[Following, Errand], Awaitable[None]]


@dataclass(slots=True)
class _Work(Tally):
    """What a call has done; `failure` is the first of the index of words, which the vectors do not wait for."""

    failure: IndexUnavailable | None = None
    switched_to: str | None = None
    not_switched: str | None = None


class IndexKeeper:
    """Keeps what is searchable equal to what is stored, implementing `bot.flows.ports.Index`.

    Where another process is the owner, nothing is done and the report says so.

    Args:
        corpus: The stored passages and vectors.
        encoders: The record of encoders.
        spaces: Which of them searches use, and the indexes of their vectors.
        lexical: The index of words.
        lock: Whether this process may write to the indexes.
        clock: The present.
        rebuilt: Told the name of an index that was made anew.
    """

    def __init__(
        self,
        corpus: Corpus,
        encoders: Encoders,
        spaces: LivingSpaces,
        lexical: LexicalIndex,
        lock: IndexLock,
        clock: Clock,
        rebuilt: Callable[[str], None] | None = None,
    ) -> None:
        self._corpus = corpus
        self._encoders = encoders
        self._spaces = spaces
        self._lock = lock
        self._clock = clock
        self._rebuilt = rebuilt
        self._words = FollowingWords(corpus, lexical)
        self._vectors: dict[str, FollowingVectors] = {}
        self._forgotten: dict[str, int] = {}
        self._told: str | None = None

    async def sync(self, progress: Progress) -> SyncReport:
        """Take over what changed. An index that fails is tried once more; one that is damaged is rebuilt.

        Raises:
            EncoderUnavailable: Passages lack vectors and no encoder can be loaded; words are up to date.
            IndexUnavailable: An index cannot be used now, and stays as it is; or not even after it was cleared.
        """
        return await self._work(Following.bring, progress, switching=False)

    async def check(self, progress: Progress) -> SyncReport:
        """`sync`, then see that each index holds what it should and finds it; one that does not is rebuilt."""
        return await self._work(Following.bring_and_check, progress, switching=False)

    async def switch(self, progress: Progress) -> SyncReport:
        """`sync`, then bring the encoder that the settings name up until searches use it, if they do not yet.

        Searches go on meanwhile with the one they use, which is kept level. What is interrupted resumes.
        """
        return await self._work(Following.bring, progress, switching=True)

    async def rebuild(self, progress: Progress) -> SyncReport:
        """Clear the indexes and fill them again, encoding only what has no stored vector; `switch` with that."""
        return await self._work(Following.refill, progress, switching=True)

    async def follow(self, progress: Progress, every: timedelta) -> NoReturn:
        """Until cancelled, take over what any process stores, within about `every`; `switch` and `tidy` meanwhile.

        Costs one reading of the database a turn while nothing changes. In a process that is not the owner it waits to
        become it. Whatever goes wrong is logged, once while it stays the same, and tried again the next turn.
        """
        level_at: int | None = None
        told: str | None = None
        while True:
            await asyncio.sleep(every.total_seconds())
            try:
                level_at = await self._turn(level_at, progress)
                told = None
            except TidingsError as error:
                if str(error) != told:
                    logger.warning("index_not_level", extra={"reason": str(error)})
                told = str(error)
            except Exception as error:
                # The boundary: a fault of ours, or of a library, must not leave what comes later unsearchable.
                reason = f"{type(error).__name__}: {first_line(error)}"
                if reason != told:
                    logger.exception("index_not_level", extra={"reason": reason})
                told = reason

    async def behind(self) -> int:
        """How many articles are stored and cannot be found yet, by their words or by what they mean.

        Raises:
            IndexUnavailable: An index cannot be used now, or is damaged.
        """
        following = (self._words, self._following((await self._spaces.plan()).serving))
        return await self._corpus.ahead(min([await each.revision() for each in following]))

    async def renew_words(self) -> bool:
        """See that the files of the index of words hold nothing that was removed by now; whether it is so.

        Costs what making it anew costs, while searches go on. Nothing is done where another process is the owner.

        Raises:
            IndexUnavailable: The index cannot be used now.
        """
        if not self._lock.acquire():
            return False
        await self._words.renew()
        return True

    async def tidy(self) -> bool:
        """A step of dropping what encoders of no more use have left, once no search can be using it.

        What every index has taken over is pruned from the list of what was removed.

        Returns:
            Whether there is more to drop now.
        """
        if not self._lock.acquire():
            return False
        plan = await self._spaces.plan()
        models = [plan.serving] if plan.coming is None else [plan.serving, plan.coming]
        revisions = [await self._following(model).revision() for model in models]
        # One that holds nothing yet needs no removals.
        taken_over = [revision for revision in (await self._words.revision(), *revisions) if revision]
        await self._corpus.prune(min(taken_over, default=0))
        return any([await self._leave(each) for each in plan.leaving])

    async def _turn(self, level_at: int | None, progress: Progress) -> int | None:
        """The revision at which nothing is left to do until the database moves on; `None` where something is."""
        if level_at is not None and (await self._corpus.changes(level_at, 1)).revision == level_at:
            return level_at
        report = await self.switch(progress)
        if report.held_elsewhere:
            return None
        self._tell_not_switched(report.not_switched)
        await self.tidy()
        plan = await self._spaces.plan()
        if plan.coming is not None or plan.leaving or not plan.recorded:
            return None
        return min(await self._words.revision(), await self._following(plan.serving).revision())

    async def _work(self, how: _How, progress: Progress, *, switching: bool) -> SyncReport:
        started = time.perf_counter()
        if not self._lock.acquire():
            return SyncReport(held_elsewhere=True)
        work = _Work()
        plan = await self._spaces.plan()
        errand = Errand(tally=work, progress=progress)
        await self._bring_words(how, errand, work)
        if plan.coming is None or not switching:
            await self._bring_vectors(plan.serving, how, errand, work)
        else:
            # What is about to go is not made anew, unless it has to stay.
            await self._bring_vectors(plan.serving, Following.bring, errand, work)
            await self._bring_up(plan.coming, plan.serving, how, errand, work)
            if work.not_switched:
                await self._bring_vectors(plan.serving, how, errand, work)
        if not plan.recorded:
            await self._spaces.serve(plan.serving)
        if self._rebuilt is not None:
            for name in work.rebuilt:
                self._rebuilt(name)
        if work.failure is not None:
            raise work.failure
        return SyncReport(
            encoded=work.encoded,
            added=work.added,
            removed=work.removed,
            rebuilt=tuple(dict.fromkeys(work.rebuilt)),
            switched_to=work.switched_to,
            not_switched=work.not_switched,
            took=timedelta(seconds=time.perf_counter() - started),
        )

    async def _bring_vectors(self, serving: EncoderModel, how: _How, errand: Errand, work: _Work) -> None:
        """The index of the vectors searches use, that of words going on after every step."""
        follow_words = functools.partial(self._bring_words, Following.bring, errand, work)
        vectors = self._following(serving)
        async with vectors.lock:
            await how(vectors, replace(errand, between=follow_words))

    async def _keep_level(self, serving: EncoderModel, errand: Errand, work: _Work) -> None:
        """What came in while another encoder comes; what is wrong with it is for the next sync to say."""
        try:
            await self._bring_words(Following.bring, errand, work)
            await self._bring_vectors(serving, Following.bring, errand, work)
        except (EncoderUnavailable, IndexUnavailable) as error:
            logger.info("index_not_level", extra={"reason": str(error)})

    async def _bring_words(self, how: _How, errand: Errand, work: _Work) -> None:
        if work.failure is not None:
            return
        try:
            async with self._words.lock:
                await how(self._words, errand)
        except IndexUnavailable as error:
            work.failure = error

    async def _bring_up(
        self, coming: EncoderModel, serving: EncoderModel, how: _How, errand: Errand, work: _Work
    ) -> None:
        """The vectors of the encoder that is coming, to the database's revision; then searches use them."""
        await self._encoders.begin(coming, self._clock())
        vectors = self._following(coming)
        quietly = Errand(tally=work, progress=_unseen)
        errand = replace(errand, between=functools.partial(self._keep_level, serving, quietly, work))
        try:
            async with vectors.lock:
                await how(vectors, errand)
                await vectors.bring_and_check(errand)
                while await vectors.is_behind():
                    await vectors.bring(errand)
        except (EncoderUnavailable, IndexUnavailable) as error:
            work.not_switched = str(error)
            return
        await self._spaces.serve(coming)
        work.switched_to = coming.name
        logger.info("encoder_switched", extra={"encoder": coming.name, "before": serving.name})

    def _tell_not_switched(self, reason: str | None) -> None:
        """Once, while the reason stays the same; searches go on with the encoder they use."""
        if reason is not None and reason != self._told:
            logger.warning("encoder_not_switched", extra={"reason": reason})
        self._told = reason

    async def _leave(self, kept: KeptEncoder) -> bool:
        """A step of dropping an encoder; whether there is more to drop of it now. Repeated where it was cut short."""
        now = self._clock()
        if kept.role is not EncoderRole.RETIRED:
            await self._encoders.retire(kept.model.name, now)
            return False
        if not is_due(kept, now):
            return False
        await _empty(self._spaces.space(kept.model).dense)
        if await self._forget_some(kept.model.name):
            return True
        await self._encoders.forget(kept.model.name)
        self._vectors.pop(kept.model.name, None)
        self._spaces.release(kept.model)
        return False

    async def _forget_some(self, name: str) -> bool:
        """Forget some vectors of an encoder, after those that went before; whether there may be more."""
        after = self._forgotten.get(name)
        last = None if after is None else await self._corpus.forget_vectors(name, after=after)
        if last is None:
            # From the first: an encoder that was wanted again meanwhile has new ones below.
            last = await self._corpus.forget_vectors(name)
        if last is None:
            self._forgotten.pop(name, None)
            return False
        self._forgotten[name] = last
        return True

    def _following(self, model: EncoderModel) -> FollowingVectors:
        following = self._vectors.get(model.name)
        if following is None:
            following = self._vectors[model.name] = FollowingVectors(self._corpus, self._spaces.space(model))
        return following


async def _empty(dense: DenseIndex) -> None:
    """Clear an index that holds anything, or cannot tell."""
    try:
        if not await dense.count():
            return
    except IndexDamaged as error:
        logger.info("index_cleared", extra={"reason": str(error)})
    await dense.clear()


def _unseen(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches: what is watched meanwhile is something else."""

"""Quoting in a process of its own.

To quote is to count words over some twenty passages: ten milliseconds in which an event loop, and whoever shares its
interpreter, stands still. Where many ask at once it is done beside them, on another core, and they go on.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from multiprocessing.connection import wait

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Answer, Question
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId
from storage.errors import GenerationError

log = logging.getLogger(__name__)


_SECONDS = 5.0
"""Of the processor: a question takes some milliseconds; one that a pattern never gets through ends the child alone."""


class Aside:
    """Writes quoted answers in a child process, one after another. Use it from one event loop.

    The child is begun with the first question. If one breaks, what it had is written by the next.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    async def __call__(self, engine: ExtractiveEngine, question: Question, hits: Sequence[Hit]) -> Answer:
        """What `engine.write` gives.

        Raises:
            GenerationError: Two children broke over it, and it may be what breaks them.
        """
        for _ in range(2):
            if self._closed:
                break
            pool = self._pool = self._pool or _begun()
            try:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(pool, _write, engine.threshold, question, tuple(hits))
            except BrokenProcessPool:
                log.warning("quoting_process_broke")
                if self._pool is pool:
                    self._pool = None
        raise GenerationError(engine.name, "the process that quotes is closed" if self._closed else "broke twice")

    async def begin(self) -> None:
        """Begin the child, and wait until it can write."""
        self._pool = self._pool or _begun()
        await asyncio.get_running_loop().run_in_executor(self._pool, _ready)

    async def close(self) -> None:
        """End the child, after what it is at."""
        self._closed = True
        if (pool := self._pool) is not None:
            self._pool = None
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def _begun() -> ProcessPoolExecutor:
    # Forked, a child would hold whatever locks the threads of its parent have just then.
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Leave it to the parent when to end: what is sent to its whole group is its to handle, and its end is ours."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(parent: int) -> None:
    wait([parent])
    os._exit(0)


def _ready() -> None:
    """Load what it writes with: most of it is made when it is first used."""
    asked = datetime(2026, 1, 1, tzinfo=UTC)
    for text, language in (("What did it cost?", "en"), ("花了多少钱？", "zh")):
        title = Headline(id=ArticleId("-"), title=text, first_seen=asked, group=ArticleId("-"), language=language)
        hit = Hit(passage=Passage(id=PassageId(0), position=0, text=text, headline=title), score=1.0)
        question = Question(text=text, language=language, asked_at=asked, standalone=text)
        ExtractiveEngine(threshold=0.0).write(question, [hit])


def _write(threshold: float, question: Question, hits: Sequence[Hit]) -> Answer:
    bounded = hasattr(signal, "setitimer")
    if bounded:
        signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        return ExtractiveEngine(threshold=threshold).write(question, hits)
    finally:
        if bounded:
            signal.setitimer(signal.ITIMER_PROF, 0)

"""An instance made for an evaluation: set up as this one is, holding nothing but the data."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.app import App, open_app
from bot.settings import load_settings
from retrieval.evaluation.collection import Collection
from storage.domain.progress import Progress
from storage.errors import IndexDamaged

_WORDS_STEP = 500


@asynccontextmanager
async def scratch_instance(scratch: Path | None) -> AsyncIterator[App]:
    """An instance set up as this one is, with nothing in it but what an evaluation puts there."""
    with _folder(scratch) as home:
        settings = load_settings().model_copy(update={"home": home, "database_url": None, "chroma_url": None})
        async with open_app(settings) as app:
            yield app


@contextmanager
def _folder(scratch: Path | None) -> Iterator[Path]:
    if scratch is not None:
        yield scratch
        return
    with tempfile.TemporaryDirectory(prefix="tidings-evaluate-") as folder:
        yield Path(folder)


async def fill(app: App, collection: Collection, progress: Progress, *, words_only: bool) -> int:
    """Store and index the articles; how many lines could not be read."""
    failed = 0
    for path in collection.articles:
        failed += len((await app.gather.jsonl(path, progress)).failed)
    if not words_only:
        await app.index.sync(progress)
        return failed
    # Vectors are nearly all of the work, and no use here.
    try:
        revision = await app.lexical.revision()
    except IndexDamaged:
        await app.lexical.clear()
        revision = 0
    done = await app.lexical.count()
    while (changes := await app.articles.changes(revision, _WORDS_STEP)).revision != revision:
        await app.lexical.apply(changes)
        revision = changes.revision
        done += len(changes.added)
        progress("lexical", done, None)
    return failed

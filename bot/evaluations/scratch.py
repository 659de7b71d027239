"""An instance made for an evaluation: set up as this one is, holding nothing but the data."""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from bot.app import App, open_app, utc_now
from bot.encoders import wanted_encoder
from bot.settings import load_settings
from retrieval.evaluation.collection import Collection
from storage.domain.progress import Progress
from storage.domain.times import Clock
from storage.errors import EncoderUnavailable, IndexDamaged, InputError

T = TypeVar("T")

_WORDS_STEP = 500
# Holds the digest of the data that the instance was made of.
_MARK = "evaluated-data"


@asynccontextmanager
async def scratch_instance(
    scratch: Path | None, articles: Sequence[Path] = (), clock: Clock = utc_now
) -> AsyncIterator[App]:
    """An instance set up as this one is, with nothing in it but what an evaluation puts there.

    Args:
        scratch: Where it is kept, to be used again; without one it is thrown away.
        articles: The files that it will hold the articles of.
        clock: Gives the present.

    Raises:
        InputError: The folder holds something else, which would be measured too, or be changed.
    """
    with _folder(scratch, articles) as home:
        given = load_settings()
        changed = {"home": home, "encoder": wanted_encoder(given), "database_url": None, "chroma_url": None}
        settings = given.model_copy(update=changed)
        async with open_app(settings, clock) as app:
            yield app


def drawn(items: Sequence[T], most: int | None) -> list[T]:
    """So many of them, drawn by chance and always the same ones, in their order; all where there are no more."""
    if most is None or most >= len(items):
        return list(items)
    chosen = random.Random(0).sample(range(len(items)), most)  # noqa: S311 # nothing is kept secret by it
    return [items[i] for i in sorted(chosen)]


@contextmanager
def _folder(scratch: Path | None, articles: Sequence[Path]) -> Iterator[Path]:
    if scratch is not None:
        _claim(scratch, _digest(articles))
        yield scratch
        return
    with tempfile.TemporaryDirectory(prefix="tidings-evaluate-") as folder:
        yield Path(folder)


def _claim(folder: Path, digest: str) -> None:
    """Mark the folder as holding an evaluation's instance over this data and nothing else."""
    mark = folder / _MARK
    try:
        if mark.is_file():
            if mark.read_text(encoding="utf-8") != digest:
                raise InputError(str(folder), "holds an evaluation over other data: name a new or an empty folder")
        elif folder.is_dir() and any(folder.iterdir()):
            raise InputError(str(folder), "holds what no evaluation put there: name a new or an empty folder")
        else:
            folder.mkdir(parents=True, exist_ok=True)
            mark.write_text(digest, encoding="utf-8")
    except OSError as error:
        raise InputError(str(folder), f"cannot be used: {error.strerror}") from error


def _digest(articles: Sequence[Path]) -> str:
    """The same for the same articles, whatever their files are called."""
    each: list[str] = []
    for path in articles:
        with path.open("rb") as file:
            each.append(hashlib.file_digest(file, "sha256").hexdigest())
    return hashlib.sha256("".join(sorted(each)).encode()).hexdigest()


async def fill(app: App, collection: Collection, progress: Progress, *, words_only: bool) -> int:
    """Store and index the articles; how many lines could not be read.

    Raises:
        EncoderUnavailable: A model that the settings name cannot be used: figures of a search without it would pass for
            figures of it.
    """
    if not words_only:
        await app.encoder.encode_query("news")
        if app.reranker is not None:
            await app.reranker.load()
    failed = 0
    for path in collection.articles:
        failed += len((await app.gather.jsonl(path, progress)).failed)
    if not words_only:
        # An instance that is used again may have been searched with another encoder, whose vectors are kept there.
        report = await app.index.switch(progress)
        if report.not_switched is not None:
            raise EncoderUnavailable(app.encoder.name, report.not_switched)
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

"""Nearest passages by their vectors: Chroma, embedded or a server. The only module that imports chromadb.

A cache of what the database holds. Embedded Chroma belongs to one process: another may read the folder but must not
write, and looks now and then whether the owner has moved on. Each encoder has a collection of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from retrieval.index.facets import facets, microseconds
from retrieval.index.faults import unavailable
from retrieval.owner import OwnerThread
from retrieval.ports import Match, Vectors
from storage.domain.news import Changes, Filters, Headline, PassageId
from storage.domain.sources import fold
from storage.errors import DimensionMismatch, IndexDamaged, IndexUnavailable

if TYPE_CHECKING:
    import httpx
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Where

P = ParamSpec("P")
R = TypeVar("R")

_NAME = "dense"
# Raise it whenever what is kept beside the vectors changes: collections of another layout are rebuilt.
_LAYOUT = 1

# Small enough that a search between two of them waits for tens of milliseconds.
_BATCH = 250
# A server that does not answer must not hold up a reply, nor a large folder that is read for the first time.
_SEARCH_SECONDS = 30.0
_WRITE_SECONDS = 300.0
# Reading a large collection again takes a second, so a process that is not the owner does it rarely.
_LOOK_AGAIN_SECONDS = 60.0

Metadata = dict[str, str | int | float | bool]


class ChromaIndex:
    """The dense index, implementing `retrieval.ports.DenseIndex`; scores are cosines.

    Args:
        place: A folder for embedded Chroma, or the URL of a server.
        encoder: Name of the encoder whose vectors it holds.
    """

    def __init__(self, place: Path | str, encoder: str) -> None:
        self._place = place
        self._has_files = isinstance(place, Path)
        # Names may be paths, which Chroma's own names may not.
        self._name = f"passages-{hashlib.sha256(encoder.encode()).hexdigest()[:16]}"
        self._reading = OwnerThread("chroma-search")
        self._writing = OwnerThread("chroma-write")
        # Each held by its thread while it uses the files. Who lets go of them holds both: the searching thread never
        # waits for the other, which may write for minutes.
        self._searching = threading.Lock()
        self._changing = threading.Lock()
        self._opening = threading.Lock()
        self._client: Client | None = None
        self._known_revision = 0
        self._looked_at = 0.0

    async def revision(self) -> int:
        """The revision of the corpus it stands at."""
        return await self._call(self._reading, _SEARCH_SECONDS, self._search_with, self._revision)

    async def apply(self, changes: Changes, vectors: Vectors) -> None:
        """Take `changes` over: what was there under an id is replaced."""
        if vectors.shape[0] != len(changes.added):
            raise ValueError(f"{len(changes.added)} passages came with {vectors.shape[0]} vectors")
        await self._call(self._writing, _WRITE_SECONDS, self._change_with, self._apply, changes, vectors)

    async def nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> Sequence[Match]:
        """Up to k matches, best first. Unbounded filters are fast; others make Chroma scan."""
        return await self._call(self._reading, _SEARCH_SECONDS, self._search_with, self._nearest, vector, k, filters)

    async def count(self) -> int:
        """How many passages it holds."""
        return await self._call(self._reading, _SEARCH_SECONDS, self._search_with, self._count)

    async def clear(self) -> None:
        """Forget everything, whatever state the files are in."""
        await self._call(self._writing, _WRITE_SECONDS, self._change_with, self._clear)

    async def warm(self) -> None:
        """Load the library and the vectors now rather than with the first search."""
        await self._call(self._reading, _WRITE_SECONDS, self._search_with, self._count)

    def close(self) -> None:
        """Finish what is under way and let go of the files."""
        self._reading.close()
        self._writing.close()
        self._disconnect()

    async def _call(
        self, owner: OwnerThread, seconds: float, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        try:
            async with asyncio.timeout(seconds):
                return await owner.run(function, *args, **kwargs)
        except TimeoutError as error:
            raise IndexUnavailable(_NAME, f"no answer within {seconds:g} s") from error

    def _search_with(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._searching:
            try:
                with unavailable(_NAME, files=self._has_files):
                    return function(*args, **kwargs)
            except DimensionMismatch:
                raise
            except IndexUnavailable:
                # The owner may have rebuilt the files since; the next call opens them anew.
                self._disconnect_unless_changing()
                raise

    def _change_with(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._changing:
            try:
                with unavailable(_NAME, files=self._has_files):
                    return function(*args, **kwargs)
            except DimensionMismatch:
                raise
            except IndexUnavailable:
                with self._searching:
                    self._disconnect()
                raise

    def _revision(self) -> int:
        collection = self._collection()
        return 0 if collection is None else _revision_of(collection)

    def _count(self) -> int:
        collection = self._collection()
        return 0 if collection is None else collection.count()

    def _nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Match]:
        self._look_again()
        collection = self._collection()
        if collection is None:
            return []
        _check_width(collection, vector.shape[0])
        found = collection.query(
            query_embeddings=vector[np.newaxis, :],
            n_results=k,
            where=_where(filters) if filters.any else None,
            include=["distances"],
        )
        distances = found["distances"] or [[]]
        return [
            Match(id=PassageId(int(id_)), score=1.0 - float(distance))
            for id_, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def _apply(self, changes: Changes, vectors: Vectors) -> None:
        self._catch_up()
        collection = self._made_collection()
        if changes.added:
            _check_width(collection, vectors.shape[1])
        for at in range(0, len(changes.removed), _BATCH):
            collection.delete(ids=[str(id_) for id_ in changes.removed[at : at + _BATCH]])
        for at in range(0, len(changes.added), _BATCH):
            batch = changes.added[at : at + _BATCH]
            collection.upsert(
                ids=[str(passage.id) for passage in batch],
                embeddings=vectors[at : at + _BATCH],
                metadatas=[_metadata(passage.headline) for passage in batch],
            )
        width = vectors.shape[1] if changes.added else (collection.metadata or {}).get("dimensions", 0)
        collection.modify(metadata={"revision": changes.revision, "dimensions": width, "layout": _LAYOUT})
        self._known_revision = changes.revision

    def _catch_up(self) -> None:
        """Open the files anew where another process wrote since this one read them: what is in memory is stale."""
        if self._is_stale():
            with self._searching:
                self._disconnect()

    def _look_again(self) -> None:
        """The same for a search, now and then; while this process writes, no other does."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_AGAIN_SECONDS:
            self._looked_at = now
            self._disconnect_unless_changing(only_if=self._is_stale)

    def _is_stale(self) -> bool:
        return self._client is not None and self._revision() != self._known_revision

    def _disconnect_unless_changing(self, only_if: Callable[[], bool] = lambda: True) -> None:
        if self._changing.acquire(blocking=False):
            try:
                if only_if():
                    self._disconnect()
            finally:
                self._changing.release()

    def _collection(self) -> Collection | None:
        """The collection, or `None` where there is none yet; reading makes nothing."""
        from chromadb.errors import NotFoundError

        if isinstance(self._place, Path) and _generation(self._place) is None:
            return None
        try:
            collection = self._connected().get_collection(self._name, embedding_function=None)
        except NotFoundError:
            return None
        _check_layout(collection)
        return collection

    def _made_collection(self) -> Collection:
        existing = self._collection()
        if existing is not None:
            return existing
        if isinstance(self._place, Path) and _generation(self._place) is None:
            (self._place / "1").mkdir(parents=True)
        return self._connected().create_collection(
            self._name,
            configuration={"hnsw": {"space": "cosine"}},
            metadata={"revision": 0, "dimensions": 0, "layout": _LAYOUT},
            embedding_function=None,
        )

    def _connected(self) -> Client:
        with self._opening:
            if self._client is None:
                self._client = _connect(self._place)
                self._known_revision = max(
                    (_revision_of(each) for each in self._client.list_collections() if each.name == self._name),
                    default=0,
                )
            return self._client

    def _disconnect(self) -> None:
        with self._opening:
            client, self._client = self._client, None
            if client is not None:
                sessions = _sessions(client)
                with unavailable(_NAME, files=self._has_files):
                    client.close()
                for session in sessions:
                    session.close()

    def _clear(self) -> None:
        if isinstance(self._place, Path):
            with self._searching:
                try:
                    self._disconnect()
                except IndexUnavailable:
                    # A wedged client is left behind with its folder.
                    self._client = None
                _begin_generation(self._place)
        elif self._collection_exists():
            self._connected().delete_collection(self._name)
        self._known_revision = 0

    def _collection_exists(self) -> bool:
        return any(collection.name == self._name for collection in self._connected().list_collections())


def _connect(place: Path | str) -> Client:
    import chromadb
    import httpx
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        client = chromadb.PersistentClient(path=place / str(_generation(place)), settings=settings)
        return cast("Client", client)
    # The library sets no time limit, so a server that hangs is found out before it is let near.
    httpx.get(f"{place.rstrip('/')}/api/v2/heartbeat", timeout=_SEARCH_SECONDS).raise_for_status()
    url = urlsplit(place)
    secure = url.scheme == "https"
    port = url.port or (443 if secure else 80)
    client = cast("Client", chromadb.HttpClient(host=url.hostname or "", port=port, ssl=secure, settings=settings))
    for session in _sessions(client):
        session.timeout = httpx.Timeout(_SEARCH_SECONDS)
    return client


def _sessions(client: Client) -> list[httpx.Client]:
    """The connections of a client of a server, which the library neither limits in time nor closes."""
    import httpx

    # There is no other way to them than through what is private; an embedded client has none.
    servers = [getattr(each, "_server", None) for each in (client, getattr(client, "_admin_client", None))]
    sessions = [getattr(server, "_session", None) for server in servers]
    return [session for session in sessions if isinstance(session, httpx.Client)]


def _generation(folder: Path) -> int | None:
    """The newest of the numbered folders in `folder`.

    A cleared index begins in a new one: the library remembers each path it opened, and what went wrong with it, for
    as long as the process lives.
    """
    if not folder.exists():
        return None
    return max((int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal()), default=None)


def _begin_generation(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        folder.unlink()
    old = _generation(folder) or 0
    (folder / str(old + 1)).mkdir(parents=True)
    for entry in folder.iterdir():
        if entry.name == str(old + 1):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def _revision_of(collection: Collection) -> int:
    return int((collection.metadata or {}).get("revision", 0))


def _check_layout(collection: Collection) -> None:
    if (collection.metadata or {}).get("layout") != _LAYOUT:
        raise IndexDamaged(_NAME, "was written by another version of Tidings")


def _check_width(collection: Collection, width: int) -> None:
    expected = int((collection.metadata or {}).get("dimensions", 0))
    if expected and width != expected:
        raise DimensionMismatch(_NAME, expected=expected, actual=width)


def _metadata(headline: Headline) -> Metadata:
    facet = facets(headline)
    metadata: Metadata = {"language": facet.language, "undated": facet.published is None}
    if facet.published is not None:
        metadata["published"] = facet.published
    return metadata | {f"source={source}": True for source in facet.sources}


def _where(filters: Filters) -> Where:
    bounds: list[Where] = []
    if filters.language:
        bounds.append({"language": filters.language})
    if filters.sources:
        bounds.append(_any([{f"source={fold(source)}": True} for source in filters.sources]))
    times: list[Where] = []
    if filters.since:
        times.append(cast("Where", {"published": {"$gte": microseconds(filters.since)}}))
    if filters.until:
        times.append(cast("Where", {"published": {"$lt": microseconds(filters.until)}}))
    if times and filters.undated:
        times = [{"$or": [_all(times), {"undated": True}]}]
    return _all(bounds + times)


def _any(bounds: list[Where]) -> Where:
    return bounds[0] if len(bounds) == 1 else {"$or": bounds}


def _all(bounds: list[Where]) -> Where:
    return bounds[0] if len(bounds) == 1 else {"$and": bounds}

"""Nearest passages by their vectors: Chroma, embedded or a server. The only module that imports chromadb.

A cache of what the database holds. Chroma's graph of neighbours answers what asks for all passages or many of them;
what filters leave of the others is looked through in a catalogue beside it, since Chroma's own filters scan its
metadata. Embedded Chroma belongs to one process: another may read the folder but must not write, and looks now and
then whether the owner has moved on. Each encoder has a folder, and a collection, of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from retrieval.index.catalogue import Catalogue
from retrieval.index.faults import unavailable
from retrieval.index.narrowing import Rows, nearest_of
from retrieval.index.numbered import NumberedFolders
from retrieval.owner import OwnerThread
from retrieval.ports import Match, Vectors
from storage.domain.news import Changes, Filters, PassageId
from storage.errors import DimensionMismatch, IndexDamaged, IndexUnavailable

if TYPE_CHECKING:
    import httpx
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

P = ParamSpec("P")
R = TypeVar("R")

_NAME = "dense"
# Raise it whenever what is kept beside the vectors changes: collections of another layout are rebuilt.
_LAYOUT = 2

# Small enough that a search between two of them waits for tens of milliseconds.
_BATCH = 250
# A server that does not answer must not hold up a reply, nor a large folder that is read for the first time.
_SEARCH_SECONDS = 30.0
_WRITE_SECONDS = 300.0
# Reading a large collection again takes a second, so a process that is not the owner does it rarely.
_LOOK_AGAIN_SECONDS = 60.0

# How far the graph of neighbours is searched. The library's 100 found .942 of the ten nearest among 100,000.
_GRAPH: CreateHNSWConfiguration = {"space": "cosine", "ef_search": 200}
# Filters that leave at least this share ask the graph for as many more, and some to spare; others would have it go
# deeper than looking through what they leave costs. The same where it would have to come up with very many.
_WIDE_SHARE = 0.25
_TO_SPARE = 1.5
_MOST_OF_GRAPH = 1000


class ChromaIndex:
    """The dense index, implementing `retrieval.ports.DenseIndex`; scores are cosines.

    Args:
        place: A folder for embedded Chroma, or the URL of a server.
        encoder: Name of the encoder whose vectors it holds. Any number of encoders share a folder and keep apart.
        folder: Where the catalogues of a server's passages are kept on this machine; embedded ones are in `place`.
    """

    def __init__(self, place: Path | str, encoder: str, folder: Path | None = None) -> None:
        self._server = None if isinstance(place, Path) else place
        self._name = f"passages-{_digest(encoder)}"
        if isinstance(place, Path):
            self._folders = NumberedFolders(place / self._name)
        elif folder is not None:
            self._folders = NumberedFolders(folder / f"passages-{_digest(place, encoder)}")
        else:
            raise ValueError(f"no folder was given for what is kept here of {place}")
        self._reading = OwnerThread("chroma-search")
        self._writing = OwnerThread("chroma-write")
        # Each held by its thread while it uses the files. Who lets go of them holds both: the searching thread never
        # waits for the other, which may write for minutes.
        self._searching = threading.Lock()
        self._changing = threading.Lock()
        self._opening = threading.Lock()
        self._client: Client | None = None
        self._handle: Collection | None = None
        self._catalogue: Catalogue | None = None
        self._opened_folder: Path | None = None
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
        """Up to k matches, best first. Filters that leave few are the fastest, and exact but for the rarest miss."""
        return await self._call(self._reading, _SEARCH_SECONDS, self._search_with, self._nearest, vector, k, filters)

    async def count(self) -> int:
        """How many passages it holds."""
        return await self._call(self._reading, _SEARCH_SECONDS, self._search_with, self._count)

    async def clear(self) -> None:
        """Forget everything, whatever state the files are in."""
        await self._call(self._writing, _WRITE_SECONDS, self._change_with, self._clear)

    async def warm(self) -> None:
        """Load the library and the vectors now rather than with the first search."""
        await self._call(self._reading, _WRITE_SECONDS, self._search_with, self._warm)

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
                with unavailable(_NAME, files=self._server is None):
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
                with unavailable(_NAME, files=self._server is None):
                    return function(*args, **kwargs)
            except DimensionMismatch:
                raise
            except IndexUnavailable:
                with self._searching:
                    self._disconnect()
                raise

    def _revision(self) -> int:
        """Where the one of the two stands that is further behind: what it lacks is taken over by both."""
        collection = self._collection()
        return 0 if collection is None else min(_revision_of(collection), self._opened_catalogue().revision)

    def _count(self) -> int:
        collection = self._collection()
        return 0 if collection is None else min(collection.count(), self._opened_catalogue().rows.count)

    def _warm(self) -> None:
        # A first query loads the graph.
        if self._count():
            self._among_all(np.ones(self._opened_catalogue().dimensions, dtype=np.float32), 1)

    def _nearest(self, vector: NDArray[np.float32], k: int, filters: Filters) -> list[Match]:
        self._look_again()
        catalogue = self._opened_catalogue()
        catalogue.check_width(vector.shape[0])
        if not filters.any:
            return self._among_all(vector, k)
        rows = catalogue.rows
        meets = rows.meeting(filters)
        left = np.flatnonzero(meets)
        matches = self._among_many(vector, k, rows, meets, len(left) / max(1, len(rows)))
        if matches is not None:
            return matches
        ids, cosines = nearest_of(rows, left, vector, k)
        return _matches(ids.tolist(), cosines.tolist())

    def _among_many(
        self, vector: NDArray[np.float32], k: int, rows: Rows, meets: NDArray[np.bool_], share: float
    ) -> list[Match] | None:
        """What meets the filters among the graph's nearest, or `None` where that is not the way to k of them."""
        asked = int(k / share * _TO_SPARE) if share >= _WIDE_SHARE else 0
        if not 0 < asked <= _MOST_OF_GRAPH:
            return None
        matches = self._among_all(vector, asked)
        places = rows.places([match.id for match in matches])
        kept = [match for match, place in zip(matches, places, strict=True) if place >= 0 and meets[place]]
        return kept[:k] if len(kept) >= k else None

    def _among_all(self, vector: NDArray[np.float32], k: int) -> list[Match]:
        if self._handle is None:
            self._handle = self._collection()
        if self._handle is None:
            return []
        found = self._handle.query(query_embeddings=vector[np.newaxis, :], n_results=k, include=["distances"])
        distances = found["distances"] or [[]]
        return _matches([int(id_) for id_ in found["ids"][0]], [1.0 - float(each) for each in distances[0]])

    def _apply(self, changes: Changes, vectors: Vectors) -> None:
        self._catch_up()
        catalogue = self._opened_catalogue()
        if changes.added:
            catalogue.check_width(vectors.shape[1])
        collection = self._made_collection()
        # On a server others may have brought it further, or a lost catalogue is made again.
        if _revision_of(collection) < changes.revision:
            _put(collection, changes, vectors)
        catalogue.apply(changes, vectors)
        if _revision_of(collection) < changes.revision:
            collection.modify(metadata={"revision": changes.revision, "layout": _LAYOUT})

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
        catalogue = self._catalogue
        if catalogue is None:
            return False
        return self._opened_folder != self._folders.newest() or catalogue.is_stale()

    def _disconnect_unless_changing(self, only_if: Callable[[], bool] = lambda: True) -> None:
        if self._changing.acquire(blocking=False):
            try:
                if only_if():
                    self._disconnect()
            finally:
                self._changing.release()

    def _collection(self) -> Collection | None:
        """The collection as it is now, or `None` where there is none yet; reading makes nothing."""
        from chromadb.errors import NotFoundError

        if self._server is None and not self._folders.exist:
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
            if self._server is not None or _revision_of(existing) or not existing.count():
                return existing
            # A first step that was interrupted: what it left may have gone from the database since.
            self._connected().delete_collection(self._name)
            self._handle = None
        if not self._folders.exist:
            self._folders.begin()
        return self._connected().create_collection(
            self._name,
            configuration={"hnsw": _GRAPH},
            metadata={"revision": 0, "layout": _LAYOUT},
            embedding_function=None,
        )

    def _connected(self) -> Client:
        with self._opening:
            if self._client is None:
                self._client = _connect(self._server or self._folders.newest())
            return self._client

    def _opened_catalogue(self) -> Catalogue:
        with self._opening:
            if self._catalogue is None:
                self._opened_folder = self._folders.newest()
                self._catalogue = Catalogue(self._opened_folder / "catalogue", _NAME)
            return self._catalogue

    def _disconnect(self) -> None:
        with self._opening:
            client, self._client, self._handle, self._catalogue = self._client, None, None, None
            if client is not None:
                sessions = _sessions(client)
                with unavailable(_NAME, files=self._server is None):
                    client.close()
                for session in sessions:
                    session.close()

    def _clear(self) -> None:
        with self._searching:
            if self._server is not None and self._collection_exists():
                self._connected().delete_collection(self._name)
            try:
                self._disconnect()
            except IndexUnavailable:
                # A wedged client is left behind with its folder.
                self._client = None
            self._folders.begin()

    def _collection_exists(self) -> bool:
        return any(collection.name == self._name for collection in self._connected().list_collections())


def _connect(place: Path | str) -> Client:
    import chromadb
    import httpx
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if isinstance(place, Path):
        client = chromadb.PersistentClient(path=place, settings=settings)
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


def _revision_of(collection: Collection) -> int:
    return int((collection.metadata or {}).get("revision", 0))


def _check_layout(collection: Collection) -> None:
    if (collection.metadata or {}).get("layout") != _LAYOUT:
        raise IndexDamaged(_NAME, "was written by another version of Tidings")


def _put(collection: Collection, changes: Changes, vectors: Vectors) -> None:
    for at in range(0, len(changes.removed), _BATCH):
        collection.delete(ids=[str(id_) for id_ in changes.removed[at : at + _BATCH]])
    for at in range(0, len(changes.added), _BATCH):
        ids = [str(passage.id) for passage in changes.added[at : at + _BATCH]]
        collection.upsert(ids=ids, embeddings=vectors[at : at + _BATCH])


def _matches(ids: Sequence[int], cosines: Sequence[float]) -> list[Match]:
    return [Match(id=PassageId(id_), score=cosine) for id_, cosine in zip(ids, cosines, strict=True)]


def _digest(*names: str) -> str:
    """Names may be paths or links, which neither files' nor Chroma's own names may."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]

"""What the passages of the dense index are narrowed by, in files: facets, a sketch of each vector, and the vectors.

Rows are only ever appended; a watermark, replaced whole, says how many of them count, and what a kill left beyond is
cut off by the next append. Facets and sketches, some hundred bytes a passage, are held in memory, vectors are mapped.
Knows neither Chroma nor how rows are searched.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from retrieval.index.facets import MOST_SOURCES, facets, key
from retrieval.index.narrowing import UNDATED, Rows
from retrieval.index.sketches import sketched, words_of
from retrieval.index.watermark import Watermark
from retrieval.ports import Vectors
from storage.domain.news import Changes
from storage.errors import DimensionMismatch, IndexDamaged

_LAYOUT = 1
# Rows read, or copied, at a time.
_CHUNK = 65_536
# Rows that count for nothing are left behind when there are this many of them, and more than of the others.
_LEAST_WASTE = 10_000
# Rows whose sketch is compared with their vector when the files are opened.
_PROBES = 64

_Records = NDArray[np.void]


class Catalogue:
    """The rows in a folder of its own. One thread, of one process, may append; any may read `rows` meanwhile.

    Args:
        folder: Where the files live; made when first written to.
        index: The name of the index it belongs to, for errors.
    """

    def __init__(self, folder: Path, index: str) -> None:
        self._folder = folder
        self._index = index
        self._watermark = Watermark(
            folder / "watermark.json", index=index, layout=_LAYOUT, figures=("rows", "dimensions", "part", "checksum")
        )
        figures = self._watermark.figures()
        self.revision = figures["revision"]
        self.dimensions = figures["dimensions"]
        self._part = figures["part"]
        self._checksum = 0
        self._table = _Table(words_of(self.dimensions))
        self._held = np.zeros(0, dtype=np.bool_)
        self._read(figures["rows"])
        if self._checksum != figures["checksum"]:
            raise IndexDamaged(index, f"{self._rows_path} is not what was written")
        self.rows = self._published()
        self._probe()

    def is_stale(self) -> bool:
        """Whether another process has written since the files were read."""
        return self._watermark.read() != self.revision

    def check_width(self, width: int) -> None:
        """Raise `DimensionMismatch` unless vectors of this width belong here; any do while there are none."""
        if self.dimensions and width != self.dimensions:
            raise DimensionMismatch(self._index, expected=self.dimensions, actual=width)

    def apply(self, changes: Changes, vectors: Vectors) -> None:
        """Take `changes` over, `vectors[i]` belonging to `changes.added[i]`; doing so again changes nothing.

        Whoever reads `rows` sees all of it or nothing.
        """
        if changes.added and not self.dimensions:
            self.dimensions = vectors.shape[1]
            self._table = _Table(words_of(self.dimensions))
        if self.dimensions:
            records = _records(changes, vectors, self._table)
            removed = np.zeros((len(changes.removed), self.dimensions), dtype=np.float16)
            self._append(records, np.concatenate([removed, vectors.astype(np.float16)]) if changes.added else removed)
            self._hold(records)
        self.revision = changes.revision
        self._mark()
        self.rows = self._published()
        if len(self._table) - self.rows.count > max(_LEAST_WASTE, self.rows.count):
            self._leave_waste_behind()

    @property
    def _rows_path(self) -> Path:
        return self._folder / f"rows-{self._part}.bin"

    @property
    def _vectors_path(self) -> Path:
        return self._folder / f"vectors-{self._part}.bin"

    def _read(self, n: int) -> None:
        if not n:
            return
        with self._rows_path.open("rb") as file:
            for start in range(0, n, _CHUNK):
                records = np.fromfile(file, dtype=self._table.record, count=min(_CHUNK, n - start))
                self._checksum = zlib.crc32(records.tobytes(), self._checksum)
                self._table.append(records)
        if len(self._table) != n or self._vectors_path.stat().st_size < n * self.dimensions * 2:
            raise IndexDamaged(self._index, f"{self._rows_path} was cut short")
        self._held = _last_of_each(self._table.ids) & ~self._table.removed

    def _probe(self) -> None:
        """See that the vectors are those that were sketched, on some of them."""
        some = np.arange(0, len(self.rows), max(1, len(self.rows) // _PROBES))
        expected = self.rows.sketches[:, some].T[~self._table.removed[some]]
        found = sketched(self.rows.vectors[some].astype(np.float32))[~self._table.removed[some]]
        if not np.array_equal(expected, found):
            raise IndexDamaged(self._index, f"{self._vectors_path} is not what was written")

    def _append(self, records: _Records, vectors: NDArray[np.float16]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        n = len(self._table)
        _append_at(self._rows_path, n * self._table.record.itemsize, records.tobytes())
        _append_at(self._vectors_path, n * self.dimensions * 2, vectors.tobytes())
        self._checksum = zlib.crc32(records.tobytes(), self._checksum)

    def _mark(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._watermark.write(
            self.revision,
            rows=len(self._table),
            dimensions=self.dimensions,
            part=self._part,
            checksum=self._checksum,
        )

    def _hold(self, records: _Records) -> None:
        """Let the new rows take the place of what there was under their ids."""
        held = np.concatenate([self._held, _last_of_each(records["id"]) & ~records["removed"]])
        ids = records["id"]
        # Ids nearly always grow, and then there is nothing to look for.
        if len(self._held) and len(ids) and ids.min() <= self._table.ids.max():
            held[: len(self._held)] &= ~np.isin(self._table.ids, ids)
        self._table.append(records)
        self._held = held

    def _published(self) -> Rows:
        table = self._table
        n, d = len(table), self.dimensions
        # Nothing cannot be mapped.
        empty: NDArray[np.float16] = np.zeros((n, d), dtype=np.float16)
        return Rows(
            ids=table.ids,
            published=table.published,
            languages=table.languages,
            held=self._held,
            sources=table.sources,
            sketches=table.sketches,
            vectors=np.memmap(self._vectors_path, np.float16, "r", shape=(n, d)) if n and d else empty,
        )

    def _leave_waste_behind(self) -> None:
        """Copy the rows that count to a next pair of files, and drop the old one once the watermark names the next."""
        kept, table = self.rows, self._table
        places = np.flatnonzero(kept.held)
        self._part += 1
        self._table = _Table(table.words)
        self._checksum = 0
        for start in range(0, len(places), _CHUNK):
            some = places[start : start + _CHUNK]
            records = table.records(some)
            self._append(records, kept.vectors[some])
            self._table.append(records)
        self._held = np.ones(len(places), dtype=np.bool_)
        self._mark()
        self.rows = self._published()
        for path in self._folder.glob("*.bin"):
            if path not in {self._rows_path, self._vectors_path}:
                path.unlink()


class _Table:
    """The columns in memory. Rows are added at the end; what was read from it before stays as it was."""

    def __init__(self, words: int) -> None:
        self.words = words
        self.record = np.dtype([
            ("id", "<i8"), ("published", "<i8"), ("language", "<u8"), ("removed", "?"),
            ("sources", "<u8", (MOST_SOURCES,)), ("sketch", "<u8", (words,)),
        ])  # fmt: skip
        self._ids = _Column((), np.int64)
        self._published = _Column((), np.int64)
        self._languages = _Column((), np.uint64)
        self._removed = _Column((), np.bool_)
        self._sources = _Column((MOST_SOURCES,), np.uint64)
        self._sketches = _Column((words,), np.uint64)
        self._view()

    def __len__(self) -> int:
        return len(self.ids)

    def append(self, records: _Records) -> None:
        self._ids.append(records["id"])
        self._published.append(records["published"])
        self._languages.append(records["language"])
        self._removed.append(records["removed"])
        self._sources.append(records["sources"].T)
        self._sketches.append(records["sketch"].T)
        self._view()

    def records(self, places: NDArray[np.int64]) -> _Records:
        records = np.zeros(len(places), dtype=self.record)
        records["id"] = self.ids[places]
        records["published"] = self.published[places]
        records["language"] = self.languages[places]
        records["sources"] = self.sources[:, places].T
        records["sketch"] = self.sketches[:, places].T
        return records

    def _view(self) -> None:
        self.ids = self._ids.values
        self.published = self._published.values
        self.languages = self._languages.values
        self.removed = self._removed.values
        self.sources = self._sources.values
        self.sketches = self._sketches.values


class _Column:
    """An array that grows along its last axis, by half of itself when it is full."""

    def __init__(self, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self._room = np.zeros((*shape, 0), dtype=dtype)
        self.values = self._room

    def append(self, values: NDArray[np.generic]) -> None:
        n, m = self.values.shape[-1], values.shape[-1]
        if n + m > self._room.shape[-1]:
            room = np.empty((*self._room.shape[:-1], n + max(m, n // 2)), dtype=self._room.dtype)
            room[..., :n] = self.values
            self._room = room
        self._room[..., n : n + m] = values
        self.values = self._room[..., : n + m]


def _records(changes: Changes, vectors: Vectors, table: _Table) -> _Records:
    """A row for each, those that are removed first."""
    gone = len(changes.removed)
    records = np.zeros(gone + len(changes.added), dtype=table.record)
    records["id"] = [*changes.removed, *(passage.id for passage in changes.added)]
    records["removed"][:gone] = True
    records["published"] = UNDATED
    for record, passage in zip(records[gone:], changes.added, strict=True):
        facet = facets(passage.headline)
        record["language"] = key(facet.language) if facet.language else 0
        record["sources"][: len(facet.sources)] = [key(source) for source in facet.sources]
        if facet.published is not None:
            record["published"] = facet.published
    if changes.added:
        # Of what is kept: what is too small for 16 bits becomes nought.
        records["sketch"][gone:] = sketched(vectors.astype(np.float16).astype(np.float32))
    return records


def _last_of_each(ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(n,) Whether each is the last of its value."""
    last = np.ones(len(ids), dtype=np.bool_)
    if np.any(ids[1:] <= ids[:-1]):
        last[:] = False
        last[len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]] = True
    return last


def _append_at(path: Path, end: int, content: bytes) -> None:
    """Write what comes after `end` bytes, durably, in place of whatever is there."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(end)
        file.seek(end)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

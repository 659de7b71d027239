"""The articles as the indexes and the searcher see them: passages, their vectors, and what changed since when.

A revision is one article saved, or some removed, numbered in the order of commits; an index that stands at one has
taken over everything up to it. Texts are written by `storage.articles`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    column,
    delete,
    distinct,
    exists,
    false,
    func,
    select,
    true,
    values,
)

from storage.among import is_among
from storage.counters import count, counter
from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.domain.news import ArticleId, Changes, CorpusCounts, Filters, Passage, PassageId
from storage.domain.people import ReaderId
from storage.headlines import HEADLINE, headline_of, meets, seen_by
from storage.schema import articles, counters, passages, removed_passages
from storage.schema import vectors as stored_vectors

REVISION = "corpus"
_PRUNED = "pruned"
_ENCODED = "encoded:"
# Removals that are kept although the indexes of this instance have taken them over: an index of another machine, or
# one from a backup, that lags behind by no more need not be rebuilt.
_REMOVALS_KEPT = 10_000

_PASSAGES = select(passages.c.id, passages.c.position, passages.c.text.label("passage"), *HEADLINE).join_from(
    passages, articles, passages.c.article_id == articles.c.id
)
_THESE = _PASSAGES.where(is_among(passages.c.id, "ids"))
_VECTORS = select(stored_vectors.c.passage_id, stored_vectors.c.vector).where(
    is_among(stored_vectors.c.passage_id, "ids"),
    stored_vectors.c.encoder == bindparam("encoder"),
)
_REVISIONS = select(passages.c.id, articles.c.revision).join_from(
    passages, articles, passages.c.article_id == articles.c.id
)
_TELLS = select(
    func.coalesce(select(counters.c.value).where(counters.c.name == REVISION).scalar_subquery(), 0),
    exists().where(articles.c.revision > bindparam("upto"), articles.c.language == bindparam("language")),
)
_REMEMBERED = 4_096
"""Passages that are at hand, of some kilobytes each: a search for an answer reads up to 240, and
mostly those of searches before."""
# On disk: half the bytes of float32, and no measurable loss of order among cosines.
_STORED = np.dtype("<f2")


class Corpus:
    """What `retrieval.ports.Corpus` asks for. Ids given twice count once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: OrderedDict[PassageId, tuple[int, Passage]] = OrderedDict()
        self._languages: set[str] = set()
        self._without: dict[str, int] = {}

    async def passages(
        self, ids: Sequence[PassageId], *, filters: Filters, reader: ReaderId | None
    ) -> dict[PassageId, Passage]:
        """Those of `ids` that exist, meet `filters` and come from sources `reader` may see.

        That is asked of the database each time; what they say is at hand where it was read at the same revision.
        """
        wanted, given = _kept(filters, everybody=reader is None), {} if reader is None else {"reader": reader}
        async with self._database.reading() as connection:
            rows = await connection.execute(wanted, {"ids": list(dict.fromkeys(ids)), **given})
            return await self._at(connection, {PassageId(row[0]): row[1] for row in rows.all()})

    async def _at(self, connection: Transaction, revisions: Mapping[PassageId, int]) -> dict[PassageId, Passage]:
        """The passages of these ids, whose articles are at these revisions."""
        remembered, found = self._remembered, {}
        for id_, revision in revisions.items():
            if (held := remembered.get(id_)) is not None and held[0] == revision:
                found[id_] = held[1]
                remembered.move_to_end(id_)
        if unknown := revisions.keys() - found.keys():
            for passage in _read((await connection.execute(_THESE, {"ids": list(unknown)})).all()):
                found[passage.id] = passage
                remembered[passage.id] = revisions[passage.id], passage
            while len(remembered) > _REMEMBERED:
                remembered.popitem(last=False)
        return found

    async def tells_in(self, language: str) -> bool:
        """Whether there may be articles in a language: there are, or were since this was first asked.

        Asked with each question of some kinds: only those that were saved since it was last asked are looked at.
        """
        if language in self._languages:
            return True
        upto = self._without.get(language, 0)
        async with self._database.reading() as connection:
            newest, told = (await connection.execute(_TELLS, {"upto": upto, "language": language})).one()
            if newest < upto:  # The database went back, as after a restore.
                newest, told = (await connection.execute(_TELLS, {"upto": 0, "language": language})).one()
        if told:
            self._languages.add(language)
        else:
            self._without[language] = newest
        return bool(told)

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        """The first passages of these articles, those that `reader` may see, in the order of `ids`."""
        found: list[AnyRow] = []
        async with self._database.reading() as connection:
            for chunk in chunks(list(dict.fromkeys(ids))):
                found += await connection.execute(
                    _PASSAGES.where(articles.c.id.in_(chunk), passages.c.position < per_article, *seen_by(reader))
                )
        places = {id_: place for place, id_ in enumerate(dict.fromkeys(ids))}
        return sorted(_read(found), key=lambda each: (places[each.headline.id], each.position))

    async def changes(self, after: int, limit: int) -> Changes:
        """What changed after revision `after`: about `limit` passages, always whole articles.

        Empty, with `revision == after`, when nothing did. A revision below `after` says that the database went back,
        as after a restore: whatever stands at `after` has to be rebuilt. Nothing is removed from an index at 0.
        """
        async with self._database.reading() as connection:
            newest = await counter(connection, REVISION)
            pruned = await counter(connection, _PRUNED)
            if newest <= after:
                return Changes(revision=newest, added=(), removed=(), pruned=pruned)
            changed = and_(articles.c.revision > after, articles.c.revision <= newest)
            upto = await connection.scalar(
                select(articles.c.revision)
                .join_from(articles, passages, passages.c.article_id == articles.c.id)
                .where(changed)
                .order_by(articles.c.revision)
                .offset(max(limit, 1) - 1)
                .limit(1)
            )
            revision = newest if upto is None else int(upto)
            added = await connection.execute(
                _PASSAGES.where(articles.c.revision > after, articles.c.revision <= revision).order_by(
                    articles.c.revision, passages.c.position
                )
            )
            removed = await _removed(connection, after, revision) if after > 0 else ()
            return Changes(revision=revision, added=tuple(_read(added)), removed=removed, pruned=pruned)

    async def prune(self, upto: int, *, kept: int = _REMOVALS_KEPT) -> None:
        """Forget which passages were removed up to revision `upto`, except for the newest `kept`."""
        newest_to_go = (
            select(removed_passages.c.revision)
            .order_by(removed_passages.c.revision.desc())
            .offset(kept)
            .limit(1)
            .scalar_subquery()
        )
        going = and_(removed_passages.c.revision <= upto, removed_passages.c.revision <= newest_to_go)
        last = select(func.max(removed_passages.c.revision)).where(going)
        async with self._database.reading() as connection:
            if await connection.scalar(last) is None:
                return
        async with self._database.transaction() as connection:
            # Removals of one revision go together, or an index that stands at it would miss the rest.
            pruned = int(await connection.scalar(last) or 0)
            await connection.execute(delete(removed_passages).where(removed_passages.c.revision <= pruned))
            await count(connection, _PRUNED, max(pruned, await counter(connection, _PRUNED)))

    async def passage_count(self) -> int:
        """How many passages are stored."""
        async with self._database.reading() as connection:
            return await _passage_count(connection)

    async def counts(self, reader: ReaderId | None = None) -> CorpusCounts:
        """How much is stored; articles and sources are those `reader` sees, `None` seeing all."""
        seen = and_(true(), *seen_by(reader))
        async with self._database.reading() as connection:
            stored = await _passage_count(connection)
            marks = await connection.scalars(select(counters.c.name).where(counters.c.name.startswith(_ENCODED)))
            encoders = [mark.removeprefix(_ENCODED) for mark in marks]
            return CorpusCounts(
                articles=int(await connection.scalar(select(func.count()).select_from(articles).where(seen)) or 0),
                passages=stored,
                sources=int(
                    await connection.scalar(select(func.count(distinct(articles.c.source_key))).where(seen)) or 0
                ),
                # Far quicker than counting vectors: what is missing is known from the marks.
                vectors={encoder: stored - await _unencoded_count(connection, encoder) for encoder in encoders},
            )

    async def sample(self, n: int) -> Sequence[PassageId]:
        """Up to n stored passages spread evenly over the corpus, oldest first."""
        if n < 1:
            return ()
        async with self._database.reading() as connection:
            first = await connection.scalar(select(func.min(passages.c.id)))
            last = await connection.scalar(select(func.max(passages.c.id)))
            if first is None or last is None:
                return ()
            sampled: set[int] = set()
            for chunk in chunks([first + (last - first) * i // max(n - 1, 1) for i in range(n)]):
                wanted = values(column("id", Integer), name="wanted").data([(target,) for target in chunk]).cte()
                nearest = select(func.min(passages.c.id)).where(passages.c.id >= wanted.c.id).scalar_subquery()
                sampled.update(await connection.scalars(select(nearest).select_from(wanted)))
        return tuple(map(PassageId, sorted(sampled)))

    async def unencoded(self, encoder: str, limit: int) -> Sequence[Passage]:
        """Passages that have no vector of this encoder yet, oldest first."""
        async with self._database.reading() as connection:
            found = await connection.execute(
                _without_vector(_PASSAGES, encoder, await counter(connection, encoded_mark(encoder)))
                .order_by(passages.c.id)
                .limit(limit)
            )
            return tuple(_read(found))

    async def store_vectors(self, encoder: str, ids: Sequence[PassageId], vectors: NDArray[np.float32]) -> None:
        """Keep vectors as float16, `vectors[i]` for `ids[i]`. Ids that meanwhile went away are passed over.

        Raises:
            ValueError: There are not as many vectors as ids.
        """
        if len(ids) != len(vectors):
            raise ValueError(f"{len(ids)} passages but {len(vectors)} vectors")
        stored = dict(zip(ids, np.ascontiguousarray(vectors, dtype=_STORED), strict=True))
        async with self._database.transaction() as connection:
            there: list[int] = []
            for chunk in chunks(list(stored)):
                there += await connection.scalars(select(passages.c.id).where(passages.c.id.in_(chunk)))
            if not there:
                return
            upsert = insert(connection, stored_vectors)
            await connection.execute(
                upsert.on_conflict_do_update(
                    index_elements=[stored_vectors.c.passage_id, stored_vectors.c.encoder],
                    set_={"vector": upsert.excluded.vector},
                ),
                [{"passage_id": i, "encoder": encoder, "vector": stored[PassageId(i)].tobytes()} for i in there],
            )
            await _advance(connection, encoder)

    async def vectors(self, encoder: str, ids: Sequence[PassageId]) -> dict[PassageId, NDArray[np.float32]]:
        """The stored vectors of `ids`, unit length again after float16; missing ones are absent."""
        async with self._database.reading() as connection:
            found = await connection.execute(_VECTORS, {"ids": list(dict.fromkeys(ids)), "encoder": encoder})
            rows = found.all()
        by_width: dict[int, list[AnyRow]] = {}
        for row in rows:
            by_width.setdefault(len(row.vector), []).append(row)
        return {id_: unit for alike in by_width.values() for id_, unit in _units(alike)}

    async def forget_vectors(self, encoder: str, *, after: int = 0, limit: int = 5_000) -> int | None:
        """Forget up to `limit` vectors of an encoder, of passages after the id `after`; repeat it with what it returns.

        What is interrupted is begun anew, and an encoder that is used again meanwhile knows what it lacks.

        Returns:
            The id of the last passage whose vector is gone, or `None` where none was left.
        """
        async with self._database.transaction() as connection:
            await connection.execute(delete(counters).where(counters.c.name == encoded_mark(encoder)))
            of_encoder = and_(stored_vectors.c.encoder == encoder, stored_vectors.c.passage_id > after)
            ids = select(stored_vectors.c.passage_id).where(of_encoder).order_by(stored_vectors.c.passage_id)
            last = await connection.scalar(select(func.max(ids.limit(limit).subquery().c.passage_id)))
            if last is None:
                return None
            await connection.execute(delete(stored_vectors).where(of_encoder, stored_vectors.c.passage_id <= last))
            return int(last)


@lru_cache(maxsize=64)
def _kept(filters: Filters, *, everybody: bool) -> Select[int, int]:
    """The revisions of those of `ids` that meet the filters and that `reader` may see, or everybody.

    With every question, and most have the same bounds or none, so it is made once for each.
    """
    seen = seen_by(None if everybody else bindparam("reader", type_=Text))
    # Wrapped, so that the ids are looked up and then filtered; bare, a filter's own index may be walked instead.
    kept = func.coalesce(and_(true(), *meets(filters), *seen), false())
    return _REVISIONS.where(is_among(passages.c.id, "ids"), kept)


def encoded_mark(encoder: str) -> str:
    """The name of the counter up to which every passage has a vector of this encoder."""
    return f"{_ENCODED}{encoder}"


def _units(rows: Sequence[AnyRow]) -> Iterable[tuple[PassageId, NDArray[np.float32]]]:
    """The vectors of rows of one width."""
    stored = np.frombuffer(b"".join(row.vector for row in rows), dtype=_STORED).reshape(len(rows), -1)
    units = stored.astype(np.float32)
    units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return ((PassageId(row.passage_id), unit) for row, unit in zip(rows, units, strict=True))


def _read(rows: Iterable[AnyRow]) -> Iterable[Passage]:
    """Passages of rows of `_PASSAGES`, those of one article sharing its headline; there are hundreds, so by place."""
    for row in rows:
        yield Passage(id=PassageId(row[0]), position=row[1], text=row[2], headline=headline_of(*row[3:]))


async def _passage_count(connection: Transaction) -> int:
    return int(await connection.scalar(select(func.count()).select_from(passages)) or 0)


async def _unencoded_count(connection: Transaction, encoder: str) -> int:
    upto = await counter(connection, encoded_mark(encoder))
    counted = select(func.count()).select_from(passages)
    return int(await connection.scalar(_without_vector(counted, encoder, upto)) or 0)


async def _removed(connection: Transaction, after: int, upto: int) -> tuple[PassageId, ...]:
    removed = await connection.scalars(
        select(removed_passages.c.passage_id)
        .where(removed_passages.c.revision > after, removed_passages.c.revision <= upto)
        .order_by(removed_passages.c.passage_id)
    )
    return tuple(map(PassageId, removed))


def _without_vector(query: Select[Any], encoder: str, upto: int) -> Select[Any]:
    """`query` about passages, bound to those after `upto` that lack a vector."""
    missing: ColumnElement[bool] = and_(
        stored_vectors.c.passage_id == passages.c.id, stored_vectors.c.encoder == encoder
    )
    return query.where(passages.c.id > upto, ~select(stored_vectors.c.passage_id).where(missing).exists())


async def _advance(connection: Transaction, encoder: str) -> None:
    """Remember up to where nothing is missing, so that the next look does not begin at the first passage.

    Ids are drawn in the order of commits, so nothing can appear below the mark later.
    """
    upto = await counter(connection, encoded_mark(encoder))
    missing = await connection.scalar(
        _without_vector(select(passages.c.id), encoder, upto).order_by(passages.c.id).limit(1)
    )
    last = await connection.scalar(select(func.max(passages.c.id)))
    await count(connection, encoded_mark(encoder), int(last or 0) if missing is None else int(missing) - 1)

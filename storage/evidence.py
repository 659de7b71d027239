"""What readers did that tells what they care about, so much of it as is kept. Every row names its reader.

Nothing that is learned of a reader stands anywhere else: what is forgotten here is forgotten.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Delete, Integer, bindparam, delete, func, select, update

from storage.counters import FORGOTTEN, WORDS_MARKED, count, counter
from storage.database import AnyRow, Database, Transaction, chunks, insert, write
from storage.domain.changes import Learned, Numbered, Unlearned
from storage.domain.evidence import AGAINST, OWN_WORDS, SPOKEN, USUAL_WEIGHTS, Act, Evidence, EvidenceId, EvidenceKind
from storage.domain.people import ReaderId
from storage.schema import (
    article_annotations,
    articles,
    evidence,
    profiles,
    reader_settings,
    shown_interests,
    shown_stories,
)
from storage.sealed import keys_of, opened, sealed

KEPT_EVIDENCE = 1_000
"""Of what each reader does, the latest; what is older has faded to next to nothing."""
KEPT_SAID = 200
"""Of what each reader says in so many words, the latest, however much they do."""

KEPT_IGNORED = 200
"""Of what each reader did nothing about, the latest: it says least, and pushes nothing out that says more."""

_BARE = re.compile(f"{OWN_WORDS}[0-9a-f]{{16}}")
"""The key of words that anybody can make who has them; that of a reader's key is longer."""
_BARE_LENGTH = len(OWN_WORDS) + 16
_MARKED_AT_ONCE = 500

_SAID = (EvidenceKind.TOLD, EvidenceKind.MUTED)
# By itself, since what it lets in again may be held against it by any other kind; it goes no sooner than that.
_LET_IN = (EvidenceKind.ALLOWED,)
_IGNORED = (EvidenceKind.IGNORED,)
_DONE = tuple(kind for kind in EvidenceKind if kind not in {*_SAID, *_LET_IN, *_IGNORED})
_NOTE = evidence.insert()
# Subjects are noted after an article comes in, so they are looked up when they are needed.
EVIDENCE = (
    select(
        evidence,
        func.coalesce(evidence.c.category, article_annotations.c.category).label("subject"),
        func.coalesce(evidence.c.source, articles.c.source).label("outlet"),
    )
    .join_from(evidence, articles, articles.c.id == evidence.c.key, isouter=True)
    .join(article_annotations, article_annotations.c.article_id == evidence.c.key, isouter=True)
    .order_by(evidence.c.id)
)


class EvidenceStore:
    """What `bot.flows.learn.EvidenceShelf` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, reader: ReaderId) -> dict[EvidenceId, Evidence]:
        """What a reader did, in the order it was taken down, with the subject and the source of what it was about."""
        async with self._database.reading() as connection:
            found = await connection.execute(EVIDENCE.where(evidence.c.reader_id == reader))
            rows = await opened(connection, found, evidence)
            return {EvidenceId(row.id): evidence_of(row) for row in rows}

    async def given(self, reader: ReaderId, acts: Sequence[str]) -> dict[EvidenceId, Evidence]:
        """What a reader did by these acts, as far as it is not taken back."""
        async with self._database.reading() as connection:
            found = await connection.execute(EVIDENCE.where(evidence.c.reader_id == reader, evidence.c.act.in_(acts)))
            rows = await opened(connection, found, evidence)
            return {EvidenceId(row.id): evidence_of(row) for row in rows}

    async def acted_on(self, readers: Collection[ReaderId], since: datetime) -> dict[ReaderId, tuple[Act, ...]]:
        """What these readers did since then; ignoring is doing nothing."""
        found: dict[ReaderId, list[Act]] = defaultdict(list)
        async with self._database.reading() as connection:
            for chunk in chunks(list(readers)):
                rows = await connection.execute(
                    select(evidence).where(
                        evidence.c.reader_id.in_(chunk),
                        evidence.c.at >= since,
                        evidence.c.kind != EvidenceKind.IGNORED,
                    )
                )
                for row in rows:
                    worth = USUAL_WEIGHTS[EvidenceKind(row.kind)] if row.weight is None else row.weight
                    found[ReaderId(row.reader_id)].append(Act(at=row.at, key=row.key, worth=worth))
        return {reader: tuple(acts) for reader, acts in found.items()}

    async def words(self, readers: Collection[ReaderId], keys: Collection[str]) -> dict[tuple[ReaderId, str], str]:
        """What readers asked or wrote, by reader and key, where any of what they did has words."""
        found: dict[tuple[ReaderId, str], str] = {}
        mine = (evidence.c.reader_id, evidence.c.key, evidence.c.text)
        async with self._database.reading() as connection:
            for chunk in chunks(list(keys)):
                bound = (evidence.c.key.in_(chunk), evidence.c.text.is_not(None))
                for some in chunks(list(readers)):
                    rows = await connection.execute(
                        select(*mine).where(*bound, evidence.c.reader_id.in_(some)).order_by(evidence.c.id)
                    )
                    plain = await opened(connection, rows, evidence)
                    found.update({(ReaderId(row.reader_id), row.key): row.text for row in plain})
        return found

    async def numbers(self, reader: ReaderId) -> dict[str, tuple[EvidenceId, ...]]:
        """What the numbers mean that a reader was shown beside their interests last; empty where they were not."""
        async with self._database.reading() as connection:
            mine = select(shown_interests.c.numbers).where(shown_interests.c.reader_id == reader)
            kept = await connection.scalar(mine)
            return {} if kept is None else {name: tuple(map(EvidenceId, ids)) for name, ids in json.loads(kept).items()}

    async def number(self, numbered: Numbered, *, within: Transaction | None = None) -> None:
        """Take down what they mean from now on; see `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            values = {"numbers": json.dumps({name: list(ids) for name, ids in numbered.numbers.items()})}
            new = insert(connection, shown_interests).values(reader_id=numbered.reader, **values)
            await connection.execute(
                new.on_conflict_do_update(index_elements=[shown_interests.c.reader_id], set_=values)
            )

    async def dropped_at(self, reader: ReaderId) -> datetime | None:
        """When a reader had something of it dropped last; `None` where they never had."""
        async with self._database.reading() as connection:
            mine = select(reader_settings.c.dropped_at).where(reader_settings.c.reader_id == reader)
            found: datetime | None = await connection.scalar(mine)
            return found

    async def learn(self, learned: Learned, *, within: Transaction | None = None) -> None:
        """Take it down and drop what is too old to keep; see `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            await note(connection, learned.evidence)

    async def unlearn(self, unlearned: Unlearned, *, within: Transaction | None = None) -> int:
        """Forget some of what a reader did, or all; returns how much that was.

        Where it is all, that goes too by which stories were ranked that they were shown.
        """
        mine = evidence.c.reader_id == unlearned.reader
        async with self._database.transaction(within) as connection:
            if unlearned.dropped_at is not None:
                values = {"dropped_at": unlearned.dropped_at}
                dropped = insert(connection, reader_settings).values(reader_id=unlearned.reader, **values)
                await connection.execute(
                    dropped.on_conflict_do_update(index_elements=[reader_settings.c.reader_id], set_=values)
                )
            # What was learned from it goes with it.
            await connection.execute(delete(profiles).where(profiles.c.reader_id == unlearned.reader))
            if unlearned.evidence is None:
                # What was shown stays known, or it would be shown again; by what it was ranked, tells what was learned.
                shown = update(shown_stories).where(shown_stories.c.reader_id == unlearned.reader)
                await connection.execute(shown.values(features="{}"))
                return (await connection.execute(delete(evidence).where(mine))).rowcount
            gone = 0
            for chunk in chunks(unlearned.evidence):
                gone += (await connection.execute(delete(evidence).where(mine, evidence.c.id.in_(chunk)))).rowcount
            return gone


async def note(connection: Transaction, found: Sequence[Evidence]) -> None:
    """Take down what readers did, and of each of them no more than is kept."""
    if not found:
        return
    rows = await _marked(connection, [_row(each) for each in found])
    await _unlearn_otherwise(connection, rows)
    await write(connection, _NOTE, await sealed(connection, evidence, rows))
    for reader, kept in dict.fromkeys((each.reader, _kept_with(each.kind)) for each in found):
        most = {_SAID: KEPT_SAID, _IGNORED: KEPT_IGNORED}.get(kept, KEPT_EVIDENCE)
        await write(connection, _drop_old(kept), {"reader": reader, "most": most})


async def _unlearn_otherwise(connection: Transaction, rows: Sequence[dict[str, object]]) -> None:
    """What was learned is learned anew, of all that is kept, of whoever says something otherwise than they did before.

    Here and not where it is said: whatever else they say at that moment, and wherever, is in or comes after it.
    """
    said: dict[object, dict[object, object]] = defaultdict(dict)
    for row in rows:
        own = str(row["key"]).startswith(OWN_WORDS)
        if row["kind"] is EvidenceKind.ALLOWED or (own and row["kind"] in SPOKEN):
            said[row["reader_id"]][row["key"]] = row["kind"]
    for reader, kinds in said.items():
        mine = (evidence.c.reader_id == reader, evidence.c.kind.in_(SPOKEN | AGAINST))
        for chunk in chunks(list(kinds)):
            before = await connection.execute(
                select(evidence.c.key, evidence.c.kind).where(*mine, evidence.c.key.in_(chunk))
            )
            if any(row.kind != kinds[row.key] for row in before):
                await connection.execute(delete(profiles).where(profiles.c.reader_id == reader))
                break


async def mark_words(database: Database) -> int:
    """Key by their readers' keys what was written before such keys were; how many rows that were.

    Once: afterwards it is only looked up that it is done. What was learned from them is learned anew.
    """
    done, last = 0, 0
    async with database.reading() as connection:
        if await counter(connection, WORDS_MARKED):
            return 0
    bare = (func.substr(evidence.c.key, 1, len(OWN_WORDS)) == OWN_WORDS, func.length(evidence.c.key) == _BARE_LENGTH)
    some = select(evidence.c.id, evidence.c.reader_id, evidence.c.key).where(*bare).order_by(evidence.c.id)
    while True:
        async with database.transaction() as connection:
            found = (await connection.execute(some.where(evidence.c.id > last).limit(_MARKED_AT_ONCE))).all()
            if not found:
                await count(connection, WORDS_MARKED, 1)
                return done
            last = found[-1].id
            for row in await _marked(connection, [dict(each._mapping) for each in found]):  # noqa: SLF001 - public
                await connection.execute(update(evidence).where(evidence.c.id == row["id"]).values(key=row["key"]))
            readers = {row.reader_id for row in found}
            await connection.execute(delete(profiles).where(profiles.c.reader_id.in_(readers)))
            if not done:
                await count(connection, FORGOTTEN, await counter(connection, FORGOTTEN) + 1)
            done += len(found)


async def _marked(connection: Transaction, rows: Sequence[dict[str, object]]) -> Sequence[dict[str, object]]:
    """Rows whose keys, where they are of words, nobody can guess the words by who has not their reader's."""
    bare = [row for row in rows if _BARE.fullmatch(str(row["key"]))]
    if bare:
        keys = await (await keys_of(connection)).of({str(row["reader_id"]) for row in bare})
        for row in bare:
            row["key"] = f"{OWN_WORDS}{keys[str(row['reader_id'])].mark(str(row['key']))}"
    return rows


@cache
def _drop_old(kept: tuple[EvidenceKind, ...]) -> Delete:
    """Drops of a reader's all but the newest `most` of these kinds; with every question, so each is made once."""
    mine = (evidence.c.reader_id == bindparam("reader"), evidence.c.kind.in_(kept))
    # The newest of those that are too many: found in one walk down the reader's own.
    first = bindparam("most", type_=Integer)
    newest = select(evidence.c.id).where(*mine).order_by(evidence.c.id.desc()).limit(1).offset(first)
    return delete(evidence).where(*mine, evidence.c.id <= newest.scalar_subquery())


def _kept_with(kind: EvidenceKind) -> tuple[EvidenceKind, ...]:
    """The kinds of which together only so much is kept."""
    return next(kinds for kinds in (_SAID, _LET_IN, _IGNORED, _DONE) if kind in kinds)


def _row(each: Evidence) -> dict[str, object]:
    return {
        "reader_id": each.reader,
        "kind": each.kind,
        "at": each.at,
        "key": each.key,
        "text": each.text,
        "category": each.category,
        "source": each.source,
        "weight": each.weight,
        "act": each.act,
    }


def evidence_of(row: AnyRow) -> Evidence:
    """The evidence in a row of `EVIDENCE`."""
    return Evidence(
        reader=ReaderId(row.reader_id),
        kind=EvidenceKind(row.kind),
        at=row.at,
        key=row.key,
        text=row.text,
        category=row.subject,
        source=row.outlet,
        weight=row.weight,
        act=row.act,
    )

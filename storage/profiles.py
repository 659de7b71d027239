"""What readers' evidence comes to, as it was learned so far: a cache, so that only what is new has to be learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, delete, func, or_, select

from storage.database import Database, chunks, insert
from storage.domain.evidence import Evidence, EvidenceId
from storage.domain.people import ReaderId
from storage.evidence import EVIDENCE, evidence_of
from storage.schema import evidence, profiles
from storage.sealed import opened


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProfile:
    """A profile as it is kept: its bytes, and the last piece of evidence that is part of it."""

    upto: EvidenceId
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedProfile:
    """A profile that has learned what was new.

    Args:
        before: The last piece of evidence that was part of it as it was read; `None` where none was kept.
        new: How many pieces it has learned since.
        kept: As it is to be kept.
    """

    before: EvidenceId | None
    new: int
    kept: KeptProfile


class ProfileStore:
    """What `bot.personal.profiles.ReaderProfiles` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(
        self, readers: Sequence[ReaderId], encoder: str
    ) -> tuple[dict[ReaderId, KeptProfile], dict[ReaderId, dict[EvidenceId, Evidence]]]:
        """The profiles of readers in the space of an encoder, and by reader the evidence that is not part of them yet.

        The evidence is in the order it was taken down; both are of one moment.
        """
        found: dict[ReaderId, KeptProfile] = {}
        new: dict[ReaderId, dict[EvidenceId, Evidence]] = defaultdict(dict)
        of_encoder = and_(profiles.c.reader_id == evidence.c.reader_id, profiles.c.encoder == encoder)
        async with self._database.reading() as connection:
            for chunk in chunks(readers):
                rows = await connection.execute(
                    select(profiles).where(profiles.c.reader_id.in_(chunk), profiles.c.encoder == encoder)
                )
                for row in rows:
                    found[ReaderId(row.reader_id)] = KeptProfile(upto=EvidenceId(row.upto), data=row.data)
                rows = await connection.execute(
                    EVIDENCE.join(profiles, of_encoder, isouter=True).where(
                        evidence.c.reader_id.in_(chunk),
                        or_(profiles.c.upto.is_(None), evidence.c.id > profiles.c.upto),
                    )
                )
                for row in await opened(connection, rows, evidence):
                    new[ReaderId(row.reader_id)][EvidenceId(row.id)] = evidence_of(row)
        return found, dict(new)

    async def keep(self, encoder: str, learned: Mapping[ReaderId, LearnedProfile]) -> int:
        """Keep these profiles; how many that were.

        One that was learned on by another meanwhile, or of whose evidence some was forgotten, is not: the evidence is
        still there to be learned from, or is not to be.
        """
        done = 0
        async with self._database.transaction() as connection:
            for reader, each in learned.items():
                mine = and_(profiles.c.reader_id == reader, profiles.c.encoder == encoder)
                if await connection.scalar(select(profiles.c.upto).where(mine)) != each.before:
                    continue
                new = and_(evidence.c.reader_id == reader, evidence.c.id <= each.kept.upto)
                new = and_(new, evidence.c.id > (each.before or 0))
                if await connection.scalar(select(func.count()).where(new)) != each.new:
                    continue
                values = {"upto": each.kept.upto, "data": each.kept.data}
                await connection.execute(
                    insert(connection, profiles)
                    .values(reader_id=reader, encoder=encoder, **values)
                    .on_conflict_do_update(index_elements=[profiles.c.reader_id, profiles.c.encoder], set_=values)
                )
                done += 1
        return done

    async def forget(self, readers: Sequence[ReaderId]) -> None:
        """Drop what is kept of these readers' profiles; their evidence makes them anew."""
        async with self._database.transaction() as connection:
            for chunk in chunks(readers):
                await connection.execute(delete(profiles).where(profiles.c.reader_id.in_(chunk)))

    async def drop(self, encoders: Collection[str]) -> int:
        """Drop the profiles of all encoders but these; how many that were."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(profiles).where(profiles.c.encoder.not_in(encoders)))).rowcount

"""The encoders vectors are kept of: which one serves, which one comes, which ones go. Written by the indexes' owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from storage.corpus import encoded_mark
from storage.database import Database, Transaction, insert
from storage.domain.encoders import EncoderModel, EncoderRole, KeptEncoder
from storage.schema import counters, encoders


class EncoderStore:
    """What `retrieval.ports.Encoders` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self) -> Sequence[KeptEncoder]:
        """All of them, the one that serves first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(encoders, counters.c.value).outerjoin(
                    counters, counters.c.name == encoded_mark("") + encoders.c.name
                )
            )
            kept = [
                KeptEncoder(
                    model=EncoderModel(name=row.name, model=row.model, precision=row.precision),
                    role=EncoderRole(row.role),
                    since=row.since,
                    has_vectors=bool(row.value),
                )
                for row in rows
            ]
        return sorted(kept, key=lambda each: (each.role is not EncoderRole.SERVING, each.model.name))

    async def begin(self, model: EncoderModel, now: datetime) -> None:
        """Note that vectors of this encoder are being made, from now on; the one that serves stays what it is."""
        async with self._database.transaction() as connection:
            role = await connection.scalar(select(encoders.c.role).where(encoders.c.name == model.name))
            if role not in {EncoderRole.SERVING, EncoderRole.COMING}:
                await _put(connection, model, EncoderRole.COMING, now)

    async def serve(self, model: EncoderModel, now: datetime) -> None:
        """Make this encoder the one that serves; the one that did until now is retired."""
        async with self._database.transaction() as connection:
            await connection.execute(
                update(encoders)
                .where(encoders.c.role == EncoderRole.SERVING, encoders.c.name != model.name)
                .values(role=EncoderRole.RETIRED, since=now)
            )
            await _put(connection, model, EncoderRole.SERVING, now)

    async def retire(self, name: str, now: datetime) -> None:
        """Note that this encoder is used no more, unless it serves."""
        async with self._database.transaction() as connection:
            await connection.execute(
                update(encoders)
                .where(encoders.c.name == name, encoders.c.role == EncoderRole.COMING)
                .values(role=EncoderRole.RETIRED, since=now)
            )

    async def forget(self, name: str) -> None:
        """Forget an encoder that is retired, once its vectors are gone."""
        async with self._database.transaction() as connection:
            await connection.execute(
                delete(encoders).where(encoders.c.name == name, encoders.c.role == EncoderRole.RETIRED)
            )


async def _put(connection: Transaction, model: EncoderModel, role: EncoderRole, now: datetime) -> None:
    upsert = insert(connection, encoders)
    values = {"model": model.model, "precision": model.precision, "role": role, "since": now}
    await connection.execute(
        upsert.on_conflict_do_update(index_elements=[encoders.c.name], set_=values), {"name": model.name, **values}
    )

"""Keys of readers: made once, kept apart, lost for good; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text

from storage import keys as keys_module
from storage.addresses import keys_url
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.deliveries import OutboxMessage
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.people import ReaderId
from storage.key_tables import is_keys_file
from storage.keys import Keys, of_mark
from storage.outbox import OutboxStore
from storage.schema import turns
from storage.unreadable import count_unreadable
from tests.storage.examples import EPOCH

ADA, BEN, GROUP = ReaderId("telegram:7"), ReaderId("telegram:8"), ReaderId("telegram:-5")
TURN = Turn(question="heron one", standalone="heron two", answer="heron three", cited=(), at=EPOCH)


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Keys]:
    """The same keys, as another process has them."""
    keys = Keys(partial(Database, keys_url(database_url)))
    yield keys
    await keys.close()


async def said(database: Database, reader: ReaderId) -> list[str]:
    return [turn.question for turn in await DialogueStore(database).history(ConversationId(reader), 9)]


async def test_a_reader_has_one_key_in_every_process(database: Database, other: Keys) -> None:
    first = await database.keys.of([ADA, BEN])
    again = await other.of([BEN, ADA])

    assert {owner: key.id for owner, key in first.items()} == {owner: key.id for owner, key in again.items()}
    assert first[ADA].id != first[BEN].id
    assert again[ADA].open(first[ADA].seal("heron", "a.b"), "a.b") == "heron"


async def test_what_is_written_is_sealed_and_read_again(database: Database) -> None:
    await DialogueStore(database).record(ConversationId(ADA), ADA, TURN)

    async with database.reading() as connection:
        cells = (await connection.execute(select(turns.c.question, turns.c.standalone, turns.c.answer))).one()
    assert all(cell.startswith("enc1:") and "heron" not in cell for cell in cells)
    assert list(await DialogueStore(database).history(ConversationId(ADA), 9)) == [TURN]


async def test_plain_text_is_neither_written_nor_looked_for(database: Database) -> None:
    with pytest.raises(Exception, match="plain text for a column that is sealed"):
        async with database.reading() as connection:
            await connection.execute(select(turns).where(turns.c.question == "heron"))


async def test_a_cell_in_the_row_of_another_reader_or_in_another_column_is_not_opened(database: Database) -> None:
    store = DialogueStore(database)
    await store.record(ConversationId(ADA), ADA, TURN)
    await store.record(ConversationId(BEN), BEN, TURN)
    stolen = "UPDATE turns SET question = (SELECT question FROM turns WHERE reader_id = :ada) WHERE reader_id = :ben"
    async with database.transaction() as connection:
        await connection.execute(text(stolen), {"ada": ADA, "ben": BEN})
    others = await said(database, BEN)
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE turns SET question = answer"))

    assert others == []
    assert await said(database, ADA) == []


async def test_a_lost_key_opens_nothing_and_other_processes_know_within_a_second(
    database: Database, other: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    await DialogueStore(database).record(ConversationId(ADA), ADA, TURN)
    known = (await other.of([ADA]))[ADA]

    lost = await database.keys.lose(ADA)
    monkeypatch.setattr(keys_module, "_LOOK_SECONDS", 0.0)
    new = (await other.of([ADA]))[ADA]

    assert lost == 1
    assert new.id != known.id
    assert await said(database, ADA) == []
    assert await database.keys.named([known.id]) == {}


async def test_what_a_group_had_is_the_chats_that_it_became(database: Database, other: Keys) -> None:
    await DialogueStore(database).record(ConversationId(GROUP), GROUP, TURN)
    now = ReaderId("telegram:-100500")
    await other.of([GROUP, of_mark(GROUP)])
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE turns SET reader_id = :now"), {"now": now})

    await other.pass_on(GROUP, now)

    assert await said(database, GROUP) == ["heron one"]
    assert await database.keys.lose(now) == 2


async def test_more_keys_than_are_remembered_are_read_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_module, "KEPT_KEYS", 3)
    readers = [f"telegram:{number}" for number in range(10)]

    first = await database.keys.of(readers)
    again = await database.keys.of(readers)
    named = await database.keys.named([key.id for key in first.values()])

    assert {each.id for each in first.values()} == {each.id for each in again.values()} == set(named)
    assert len(database.keys._kept) == 3
    assert len(database.keys._of) <= 3


async def test_keys_of_days_go_once_nothing_needs_them(database_url: str) -> None:
    now = [datetime(2026, 11, 27, 12, tzinfo=UTC)]
    keys = Keys(partial(Database, keys_url(database_url)), clock=lambda: now[0])
    first = await keys.of_today()
    now[0] += timedelta(days=1)
    second = await keys.of_today()

    early = await keys.drop_days([])
    now[0] += timedelta(days=2)
    needed = await keys.drop_days([first.id])
    left = set(await keys.ids())
    rest = await keys.drop_days([])
    await keys.close()

    assert (early, needed, left, rest) == (0, 1, {first.id}, 1)
    assert second.id != first.id


async def test_they_are_taken_over_where_they_are_missing(database: Database, tmp_path: Path) -> None:
    mine = await database.keys.of([ADA, BEN])
    file = tmp_path / "apart" / "keys.db"
    file.parent.mkdir()
    apart = Keys(lambda: Database(f"sqlite:///{file}"), "another secret")

    taken = [await apart.take(database.keys, [mine[ADA].id]), await apart.take(database.keys)]
    theirs = await apart.named([mine[ADA].id])
    await apart.close()

    assert taken == [1, 1]
    assert theirs[mine[ADA].id].open(mine[ADA].seal("heron", "a.b"), "a.b") == "heron"
    assert await apart.are(await database.keys.number())
    assert is_keys_file(file)
    assert file.stat().st_mode & 0o077 == 0
    await apart.close()


async def test_what_was_lost_is_not_taken_again_from_where_it_still_is_unless_it_is_asked_for(
    database: Database, tmp_path: Path
) -> None:
    mine = await database.keys.of([ADA, BEN])
    apart, third = (Keys(partial(Database, f"sqlite:///{tmp_path / name}.db")) for name in ("apart", "third"))
    await apart.take(database.keys)
    await apart.lose(ADA)
    await third.take(apart)

    taken = [await apart.take(database.keys), await third.take(database.keys)]
    lost = [await apart.gone(), await third.gone()]
    again = await apart.take(database.keys, lost=True)
    after = await apart.gone()
    # Another's loss takes nothing away that is here.
    await apart.take(third)

    assert taken == [0, 0]
    assert lost == [{mine[ADA].id}] * 2
    assert (again, after, await apart.gone()) == (1, frozenset(), frozenset())
    assert await apart.ids() == {mine[ADA].id, mine[BEN].id}
    assert await apart.lose(ADA) == 1
    await apart.close()
    await third.close()


async def test_what_waits_is_counted_as_no_readers(database: Database) -> None:
    outbox, at = OutboxStore(database), EPOCH
    await DialogueStore(database).record(ConversationId(ADA), ADA, TURN)
    await outbox.enqueue([OutboxMessage(key="m", chat_id=7, method="sendMessage", payload="{}", created_at=at)])
    counts = [await count_unreadable(database)]
    (day,) = {key.owner for key in (await database.keys.named(await database.keys.ids())).values()} - {ADA}
    for owner in (day, ADA):
        await database.keys.lose(owner)
        counts.append(await count_unreadable(database))

    assert counts == [(1, 0, False), (1, 0, True), (1, 1, True)]


async def test_many_at_once_seal_with_keys_that_are_there(database: Database) -> None:
    store = DialogueStore(database)

    await asyncio.gather(
        *(store.record(ConversationId(f"telegram:{n % 4}"), ReaderId(f"telegram:{n % 4}"), TURN) for n in range(24))
    )

    assert [len(await said(database, ReaderId(f"telegram:{n}"))) for n in range(4)] == [6] * 4

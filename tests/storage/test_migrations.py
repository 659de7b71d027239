from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, bindparam, text

from storage import key_tables, migrations, unsealed
from storage.articles import ArticleStore
from storage.columns import Moment
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.dialogue import ConversationId
from storage.domain.heard import Heard
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.encoders import EncoderStore
from storage.errors import StorageError
from storage.inbox import InboxStore
from storage.readers import ReaderStore
from storage.schema import metadata
from tests.storage.examples import EPOCH, prepared

HOUR = timedelta(hours=1)
ROOT = Path(__file__).resolve().parents[2]


async def test_the_steps_lead_to_the_schema_the_code_uses(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        # On a server the keys may stand beside them, which have no steps.
        ours = {"include_name": lambda name, kind, _of: kind != "table" or name not in key_tables.metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=ours), metadata))

    async with database.reading() as connection:
        found = await connection.run_sync(differences)

    assert found == []


def test_the_last_step_is_the_one_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


async def test_migrating_again_keeps_what_is_there(database: Database) -> None:
    store = ArticleStore(database)
    await store.save([prepared("a")])

    await database.migrate()

    assert await store.get(ArticleId("a")) == prepared("a").article


async def test_the_encoder_that_had_come_furthest_serves_after_the_step_that_asks_which_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    with monkeypatch.context() as before:
        before.setattr(migrations, "HEAD", "0002")
        await database.migrate()
    async with database.transaction() as connection:
        for name, value in {"encoded:a/b int8": 7, "encoded:c": 9, "encoded:d int8": 0}.items():
            await connection.execute(
                text("INSERT INTO counters VALUES (:name, :value)"), {"name": name, "value": value}
            )

    await database.migrate()

    kept = await EncoderStore(database).kept()
    await database.close()
    assert [
        (each.model.name, each.model.model, each.model.precision, each.role, each.has_vectors) for each in kept
    ] == [
        ("c", "c", "float32", "serving", True),
        ("a/b int8", "a/b", "int8", "retired", True),
        ("d int8", "d", "int8", "retired", False),
    ]


async def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageError, match=r"newer Tidings .*update Tidings"):
        await database.migrate()


async def test_a_step_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    upgrade = migrations.upgrade

    def fails_at_the_end(connection: Connection) -> None:
        upgrade(connection)
        raise RuntimeError

    monkeypatch.setattr(migrations, "upgrade", fails_at_the_end)
    with pytest.raises(RuntimeError):
        await database.migrate()
    async with database.reading() as connection:
        left = await connection.scalar(text("SELECT count(*) FROM sqlite_master"))
    monkeypatch.undo()
    await database.migrate()
    await database.close()

    assert left == 0


async def test_several_in_one_process_migrate_the_same_database(tmp_path: Path) -> None:
    databases = [Database(f"sqlite:///{tmp_path / 'tidings.db'}") for _ in range(4)]

    await asyncio.gather(*(database.migrate() for database in databases))

    assert (await ArticleStore(databases[0]).save([prepared("a")])).new == 1
    assert await ArticleStore(databases[3]).get(ArticleId("a")) is not None
    for database in databases:
        await database.close()


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_processes_that_start_at_once_all_find_the_tables(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'tidings.db'}"
    if where == "postgresql":
        url = request.getfixturevalue("empty_postgres")
    program = (
        "import asyncio, sys; from storage.database import Database\n"
        "async def main():\n"
        "    database = Database(sys.argv[1]); sys.stdin.readline()\n"
        "    await database.migrate(); await database.migrate(); await database.close()\n"
        "asyncio.run(main())"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(2)
    ]

    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1] for process in processes]

    assert errors == ["", ""]
    assert [process.returncode for process in processes] == [0, 0]


async def test_what_was_written_before_anything_was_sealed_is_sealed_and_cut_short_it_is_gone_on_with(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    postgres = database_url.startswith("postgresql")
    url = request.getfixturevalue("empty_postgres") if postgres else f"sqlite:///{tmp_path / 'old.db'}"
    database = Database(url)
    with monkeypatch.context() as before:
        before.setattr(migrations, "HEAD", "0021")
        await database.migrate()
    texts = [f"heron {number}" for number in range(7)] + ["enc1:0123456789abcdef:AAAA", ""]
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO conversations VALUES ('telegram:7', 'telegram:7')"))
        for question in texts:
            await connection.execute(
                text(
                    "INSERT INTO turns (conversation_id, reader_id, question, standalone, answer, cited, at)"
                    " VALUES ('telegram:7', 'telegram:7', :question, 'heron', '', '[]', '2026-01-01')"
                ),
                {"question": question},
            )
        for number, payload in enumerate(('{"inline_query": {"query": "heron"}}', '{"message": "heron"}', "")):
            await connection.execute(
                text(
                    "INSERT INTO inbox (update_id, chat_id, payload, received_at, state)"
                    " VALUES (:number, 7, :payload, '2026-01-01', 'pending')"
                ),
                {"number": number, "payload": payload},
            )
    monkeypatch.setattr(unsealed, "_ROWS_AT_ONCE", 3)
    write, times = unsealed._write, iter([True, True, False])

    async def fails_soon(*given: Any) -> None:
        if not next(times):
            raise StorageError("power is gone")
        await write(*given)

    monkeypatch.setattr(unsealed, "_write", fails_soon)
    with pytest.raises(StorageError, match="power is gone"):
        await database.migrate()
    monkeypatch.setattr(unsealed, "_write", write)
    cut_short = await database.revision()
    await database.migrate()

    history = await DialogueStore(database).history(ConversationId("telegram:7"), 99)
    updates = [await InboxStore(database).get(number) for number in range(3)]
    waiting = await InboxStore(database).pending(9)
    async with database.reading() as connection:
        cells = list(await connection.scalars(text("SELECT question || standalone FROM turns ORDER BY id")))
    busy = await ReaderStore(database).unfinished()
    await database.close()
    assert cut_short == migrations.UNSEALED
    assert [turn.question for turn in history] == texts
    assert {turn.standalone for turn in history} == {"heron"}
    assert [each and each.payload for each in updates] == [
        '{"inline_query": {"query": "heron"}}',
        '{"message": "heron"}',
        "",
    ]
    assert [each.typed for each in waiting] == [True, False, False]
    assert not any("heron" in cell for cell in cells)
    # What stood there is to go from the file, too.
    assert busy


async def test_earlier_turns_are_of_who_began_the_conversation_and_those_of_groups_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    with monkeypatch.context() as before:
        before.setattr(migrations, "HEAD", "0009")
        await database.migrate()
    async with database.transaction() as connection:
        for conversation in ("telegram:7", "telegram:-5", "telegram:-5:3", "terminal:ada:1"):
            row = {"conversation": conversation, "reader": f"of {conversation}"}
            await connection.execute(text("INSERT INTO conversations VALUES (:conversation, :reader)"), row)
            await connection.execute(
                text(
                    "INSERT INTO turns (conversation_id, question, standalone, answer, cited, at)"
                    " VALUES (:conversation, 'q', 'q', 'a', '[]', '2026-01-01')"
                ),
                row,
            )

    await database.migrate()

    async with database.reading() as connection:
        turns = (await connection.execute(text("SELECT conversation_id, reader_id FROM turns ORDER BY id"))).all()
        conversations = await connection.scalar(text("SELECT count(*) FROM conversations"))
    await database.close()
    assert [tuple(row) for row in turns] == [
        ("telegram:7", "of telegram:7"),
        ("terminal:ada:1", "of terminal:ada:1"),
    ]
    assert conversations == 2


async def test_what_a_reader_was_shown_stays_known_to_them_in_a_few_bytes_of_each_text(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    postgres = database_url.startswith("postgresql")
    database = Database(request.getfixturevalue("empty_postgres") if postgres else f"sqlite:///{tmp_path / 'old.db'}")
    with monkeypatch.context() as before:
        before.setattr(migrations, "HEAD", "0023")
        await database.migrate()
    texts = [[f"heron-{number}-{each}" for each in range(number)] for number in range(5)]
    # More than are taken at once, at one time and place after another.
    many = [texts[number % 5] for number in range(1_203)]
    async with database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO shown_stories (reader_id, at, place, slot, story_id, articles, texts, features)"
                " VALUES (:reader, :at, :place, NULL, :place, :articles, :articles, '{}')"
            ).bindparams(bindparam("at", type_=Moment)),
            [
                {"reader": f"telegram:{n % 3}", "at": EPOCH + n // 40 * HOUR, "place": n, "articles": json.dumps(each)}
                for n, each in enumerate(many)
            ],
        )

    await database.migrate()

    found = await DigestStore(database).shown([ReaderId(f"telegram:{n}") for n in range(3)], EPOCH)
    shown = {each.story: each.texts for mine in found.values() for each in mine}
    await database.close()
    assert shown == {number: Heard.of(map(ArticleId, each)) for number, each in enumerate(many)}
    assert all(text_ in shown[StoryId(n)] for n, each in enumerate(many) for text_ in each)
    assert not any(ArticleId("heron") in each for each in shown.values())

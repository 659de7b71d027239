"""`tidings migrate-to`: from one machine's file to a server that many may share."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from bot.commands.running import json_option, run
from bot.console import counted, print_json, print_line, progress_bar
from storage.errors import InputError, StorageBusy, StorageError

if TYPE_CHECKING:
    from bot.app import App


@click.command("migrate-to")
@click.argument("url")
@json_option
def migrate_to(url: str, as_json: bool) -> int:
    """Copy this instance from SQLite to a PostgreSQL database.

    URL names one that is empty, as postgresql://USER:PASSWORD@HOST/NAME. With - it is
    read from standard input, so that nobody on the machine sees the password. Stop `tidings serve` first. What is
    interrupted is gone on with by the next call; at the end the rows of every table are counted and compared. The keys
    of what readers wrote go along, unless TIDINGS_KEYS_URL says where they are. The file is left as it is. Then set
    TIDINGS_DATABASE_URL to URL: the indexes stay as they are. Once all is well there, delete the file and that of its
    keys: who is forgotten from then on is in them still.
    """
    target_url = sys.stdin.readline().strip() if url == "-" else url

    async def work(app: App) -> int:
        from storage.addresses import left_behind, server_url
        from storage.copying import begin, copy
        from storage.database import Database

        try:
            on_server = server_url(target_url)
        except StorageError as error:
            raise InputError("URL", str(error).removeprefix("database URL: ")) from None
        if on_server is None:
            raise InputError("URL", "names a file of SQLite; write postgresql://user:password@host/name")
        if app.settings.database_url is not None and server_url(app.settings.database_url) is not None:
            raise InputError("TIDINGS_DATABASE_URL", "this instance is on PostgreSQL already")
        if not app.lock.acquire():
            raise StorageBusy("another tidings is running on this instance; stop it, then run this again")
        target, began = Database(target_url, keys=app.keys_of(target_url)), time.monotonic()
        try:
            with progress_bar() as progress:
                # Before it is one, for without them it would be none; to another instance they are nothing.
                if await begin(target):
                    await target.keys.take(app.database.keys)
                tables = await copy(app.database, target, progress)
        finally:
            await target.close()
        source = app.database.keys.file
        if source is not None and source.exists() and target.keys.file != source:
            # No restore takes a key from there any more that was lost on the server since.
            left_behind(source).touch()
        rows, seconds = sum(table.rows for table in tables), time.monotonic() - began
        if as_json:
            print_json(
                {
                    "database": target.where,
                    "rows": rows,
                    "tables": [{"name": each.name, "rows": each.rows, "digest": each.digest} for each in tables],
                    "seconds": round(seconds, 3),
                }
            )
        else:
            print_line(
                f"{counted(rows, 'row')} of {counted(len(tables), 'table')} compared and the same, {seconds:.1f} s"
            )
            print_line(f"set TIDINGS_DATABASE_URL to {target.where}, with its password, and start Tidings again")
            print_line(
                f"once all is well there, delete {app.database.where}"
                + ("" if source is None else f" and {source}")
                + ": who is forgotten from then on is in them still"
            )
        return 0

    return run(work)

"""`tidings backup` and `tidings restore`: a running instance in one file, and an instance again from it."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import sys
import time
from collections.abc import Set as AbstractSet
from contextlib import AsyncExitStack, ExitStack, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bot.commands.running import json_option
from bot.console import counted, print_json, print_line, progress_bar, warn
from bot.outputs import require_writable
from storage.errors import InputError, StorageBusy, StorageError

if TYPE_CHECKING:
    from bot.app import App
    from bot.archives import Manifest
    from bot.settings import Settings
    from storage.backups import SetAside
    from storage.database import Database
    from storage.domain.progress import Progress

_STREAM = Path("-")
_MEGABYTE = 1e6


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@click.option(
    "--keys",
    "of_keys",
    is_flag=True,
    help="Write the keys of what readers wrote instead: keep FILE apart from backups, and only the last.",
)
@json_option
def backup(file: Path, of_keys: bool, as_json: bool) -> int:
    """Write this instance into FILE, while it runs.

    What was committed at one moment is in it, whichever database it is in, and no byte of what was deleted. It is read
    again before it takes the place of a FILE that is there. With - it goes to standard output, unread. FILE is a
    gzipped tar of a manifest and a database in SQLite. Not in it are the indexes, which are made again from that,
    settings and secrets, and fitted models: copy TIDINGS_HOME/encoders, and the files that you trained. Nor are the
    keys, without which nobody reads in it what readers wrote: who is forgotten is forgotten in every backup. A restore
    finds them where they are; for one on another machine, or where they were lost, save them with --keys.
    """
    from bot.archives import aside

    began, settings = time.monotonic(), _settings()
    if of_keys:
        return _backup_keys(settings, file, as_json)
    streamed = file == _STREAM
    if streamed and (as_json or sys.stdout.isatty()):
        raise click.UsageError(
            "- writes the backup to standard output: send that to a file or a program, without --json"
        )
    if not streamed:
        require_writable(file)
    if streamed:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with progress_bar() as progress, aside(settings.home / "backup" if streamed else file) as folder:
        manifest, size = _made(settings, folder, None if not streamed else sys.stdout.buffer, file, progress)
    if as_json:
        print_json({"file": str(file), "bytes": size, **_told(manifest), "seconds": round(time.monotonic() - began, 3)})
    else:
        say = warn if streamed else print_line
        say(
            f"{counted(manifest.rows, 'row')} of {counted(len(manifest.tables), 'table')} as of {manifest.made_at}"
            + ("" if streamed else f", {size / _MEGABYTE:.1f} MB, read again")
        )
    return 0


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path, allow_dash=True))
@click.option(
    "--send-waiting",
    is_flag=True,
    help="Go on with what waited to be answered or sent: for an instance that was stopped before the backup.",
)
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A file of `tidings backup --keys`: whoever it has a key of can be read again, the forgotten of since, too.",
)
@json_option
def restore(file: Path, send_waiting: bool, keys_file: Path | None, as_json: bool) -> int:
    """Make an empty instance the one in FILE, a backup.

    The backup may be of an earlier version, and of the other kind of database: it goes into TIDINGS_HOME, or to
    TIDINGS_DATABASE_URL, which must hold nothing. With - it is read from standard input. What waited to be answered
    or sent, and what was due since, is not done again, since it may have been after the backup.

    What readers wrote is read by the keys that are here, in --keys FILE, or where the instance had them that was backed
    up. Whoever is known there to have been forgotten since stays so. Of whoever else has no key there, what they wrote
    is left out.
    """
    began, settings = time.monotonic(), _settings()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as closing:
        source = sys.stdin.buffer if file == _STREAM else closing.enter_context(file.open("rb"))
        progress = closing.enter_context(progress_bar())
        manifest, where, waited = asyncio.run(_restored(settings, source, str(file), send_waiting, keys_file, progress))
    unreadable = waited.unreadable
    told = _told(manifest) | {
        "messages_set_aside": waited.messages,
        "updates_set_aside": waited.updates,
        "readers_forgotten_since": unreadable.forgotten,
        "readers_without_keys": unreadable.keyless,
        "readers_unmarked": unreadable.unmarked,
    }
    if unreadable.keyless:
        warn(
            f"what {counted(unreadable.keyless, 'reader')} wrote is left out, for no key of it is here: conversations, "
            "documents, topics they follow and words about themselves; the file of `tidings backup --keys` brings it, "
            "given as --keys to a restore into an empty instance"
        )
    if as_json:
        print_json({"database": where, **told, "seconds": round(time.monotonic() - began, 3)})
        return 0
    print_line(f"{where}: {counted(manifest.rows, 'row')} of Tidings {manifest.tidings}, as of {manifest.made_at}")
    if waited.messages or waited.updates:
        print_line(
            f"not done again, since they may have been: {counted(waited.messages, 'message')} that waited to be sent, "
            f"{counted(waited.updates, 'update')} to be answered"
        )
    if not send_waiting:
        print_line("no digest is made up for of an hour before now, and no breaking news is sent for 6 hours")
    if unreadable.forgotten:
        print_line(f"{counted(unreadable.forgotten, 'reader')} forgotten since that time stay so")
    # Only by the keys of what is sealed is it known who was.
    if unreadable.keyless or unreadable.unmarked:
        who = "" if unreadable.keyless else f", of {counted(unreadable.unmarked, 'reader')} who wrote nothing,"
        print_line(f"whoever was forgotten since that time{who} is in it again: forget them anew")
    print_line(
        "the indexes are made again from it, by `tidings serve` and `tidings chat`; `tidings reindex` does so now"
    )
    return 0


def _settings() -> Settings:
    from bot.logs import configure
    from bot.settings import load_settings

    settings = load_settings()
    configure(settings.log_level, settings.secrets)
    return settings


def _made(
    settings: Settings, folder: Path, stream: BinaryIO | None, file: Path, progress: Progress
) -> tuple[Manifest, int]:
    """The backup, made in `folder` and put in its place, or sent; what is in it, and how many bytes it has."""
    from bot.archives import DATABASE, Manifest, checksum, create, pack, put, unpack
    from storage.backups import examine

    saved, packed, made_at = folder / DATABASE, folder / "backup", datetime.now(UTC)
    keys, keys_place = asyncio.run(_save(settings, saved, progress))
    contents = examine(saved)
    manifest = Manifest(
        tidings=version("tidings"),
        revision=contents.revision,
        made_at=made_at.isoformat(timespec="seconds"),
        tables=contents.tables,
        bytes=saved.stat().st_size,
        sha256=checksum(saved),
        keys=keys,
        keys_file=keys_place,
    )
    if stream is not None:
        pack(manifest, saved, stream, progress)
        stream.flush()
        return manifest, 0
    with create(packed) as out:
        pack(manifest, saved, out, progress)
    with packed.open("rb") as again:
        unpack(again, str(file), None, progress)
    size = packed.stat().st_size
    put(packed, file)
    return manifest, size


async def _save(settings: Settings, file: Path, progress: Progress) -> tuple[str, str]:
    """Write the database; what the place of its keys is called, and the file that it is, where it is one."""
    from bot.app.stores import Stores
    from storage.backups import save
    from storage.sealed import require_keys

    async with AsyncExitStack() as closing:
        database = Stores(settings, closing).database
        closing.push_async_callback(database.close)
        await _mark(database)
        await save(database, file, progress)
        place, where = await database.keys.place(), database.keys.file
        try:
            await require_keys(database)
        except StorageError:
            # Those that are there are not its own: whom they lack was not forgotten.
            place = None
        return place or "", "" if place is None or where is None else str(where.absolute())


async def _mark(database: Database) -> None:
    """Have the backup name a key of every reader, as far as that can be: a restore says of whom it does not."""
    from storage.marks import drop_idle_marks, mark_readers
    from storage.migrations import HEAD

    with suppress(StorageError):
        if await database.revision() == HEAD:
            await mark_readers(database)
            await drop_idle_marks(database)


def _backup_keys(settings: Settings, file: Path, as_json: bool) -> int:
    from bot.app.stores import Stores
    from bot.archives import aside, put
    from storage.addresses import file_url
    from storage.sealed import require_keys

    if file == _STREAM:
        raise click.UsageError("--keys writes a file")
    require_writable(file)

    async def written(made: Path) -> int:
        async with AsyncExitStack() as closing:
            stores = Stores(settings, closing)
            closing.push_async_callback(stores.database.close)
            if await stores.database.revision() is not None:
                await require_keys(stores.database)
            keys = stores.keys_in(file_url(made))
            number = await keys.take(stores.database.keys)
            await keys.purge()
            await keys.close()
            return number

    with aside(file) as folder:
        number = asyncio.run(written(folder / "keys"))
        put(folder / "keys", file)
    if as_json:
        print_json({"file": str(file), "keys": number})
        return 0
    print_line(f"{counted(number, 'key')} written to {file}")
    print_line(
        "keep it apart from the backups and away from others: with both, whoever it has a key of can be read, the "
        "forgotten of since, too; write it anew each time, and keep no earlier one"
    )
    return 0


async def _restored(
    settings: Settings, source: BinaryIO, name: str, send_waiting: bool, keys_file: Path | None, progress: Progress
) -> tuple[Manifest, str, SetAside]:
    from bot.app import App
    from bot.archives import DATABASE, aside, make_room, put, unpack
    from storage.addresses import file_url
    from storage.backups import examine, prepare, vacant
    from storage.copying import begin, copy
    from storage.database import Database
    from storage.migrations import HEAD
    from storage.unreadable import keys_named_in

    async with AsyncExitStack() as closing:
        app = App(settings, closing)
        closing.push_async_callback(app.database.close)
        target, file = app.database, app.database.file
        # It may be a link to another disk.
        place = None if file is None else file.resolve()
        if not app.lock.acquire():
            raise StorageBusy("another tidings is running on this instance; stop it, then run this again")
        if place is not None:
            with vacant(place):
                make_room(place)
        folder = closing.enter_context(aside(place or settings.home / "restore"))
        manifest = unpack(source, name, folder / DATABASE, progress)
        if manifest.revision > HEAD:
            raise InputError(name, f"was written by a newer Tidings ({manifest.tidings}); update Tidings to use it")
        found = examine(folder / DATABASE)
        if (found.revision, found.tables) != (manifest.revision, manifest.tables):
            raise InputError(name, "is damaged: it does not hold what its manifest says")
        if place is None and not await begin(target):
            raise StorageError(f"database {target.where}: holds an instance; give one that is empty")
        await _take_keys(app, manifest, keys_named_in(folder / DATABASE), keys_file)
        waited = await prepare(folder / DATABASE, datetime.now(UTC), send_waiting=send_waiting, keys=target.keys)
        if place is None:
            saved = Database(file_url(folder / DATABASE), keys=target.keys)
            closing.push_async_callback(saved.close)
            await copy(saved, target, progress)
        else:
            with vacant(place):
                for beside in ("-wal", "-shm"):
                    place.with_name(place.name + beside).unlink(missing_ok=True)
                put(folder / DATABASE, place)
        # What they hold is of whatever was here before.
        for index in ("chroma", "lexical"):
            shutil.rmtree(settings.home / index, ignore_errors=True)
        return manifest, target.where, waited


async def _take_keys(app: App, manifest: Manifest, named: AbstractSet[str], given: Path | None) -> None:
    """Take over the keys that a backup needs, from the file that is given and from where they were, as far as they are.

    From that file those of the forgotten, too.
    """
    from storage.addresses import file_url
    from storage.key_tables import is_keys_file

    keys, its_own = app.database.keys, _its_own(manifest)
    if given is not None and not is_keys_file(given):
        raise InputError(str(given), "is no file of `tidings backup --keys`")
    for file in (given, its_own if its_own is not None and is_keys_file(its_own) else None):
        if file is not None and not named <= await keys.ids():
            other = app.keys_in(file_url(file, reads=True), reads=True)
            try:
                await keys.take(other, named, lost=file == given)
            finally:
                await other.close()


def _its_own(manifest: Manifest) -> Path | None:
    """The file that the keys were in as the backup was made, where it is there and ours; a backup may say anything.

    None where they were taken along to a server since: who was forgotten there has a key in that file still.
    """
    from storage.addresses import left_behind

    if not manifest.keys_file:
        return None
    file = Path(manifest.keys_file)
    try:
        found = file.lstat()
        if left_behind(file).exists():
            return None
    except (OSError, ValueError):
        return None
    return file if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and file.is_absolute() else None


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "tidings": manifest.tidings,
        "revision": manifest.revision,
        "made_at": manifest.made_at,
        "rows": manifest.rows,
        "tables": [{"name": name, "rows": rows} for name, rows in manifest.tables.items()],
        "sha256": manifest.sha256,
    }

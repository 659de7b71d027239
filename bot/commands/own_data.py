"""`tidings export` and `tidings forget`: all that is kept of a reader, given or forgotten."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.bounds import spoken
from bot.commands.running import json_option, run
from bot.console import print_json, print_line, warn
from bot.outputs import require_writable
from bot.texts import say
from storage.domain.people import ReaderId
from storage.errors import IndexUnavailable, StorageError

if TYPE_CHECKING:
    from bot.app import App

_NAMED = re.compile(r"telegram:-?[0-9]{1,18}|terminal:.+")


@click.command()
@click.argument("reader")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it into this file instead of printing it."
)
@click.option(
    "--opml", type=click.Path(dir_okay=False, path_type=Path), help="Write what they read into this file, as OPML."
)
@click.option(
    "--language",
    metavar="CODE",
    default="en",
    show_default=True,
    callback=spoken,
    help="Of the explanations: en, zh.",
)
@json_option
def export(reader: str, out: Path | None, opml: Path | None, language: str, as_json: bool) -> int:
    """Give all that is kept of a reader, as JSON.

    Nothing of anybody else is in it. The exit status is 1 where no such reader is known.

    READER is a name as in `tidings chat`, alone or as `terminal:NAME`; or `telegram:NUMBER`.
    """
    made: list[dict[str, Any]] = []
    for file in (out, opml):
        if file is not None:
            require_writable(file)

    async def work(app: App) -> int:
        who = _id(reader)
        if not await app.own_data.shelf.known(who):
            warn(say(None, "cli_reader_unknown", reader=reader))
            return 1
        made.append(await app.own_data.export(who, language))
        return 0

    if status := run(work):
        return status
    exported = made[0]
    if opml is not None:
        # For its reader alone, as the other file: it names the feeds that only they read.
        opml.touch(mode=0o600)
        opml.write_text(exported["parts"]["opml"]["kept"], encoding="utf-8")
    if out is not None:
        # For its reader alone, where it was not there before.
        out.touch(mode=0o600)
        out.write_bytes(_pretty(exported))
        warn(say(None, "chat_exported", file=str(out)))
    elif as_json:
        print_json(exported)
    else:
        sys.stdout.buffer.write(_pretty(exported))
        sys.stdout.buffer.flush()
    return 0


@click.command()
@click.argument("reader")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def forget(reader: str, yes: bool, as_json: bool) -> int:
    """Delete all that is kept of a reader.

    No byte of it is left in the files of this instance.

    READER is a name as in `tidings chat`, or `telegram:NUMBER`. It cannot be taken back; `tidings export` gives it
    first. In backups made before nobody can read any more what they wrote; what else these hold of them, what Telegram
    keeps itself, and models that were trained on what readers did are not touched.
    """
    who = _id(reader)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("nobody is there to be asked; --yes does it unasked")
        if not click.confirm(say(None, "cli_forget_confirm", reader=reader), err=True):
            warn("nothing is changed")
            return 1

    async def work(app: App) -> int:
        gone = await app.own_data.forget(who)
        try:
            done, why = await app.own_data.finish(), "another tidings is using them, and sees to it if it runs on"
        except (StorageError, IndexUnavailable) as error:
            done, why = False, str(error)
        if as_json:
            print_json({"reader": who, "forgotten": gone, "files_purged": done})
        else:
            told = ", ".join(f"{name} {number:,}" for name, number in sorted(gone.items()))
            print_line(say(None, "cli_forgotten" if gone else "cli_forgotten_nothing", reader=reader, what=told))
        if not done:
            warn(f"the files of this instance may still hold copies of it: {why}; run this again to be rid of them")
        return 0 if done else 1

    return run(work)


def _pretty(exported: dict[str, Any]) -> bytes:
    from bot.personal.own_data import pretty

    return pretty(exported) + b"\n"


def _id(reader: str) -> ReaderId:
    return ReaderId(reader if _NAMED.fullmatch(reader) else f"terminal:{reader}")

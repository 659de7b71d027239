"""`tidings chat`: the terminal chat."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

import click

from bot.commands.bounds import spoken
from bot.commands.running import run

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.option("--reader", metavar="NAME", default=None, help="Whose conversation this is; your login name by default.")
@click.option(
    "--language",
    metavar="CODE",
    callback=spoken,
    help="Language of the interface, en or zh; your locale's by default.",
)
def chat(reader: str | None, language: str | None) -> int:
    """Talk about the news in this terminal. The feeds are read in the background."""
    if reader is not None and not reader.strip():
        raise click.UsageError("--reader: a name is missing")

    async def work(app: App) -> int:
        _notice("")
        from bot.living import chat as talk

        return await talk(app, reader or _login_name(), language)

    _notice("Opening Tidings …")
    return run(work)


def _notice(text: str) -> None:
    """A word on a terminal while the chat is being opened, which takes a second or two; the next replaces it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[2K{text}")
        sys.stderr.flush()


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reader"

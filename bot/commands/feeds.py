"""`tidings feeds …`: the sources of this instance."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.running import json_option, run
from bot.console import print_json, print_line, warn
from bot.contract import feeds_json
from bot.grouping import grouped, spans
from bot.outputs import require_writable
from storage.domain.news import Feed, SourceFailure

if TYPE_CHECKING:
    from bot.app import App


@click.group()
def feeds() -> None:
    """List, add and remove the sources everyone here reads."""


@feeds.command("list")
@json_option
def list_feeds(as_json: bool) -> int:
    """Show how each source stands, and why it failed."""

    async def work(app: App) -> int:
        await app.begin()
        return _show(await app.sources.list(), as_json)

    return run(work)


@feeds.command()
@click.argument("url")
@json_option
def add(url: str, as_json: bool) -> int:
    """Add the feed at URL, or the one the page there names."""

    async def work(app: App) -> int:
        await app.begin()
        added = await app.sources.add(None, url)
        return _show(await _stored(app, [added]), as_json)

    return run(work)


@feeds.command()
@click.argument("which")
@json_option
def remove(which: str, as_json: bool) -> int:
    """Remove a source by its address, number or name.

    The number is that of the list, and of a name a part will do. Its articles stay.
    """

    async def work(app: App) -> int:
        await app.begin()
        removed = await app.sources.remove(None, which)
        if as_json:
            return _show([removed], as_json)
        print_line(f"removed: {removed.title or removed.url}  {removed.url}")
        print_line(f"`tidings feeds add {removed.url}` brings it back; the numbers in the list may have changed")
        return 0

    return run(work)


@feeds.command("import")
@click.argument("opml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def import_opml(opml: Path, as_json: bool) -> int:
    """Add the feeds of an OPML file."""

    async def work(app: App) -> int:
        listed, failed = opml_feeds(opml)
        for failure in failed:
            warn(f"{failure.url}: {failure.error}")
        added = await app.feeds.add(listed)
        if as_json:
            _show(await _stored(app, listed), as_json)
        else:
            print_line(f"{added} added, {len(listed) - added} known already, {len(failed)} unreadable")
        return 1 if failed and not listed else 0

    return run(work)


@feeds.command("export")
@click.argument("opml", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), required=False)
def export_opml(opml: Path | None) -> int:
    """Write the sources as OPML, to a file or to standard output. What readers added for themselves stays theirs."""

    async def work(app: App) -> int:
        from retrieval.ingest.opml import write_opml

        await app.begin()
        document.append(write_opml([feed for feed in await app.sources.list() if feed.shared]))
        return 0

    document: list[bytes] = []
    if opml is not None and str(opml) != "-":
        require_writable(opml)
    status = run(work)
    if opml is None or str(opml) == "-":
        sys.stdout.buffer.write(document[0])
        sys.stdout.buffer.flush()
    else:
        opml.write_bytes(document[0])
    return status


def opml_feeds(path: Path) -> tuple[Sequence[Feed], Sequence[SourceFailure]]:
    """The feeds of an OPML file, and what in it could not be used."""
    from retrieval.ingest.opml import MAX_OPML_BYTES, read_opml

    with path.open("rb") as file:
        return read_opml(file.read(MAX_OPML_BYTES + 1), path.name)


async def _stored(app: App, feeds: Sequence[Feed]) -> Sequence[Feed]:
    """These feeds as the instance holds them."""
    urls = {feed.url for feed in feeds}
    return [feed for feed in await app.sources.list() if feed.url in urls]


def _show(shown: Sequence[Feed], as_json: bool) -> int:
    if as_json:
        print_json(feeds_json(shown))
        return 0
    reasons = grouped((feed.last_error, number) for number, feed in enumerate(shown, 1) if feed.last_error)
    for number, feed in enumerate(shown, start=1):
        print_line(f"{number:>3}  {feed.status.value:<8}{feed.articles:>7}  {feed.title or '—'}  {feed.url}")
        if feed.last_error and len(reasons[feed.last_error]) == 1:
            print_line(f"     {feed.last_error}")
    for reason, numbers in reasons.items():
        if len(numbers) > 1:
            print_line(f"{len(numbers)} feeds ({spans(numbers)}): {reason}")
    return 0

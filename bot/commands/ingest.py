"""`tidings ingest`: bring news in now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.feeds import opml_feeds
from bot.commands.gathered import FeedsVisit, tell_cleared, tell_failures, tell_lines, tell_old, tell_switch, tell_visit
from bot.commands.running import json_option, run
from bot.console import counted, print_json, progress_bar, warn
from bot.contract import ingest_json
from bot.waiting import untold
from storage.domain.news import Feed, IngestReport
from storage.domain.progress import Progress
from storage.errors import InputError

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.option("urls", "--feed", multiple=True, metavar="URL", help="Read this feed now; kept as a source if readable.")
@click.option(
    "--opml",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the feeds of this OPML file now; they are kept as sources.",
)
@click.option(
    "--jsonl",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Import articles, one JSON object a line, gzipped or not.",
)
@json_option
def ingest(urls: tuple[str, ...], opml: Path | None, jsonl: tuple[Path, ...], as_json: bool) -> int:
    """Read the feeds that are due, or what the options name.

    It can be searched at once. What cannot be read is named and passed over. The exit status is 0 where something
    could be read or nothing was to be read, and 1 where nothing could.
    """

    async def work(app: App) -> int:
        try:
            return await gathered(app)
        except asyncio.CancelledError:
            await _say_where_it_stopped(app, [path.name for path in jsonl])
            raise

    async def gathered(app: App) -> int:
        with progress_bar() as progress:
            lines = await app.ingest.files(jsonl, progress) if jsonl else None
            visits = [] if jsonl and not named and not opml else [await _visit(app, named, listed, opml, progress)]
            cleared = await app.news.clear_away(progress)
            old = await app.news.let_go(progress)
            # Searches move to another encoder that the settings name once all is in.
            level = await app.index.switch(progress)
            while await app.index.tidy():
                pass
        if level.held_elsewhere:
            warn("another tidings is running on this instance; it makes the news searchable within seconds")
        tell_switch(level)
        report = sum((visit.report for visit in visits), lines or IngestReport()) + IngestReport(failed=tuple(failed))
        if as_json:
            print_json(ingest_json(report))
        else:
            tell_failures(failed)
            if lines is not None:
                tell_lines(lines)
            for visit in visits:
                tell_visit(visit)
        tell_cleared(cleared)
        tell_old(old, app.settings.keep_articles)
        read = bool(lines and lines.fetched) or any(visit.read for visit in visits)
        return 1 if report.failed and not read else 0

    named = [_feed(url) for url in urls]
    listed, failed = opml_feeds(opml) if opml else ((), ())
    return run(work)


async def _say_where_it_stopped(app: App, files: Sequence[str]) -> None:
    """What Ctrl-C left: how much is stored, how much of that is yet to be indexed, and how to go on."""
    counts = await app.articles.counts()
    warn(f"stopped; {counted(counts.articles, 'article')} {'is' if counts.articles == 1 else 'are'} stored")
    if waiting := await app.topics.behind():
        warn(untold(waiting))
    if files:
        warn(f"lines of {', '.join(files)} may be left; give it again, and what is in is passed over")


async def _visit(
    app: App, named: Sequence[Feed], listed: Sequence[Feed], opml: Path | None, progress: Progress
) -> FeedsVisit:
    """Read what is named and listed; without either, what is due."""
    from bot.app import utc_now

    if not named and opml is None:
        await app.begin()
        due = await app.feeds.due(utc_now())
        return FeedsVisit(asked=due, report=await app.ingest.visit(due, progress))
    await app.feeds.add(listed)
    report = await app.ingest.named([*named, *listed], progress)
    kept = {feed.url for feed in await app.feeds.list()}
    asked = tuple({feed.url: feed for feed in (*named, *listed)}.values())
    dropped = frozenset(feed.url for feed in named if feed.url not in kept)
    return FeedsVisit(asked=asked, report=report, dropped=dropped)


def _feed(url: str) -> Feed:
    """The feed at an address as a person types it.

    Raises:
        InputError: It is no address of the web.
    """
    from retrieval.ingest.urls import masked, parse_http

    try:
        return Feed(url=str(parse_http(url.strip())))
    except ValueError as error:
        raise InputError(masked(url), str(error)) from error

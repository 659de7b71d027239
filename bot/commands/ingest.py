"""`tidings ingest`: bring news in now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.feeds import opml_feeds
from bot.commands.running import json_option, run
from bot.console import print_json, print_line, progress_bar, warn
from bot.contract import ingest_json
from storage.domain.news import Feed, IngestReport
from storage.errors import InputError

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.option("urls", "--feed", multiple=True, metavar="URL", help="Read this feed now; it is kept as a source.")
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
    """Read the feeds that are due, or what the options name, and make it searchable."""

    async def work(app: App) -> int:
        with progress_bar() as progress:
            report = await app.ingest.files(jsonl, progress) if jsonl else IngestReport()
            if named or listed:
                await app.feeds.add([*named, *listed])
                wanted = {feed.url for feed in (*named, *listed)}
                due = [feed for feed in await app.feeds.list() if feed.url in wanted]
            elif jsonl or opml:
                due = []
            else:
                await app.begin()
                due = list(await app.feeds.due(utc_now()))
            if due:
                report += await app.ingest.visit(due, progress)
            report += IngestReport(failed=tuple(failed))
            await app.news.clear_away(progress)
            level = await app.ingest.level(progress)
        if level.held_elsewhere:
            warn("another tidings is running on this instance; it makes the news searchable within seconds")
        if as_json:
            print_json(ingest_json(report))
        else:
            _print(report)
        nothing_worked = not report.fetched and len(report.failed) >= max(len(due), 1)
        return 1 if nothing_worked else 0

    from bot.app import utc_now

    named = [_feed(url) for url in urls]
    listed, failed = opml_feeds(opml) if opml else ((), ())
    return run(work)


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


def _print(report: IngestReport) -> None:
    for failure in report.failed:
        warn(f"{failure.url}: {failure.error}")
    print_line(
        f"{report.fetched} read: {report.saved.new} new, {report.saved.updated} updated, "
        f"{report.saved.duplicates} already known, {len(report.failed)} failed, "
        f"in {report.took.total_seconds():.1f} s"
    )

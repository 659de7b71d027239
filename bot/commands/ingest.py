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
            report = IngestReport()
            if jsonl:
                report += await app.ingest.files(jsonl, progress)
            if urls or opml:
                named = [Feed(url=url) for url in urls]
                listed, failed = opml_feeds(opml) if opml else ((), ())
                feeds = [*named, *listed]
                await app.feeds.add(feeds)
                report += await app.ingest.visit(feeds, progress)
                report += IngestReport(failed=tuple(failed))
            elif not jsonl:
                await app.begin()
                report += await app.ingest.round(progress)
        if as_json:
            print_json(ingest_json(report))
        else:
            _print(report)
        return 1 if report.failed and not report.fetched else 0

    return run(work)


def _print(report: IngestReport) -> None:
    for failure in report.failed:
        warn(f"{failure.url}: {failure.error}")
    print_line(
        f"{report.fetched} read: {report.saved.new} new, {report.saved.updated} updated, "
        f"{report.saved.duplicates} already known, {len(report.failed)} failed, "
        f"in {report.took.total_seconds():.1f} s"
    )

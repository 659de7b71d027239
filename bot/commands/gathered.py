"""What `tidings ingest` says: what came in on standard output, what could not be read on standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.console import counted, print_line, warn
from bot.grouping import grouped
from storage.domain.news import Feed, IngestReport, SaveReport, SourceFailure, SyncReport

MOST_TOLD = 10
"""Failures told apart; a file of a million bad lines must not become a million lines."""

MOST_LINES_TOLD = 5
"""Of the lines of files, which fail each in their own way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsVisit:
    """The feeds a run was to read and what came of it. `dropped` could not be read and are no sources."""

    asked: Sequence[Feed]
    report: IngestReport
    dropped: frozenset[str] = frozenset()

    @property
    def unread(self) -> tuple[SourceFailure, ...]:
        """Why feeds could not be read. The other failures of the report are pages that feeds name."""
        asked = {feed.url for feed in self.asked}
        return tuple(failure for failure in self.report.failed if failure.url in asked)

    @property
    def read(self) -> int:
        """How many of the feeds could be read."""
        return len(self.asked) - len(self.unread)


def tell_failures(failures: Sequence[SourceFailure]) -> None:
    """A line on standard error for each, or for those that failed alike."""
    told = grouped((failure.error, failure) for failure in failures)
    for error, alike in list(told.items())[:MOST_TOLD]:
        first, *others = alike
        warn(f"{first.url}{f' and {len(others):,} more' if others else ''}: {error}")
    if len(told) > MOST_TOLD:
        warn(f"{len(told) - MOST_TOLD:,} more reasons; --json names each")


def tell_lines(report: IngestReport) -> None:
    """What became of the lines of files."""
    failures = sum(failure.count for failure in report.failed)
    told = f"{counted(report.fetched, 'line')} read: {_saved(report.saved)}"
    if failures:
        told += f"; {counted(failures, 'line')} could not be read"
    named = report.failed[:MOST_LINES_TOLD]
    for failure in named:
        warn(f"{failure.url}: {failure.error}")
    if failures > len(named):
        warn(f"and {failures - sum(failure.count for failure in named):,} more; --json tells of them")
    print_line(f"{told}; {_seconds(report)}")


def tell_cleared(samples: int) -> None:
    """That the sample edition is no longer there."""
    if samples:
        warn(f"the {counted(samples, 'sample article')} {'has' if samples == 1 else 'have'} gone: real news is in")


def tell_old(articles: int, days: int) -> None:
    """That articles were let go by their age."""
    if articles:
        warn(f"{counted(articles, 'article')} that came in more than {counted(days, 'day')} ago let go")


def tell_visit(visit: FeedsVisit) -> None:
    """What became of the feeds, and of the pages they name."""
    if not visit.asked:
        print_line(
            "no feed is due yet; `tidings feeds list` tells of each, `tidings ingest --feed URL` reads one at once"
        )
        return
    unread = visit.unread
    tell_failures([failure for failure in unread if failure.url not in visit.dropped])
    for failure in unread:
        if failure.url in visit.dropped:
            warn(f"{failure.url}: {failure.error}; not kept as a source")
    pages = sum(failure.count for failure in visit.report.failed) - len(unread)
    told = f"{visit.read} of {counted(len(visit.asked), 'feed')} read"
    if visit.read:
        told += f": {_saved(visit.report.saved)}"
    if pages:
        told += f"; {counted(pages, 'page')} they name could not be read"
    print_line(f"{told}; {_seconds(visit.report)}")


def _saved(saved: SaveReport) -> str:
    return f"{saved.new:,} new, {saved.updated:,} updated, {saved.duplicates:,} already known"


def _seconds(report: IngestReport) -> str:
    return f"{report.took.total_seconds():.1f} s"


def tell_switch(report: SyncReport) -> None:
    """A line on standard error where searches moved to another encoder, or could not."""
    if report.switched_to:
        warn(f"searches now use the encoder {report.switched_to}")
    if report.not_switched:
        reason = report.not_switched.rstrip(".")
        warn(f"{reason}; searches go on with the encoder they use, set TIDINGS_ENCODER to one that works")

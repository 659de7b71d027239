"""The lists a command shows: the commands, the sources."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from bot.grouping import grouped, spans
from bot.terminal.commands import Command
from bot.terminal.screen import DIM, MARK, TROUBLE, Screen
from bot.terminal.wrapping import MEASURE
from storage.domain.news import Feed, FeedStatus
from storage.domain.why import Why

BOUNDLESS = 10_000
"""Cells a table may take where nothing wraps: off a terminal."""


def list_commands(screen: Screen, commands: Sequence[Command]) -> None:
    """Every command with what follows it and what it does."""
    heads = {command.name: _head(screen, command) for command in commands}
    widest = max(head.cell_len for head in heads.values()) + 2
    beside = not screen.console.is_terminal or screen.console.width - widest >= 30  # noqa: PLR2004 - cells to read in
    for command in commands:
        text = Text(screen.sentence(command.help))
        if beside:
            screen.paragraph(text, lead=heads[command.name], indent=widest)
        else:
            screen.paragraph(heads[command.name])
            screen.paragraph(text, indent=2)
    screen.blank()
    screen.say("chat_help_numbers", style=DIM)
    screen.say("chat_help_keys", style=DIM)


def list_sources(screen: Screen, feeds: Sequence[Feed]) -> None:
    """The feeds by their numbers, how they stand and what they brought, and why those that fail do.

    A reason stands under its feed; one that several share stands once, below the list.
    """
    failing = grouped((_why(feed), number) for number, feed in enumerate(feeds, 1) if feed.status is FeedStatus.FAILING)
    alone = {numbers[0]: why for why, numbers in failing.items() if len(numbers) == 1}
    table = Table(box=None, padding=(0, 1, 0, 0), header_style=DIM, pad_edge=False)
    table.add_column("", justify="right", style=MARK, no_wrap=True)
    table.add_column(screen.sentence("chat_column_source"), ratio=1)
    table.add_column(screen.sentence("chat_column_status"), no_wrap=True)
    table.add_column(screen.sentence("chat_column_articles"), justify="right", no_wrap=True)
    for number, feed in enumerate(feeds, 1):
        table.add_row(str(number), _title(screen, feed, alone.get(number)), _status(screen, feed), f"{feed.articles:,}")
    screen.console.print(table, width=min(screen.console.width, MEASURE) if screen.console.is_terminal else BOUNDLESS)
    if len(alone) < len(failing):
        screen.blank()
    for why, numbers in failing.items():
        if len(numbers) > 1:
            together = screen.counted("chat_feeds", len(numbers))
            reason = screen.sentence(why)
            screen.say("chat_failing_together", style=TROUBLE, feeds=together, numbers=spans(numbers), reason=reason)


def _head(screen: Screen, command: Command) -> Text:
    head = Text(f"/{command.name}", style=MARK)
    if command.usage:
        head.append(" ").append(screen.sentence(command.usage), style=DIM)
    return head


def _why(feed: Feed) -> Why:
    return feed.last_why or Why.UNREADABLE


def _title(screen: Screen, feed: Feed, why: Why | None) -> Text:
    title = screen.link(feed.title or feed.url, feed.url)
    if why:
        title.append("\n").append(screen.sentence(why), style=DIM)
    return title


def _status(screen: Screen, feed: Feed) -> Text:
    style = TROUBLE if feed.status is FeedStatus.FAILING else ""
    return Text(screen.sentence(f"chat_status_{feed.status.value}"), style=style)

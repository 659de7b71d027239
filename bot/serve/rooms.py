"""How to serve, and what serving stands on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.messenger.answers.flows import (
    Briefs,
    Converse,
    Digests,
    Draws,
    FeedLists,
    Finds,
    Follows,
    Hot,
    Latest,
    Sources,
    Summarize,
)
from bot.messenger.answers.of_shown import ReadArticle
from bot.messenger.answers.taps import Reacts
from bot.messenger.operators.gate import Rules
from bot.messenger.operators.operating import Operating
from bot.messenger.panels.board import Panels
from bot.messenger.ports import Inbox, Outbox, Readers, ShownMessages
from bot.messenger.wire.leases import Shelf
from bot.messenger.wire.pace import Rates, Turns
from bot.ports import OwnData, Steers
from bot.roles import Role
from bot.server import Metrics
from storage.domain.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How to serve.

    Args:
        token: The bot's.
        api_base_url: Root of the Bot API server.
        journal_url: Where unfinished rounds are recorded; see `bot.jobs.journal_url`.
        ingest_every: Minutes between two rounds of reading the feeds.
        webhook_url: Where Telegram reaches this instance; `None` is long polling. Its path, if it has one, is where
            calls are taken; otherwise `/telegram/webhook` is added.
        webhook_secret: What Telegram repeats with each call.
        rates: How fast messages leave; `None` is as Telegram wants it.
        rules: Who may use it, and how much.
        role: What this process does of it.
    """

    token: str = field(repr=False)
    api_base_url: str
    journal_url: str
    ingest_every: int
    http_host: str
    http_port: int
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    rates: Rates | None = None
    rules: Rules = field(default_factory=Rules)
    role: Role = Role.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What several processes share, beside the stores.

    Args:
        name: This process's, which no other has or ever had.
    """

    name: str
    shelf: Shelf
    turns: Turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What serving stands on.

    Args:
        ingest: One round of reading the feeds.
        notify: Enqueues what is new of what readers follow; how many updates that were.
        alert: Enqueues the news that break for those who want them at once; how many that were.
        digest: Enqueues the digests that are due; how many that were.
        forget_shown: Drops what was shown so long ago that nobody asks for it, as of a time.
        ready: What the instance stands on, by name, and whether each can be used now.
        tell: Takes a line for whoever started this.
        together: Where other processes may serve with this one; else it is the only one.
        metrics: What is told of this process to whoever watches it; `None` is nothing.
    """

    converse: Converse
    latest: Latest
    hot: Hot
    find: Finds
    briefs: Briefs
    digests: Digests
    follows: Follows
    learn: Steers
    sources: Sources
    lists: FeedLists
    feedback: Reacts
    panels: Panels
    own_data: OwnData
    summarize: Summarize
    article: ReadArticle
    ingest: Callable[[], Awaitable[None]]
    notify: Callable[[], Awaitable[int]]
    alert: Callable[[], Awaitable[int]]
    digest: Callable[[], Awaitable[int]]
    forget_shown: Callable[[datetime], Awaitable[None]]
    inbox: Inbox
    outbox: Outbox
    shown: ShownMessages
    readers: Readers
    operating: Operating
    draw: Draws
    ready: Callable[[], Awaitable[Mapping[str, bool]]]
    tell: Callable[[str], None]
    clock: Clock
    together: Together | None = None
    metrics: Metrics | None = None

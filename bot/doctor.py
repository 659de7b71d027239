"""`tidings doctor`: each thing an instance stands on, looked at, with one line and one remedy.

One check that fails never hides another.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from bot.app import App, open_app
from bot.console import counted
from bot.room import room
from bot.settings import Settings, load_settings
from bot.switching import HOW_TO_FINISH, switching
from generation.ports import ChatModel
from generation.prompts import greeting
from storage.domain.news import FeedStatus, Filters
from storage.errors import EncoderUnavailable, SettingsError, TidingsError
from storage.unreadable import count_unreadable

MIN_FREE_BYTES = 500 * 1024 * 1024
"""Under this much free disk an import may not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was looked at, how it stands, and what to do where it does not stand well."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None

    def json(self) -> dict[str, Any]:
        """The check as the command line prints it."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "remedy": self.remedy}


def examine() -> tuple[Check, ...]:
    """Every check, in the order in which a fault makes the later ones pointless."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return (Check(name="settings", ok=False, detail=str(error), remedy="correct it in the environment or .env"),)
    return (Check(name="settings", ok=True, detail="read"), *asyncio.run(_instance(settings)))


async def _instance(settings: Settings) -> tuple[Check, ...]:
    try:
        async with open_app(settings) as app:
            return tuple([await check for check in _checks(app)])
    except TidingsError as error:
        remedy = "check TIDINGS_HOME and TIDINGS_DATABASE_URL, or restore the database from a backup"
        return (Check(name="database", ok=False, detail=str(error), remedy=remedy),)


def _checks(app: App) -> Iterator[Awaitable[Check]]:
    reindex = "run `tidings reindex`"
    yield _looked("disk", lambda: _disk(app), "free some space, or move TIDINGS_HOME")
    yield _looked("database", lambda: _database(app), "see the line above")
    yield _looked(
        "keys", lambda: _keys(app), "put back their file, TIDINGS_KEYS_URL and TIDINGS_KEYS_SECRET as they were"
    )
    yield _looked("left behind", lambda: _left_behind(app), "delete it, once all is well on the server")
    yield _looked("encoder", lambda: _encoder(app), "set TIDINGS_ENCODER to a model that can be loaded")
    yield _looked(
        "reranker", lambda: _reranker(app), "set TIDINGS_RERANKER to tidings, none, or a model that can be loaded"
    )
    yield _looked(
        "language model", lambda: _model(app), "check the TIDINGS_LLM settings, or set TIDINGS_LLM=extractive"
    )
    yield _looked("change of encoder", lambda: _switching(app), reindex)
    yield _looked("indexing", lambda: _waiting(app), "run `tidings ingest`, which goes on where it stopped")
    yield _looked("lexical index", lambda: _index(app, "lexical"), reindex)
    yield _looked("dense index", lambda: _index(app, "dense"), reindex)
    yield _looked("feeds", lambda: _feeds(app), "check this machine's network; `tidings feeds list` says why for each")
    yield _looked("metrics", lambda: _metrics(app), "set TIDINGS_METRICS_TOKEN, or leave it empty")
    yield _looked("telegram", lambda: _telegram(app), "check TELEGRAM_BOT_TOKEN (from @BotFather) and the network")


async def _looked(name: str, look: Callable[[], Awaitable[tuple[bool, str]]], remedy: str) -> Check:
    try:
        ok, detail = await look()
    except TidingsError as error:
        # An index names itself, and so does its line.
        ok, detail = False, str(error).removeprefix(f"{name}: ")
    return Check(name=name, ok=ok, detail=detail, remedy=None if ok else remedy)


async def _disk(app: App) -> tuple[bool, str]:
    free = shutil.disk_usage(app.settings.home).free
    said = f"{free / 1e9:.1f} GB free in {app.settings.home}"
    found = await room(app.database, app.settings.home)
    if found.reckoned:
        needed = sum(found.reckoned.values())
        largest = max(found.reckoned, key=lambda part: found.reckoned[part])
        said += (
            f"; it takes {found.taken / 1e6:,.1f} MB, what is in it needs {needed / 1e6:,.1f}, most of all {largest}"
        )
    return free >= MIN_FREE_BYTES, said


async def _left_behind(app: App) -> tuple[bool, str]:
    """Whether what was copied to a server still lies here, with whoever was forgotten since."""
    file = app.settings.home / "tidings.db"
    if app.database.file is not None or not file.exists():
        return True, "nothing"
    return False, f"{file}, from before this instance was on PostgreSQL: who was forgotten since is in it still"


async def _database(app: App) -> tuple[bool, str]:
    counts = await app.articles.counts()
    held = f"{counted(counts.articles, 'article')} from {counted(counts.sources, 'source')}"
    days = app.settings.keep_articles
    until = f"; articles are kept for {counted(days, 'day')}" if days else ""
    return True, f"{held}, {counted(counts.passages, 'passage')}{until}"


async def _keys(app: App) -> tuple[bool, str]:
    """Whether what readers wrote can be read."""
    held, lost, waiting = await count_unreadable(app.database)
    if lost:
        return False, f"some of what {lost:,} of {counted(held, 'reader')} wrote was sealed by keys that are gone"
    if waiting:
        return False, "some of what waits to be answered or sent, or was set aside, was sealed by keys that are gone"
    return True, f"what {counted(held, 'reader')} wrote can be opened"


async def _encoder(app: App) -> tuple[bool, str]:
    try:
        vector = await app.encoder.encode_query("news")
    except EncoderUnavailable as error:
        serving = (await app.spaces.plan()).serving.name
        reason = str(error).rstrip(".")
        return False, reason if serving == app.encoder.name else f"{reason}; searches go on with {serving}"
    return True, f"{app.encoder.name}, {len(vector)} dimensions"


async def _reranker(app: App) -> tuple[bool, str]:
    if app.reranker is None:
        return True, "none is wanted"
    try:
        await app.reranker.load()
    except EncoderUnavailable as error:
        return False, f"{app.settings.reranker}: {error.reason}; searches go on without"
    return True, app.settings.reranker


async def _model(app: App) -> tuple[bool, str]:
    model = app.model
    if model is None:
        return True, "none is wanted: the sources are quoted"
    begun = time.monotonic()
    try:
        async with asyncio.timeout(app.settings.llm_timeout), aclosing(model.write(greeting())) as pieces:
            async for _ in pieces:
                return True, f"{model.name}{_where(model.model)} writes after {time.monotonic() - begun:.1f} s"
    except TimeoutError:
        return False, f"{model.name} wrote nothing within {app.settings.llm_timeout:g} s"
    return False, f"{model.name} wrote nothing"


def _where(model: ChatModel) -> str:
    """Which of several servers wrote, where servers do."""
    from generation.engines.openai import OpenAIModel

    return f" at {model.wrote_at}" if isinstance(model, OpenAIModel) and model.wrote_at else ""


async def _switching(app: App) -> tuple[bool, str]:
    change = await switching(app)
    if change is None:
        return True, "none under way"
    try:
        await app.encoder.encode_query("news")
    except EncoderUnavailable:
        return True, f"{change}; it waits for a model that can be loaded"
    return True, f"{change}; {HOW_TO_FINISH}"


async def _index(app: App, name: str) -> tuple[bool, str]:
    index = app.lexical if name == "lexical" else (await app.spaces.current()).dense
    held, stored = await index.count(), await app.articles.passage_count()
    # What waits is no fault of the index.
    coming = held < stored and await app.news.waiting() > 0
    return held == stored or coming, f"{held:,} of {counted(stored, 'passage')}"


async def _waiting(app: App) -> tuple[bool, str]:
    """Articles that are stored and not indexed, and those that stand in no story."""
    untold = await app.topics.behind()
    if not untold:
        return True, "nothing waits"
    unfound = await app.news.waiting()
    return False, f"{counted(untold, 'article')} stored and in no story yet, {unfound:,} of them not indexed"


async def _feeds(app: App) -> tuple[bool, str]:
    feeds = await app.feeds.list()
    failing = sum(feed.status is FeedStatus.FAILING for feed in feeds)
    unread = sum(feed.status is FeedStatus.NEW for feed in feeds)
    newest = await app.articles.latest(1, Filters(), None)
    when = f", newest article of {newest[0].published:%Y-%m-%d}" if newest and newest[0].published else ""
    yet = f", {unread} not read yet" if unread else ""
    return not feeds or failing * 2 < len(feeds), f"{len(feeds) - failing - unread} of {len(feeds)} readable{yet}{when}"


async def _metrics(app: App) -> tuple[bool, str]:
    if app.settings.metrics_token is None:
        return True, "off (TIDINGS_METRICS_TOKEN is empty)"
    return True, f"on http://{app.settings.http_host}:{app.settings.http_port}/metrics of `tidings serve`"


async def _telegram(app: App) -> tuple[bool, str]:
    token = app.settings.telegram_bot_token
    if token is None:
        return True, "not set up (only `tidings serve` needs it)"
    from bot.messenger.wire.bot_api import Accepted, BotApi, NotSent, Refused, Unknown

    api = BotApi(token=token.get_secret_value(), base_url=str(app.settings.telegram_api_base_url))
    try:
        outcome = await api.call("getMe", {})
    finally:
        await api.close()
    match outcome:
        case Accepted():
            return True, "the token works"
        case Refused(description=description):
            return False, f"the token is refused: {description}"
        case NotSent(reason=reason) | Unknown(reason=reason):
            return False, f"{app.settings.telegram_api_base_url} cannot be reached: {reason}"

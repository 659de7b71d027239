"""What runs for as long as people talk: the terminal chat, the Telegram bot, and what goes on behind both.

While people already talk the indexes are made whole; then whatever any process brings in is taken over, put into
stories, and told to those who follow them.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from socket import gethostname
from typing import TYPE_CHECKING, NoReturn
from uuid import uuid4

from bot.roles import Role
from bot.settings import locale_language
from bot.texts import DEFAULT_LANGUAGE, languages
from storage.domain.dialogue import ConversationId
from storage.domain.people import ReaderId
from storage.domain.progress import LastTold, Progress
from storage.errors import SettingsError, TidingsError
from storage.evidence import mark_words
from storage.sealed import require_keys

if TYPE_CHECKING:
    from bot.app import App
    from bot.serve import Rooms, Serving, Together
    from bot.server import Metrics

log = logging.getLogger(__name__)

FOLLOW_EVERY = timedelta(seconds=5)
"""How soon what another process brings in can be found."""
FORGET_EVERY = timedelta(seconds=10)
"""How soon after somebody was forgotten the files are rid of them."""
PURGE_EVERY = timedelta(minutes=10)
"""And how soon after that once more."""
SPENDING_KEPT = timedelta(days=7)
"""How long it is kept how much readers asked."""
_YOUNG_OBJECTS = 5_000
"""New ones after which the collector looks for garbage among them: a message makes some thousand that do not stay."""


async def chat(app: App, name: str, language: str | None) -> int:
    """The terminal chat, for the reader of that name."""
    from bot.terminal import chat as terminal
    from bot.terminal.parts import Chat

    await require_keys(app.database)
    await mark_words(app.database)
    await app.begin()
    await app.news.open(_unseen)
    await app.retention.drop_talk()
    filling = LastTold()
    level = asyncio.create_task(_level(app, filling), name="level")
    follow = asyncio.create_task(_follow(app, level), name="follow")
    parts = Chat(
        converse=app.converse,
        sources=app.sources,
        news=app.news,
        dialogues=app.dialogues,
        latest=app.latest,
        hot=app.hot,
        briefs=app.pages,
        digests=app.digests,
        alerts=app.alerting,
        follows=app.following,
        learn=app.learn,
        own_data=app.own_data,
        feedback=app.feedback,
        article=app.articles.get,
        reader=ReaderId(f"terminal:{name}"),
        conversation=ConversationId(f"terminal:{name}:{uuid4().hex[:8]}"),
        language=interface_language(language),
        chosen=language is not None,
        home=app.settings.home,
        every=timedelta(minutes=app.settings.ingest_every),
        ready=level,
        filling=filling,
    )
    forget = asyncio.create_task(_finish_forgetting(app), name="forget")
    try:
        return await terminal.chat(parts)
    finally:
        await _ended(level, follow, forget)


async def serve(app: App, tell: Callable[[str], None], role: Role = Role.ALL) -> int:
    """The Telegram bot, or that part of it, until it is told to stop; `tell` takes a line for whoever started it."""
    from bot.app.admitting import settle
    from bot.serve import serve_until_signalled

    serving = _serving(app, role)
    if role.answers:
        app.quote_aside()
    rooms = rooms_of(app, tell, role)
    await require_keys(app.database)
    await mark_words(app.database)
    await app.begin()
    if role.answers:
        await settle(app, tell, rooms.together.name if rooms.together is not None else None)
    beside = []
    if role.knows:
        beside.append(asyncio.create_task(_level(app, _unseen), name="level"))
        beside.append(asyncio.create_task(_follow(app, beside[0]), name="follow"))
        beside.append(asyncio.create_task(_keep_loaded(beside[0]), name="loaded"))
        beside.append(asyncio.create_task(_finish_forgetting(app), name="forget"))
    try:
        await serve_until_signalled(serving, rooms)
    finally:
        await _ended(*beside)
    return 0


def _serving(app: App, role: Role) -> Serving:
    """How the settings want it served."""
    from bot.jobs import journal_url
    from bot.messenger.operators.gate import Rules
    from bot.serve import Serving

    settings = app.settings
    shared = _is_shared(app)
    apart = f"--role {role} needs a PostgreSQL, which all processes share"
    if settings.telegram_bot_token is None:
        besides = "" if role is Role.ALL or shared else f"; and TIDINGS_DATABASE_URL: {apart}"
        raise SettingsError("TELEGRAM_BOT_TOKEN", f"is missing: get one from @BotFather and put it into .env{besides}")
    if role is not Role.ALL and not shared:
        raise SettingsError("TIDINGS_DATABASE_URL", apart)
    secret = settings.telegram_webhook_secret
    webhook = settings.telegram_webhook_url
    return Serving(
        token=settings.telegram_bot_token.get_secret_value(),
        api_base_url=str(settings.telegram_api_base_url),
        journal_url=journal_url(app.settings.home.absolute(), settings.database_url),
        ingest_every=settings.ingest_every,
        http_host=settings.http_host,
        http_port=settings.http_port,
        webhook_url=str(webhook) if webhook else None,
        webhook_secret=secret.get_secret_value() if secret else None,
        rules=Rules(admins=settings.admins, closed=settings.telegram_closed, budgets=settings.budgets),
        role=role,
    )


def rooms_of(app: App, tell: Callable[[str], None], role: Role = Role.ALL) -> Rooms:
    """What the Telegram side serves from, of an instance; `tell` takes a line for whoever started it."""
    from bot.app.operating import operating
    from bot.messenger.panels.board import Panels
    from bot.messenger.panels.settings import SettingsPanel
    from bot.messenger.panels.welcome import Welcome
    from bot.serve import Rooms
    from bot.watching.counting import watched
    from storage.inbox import InboxStore
    from storage.outbox import OutboxStore
    from storage.reader_settings import ReaderSettingsStore
    from storage.shown import ShownMessageStore

    rooms = Rooms(
        converse=app.converse,
        article=app.articles.get,
        latest=app.latest,
        hot=app.hot,
        find=app.find,
        briefs=app.pages,
        digests=app.digests,
        follows=app.following,
        learn=app.learn,
        sources=app.sources,
        lists=app.lists,
        feedback=app.feedback,
        panels=Panels(
            welcome=Welcome(digests=app.digests, subjects=app.subjects),
            settings=SettingsPanel(digests=app.digests, clock=app.clock),
        ),
        own_data=app.own_data,
        summarize=app.summarize,
        ingest=partial(_round, app),
        notify=partial(_notify, app),
        alert=partial(_alert, app),
        digest=partial(_digest, app),
        forget_shown=partial(_forget_shown, app),
        inbox=InboxStore(app.database),
        outbox=OutboxStore(app.database),
        shown=ShownMessageStore(app.database),
        readers=ReaderSettingsStore(app.database),
        operating=operating(app.database, app.settings.budget_key),
        draw=app.pictures,
        ready=app.ready if role.knows else app.remembers,
        tell=tell,
        clock=app.clock,
        together=_together(app) if _is_shared(app) else None,
    )
    if (metrics := _metrics(app)) is not None:
        return watched(replace(rooms, metrics=metrics), app.meter)
    return rooms


def _is_shared(app: App) -> bool:
    """Whether other processes may serve with this one: on a server they share."""
    from storage.addresses import server_url

    url = app.settings.database_url
    return url is not None and server_url(url) is not None


def _metrics(app: App) -> Metrics | None:
    """What Prometheus may read of this process, where the settings want that."""
    token = app.settings.metrics_token
    if token is None:
        return None
    from bot.server import Metrics
    from bot.watching.prometheus import CONTENT_TYPE, PrometheusMeter
    from storage.figures import FigureStore

    assert isinstance(app.meter, PrometheusMeter)  # noqa: S101 - where there is a token, it is one
    scrape = partial(app.meter.scrape, FigureStore(app.database).standing, app.clock)
    return Metrics(token=token.get_secret_value(), scrape=scrape, content_type=CONTENT_TYPE)


def _together(app: App) -> Together:
    """With which other processes this one serves: all on the same database, each under a name of its own."""
    from bot.serve import Together
    from storage.leases import LeaseStore
    from storage.paces import PaceStore

    name = f"{gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    return Together(name=name, shelf=LeaseStore(app.database, name, app.heart), turns=PaceStore(app.database))


async def _round(app: App) -> None:
    report = await app.news.round(_unseen)
    log.info("round", extra={"new": report.saved.new, "failed": len(report.failed)})


async def _notify(app: App) -> int:
    from bot.messenger.paragraphs.notices import READERS, notices

    updates = await app.following.notify(READERS, notices)
    log.info("followers_notified", extra={"updates": updates})
    return updates


async def _digest(app: App) -> int:
    from bot.messenger.paragraphs.notices import READERS, digest_messages

    sent = await app.digests.send(READERS, digest_messages)
    if sent:
        log.info("digests_enqueued", extra={"digests": sent})
    return sent


async def _alert(app: App) -> int:
    from bot.messenger.paragraphs.notices import READERS, breaking

    return await app.alerting.send(READERS, breaking)


async def _forget_shown(app: App, now: datetime) -> None:
    from bot.messenger.operators.gate import TOLD_AGAIN_AFTER
    from storage.access import AccessStore
    from storage.broadcasts import BroadcastStore
    from storage.budgets import BudgetStore
    from storage.digests import KEPT, DigestStore
    from storage.given import KEPT as GIVEN_KEPT
    from storage.given import GivenStore
    from storage.marks import drop_idle_marks
    from storage.profiles import ProfileStore
    from storage.unreadable import drop_days

    await DigestStore(app.database).prune(now - KEPT)
    await GivenStore(app.database).prune(now - GIVEN_KEPT)
    await AccessStore(app.database).prune(now - TOLD_AGAIN_AFTER)
    await BudgetStore(app.database).prune(now - SPENDING_KEPT)
    await BroadcastStore(app.database).prune(now - SPENDING_KEPT)
    await app.retention.drop_talk()
    await drop_days(app.database)
    await drop_idle_marks(app.database)
    # Of encoders that are gone, nothing that was learned is needed.
    await ProfileStore(app.database).drop([each.model.name for each in await app.encoders.kept()])


async def _level(app: App, progress: Progress) -> None:
    """Make the indexes whole and load what answering needs, while people already talk."""
    await app.warm()
    try:
        await app.index.check(progress)
    except TidingsError as error:
        log.warning("index_not_level", extra={"reason": str(error)})


async def _keep_loaded(level: asyncio.Task[None]) -> None:
    """Spare the collector what is loaded and stays: going through it took 120 ms each time, 3.5 ms for each message."""
    await asyncio.wait([level])
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, *gc.get_threshold()[1:])


async def _follow(app: App, level: asyncio.Task[None]) -> None:
    """Once the indexes are level, keep them so, whichever process brings news in."""
    await asyncio.wait([level])
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(app.index.follow(_unseen, FOLLOW_EVERY), name="indexes")
        tasks.create_task(_follow_stories(app), name="stories")


async def _follow_stories(app: App) -> NoReturn:
    """Put what any process brings in into stories, where this one is to; what goes wrong is logged once."""
    told: str | None = None
    while True:
        await asyncio.sleep(FOLLOW_EVERY.total_seconds())
        try:
            await app.topics.follow(_unseen)
            told = None
        except TidingsError as error:
            if str(error) != told:
                log.warning("stories_not_level", extra={"reason": str(error)})
            told = str(error)
        except Exception as error:
            # The boundary: a fault of ours must leave neither the indexes behind nor what comes later untold.
            if type(error).__name__ != told:
                log.exception("stories_not_level", extra={"reason": type(error).__name__})
            told = type(error).__name__


async def _finish_forgetting(app: App) -> NoReturn:
    """Rid the files of readers who were forgotten, also by a process that was killed before it could.

    And of what they used on the day that they were, once it is over.
    """
    from storage.budgets import BudgetStore

    while True:
        try:
            await BudgetStore(app.database).drop_forgotten(app.clock())
            busy = await app.own_data.shelf.unfinished()
            if busy and not await app.own_data.finish():
                log.info("files_not_purged_yet", extra={"reason": "being read"})
        except TidingsError as error:
            busy = False
            log.warning("files_not_purged_yet", extra={"reason": str(error)})
        # While the file is written anew nobody else writes: not again and again, whoever may ask for it.
        await asyncio.sleep((PURGE_EVERY if busy else FORGET_EVERY).total_seconds())


def interface_language(asked: str | None) -> str:
    """The language to speak: the one asked for, else the locale's, else English."""
    for tag in (asked, locale_language()):
        if tag and (code := tag.replace("-", "_").split("_")[0].lower()) in languages():
            return code
    return DEFAULT_LANGUAGE


async def _ended(*tasks: asyncio.Task[None]) -> None:
    """Stop the tasks and wait until they have."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _unseen(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""

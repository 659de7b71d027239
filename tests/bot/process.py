"""The Telegram side as a process of its own: real stores, flows and journal in a folder; an engine that echoes.

`python -m tests.bot.process FOLDER API_URL [key=value of Serving …]`
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot import logs
from bot.console import warn
from bot.flows.converse import Converse
from bot.flows.ports import Gather
from bot.flows.sources import Sources
from bot.jobs import journal_url
from bot.serve import Rooms, Serving, serve_until_signalled
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.errors import TidingsError
from storage.feeds import FeedStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from tests.bot.flows import AnyFeed, EchoEngine, Nowhere, nothing_new
from tests.bot_api.server import TOKEN
from tests.hot import Follows, HotList, OnePage
from tests.interests import Learner


async def main(folder: Path, api_url: str, *given: str) -> int:
    settings = dict(one.split("=", 1) for one in given)
    token = settings.get("token", TOKEN)
    logs.configure(settings.get("log_level", "DEBUG"), [token])
    database = Database(f"sqlite:///{folder / 'tidings.db'}")

    async def nothing() -> None:
        pass

    async def nobody() -> int:
        return 0

    async def ready() -> dict[str, bool]:
        return {"database": True}

    dialogues = DialogueStore(database)
    converse = Converse(
        search=Nowhere(),
        engine=EchoEngine(),
        latest=nothing_new(),
        rewrite=lambda text, _history: text,
        detect=lambda _text: None,
        dialogues=dialogues,
        clock=lambda: datetime.now(UTC),
    )
    try:
        await database.migrate()
        await serve_until_signalled(
            Serving(
                token=token,
                api_base_url=api_url,
                journal_url=journal_url(folder, None),
                ingest_every=15,
                http_host="127.0.0.1",
                http_port=int(settings.get("http_port", "0")),
                webhook_url=settings.get("webhook_url"),
                webhook_secret=settings.get("webhook_secret"),
            ),
            Rooms(
                converse=converse,
                latest=converse.latest,
                hot=HotList(),
                briefs=OnePage(),
                follows=Follows(),
                learn=Learner(),
                sources=Sources(feeds=FeedStore(database), gather=cast(Gather, AnyFeed())),
                ingest=nothing,
                notify=nobody,
                inbox=InboxStore(database),
                outbox=OutboxStore(database),
                ready=ready,
                tell=warn,
                clock=lambda: datetime.now(UTC),
            ),
        )
    except TidingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await database.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:])))

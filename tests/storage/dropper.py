"""A process that lets old articles go, a few in a transaction, and says when it begins and when it is done.

python -m tests.storage.dropper URL DAYS
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta

from storage import retention
from storage.database import Database
from tests.storage.writer import say


async def drop(url: str, kept: timedelta) -> None:
    """All that is older than `kept`."""
    retention._TOGETHER = 3
    database = Database(url)
    store = retention.RetentionStore(database)
    async with database.reading():
        say("ready")
    while await store.drop_articles(kept):
        pass
    say("done")
    await database.close()


if __name__ == "__main__":
    asyncio.run(drop(sys.argv[1], timedelta(days=int(sys.argv[2]))))

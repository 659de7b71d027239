"""A process that saves articles until it is stopped, and says on standard output what was acknowledged.

python -m tests.storage.writer URL FIRST [MAX_FILE_BYTES]
"""

from __future__ import annotations

import asyncio
import resource
import sys

from storage.articles import ArticleStore
from storage.database import Database
from storage.errors import StorageError
from tests.storage.examples import prepared


def text_of(number: int, version: int) -> str:
    """Long enough that an article takes several pages of the file."""
    return f"Article {number} in version {version}. " * 300


def say(something: object) -> None:
    """One line, at once."""
    sys.stdout.write(f"{something}\n")
    sys.stdout.flush()


async def write(url: str, first: int) -> None:
    """Batch after batch: two new articles, and one of an earlier batch changed."""
    database = Database(url)
    await database.migrate()
    store = ArticleStore(database)
    try:
        for number in range(first, sys.maxsize, 2):
            fresh = [prepared(str(n), text_of(n, 0), bands=(n, n + 1), pieces=5) for n in (number, number + 1)]
            changed = prepared(str(number // 2), text_of(number // 2, number), bands=(number,), pieces=4)
            await store.save([*fresh, changed])
            say(number)
    except StorageError as error:
        say(f"{type(error).__name__} {error}")
    finally:
        await database.close()


if __name__ == "__main__":
    if len(sys.argv) > 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
    asyncio.run(write(sys.argv[1], int(sys.argv[2])))

"""`tidings bench workers`: messages a second that one, two and four processes answer together, on one PostgreSQL.

`tidings serve --role receiver` and so many `--role worker`, over invented articles (see `invented`); the Bot API server
of the tests is another process, and so is PostgreSQL, which waits for the disk as servers do. All are on this machine:
where it has fewer cores than there are processes they share them, and more workers can bring no more.
"""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bot.app import open_app
from bot.benchmarks.ask import fill, spread
from bot.benchmarks.invented import InventedArticle
from bot.benchmarks.machine import machine, percentiles
from bot.benchmarks.playing import ENDS_SECONDS, NO_NEWS, ROOT, last_line, line, process
from bot.settings import Settings
from storage.domain.progress import Progress
from storage.errors import InputError

OF_EACH = 3
"""Questions of each chat, asked at once, so that their order shows."""
_WARM_CHATS = 8
"""For each worker, before those that count."""
_STARTS_SECONDS, _ANSWERS_SECONDS = 300.0, 400.0

Figures = dict[str, object]
Said = list[tuple[int, str]]


def run_bench(*, workers: Sequence[int], articles: int, chats: int, progress: Progress) -> Figures:
    """The figures for so many chats, each of which asks `OF_EACH` questions at once, with each number of workers.

    `a_second` is messages from the first word to the last reply; `reply_*` how long a message waited for its own, most
    of which is waiting for those before it. `answered` is the share of messages that got a reply, `right` of those that
    were told what they asked for, `in_order` of chats whose replies came in the order of their questions.

    Raises:
        InputError: The servers are not there: they are part of a checkout, and of no installed package.
    """
    if not (ROOT / "tests" / "bot_api" / "flood.py").is_file():
        raise InputError("workers", "are measured in a checkout only, over the servers of its tests")
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as folder:
        return asyncio.run(_measured(Path(folder), workers, articles, chats, progress))


async def _measured(folder: Path, workers: Sequence[int], articles: int, chats: int, progress: Progress) -> Figures:
    log = folder / "log"
    (folder / "none.opml").write_text(NO_NEWS, encoding="utf-8")
    async with (
        process(["-m", "tests.postgres"], {}, log) as postgres,
        process(["-m", "tests.bot_api.flood"], {}, log) as people,
    ):
        database = (await line(postgres, _STARTS_SECONDS))["url"]
        where = await line(people, ENDS_SECONDS)
        async with open_app(Settings(home=folder / "home", database_url=database)) as app:
            built = await fill(app, None, articles, progress)
        given = {
            "TIDINGS_HOME": str(folder / "home"), "TIDINGS_DATABASE_URL": database,
            "TIDINGS_FEEDS": str(folder / "none.opml"), "TELEGRAM_API_BASE_URL": where["url"],
            "TELEGRAM_BOT_TOKEN": where["token"], "TELEGRAM_ALLOW": "", "TELEGRAM_BLOCK": "",
            "TELEGRAM_CLOSED": "false", "TELEGRAM_WEBHOOK_URL": "",
        }  # fmt: skip
        found: dict[str, Figures] = {}
        for at, number in enumerate(workers):
            progress("crews measured", at, len(workers))
            # Of each crew other chats: nobody is to remember the last.
            first = 1 + at * 1_000_000
            found[str(number)] = await _crew(number, built, range(first, first + chats), people, given, log)
        progress("crews measured", len(workers), len(workers))
    metrics = {"articles": articles, "chats": chats, "messages": chats * OF_EACH, "workers": found}
    return {"name": "workers", "metrics": metrics, "machine": machine()}


async def _crew(
    number: int,
    built: Sequence[InventedArticle],
    chats: range,
    people: asyncio.subprocess.Process,
    given: Mapping[str, str],
    log: Path,
) -> Figures:
    """What so many workers and a receiver come to."""
    async with AsyncExitStack() as crew:
        for role in ("receiver", *["worker"] * number):
            port = _free_port()
            command = ["-m", "bot", "serve", "--role", role]
            member = await crew.enter_async_context(process(command, {**given, "TIDINGS_HTTP_PORT": str(port)}, log))
            await _ready(port, member, log)
        warm = spread(built, _WARM_CHATS * number)
        await _flooded(people, [(chats.stop + at, each.question) for at, each in enumerate(warm)])
        asked = spread(built, len(chats) * OF_EACH)
        of_chat = {chat: asked[at * OF_EACH : (at + 1) * OF_EACH] for at, chat in enumerate(chats)}
        said = [(chat, of_chat[chat][turn].question) for turn in range(OF_EACH) for chat in chats]
        return figures(of_chat, await _flooded(people, said))


def figures(asked: Mapping[int, Sequence[InventedArticle]], told: Mapping[str, Any]) -> Figures:
    """What the replies that chats got come to, by what they had asked, in its order."""
    replies = {int(chat): [(float(at), str(text)) for at, text in each] for chat, each in told["replies"].items()}
    times = [at for chat in asked for at, _ in replies.get(chat, ())]
    if not times:
        raise InputError("workers", "could not be measured: no message was answered")
    messages = sum(map(len, asked.values()))
    right = ordered = 0
    for chat, questions in asked.items():
        texts = [text for _, text in replies.get(chat, ())]
        holding = [[at for at, each in enumerate(questions) if each.answer in text] for text in texts]
        right += sum(at in held for at, held in enumerate(holding))
        # What a reply does not say has no place in the order.
        order = [held[0] for held in holding if held]
        ordered += order == sorted(order) and len(texts) == len(questions)
    return {
        "a_second": round(len(times) / max(times), 2),
        "answered": round(len(times) / messages, 3),
        "right": round(right / messages, 3),
        "in_order": round(ordered / len(asked), 3),
        **{f"reply_{name}": figure for name, figure in percentiles(times).items()},
        "violations": len(told["wrong"]),
    }


async def _flooded(people: asyncio.subprocess.Process, said: Said) -> Mapping[str, Any]:
    if people.stdin is not None:
        people.stdin.write((json.dumps(said) + "\n").encode())
        await people.stdin.drain()
    return await line(people, _ANSWERS_SECONDS)


async def _ready(port: int, member: asyncio.subprocess.Process, log: Path) -> None:
    """Wait until a process says that it is.

    Raises:
        InputError: It ended, or does not in that time.
    """

    def asked() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004 - OK
        except (urllib.error.URLError, OSError):
            return False

    try:
        async with asyncio.timeout(_STARTS_SECONDS):
            while not await asyncio.to_thread(asked):
                if member.returncode is not None:
                    raise InputError("workers", f"could not be measured: {last_line(log)}")
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise InputError("workers", f"were not ready within {_STARTS_SECONDS:.0f} s") from None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])

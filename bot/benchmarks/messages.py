"""`tidings bench telegram`: from a message to the first sign that it was seen, and to the whole reply.

`tidings serve` in a process of its own, over invented articles (see `invented`); Telegram is the Bot API server of the
tests, in another. The peer, the plainest echo bot of python-telegram-bot with its own polling, answers the same
messages after it. It searches nothing, keeps nothing and waits for no pace: what it takes is what any bot takes.
"""

from __future__ import annotations

import asyncio
import json
import signal
import tempfile
from collections.abc import Mapping, Sequence
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

WARM = 20
"""Messages before those that count."""
_SERVE = "bot.benchmarks.counted"
_SERVER = "tests.bot_api.load"
_ECHO = "tests.bot_api.echo"
_STARTS_SECONDS = 300.0
"""Until a bot is there, and its first messages are answered."""

Figures = dict[str, object]


def run_bench(*, articles: int, messages: int, rate: float, progress: Progress) -> Figures:
    """The figures for `messages` messages, `rate` a second on average, each of somebody else's.

    `first_*` is from a message to typing, a draft or the reply, `reply_*` to the whole reply, both as the server sees
    them; `answered` is the share of messages that got one, `right` of those that were told what they asked for. Of one
    message each, with what the process did beside them: `statements` that databases were asked, `commits`, which are
    waits for the disk, and `cpu_ms` of the processors' time in all threads; `server_cpu_ms` is what the server took on
    the same processors. These hardly depend on how busy the machine is with anything else. The news is in stories
    already, as where somebody has served for a while.

    Raises:
        InputError: The server is not there: it is part of a checkout, and of no installed package.
    """
    if not (ROOT / "tests" / "bot_api" / "load.py").is_file():
        raise InputError("telegram", "is measured in a checkout only, over the Bot API server of its tests")
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as folder:
        return asyncio.run(_measured(Path(folder), articles, messages, rate, progress))


async def _measured(folder: Path, articles: int, messages: int, rate: float, progress: Progress) -> Figures:
    home, questions = folder / "home", folder / "questions.txt"
    async with open_app(Settings(home=home)) as app:
        built = await fill(app, None, articles, progress)
        await app.topics.follow(progress)
    asked = [built[at % len(built)] for at in range(WARM)] + spread(built, messages)
    questions.write_text("\n".join(each.question for each in asked) + "\n", encoding="utf-8")
    (folder / "none.opml").write_text(NO_NEWS, encoding="utf-8")
    ours = {
        "TIDINGS_HOME": str(home), "TIDINGS_FEEDS": str(folder / "none.opml"), "TIDINGS_HTTP_PORT": "0",
        "TELEGRAM_ALLOW": "", "TELEGRAM_BLOCK": "", "TELEGRAM_CLOSED": "false", "TELEGRAM_WEBHOOK_URL": "",
    }  # fmt: skip
    seconds = _STARTS_SECONDS + messages / rate
    played: dict[str, Figures] = {}
    counts = folder / "counts.jsonl"
    for at, (name, command, given) in enumerate(
        (("tidings", ["-m", _SERVE, str(counts)], ours), ("echo", ["-m", _ECHO, "{url}", "{token}"], {}))
    ):
        progress("bots measured", at, 2)
        counted = counts if name == "tidings" else None
        found = await _played(folder / name, questions, rate, seconds, command, given, counted)
        played[name] = {
            **_figures(found, asked[WARM:] if name == "tidings" else ()),
            **({} if counted is None else _of_each(counted, messages)),
        }
    progress("bots measured", 2, 2)
    return {"name": "telegram", "metrics": {"articles": articles, "messages": messages, **played}, "machine": machine()}


async def _played(
    log: Path,
    questions: Path,
    rate: float,
    seconds: float,
    command: Sequence[str],
    given: Mapping[str, str],
    counted: Path | None,
) -> Mapping[str, Any]:
    """What the server told of a bot, which `command` starts; what it took is in `counted` before and after."""
    async with process(["-m", _SERVER, str(questions), "--rate", str(rate), "--warm", str(WARM)], {}, log) as server:
        where = await line(server, ENDS_SECONDS)
        named = {"TELEGRAM_API_BASE_URL": where["url"], "TELEGRAM_BOT_TOKEN": where["token"]}
        async with process([each.format(**where) for each in command], {**given, **named}, log) as bot:
            told = asyncio.ensure_future(_told(server, bot, seconds, counted))
            ended = asyncio.ensure_future(bot.wait())
            await asyncio.wait({told, ended}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            if not told.done():
                told.cancel()
                raise InputError("telegram", f"could not be measured: {last_line(log)}")
            return told.result()


async def _told(
    server: asyncio.subprocess.Process, bot: asyncio.subprocess.Process, seconds: float, counted: Path | None
) -> Mapping[str, Any]:
    """The server's figures, what the bot took by its first and its last message counted."""
    await line(server, seconds)
    if counted is not None:
        await _count(bot, counted, 1)
    told = await line(server, seconds)
    if counted is not None:
        await _count(bot, counted, 2)
    return told


async def _count(bot: asyncio.subprocess.Process, counted: Path, lines: int) -> None:
    """Let the bot say what it took so far."""
    bot.send_signal(signal.SIGUSR1)
    while not counted.is_file() or counted.read_text(encoding="utf-8").count("\n") < lines:  # noqa: ASYNC110, ASYNC240
        await asyncio.sleep(0.01)


def _of_each(counted: Path, messages: int) -> Figures:
    """What one message took."""
    before, after = (json.loads(line) for line in counted.read_text(encoding="utf-8").splitlines())
    taken = {name: (after[name] - before[name]) / messages for name in ("statements", "commits", "seconds")}
    return {
        "statements": round(taken["statements"], 1),
        "commits": round(taken["commits"], 1),
        "cpu_ms": round(taken["seconds"] * 1_000, 1),
    }


def _figures(found: Mapping[str, Any], asked: Sequence[InventedArticle]) -> Figures:
    texts = {int(chat): str(text) for chat, text in found["texts"].items()}
    right = sum(each.answer in texts.get(chat, "") for chat, each in enumerate(asked, start=WARM + 1))
    if not texts:
        raise InputError("telegram", "could not be measured: no message was answered")
    return {
        "a_second": round(found["rate"], 1),
        "answered": round(len(texts) / found["asked"], 3),
        **({"right": round(right / len(asked), 3)} if asked else {}),
        **{f"first_{name}": figure for name, figure in percentiles(found["first"]).items()},
        **{f"reply_{name}": figure for name, figure in percentiles(found["reply"]).items()},
        "drafts": found["drafts"],
        "server_cpu_ms": round(found["cpu"] / found["asked"] * 1_000, 1),
        "violations": len(found["wrong"]),
    }

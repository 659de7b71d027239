"""The people, the Telegram and the feeds that a bot lives among for a day, in a process of their own.

`python -m tests.bot.world ARTICLES FEEDS READERS BEGIN SECONDS` says in a line of JSON where the Bot API and the feeds
are. So many articles come out evenly, in as many seconds after `BEGIN`, which is in seconds of the era. Each line of
standard input is what happens next, as JSON: `now`, the time from then on; `say`, how many people ask something; `tap`
and `react`, how many do so with what they were sent last. It says in a line how many updates have come of all that so
far. Who that is, and what they ask, is always the same.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

from bot.benchmarks.invented import InventedArticle, invented_articles
from tests.bot_api.record import Call
from tests.bot_api.server import TOKEN, FakeBotApi

_LISTED = 10
"""How many of its newest articles a feed has."""
_ASKED_OF = 200
"""People ask about what is among so many of the newest."""
_TWICE = 3
"""An article says the same so many times, in other numbers: what is as short as one invented is no whole article."""


class Outlets:
    """Feeds over HTTP, whose articles appear as time goes on, a day's evenly over the day."""

    def __init__(self, articles: int, feeds: int, begin: datetime, every: timedelta) -> None:
        self.articles = list(invented_articles(articles))
        self.now = begin
        self._feeds, self._begin, self._every = feeds, begin, every
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self._url

    @property
    def out(self) -> int:
        """How many articles are out by now."""
        return min(len(self.articles), max(0, int((self.now - self._begin) / self._every)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                path = head.split(" ", 2)[1]
                body, tag = self._page(path)
                known = tag and tag in head
                status, sent = ("304 Not Modified", b"") if known else ("200 OK" if body else "404 Not Found", body)
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {'text/html' if '/article/' in path else 'text/xml'}\r\n"
                    f'ETag: "{tag}"\r\nContent-Length: {len(sent)}\r\n\r\n'.encode()
                    + sent
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _page(self, path: str) -> tuple[bytes, str]:
        kind, _, number = path.removeprefix("/").partition("/")
        if kind == "feed":
            numbers = range(int(number), self.out, self._feeds)[-_LISTED:]
            return self._feed(int(number), numbers).encode(), f"{number}-{max(numbers, default=-1)}"
        if kind == "article" and int(number) < self.out:
            article = self.articles[int(number)]
            return f"<html><body><article><h1>{article.title}</h1>{_text(article)}</article></body></html>".encode(), ""
        return b"", ""

    def _feed(self, number: int, articles: Sequence[int]) -> str:
        items = "".join(
            f"<item><title>{escape(self.articles[at].title)}</title><link>{self._url}/article/{at}</link>"
            f"<pubDate>{format_datetime(self._begin + (at + 1) * self._every)}</pubDate>"
            f"<content:encoded>{escape(_text(self.articles[at]))}</content:encoded></item>"
            for at in articles
        )
        return (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Outlet {number}</title><link>{self._url}</link>{items}</channel></rss>"
        )


class World:
    """What happens, and how many updates came of it."""

    def __init__(self, api: FakeBotApi, outlets: Outlets, readers: int) -> None:
        self._api, self._outlets, self._readers = api, outlets, readers
        self._random = random.Random(5)  # noqa: S311 - to be repeated
        self._seen = self._given = 0
        self._last: dict[int, Call] = {}

    def happen(self, what: Mapping[str, Any]) -> int:
        self._outlets.now = datetime.fromtimestamp(what["now"], UTC)
        out, date = self._outlets.out, int(what["now"])
        for _ in range(what["say"] if out else 0):
            article = self._outlets.articles[self._random.randrange(max(0, out - _ASKED_OF), out)]
            self._api.say(article.question, chat=1 + self._random.randrange(self._readers), date=date)
            self._given += 1
        for call in self._api.calls[self._seen :]:
            if call.method == "sendMessage" and call.message_id is not None:
                self._last[call.chat_id] = call
        self._seen = len(self._api.calls)
        for how in ("tap", "react"):
            for chat in self._random.sample(sorted(self._last), min(what[how], len(self._last))):
                self._given += self._touched(self._last[chat], how)
        return self._given

    def _touched(self, call: Call, how: str) -> int:
        if how == "react":
            self._api.react(call, self._random.choice("👍👎❤"))
            return 1
        labels = [label for row in self._api.buttons(call) for label in row if label in {"👍", "👎"}]
        for label in labels[:1]:
            self._api.tap(call, label)
        return len(labels[:1])


def _text(article: InventedArticle) -> str:
    sentences = article.text.split(". ")
    return "".join(f"<p>{escape('. '.join(sentences))}.</p>" for _ in range(_TWICE))


async def main(articles: int, feeds: int, readers: int, begin: float, day: float) -> None:
    every = timedelta(seconds=day / articles)
    outlets = Outlets(articles, feeds, datetime.fromtimestamp(begin, UTC), every)
    async with FakeBotApi() as api:
        world = World(api, outlets, readers)
        _say({"url": api.url, "token": TOKEN, "feeds": await outlets.start()})
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(world.happen(json.loads(line)))
        _say(api.violations)
        api.violations.clear()


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - its output


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:4]), *map(float, sys.argv[4:6])))

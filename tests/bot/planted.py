"""What a reader says and does to a real bot, a word of its own in each: canaries, to be looked for later.

Nobody else says any of these words, and none is in what is for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from storage.sealed import TABLES, bound_to, sealed_columns
from storage.sealing import Key, key_of
from tests.bot_api.chats import BOT
from tests.bot_api.server import FakeBotApi
from tests.retrieval.ingest.servers import LoopbackServer, Reply

READER, GROUP = 7, -5
_PLACES = (
    "question", "follow_up", "refused", "chinese", "inline", "group", "search", "command", "argument", "tap",
    "interest", "muted", "follow", "digest", "first_name", "last_name", "username",
    "document", "file_name", "caption", "page", "page_title", "page_url", "of_page", "forwarded", "channel", "photo",
    "added_url", "added_title", "own_url", "own_title", "article", "headline", "of_article", "opml",
)  # fmt: skip
WORDS = {
    place: "zqv" + "".join(chr(ord("a") + int(digit)) * 2 for digit in f"{number:02}") + "xkw"
    for number, place in enumerate(_PLACES)
}
"""By where they are planted; none is the beginning of another, and stemming leaves each as it is."""
PLAIN = frozenset(
    ("digest", "username", "added_url", "added_title", "own_url", "own_title", "article", "headline", "opml")
)
"""Where they are planted that is not sealed: how digests are wished, names, and feeds with what these bring."""
SEALED = frozenset(("question", "follow_up", "chinese", "group", "interest", "muted", "follow", "document"))
"""And where it is sealed and stays, among others."""


@dataclass(slots=True)
class Planting:
    """Says everything, one after the other, waiting for what comes of it.

    Args:
        settled: Whether all that was said is dealt with, and all that was answered sent.
        look: Called after each.
    """

    api: FakeBotApi
    site: LoopbackServer
    settled: Callable[[], bool]
    look: Callable[[], None]

    @property
    def own(self) -> str:
        """The address of a feed that they alone read."""
        return self.site.url(f"/{WORDS['own_url']}.xml")

    @property
    def shared(self) -> str:
        """And of one that everybody does."""
        return self.site.url("/shared.xml")

    def furnish(self) -> None:
        """Put onto the site what there is to read."""
        w = WORDS
        self.site.routes = {
            f"/{w['own_url']}.xml": _xml(
                _feed(w["own_title"], f"The {w['headline']} council met", self.site.url("/a"))
            ),
            f"/{w['added_url']}.xml": _xml(_feed(w["added_title"], "Nothing yet", self.site.url("/shared"))),
            "/shared.xml": _xml(_feed("The Courier", "A bridge is closed", self.site.url("/shared"))),
            "/a": _page(
                f"The {w['headline']} council met", f"The council of {w['article']} met in Port Oster on Friday"
            ),
            "/shared": _page("A bridge is closed", "The bridge at Port Oster was closed on Friday for a week"),
            f"/{w['page_url']}": _page(
                f"{w['page_title']} found", f"The {w['page']} was found on Tuesday by two divers"
            ),
        }

    async def everything(self) -> None:
        """Say it."""
        w, api = WORDS, self.api
        person = api.chats.person(READER, "en")
        person |= {"first_name": w["first_name"], "last_name": w["last_name"], "username": w["username"]}
        await self._say(f"How much will the Kestrel dam cost, {w['question']}?")
        await self._say(f"And who said so, {w['follow_up']}?")
        await self._say(f"Who won the {w['refused']} championship in Reykjavik?")
        await self._say(f"东门大桥什么时候完工，{w['chinese']}？", language="zh-hans")
        await self._say(f"When did the council of {w['article']} meet, {w['of_article']}?")
        await self._say(f"/interests {w['interest']}, {w['muted']}")
        await self._say(f"/mute {w['muted']}")
        await self._say(f"/follow {w['follow']} dam")
        await self._say(f"/search {w['search']} dam")
        await self._say("/add " + self.site.url(f"/{w['added_url']}.xml"))
        await self._say("/digest")
        await self._say(f"/digest 7:30 on weekdays, Berlin, only from {w['digest']}")
        await self._say(f"/{w['command']} {w['argument']}")
        document = f"A report on {w['document']}. The wall is to be nine metres high, and it will stand by 2031.\n" * 3
        caption = f"What of {w['caption']}?"
        await self._do(
            lambda: api.send_file(f"{w['file_name']}.txt", document.encode(), mime="text/plain", caption=caption)
        )
        await self._say(f"What does it say of {w['document']}?")
        await self._say("/summary " + self.site.url(f"/{w['page_url']}"))
        await self._say(f"How much does it weigh, {w['of_page']}?")
        await self._do(lambda: api.forward(f"The council of {w['forwarded']} agreed on Monday.", channel=w["channel"]))
        opml = f'<opml version="2.0"><body><outline text="{w["opml"]}" xmlUrl="http://{w["opml"]}.localhost/"/></body></opml>'
        await self._do(lambda: api.send_file("feeds.opml", opml.encode(), mime="text/xml"))
        await self._do(lambda: api.send_photo(caption=f"look, {w['photo']}"))
        await self._do(lambda: api.ask_inline(f"{w['inline']} dam"))
        await self._say(f"@{BOT['username']} What does the dam cost, {w['group']}?", chat=GROUP, sender=READER)
        await self._do(lambda: api.tap_data(api.sent[0], w["tap"]))
        await self._do(lambda: api.react(api.sent[0], "👍"))

    async def _say(self, text: str, **message: Any) -> None:
        await self._do(lambda: self.api.say(text, **message))

    async def _do(self, act: Callable[[], object]) -> None:
        act()
        await self.api.until(self.settled, 90)
        self.look()


def _xml(body: str) -> Reply:
    return Reply(body=body.encode(), headers={"Content-Type": "application/rss+xml"})


def _feed(title: str, headline: str, link: str) -> str:
    entry = f"<item><title>{headline}</title><link>{link}</link><guid>{link}</guid></item>"
    return f'<rss version="2.0"><channel><title>{title}</title><link>{link}</link>{entry}</channel></rss>'


def _page(title: str, first: str) -> Reply:
    body = (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{first}, said the mayor, who had "
        "come to the harbour with all of the town's council. It weighs four tonnes and will cost twelve million crowns."
        "</p><p>Fishermen had asked for it for years. Two of them spoke before the vote, and were applauded by those "
        "who had come to the town hall in the rain.</p></article></body></html>"
    )
    return Reply(body=body.encode(), headers={"Content-Type": "text/html"})


def sealed_words(rows: Callable[[str], Iterable[Any]], keys: Iterable[tuple[str, str, bytes]]) -> set[str]:
    """Where the words were planted that stand sealed in a database.

    Args:
        rows: What it answers to a query.
        keys: Their ids, whose they are, and their bits.
    """
    of = {id_: Key(id=id_, owner=owner, bits=bytes(bits)) for id_, owner, bits in keys}
    texts: list[str] = []
    for table in TABLES:
        for column in sealed_columns(table):
            bound = bound_to(column)
            query = f"SELECT {column.name}, {bound or 1} FROM {table.name} WHERE {column.name} LIKE 'enc1:%'"  # noqa: S608 - ours
            for cell, beside in rows(query):
                place = f"{table.name}.{column.name}" + (f" {beside}" if bound else "")
                key = of.get(key_of(cell) or "")
                if key is not None:
                    texts.append(key.open(cell, place))
    return {place for place, word in WORDS.items() if any(word in text.lower() for text in texts)}

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest

from bot.flows.ports import Feeds, Gather
from bot.flows.sources import Sources
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.errors import InputError

ADA = ReaderId("terminal:ada")


class FeedsInMemory:
    def __init__(self) -> None:
        self.shared: list[Feed] = [Feed(url="https://one.example/rss"), Feed(url="https://two.example/rss")]
        self.own: dict[ReaderId, list[Feed]] = {}

    async def list(self, reader: ReaderId | None = None) -> Sequence[Feed]:
        own = self.own.get(reader, []) if reader else [feed for feeds in self.own.values() for feed in feeds]
        return [*self.shared, *own]

    async def add(self, feeds: Sequence[Feed]) -> int:
        new = [feed for feed in feeds if feed.url not in {known.url for known in self.shared}]
        self.shared += new
        return len(new)

    async def remove(self, url: str) -> bool:
        self.shared = [feed for feed in self.shared if feed.url != url]
        return True

    async def subscribe(self, reader: ReaderId, feed: Feed) -> bool:
        self.own.setdefault(reader, []).append(feed)
        return True

    async def unsubscribe(self, reader: ReaderId, url: str) -> bool:
        self.own[reader] = [feed for feed in self.own[reader] if feed.url != url]
        return True


class Discoverer:
    async def discover(self, url: str) -> Feed:
        return Feed(url=url, title="Found")


def flow(feeds: FeedsInMemory) -> Sources:
    return Sources(feeds=cast(Feeds, feeds), gather=cast(Gather, Discoverer()))


async def test_what_a_reader_adds_is_theirs_alone() -> None:
    feeds = FeedsInMemory()

    added = await flow(feeds).add(ADA, "https://mine.example/rss")

    assert not added.shared or not feeds.own[ADA][0].shared
    assert [feed.url for feed in feeds.shared] == ["https://one.example/rss", "https://two.example/rss"]


async def test_an_address_without_a_scheme_is_taken_as_https() -> None:
    added = await flow(FeedsInMemory()).add(ADA, "mine.example/rss")

    assert added.url == "https://mine.example/rss"


async def test_the_operator_is_told_of_a_source_that_is_there_already() -> None:
    with pytest.raises(InputError, match="already"):
        await flow(FeedsInMemory()).add(None, "https://one.example/rss")


async def test_a_source_is_removed_by_the_number_the_list_shows() -> None:
    feeds = FeedsInMemory()

    removed = await flow(feeds).remove(None, "2")

    assert removed.url == "https://two.example/rss"
    assert [feed.url for feed in feeds.shared] == ["https://one.example/rss"]


async def test_what_would_be_added_or_removed_can_be_asked_without_doing_it() -> None:
    feeds = FeedsInMemory()

    added = await flow(feeds).to_add(ADA, "mine.example/rss")
    removed = await flow(feeds).to_remove(ADA, "2")

    assert (added.url, added.shared) == ("https://mine.example/rss", False)
    assert removed.url == "https://two.example/rss"
    assert [feed.url for feed in await feeds.list(ADA)] == ["https://one.example/rss", "https://two.example/rss"]


async def test_a_feed_that_only_a_reader_has_is_new_to_the_operator_and_known_to_the_reader() -> None:
    feeds = FeedsInMemory()
    mine = await flow(feeds).add(ADA, "https://mine.example/rss")

    with pytest.raises(InputError, match="already"):
        await flow(feeds).add(ADA, mine.url)
    await flow(feeds).add(None, mine.url)

    assert [feed.url for feed in feeds.shared][-1] == mine.url


async def test_no_source_named_is_asked_for() -> None:
    with pytest.raises(InputError, match="say which"):
        await flow(FeedsInMemory()).remove(ADA, "")


@pytest.mark.parametrize("wanted", ["0", "3", "https://nowhere.example/", "²"])
async def test_an_unknown_source_is_named_in_the_refusal(wanted: str) -> None:
    with pytest.raises(InputError, match="not among the sources"):
        await flow(FeedsInMemory()).remove(None, wanted)


@pytest.mark.parametrize(
    ("which", "url"),
    [
        ("the harbour post", "https://post.example/rss"),
        ("Harbour P", "https://post.example/rss"),
        ("港口", "https://gang.example/rss"),
        ("one.example", "https://one.example/rss"),
        ("02", "https://two.example/rss"),
        ("２", "https://two.example/rss"),
        ("24", "https://number.example/rss"),
    ],
)
async def test_a_source_is_removed_by_what_it_is_called(which: str, url: str) -> None:
    feeds = FeedsInMemory()
    named = {"post": "The Harbour Post", "gang": "港口日报", "number": "24", "times": "The Harbour Times"}
    feeds.own[ADA] = [Feed(url=f"https://{host}.example/rss", title=title) for host, title in named.items()]

    removed = await flow(feeds).remove(ADA, which)

    assert removed.url == url


@pytest.mark.parametrize("which", ["all", "it", "99999999999"])
async def test_what_stands_within_a_word_of_a_name_names_no_source(which: str) -> None:
    feeds = FeedsInMemory()
    feeds.own[ADA] = [Feed(url="https://wall.example/rss", title="Wall Street Politics")]

    with pytest.raises(InputError, match="is not among the sources"):
        await flow(feeds).remove(ADA, which)


async def test_where_several_may_be_meant_they_are_named_and_none_is_removed() -> None:
    feeds = FeedsInMemory()
    feeds.own[ADA] = [Feed(url=f"https://{each}.example", title=f"The Harbour {each}") for each in ("Post", "Times")]

    with pytest.raises(InputError, match="3 The Harbour Post, 4 The Harbour Times") as refused:
        await flow(feeds).remove(ADA, "harbour")
    with pytest.raises(InputError, match="is not among the sources"):
        await flow(feeds).remove(ADA, "5")

    assert refused.value.key == "source_which"
    assert len(feeds.own[ADA]) == 2

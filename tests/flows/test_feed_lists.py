from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.flows.feed_lists import MOST, FeedLists
from bot.flows.pacing import EVERY
from bot.flows.ports import Feeds
from retrieval.ingest.opml import read_opml, write_opml
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.errors import InputError

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
READER = ReaderId("telegram:7")


class Shelf:
    """What a reader has."""

    def __init__(self, *feeds: Feed) -> None:
        self.feeds = feeds

    async def list(self, reader: ReaderId | None = None) -> Sequence[Feed]:
        assert reader == READER
        return self.feeds


def lists(*held: Feed) -> FeedLists:
    return FeedLists(feeds=cast(Feeds, Shelf(*held)), read=read_opml, write=write_opml, clock=lambda: NOW)


def opml(*urls: str) -> bytes:
    outlines = "".join(f'<outline text="T" xmlUrl="{url}"/>' for url in urls)
    return f"<opml version='2.0'><body>{outlines}</body></opml>".encode()


async def test_what_is_given_can_be_taken_by_somebody_else_and_is_called_what_it_calls_itself() -> None:
    content = await lists(Feed(url="https://a.example/rss", title="A")).given(READER)

    taken = await lists().to_take(READER, content, "a.opml")

    assert [(feed.url, feed.title, feed.shared) for feed in taken.feeds] == [("https://a.example/rss", None, False)]


async def test_of_a_list_that_is_taken_which_is_new_which_is_known_and_which_is_no_address() -> None:
    content = opml("https://a.example/rss", "https://b.example/rss", "javascript:alert(1)")

    taken = await lists(Feed(url="https://a.example/rss")).to_take(READER, content, "a.opml")

    assert [feed.url for feed in taken.feeds] == ["https://b.example/rss"]
    assert (taken.known, taken.unusable, taken.left) == (1, 1, 0)


async def test_nobody_has_more_of_their_own_than_there_is_room_for() -> None:
    held = [Feed(url=f"https://held.example/{n}", shared=False) for n in range(MOST - 2)]
    content = opml(*(f"https://a.example/{n}" for n in range(5)))

    taken = await lists(*held).to_take(READER, content, "a.opml")

    assert (len(taken.feeds), taken.left) == (2, 3)


async def test_a_long_list_is_read_some_at_a_time_and_how_many_wait_for_how_long_is_told() -> None:
    content = opml(*(f"https://h{n}.example/rss" for n in range(45)))

    taken = await lists().to_take(READER, content, "a.opml")

    times = Counter(feed.next_fetch_at for feed in taken.feeds)
    assert times == {None: 20, NOW + EVERY: 20, NOW + 2 * EVERY: 5}
    assert (taken.waiting, timedelta(minutes=taken.minutes)) == (25, 2 * EVERY)


async def test_a_host_that_a_list_names_hundreds_of_times_is_left_in_peace_and_holds_up_no_other() -> None:
    content = opml(*(f"https://www.one.example/{n}" for n in range(40)), "https://other.example/rss")

    taken = await lists().to_take(READER, content, "a.opml")

    times = Counter(feed.next_fetch_at for feed in taken.feeds if "one.example" in feed.url)
    assert set(times.values()) == {4}
    assert taken.feeds[-1].next_fetch_at is None


@pytest.mark.parametrize(
    "content", [b"", b"no xml", b"<html/>", opml(), opml("ftp://a.example"), b'<!DOCTYPE x [<!ENTITY a "b">]><opml/>']
)
async def test_what_is_no_list_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        await lists().to_take(READER, content, "a.opml")

    assert (caught.value.key, caught.value.fields) == ("opml_unreadable", {"name": "a.opml"})

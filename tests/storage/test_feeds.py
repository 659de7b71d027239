from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Feed, FeedStatus, FeedVisit
from storage.domain.people import ReaderId
from storage.domain.why import Why
from storage.feeds import FeedStore
from tests.storage.examples import EPOCH, prepared

if TYPE_CHECKING:
    import bot.flows.ports
    import retrieval.ports

ADA, BOB = ReaderId("terminal:ada"), ReaderId("telegram:2")
ONE, TWO, OWN = "https://one.example/rss", "https://two.example/rss", "https://own.example/rss?key=secret"
HOUR = timedelta(hours=1)


@pytest.fixture
def feeds(database: Database) -> FeedStore:
    people: bot.flows.ports.Feeds = (made := FeedStore(database))
    gathering: retrieval.ports.FeedStore = made
    assert people is gathering
    return made


async def urls(feeds: FeedStore, reader: ReaderId | None = None) -> list[str]:
    return [feed.url for feed in await feeds.list(reader)]


def visit(url: str, **found: str | None) -> FeedVisit:
    return FeedVisit(url=url, at=EPOCH, next_fetch_at=EPOCH + HOUR, **found)


async def test_feeds_are_listed_in_the_order_they_were_added(feeds: FeedStore) -> None:
    given = Feed(url=TWO, title="Two", category="world", language="en")

    added = await feeds.add([given, Feed(url=ONE), Feed(url=TWO)])

    assert added == 2
    assert await feeds.list() == (given, Feed(url=ONE))


async def test_a_feed_lists_how_many_articles_came_from_it(feeds: FeedStore, database: Database) -> None:
    await feeds.add([Feed(url=ONE), Feed(url=TWO)])
    await ArticleStore(database).save([prepared("a", feed=ONE), prepared("b", feed=ONE), prepared("b", feed=TWO)])

    assert [feed.articles for feed in await feeds.list()] == [2, 1]


async def test_a_removed_feed_is_gone_for_everyone_and_can_come_back(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE)])
    await feeds.subscribe(ADA, Feed(url=OWN))

    removed = [await feeds.remove(ONE), await feeds.remove(OWN), await feeds.remove(ONE), await feeds.remove(TWO)]

    assert removed == [True, True, False, False]
    assert await urls(feeds) == await urls(feeds, ADA) == []
    assert await feeds.due(EPOCH) == ()
    assert await feeds.add([Feed(url=ONE)]) == 1
    assert await urls(feeds) == [ONE]


async def test_a_reader_sees_the_shared_feeds_and_their_own(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE)])

    subscribed = await feeds.subscribe(ADA, Feed(url=OWN))

    assert subscribed
    assert await urls(feeds, ADA) == [ONE, OWN]
    assert await urls(feeds, BOB) == [ONE]
    assert await urls(feeds) == [ONE, OWN]
    assert [feed.shared for feed in await feeds.list(ADA)] == [True, False]


async def test_a_feed_can_be_had_once(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE)])
    await feeds.subscribe(ADA, Feed(url=OWN))

    assert not await feeds.subscribe(ADA, Feed(url=ONE))
    assert not await feeds.subscribe(ADA, Feed(url=OWN))
    assert await feeds.subscribe(BOB, Feed(url=OWN))


async def test_one_reader_can_remove_a_shared_feed_and_take_it_back(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE)])

    assert await feeds.unsubscribe(ADA, ONE)
    assert not await feeds.unsubscribe(ADA, ONE)
    assert (await urls(feeds, ADA), await urls(feeds, BOB)) == ([], [ONE])
    assert await feeds.subscribe(ADA, Feed(url=ONE))
    assert await urls(feeds, ADA) == [ONE]


async def test_a_readers_own_feed_leaves_with_its_last_reader(feeds: FeedStore) -> None:
    await feeds.subscribe(ADA, Feed(url=OWN))
    await feeds.subscribe(BOB, Feed(url=OWN))

    assert await feeds.unsubscribe(ADA, OWN)
    kept = await urls(feeds)
    assert await feeds.unsubscribe(BOB, OWN)
    assert not await feeds.unsubscribe(BOB, OWN)
    assert not await feeds.unsubscribe(BOB, "https://nowhere.example/")

    assert kept == [OWN]
    assert await urls(feeds) == []
    assert await feeds.due(EPOCH) == ()


async def test_an_own_feed_that_the_instance_adds_is_everyones(feeds: FeedStore) -> None:
    await feeds.subscribe(ADA, Feed(url=OWN))

    added = await feeds.add([Feed(url=OWN, title="Own", category="science")])

    assert added == 1
    assert await urls(feeds, BOB) == [OWN]
    assert [(feed.title, feed.category, feed.shared) for feed in await feeds.list()] == [("Own", "science", True)]


async def test_a_reader_who_had_added_a_shared_feed_can_still_remove_it(feeds: FeedStore) -> None:
    await feeds.subscribe(ADA, Feed(url=OWN))
    await feeds.add([Feed(url=OWN)])

    assert await feeds.unsubscribe(ADA, OWN)

    assert (await urls(feeds, ADA), await urls(feeds, BOB)) == ([], [OWN])


async def test_the_feed_that_waited_longest_is_visited_first(feeds: FeedStore) -> None:
    await feeds.add(
        [
            Feed(url="https://soon.example/", next_fetch_at=EPOCH + HOUR),
            Feed(url="https://now.example/", next_fetch_at=EPOCH),
            Feed(url="https://late.example/", next_fetch_at=EPOCH - HOUR),
            Feed(url="https://new.example/"),
        ]
    )

    due = await feeds.due(EPOCH)

    assert [feed.url for feed in due] == ["https://new.example/", "https://late.example/", "https://now.example/"]


async def test_a_good_visit_clears_the_failures_and_names_what_had_no_name(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE), Feed(url=TWO, title="Mine")])
    for url in (ONE, TWO):
        await feeds.record(visit(url, error="HTTP 500"))

    for url in (ONE, TWO):
        await feeds.record(visit(url, title="Theirs", language="en", etag='"1"', last_modified="Thu"))

    first, second = await feeds.list()
    assert first == Feed(
        url=ONE,
        title="Theirs",
        language="en",
        status=FeedStatus.OK,
        etag='"1"',
        last_modified="Thu",
        fetched_at=EPOCH,
        next_fetch_at=EPOCH + HOUR,
    )
    assert second == replace(first, url=TWO, title="Mine")


async def test_a_failed_visit_says_why_and_counts(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE, title="One", etag='"1"')])

    await feeds.record(visit(ONE, error="HTTP 500"))
    await feeds.record(visit(ONE, error="timed out"))

    (feed,) = await feeds.list()
    assert (feed.status, feed.failures, feed.last_error) == (FeedStatus.FAILING, 2, "timed out")
    assert (feed.title, feed.etag, feed.next_fetch_at) == ("One", '"1"', EPOCH + HOUR)


async def test_why_a_visit_failed_is_kept_for_readers_until_one_succeeds(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE)])

    await feeds.record(replace(visit(ONE, error="10.0.0.1 is private"), why=Why.PRIVATE))
    failing = (await feeds.list())[0].last_why
    await feeds.record(visit(ONE))
    healed = (await feeds.list())[0].last_why

    assert (failing, healed) == (Why.PRIVATE, None)


async def test_a_feed_withdrawn_unread_leaves_no_trace(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE)])
    await feeds.record(visit(ONE, error="timed out"))

    await feeds.withdraw([ONE])

    assert await feeds.list() == ()
    assert not await feeds.known()


async def test_a_readers_feed_withdrawn_from_the_instance_stays_theirs(feeds: FeedStore) -> None:
    await feeds.subscribe(ADA, Feed(url=OWN))
    await feeds.add([Feed(url=OWN)])

    await feeds.withdraw([OWN])

    assert [(feed.url, feed.shared) for feed in await feeds.list(ADA)] == [(OWN, False)]
    assert await urls(feeds, BOB) == []


async def test_a_feed_that_brought_articles_is_withdrawn_from_the_list_alone(
    feeds: FeedStore, database: Database
) -> None:
    await feeds.add([Feed(url=ONE)])
    await ArticleStore(database).save([prepared("a", feed=ONE)])

    await feeds.withdraw([ONE])

    assert await feeds.list() == ()
    assert await feeds.known()


async def test_validators_survive_an_answer_that_repeats_none(feeds: FeedStore) -> None:
    await feeds.add([Feed(url=ONE, etag='"1"', last_modified="Thu")])

    await feeds.record(visit(ONE))

    assert [(feed.etag, feed.last_modified) for feed in await feeds.list()] == [('"1"', "Thu")]


async def test_a_visit_to_a_feed_that_is_not_kept_adds_nothing(feeds: FeedStore) -> None:
    await feeds.record(visit(ONE, title="One"))

    assert await feeds.list() == ()


async def test_an_instance_without_feeds_by_choice_is_not_new(feeds: FeedStore) -> None:
    new = await feeds.known()
    await feeds.add([Feed(url=ONE)])
    await feeds.remove(ONE)

    assert (new, await feeds.known()) == (False, True)


async def test_a_feed_taken_from_its_reader_can_be_theirs_again(feeds: FeedStore) -> None:
    await feeds.subscribe(ADA, Feed(url=OWN))
    await feeds.remove(OWN)

    assert not await feeds.unsubscribe(ADA, OWN)
    assert await feeds.subscribe(ADA, Feed(url=OWN))
    assert await urls(feeds, ADA) == [OWN]


async def test_a_feed_taken_from_its_reader_and_then_shared_is_theirs_as_everyones(feeds: FeedStore) -> None:
    await feeds.subscribe(ADA, Feed(url=OWN))
    await feeds.remove(OWN)
    await feeds.add([Feed(url=OWN)])

    assert await urls(feeds, ADA) == await urls(feeds, BOB) == [OWN]
    assert not await feeds.subscribe(ADA, Feed(url=OWN))
    assert await feeds.unsubscribe(ADA, OWN)
    assert await urls(feeds, ADA) == []

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import ArticleId, Feed, Filters, PreparedArticle
from storage.domain.people import ReaderId
from storage.domain.stories import Company, Placed, RetiredStory, Stand, StoryId, StoryMark, StoryStep
from storage.feeds import FeedStore
from storage.stories import StoryStore
from tests.storage.examples import EPOCH, prepared

HOUR = timedelta(hours=1)
LATER = EPOCH + timedelta(days=9)
ONE, TWO, THREE = StoryId(1), StoryId(2), StoryId(3)


@pytest.fixture
def stories(database: Database) -> StoryStore:
    return StoryStore(database)


@pytest.fixture
def articles(database: Database) -> ArticleStore:
    return ArticleStore(database)


def placed(article: str, story: StoryId, *, arrival: int = 0, sketch: bytes | None = b"sketch") -> Placed:
    return Placed(article=ArticleId(article), story=story, arrival=arrival, novelty=0.5, sketch=sketch)


def step(after: int, upto: int, *came: Placed, **given: Any) -> StoryStep:
    """A step that begins the stories it needs."""
    numbers = {*(each.story for each in came), *given.get("moved", {}).values()}
    marks = tuple(StoryMark(id=n, key=f"key {n}", born=n, settled=-1) for n in sorted(numbers))
    return StoryStep(after=after, upto=upto, placed=came, **{"marks": marks, **given})


async def story_ids(stories: StoryStore, *ids: str) -> dict[ArticleId, StoryId]:
    return await stories.known([ArticleId(each) for each in ids])


async def test_a_new_instance_has_no_stories(stories: StoryStore) -> None:
    assert await stories.revision() == 0
    assert await stories.stand(10) == Stand(revision=0, marks=(), members=(), retired=())
    assert await stories.next_id() == 1
    assert await stories.recent(EPOCH, LATER, Filters(), None, 10) == []
    assert await stories.story(ONE, None) is None


async def test_a_story_has_its_reports_in_the_order_they_were_published(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save(
        [
            prepared("late", published=EPOCH + 5 * HOUR, source="Wire"),
            prepared("early", published=EPOCH + HOUR, source="Post"),
            prepared("undated", first_seen=EPOCH + 3 * HOUR, source="Wire"),
        ]
    )

    await stories.commit(step(0, 3, placed("late", ONE), placed("early", ONE), placed("undated", ONE)))

    story = await stories.story(ONE, None)
    assert story is not None
    assert [each.headline.id for each in story.reports] == ["early", "undated", "late"]
    assert (story.first_seen, story.last_seen) == (EPOCH + HOUR, EPOCH + 5 * HOUR)
    assert story.sources == ("Post", "Wire")


async def test_of_two_that_go_on_from_the_same_revision_one_is_turned_away(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save([prepared("a"), prepared("b")])

    first = await stories.commit(step(0, 2, placed("a", ONE)))
    second = await stories.commit(step(0, 2, placed("a", TWO), placed("b", TWO)))

    assert (first, second) == (True, False)
    assert await story_ids(stories, "a", "b") == {"a": 1}
    assert await stories.revision() == 2


async def test_the_number_of_a_story_that_became_part_of_another_leads_there(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save([prepared("a"), prepared("b"), prepared("c")])
    await stories.commit(step(0, 3, placed("a", ONE), placed("b", TWO), placed("c", THREE)))

    await stories.commit(step(3, 4, merged=((THREE, TWO),)))
    await stories.commit(step(4, 5, merged=((TWO, ONE),)))

    for number in (ONE, TWO, THREE):
        story = await stories.story(number, None)
        assert story is not None
        assert (story.id, len(story.reports)) == (ONE, 3)


async def test_an_article_can_move_to_a_story_of_its_own(stories: StoryStore, articles: ArticleStore) -> None:
    await articles.save([prepared("a"), prepared("b")])
    await stories.commit(step(0, 2, placed("a", ONE), placed("b", ONE)))

    await stories.commit(step(2, 3, moved={ArticleId("b"): TWO}))

    assert await story_ids(stories, "a", "b") == {"a": 1, "b": 2}
    assert await stories.next_id() == 3


async def test_a_story_is_begun_by_what_came_for_it_first_not_by_what_it_took_over(
    stories: StoryStore, articles: ArticleStore
) -> None:
    came = [prepared(name, first_seen=EPOCH + n * HOUR) for n, name in enumerate(("a", "b", "turn", "more"))]
    await articles.save(came)
    await stories.commit(step(0, 2, placed("a", ONE, arrival=1), placed("b", ONE, arrival=2)))
    turned = (placed("turn", TWO, arrival=3), placed("more", TWO, arrival=4))
    mark = (StoryMark(id=TWO, key="turn", born=3, settled=-1),)

    await stories.commit(step(2, 4, *turned, marks=mark, moved={ArticleId("b"): TWO}))

    one, two = await stories.story(ONE, None), await stories.story(TWO, None)
    assert one is not None
    assert two is not None
    assert (one.begun, two.begun, two.first_seen) == (EPOCH, EPOCH + 2 * HOUR, EPOCH + HOUR)


async def test_what_clustering_goes_on_from_is_given_back_but_for_what_is_settled(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save([prepared("a"), prepared("b"), prepared("c")])
    came = [placed(each, ONE, arrival=n, sketch=each.encode()) for n, each in enumerate("abc")]
    await stories.commit(step(0, 3, *reversed(came)))
    stood = StoryMark(id=ONE, key="key 1", born=1, settled=0)

    await stories.commit(step(3, 4, settled=(ArticleId("a"),), marks=(stood,)))

    assert await stories.stand(10) == Stand(revision=4, marks=(stood,), members=(came[1], came[2]), retired=())
    assert await stories.retired(ONE) == (stood, (came[1], came[2]))


async def test_a_story_that_is_retired_is_found_again_by_its_signs_until_it_is_revived(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save([prepared("a"), prepared("b"), prepared("c")])
    await stories.commit(step(0, 3, placed("a", ONE), placed("b", TWO, arrival=1), placed("c", THREE, arrival=2)))
    gone = [RetiredStory(id=TWO, signs=b"two", since=5), RetiredStory(id=ONE, signs=b"one", since=6)]

    await stories.commit(step(3, 4, retired=tuple(gone)))
    before, short = await stories.stand(10), await stories.stand(1)
    await stories.commit(step(4, 5, revived=(TWO,)))
    after = await stories.stand(10)

    assert before.retired == tuple(gone)
    assert [each.article for each in before.members] == ["c"]
    assert [each.id for each in before.marks] == [THREE, TWO, ONE]
    assert short.retired == (gone[1],)
    assert after.retired == (gone[1],)
    assert [each.article for each in after.members] == ["b", "c"]
    assert [each.article for each in (await stories.retired(ONE))[1]] == ["a"]


async def test_articles_that_are_gone_by_then_are_passed_over_and_those_that_go_later_leave_their_story(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save([prepared("a"), prepared("b")])

    await stories.commit(step(0, 2, placed("a", ONE), placed("b", ONE), placed("gone", TWO)))
    await articles.remove([ArticleId("b")])

    assert await story_ids(stories, "a", "b", "gone") == {"a": 1}
    assert await stories.story(TWO, None) is None


async def test_recent_are_those_that_something_came_of_whole_with_what_is_older(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save(
        [
            prepared("old", published=EPOCH),
            prepared("new", published=EPOCH + 48 * HOUR, language="zh"),
            prepared("past", published=EPOCH),
        ]
    )
    await stories.commit(step(0, 3, placed("old", ONE), placed("new", ONE), placed("past", TWO)))

    since = EPOCH + 24 * HOUR
    assert [(story.id, len(story.reports)) for story in await stories.recent(since, LATER, Filters(), None, 10)] == [
        (1, 2)
    ]
    assert [story.id for story in await stories.recent(since, LATER, Filters(language="zh"), None, 10)] == [1]
    assert await stories.recent(since, LATER, Filters(language="en"), None, 10) == []


async def test_a_reader_sees_of_a_story_what_their_sources_tell(
    stories: StoryStore, articles: ArticleStore, database: Database
) -> None:
    reader, url = ReaderId("r"), "https://private.example/feed"
    await FeedStore(database).subscribe(reader, Feed(url=url, shared=False))
    await articles.save(
        [prepared("shared", published=EPOCH), prepared("mine", published=EPOCH, feed=url, audience=url)]
    )
    await stories.commit(step(0, 2, placed("shared", ONE), placed("mine", ONE)))

    async def seen(who: ReaderId | None) -> set[str]:
        story = await stories.story(ONE, who)
        assert story is not None
        assert await stories.recent(EPOCH, LATER, Filters(), who, 10) == [story]
        return {each.headline.id for each in story.reports}

    assert await seen(reader) == {"shared", "mine"}
    assert await seen(ReaderId("other")) == {"shared"}
    assert await seen(None) == {"shared", "mine"}


async def test_after_clearing_everything_begins_anew(stories: StoryStore, articles: ArticleStore) -> None:
    await articles.save([prepared("a")])
    await stories.commit(step(0, 1, placed("a", ONE)))

    await stories.clear()

    assert await stories.revision() == 0
    assert await stories.commit(step(0, 1, placed("a", ONE)))


async def test_what_outlets_publish_is_told_newest_first_within_a_time(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save(
        [prepared(str(hour), published=EPOCH + hour * HOUR, source="Wire") for hour in range(5)]
        + [prepared("undated", source="Wire"), prepared("nameless", published=EPOCH)]
    )

    found = await stories.published(EPOCH + HOUR, EPOCH + 4 * HOUR, 2)

    assert found == [("Wire", EPOCH + 3 * HOUR), ("Wire", EPOCH + 2 * HOUR)]


async def test_what_is_undated_is_of_the_time_it_was_first_seen_only_where_that_was_soon(
    stories: StoryStore, articles: ArticleStore
) -> None:
    seen = EPOCH + 50 * HOUR

    def undated(id_: str, source: str, *, live: bool = False) -> PreparedArticle:
        made = prepared(id_, source=source, first_seen=seen)
        return replace(made, article=replace(made.article, live=live))

    await articles.save(
        [
            prepared("dated", published=seen, source="Wire"),
            undated("of a feed", "Blog", live=True), undated("of a feed, too", "Log", live=True),
            *(undated(f"archive {n}", f"Archive {n}") for n in range(3)),
            prepared("long ago", published=EPOCH, source="Wire"), undated("its copy", "Archive 1"),
        ]
    )  # fmt: skip
    of = {"dated": 1, "of a feed": 2, "of a feed, too": 2, "archive 0": 3, "archive 1": 3, "archive 2": 3}
    of |= {"long ago": 4, "its copy": 4}
    await stories.commit(step(0, 8, *(placed(id_, StoryId(n)) for id_, n in of.items())))

    found = await stories.recent(seen - HOUR, seen + HOUR, Filters(), None, 10)

    assert [story.id for story in found] == [2, 1, 3]
    assert [story.timed for story in found] == [True, True, False]
    assert [story.id for story in await stories.recent(EPOCH, seen + HOUR, Filters(), None, 10)] == [2, 4, 1, 3]


async def test_recent_are_those_of_most_outlets_and_texts_up_to_a_time(
    stories: StoryStore, articles: ArticleStore
) -> None:
    def told(id_: str, source: str, *, hours: int = 1, group: str | None = None) -> PreparedArticle:
        return prepared(id_, published=EPOCH + hours * HOUR, source=source, group=group)

    await articles.save(
        [
            told("one", "Wire"),
            told("two", "Wire"), told("two again", "Wire", hours=2),
            told("three", "Wire"), told("three too", "Post", hours=2), told("three late", "Post", hours=50),
            told("copied", "Wire"), told("copy", "Wire", group="copied"),
            told("late", "Post", hours=40),
        ]
    )  # fmt: skip
    of = {"one": 1, "two": 2, "two again": 2, "copied": 4, "copy": 4, "late": 5}
    of |= {"three": 3, "three too": 3, "three late": 3}
    await stories.commit(step(0, 9, *(placed(id_, StoryId(n)) for id_, n in of.items())))

    until = EPOCH + 30 * HOUR
    found = await stories.recent(EPOCH, until, Filters(), None, 10)
    few = await stories.recent(EPOCH, until, Filters(), None, 2)

    assert [(story.id, len(story.reports)) for story in found] == [(3, 2), (2, 2), (1, 1), (4, 2)]
    assert [story.id for story in few] == [3, 2]


async def test_what_only_some_readers_see_says_nothing_of_what_outlets_usually_publish(
    stories: StoryStore, articles: ArticleStore
) -> None:
    await articles.save(
        [
            prepared("shared", published=EPOCH, source="Wire"),
            prepared("mine", published=EPOCH, source="Wire", feed="https://p.example", audience="https://p.example"),
        ]
    )

    assert len(await stories.published(EPOCH, LATER, 10)) == 1
    assert await stories.private([ArticleId("shared"), ArticleId("mine")]) == {"mine": "https://p.example"}


@pytest.mark.parametrize(
    ("has", "together"),
    [
        ({"ada": "12"}, "12"),
        ({"ada": "12", "ben": "12"}, "12"),
        ({"ada": "12", "ben": "2"}, "1"),
        ({"ada": "12", "ben": "1"}, "1"),
        ({}, "1"),
        ({f"reader {n}": "12" for n in range(30)}, "1"),
    ],
)
async def test_only_what_exactly_the_same_readers_see_is_in_company(
    stories: StoryStore, database: Database, has: dict[str, str], together: str
) -> None:
    for reader, feeds in has.items():
        for feed in feeds:
            await FeedStore(database).subscribe(ReaderId(reader), Feed(url=f"https://{feed}.example", shared=False))

    company = await stories.company("https://1.example", 10)

    assert company == Company(feeds=frozenset(f"https://{each}.example" for each in together))


async def test_in_company_is_what_a_feed_brought_while_it_was_its_readers_own(
    stories: StoryStore, articles: ArticleStore
) -> None:
    feed = "https://1.example"
    await articles.save([prepared("everybody's", feed=feed), prepared("own", feed=feed, audience=feed)])
    own = placed("own", StoryId(2))
    await stories.commit(step(0, 2, placed("everybody's", StoryId(1)), own))

    company = await stories.company(feed, 10)

    assert company.members == (("key 2", own),)

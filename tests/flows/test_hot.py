from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.flows.hot import Hot
from generation.storytelling import ExtractiveStoryteller
from retrieval.topics.heat import against
from storage.domain.annotations import Annotation, Category
from storage.domain.dialogue import Question
from storage.domain.news import ArticleId, Filters, Passage, PassageId
from storage.domain.people import ReaderId
from storage.domain.stories import HotStories, Report, Story, StoryId, Trend
from tests.hot import NOON, report

HOUR = timedelta(hours=1)
READER = ReaderId("r")


def story(number: int, *reports: Report) -> Story:
    return Story(id=StoryId(number), reports=reports)


class Shelf:
    """Stories in memory, and what each article says: its title, and that it is so."""

    def __init__(self, *stories: Story) -> None:
        self.stories = stories
        self.asked: list[ReaderId | None] = []
        self.looked_up = 0
        self.read: list[ArticleId] = []
        self.noted: dict[ArticleId, Annotation] = {}
        self.filters: list[Filters] = []

    async def story(self, id_: StoryId, reader: ReaderId | None) -> Story | None:
        self.asked.append(reader)
        return next((each for each in self.stories if each.id == id_), None)

    async def recent(
        self, since: datetime, until: datetime, filters: Filters, reader: ReaderId | None, limit: int
    ) -> Sequence[Story]:
        assert limit > 0
        self.asked.append(reader)
        self.filters.append(filters)
        told = (
            replace(each, reports=tuple(report for report in each.reports if report.at < until))
            for each in self.stories
        )
        return [each for each in told if each.reports and each.last_seen >= since]

    async def known(self, ids: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        told = {report.headline.id: each.id for each in self.stories for report in each.reports}
        return {id_: told[id_] for id_ in ids if id_ in told}

    async def published(self, since: datetime, until: datetime, limit: int) -> Sequence[tuple[str, datetime]]:
        assert since < until
        assert limit > 0
        self.looked_up += 1
        return ()

    async def of(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Annotation]:
        return {id_: self.noted[id_] for id_ in ids if id_ in self.noted}

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        assert per_article > 0
        self.asked.append(reader)
        self.read += ids
        held = {each.headline.id: each.headline for one in self.stories for each in one.reports}
        return [
            Passage(
                id=PassageId(n),
                position=0,
                text=f"The ferry of {id_} crossed the wide lake in heavy snow on Thursday, the harbour office said.",
                headline=held[id_],
            )
            for n, id_ in enumerate(ids)
        ]


class Seen:
    """Who sees what, by any name for it; all the same where nothing is said."""

    def __init__(self, **named: str) -> None:
        self.named = named

    async def views(self, readers: Sequence[ReaderId]) -> dict[ReaderId, str]:
        return {reader: self.named.get(reader, "") for reader in readers}


def hot(shelf: Shelf, now: datetime = NOON + 6 * HOUR, seen: Seen | None = None) -> Hot:
    return Hot(
        shelf=shelf,
        texts=shelf,
        notes=shelf,
        teller=ExtractiveStoryteller(),
        views=seen or Seen(),
        against=against,
        clock=lambda: now,
    )


async def test_the_story_that_most_outlets_tell_of_comes_first() -> None:
    wide = story(1, *(report(f"w{i}", hours=i, source=f"Outlet {i}") for i in range(5)))
    narrow = story(2, *(report(f"n{i}", hours=i) for i in range(5)))

    found = (await hot(Shelf(narrow, wide)).list(k=5)).stories

    assert [each.story.id for each in found] == [1, 2]
    assert found[0].heat.outlets == 5
    assert found[0].title.startswith("Title of w")
    assert len(found[0].gist.lines) == 1
    assert found[0].gist.citations[0].article_id in {each.headline.id for each in wide.reports}


async def test_a_story_that_only_round_ups_tell_is_none() -> None:
    told = report("a")
    many = report("b", source="Post")
    titled = replace(many, headline=replace(many.headline, title="5 things to know for March 3: Ferries, flood"))

    found = (await hot(Shelf(story(1, titled), story(2, told, titled))).list(k=5)).stories

    assert [each.story.id for each in found] == [2]


def undated(told: Report, *, live: bool = False) -> Report:
    return replace(told, headline=replace(told.headline, published=None), live=live)


async def test_what_nobody_knows_the_day_of_comes_after_what_happened_however_many_tell_of_it() -> None:
    archive = story(1, *(undated(report(f"a{i}", hours=5, source=f"Outlet {i}")) for i in range(5)))
    dated = story(2, report("b"))
    seen = story(3, *(undated(report(f"c{i}", hours=5, source=f"Log {i}"), live=True) for i in range(2)))

    found = (await hot(Shelf(archive, dated, seen)).list(k=5)).stories

    assert [each.story.id for each in found] == [3, 2, 1]
    assert [each.heat.trend for each in found] == [Trend.UNKNOWN, Trend.RISING, Trend.UNKNOWN]


async def test_a_story_of_long_ago_that_is_opened_is_over() -> None:
    opened = await hot(Shelf(story(1, report("a"))), NOON + timedelta(days=700)).open(StoryId(1), lines=1)

    assert opened is not None
    assert opened.heat.trend is Trend.OVER


async def test_no_more_than_asked_for_are_told() -> None:
    shelf = Shelf(*(story(n, report(str(n), source=f"Outlet {n}")) for n in range(1, 8)))

    assert len((await hot(shelf).list(k=3)).stories) == 3
    assert len(shelf.read) == 3


async def test_as_of_an_earlier_time_what_came_later_is_not_known() -> None:
    told_on = story(1, report("a"), report("b", hours=30, source="Wire"))
    later = story(2, report("c", hours=40))

    (found,) = (await hot(Shelf(told_on, later)).list(until=NOON + 2 * HOUR)).stories

    assert [each.headline.id for each in found.story.reports] == ["a"]
    assert found.heat.outlets == 1


async def test_what_is_of_the_next_day_is_not_of_the_one_that_ended() -> None:
    midnight = NOON + 12 * HOUR
    both = story(1, report("a"), report("b", hours=12, source="Wire"))

    (found,) = (await hot(Shelf(both)).list(until=midnight)).stories

    assert [each.headline.id for each in found.story.reports] == ["a"]


async def test_a_story_of_which_nothing_came_lately_is_left_out_even_where_something_came_later() -> None:
    again = story(1, report("a"), report("b", hours=72))

    assert not (await hot(Shelf(again)).list(lately=24 * HOUR, until=NOON + 48 * HOUR)).stories


async def test_of_copies_one_is_read_the_newest_texts_first() -> None:
    shelf = Shelf(story(1, report("wire"), report("copy", hours=1, group="wire"), report("other", hours=2)))

    opened = await hot(shelf).open(StoryId(1), lines=3)

    assert opened is not None
    assert shelf.read == ["other", "copy"]
    assert opened.heat.trend is Trend.RISING


async def test_everything_is_looked_up_for_the_reader_who_asks() -> None:
    shelf = Shelf(story(1, report("a")))

    await hot(shelf).list(reader=READER)
    await hot(shelf).open(StoryId(1), lines=1, reader=READER)

    assert set(shelf.asked) == {READER}


async def test_a_number_that_no_story_has_opens_nothing() -> None:
    assert await hot(Shelf()).open(StoryId(5), lines=3) is None


@pytest.mark.parametrize(("later", "times"), [(timedelta(minutes=5), 1), (timedelta(hours=1), 2)])
async def test_what_is_usual_is_looked_up_again_only_after_a_while(later: timedelta, times: int) -> None:
    shelf = Shelf(story(1, report("a")))
    flow = hot(shelf)

    await flow.list(until=NOON + HOUR)
    await flow.list(until=NOON + HOUR + later)

    assert shelf.looked_up == times


async def test_what_is_right_on_any_day_comes_after_all_else() -> None:
    advice = report("a", hours=1)
    advice = replace(advice, headline=replace(advice.headline, title="How to prune an apple tree"))

    beside = await hot(Shelf(story(1, advice), story(2, report("b")))).list()
    only = await hot(Shelf(story(1, advice), story(2, report("b")))).list(k=1)
    week = await hot(Shelf(story(1, advice), story(2, report("b", hours=-24 * 5)))).list(k=1)
    told_too = await hot(Shelf(story(1, advice, report("c")), story(2, report("b")))).list()
    alone = await hot(Shelf(story(1, advice))).list()

    assert [each.story.id for each in beside.stories] == [2, 1]
    assert [each.story.id for each in only.stories] == [2]
    assert ([each.story.id for each in week.stories], week.lately) == ([2], timedelta(days=7))
    assert {each.story.id for each in told_too.stories} == {1, 2}
    assert [each.story.id for each in alone.stories] == [1]


async def test_who_asks_what_is_going_on_is_told_a_line_of_each_story_with_its_source() -> None:
    shelf = Shelf(story(1, report("a"), report("b", hours=1, source="Wire")), story(2, report("c")))
    question = Question(text="What's going on?", language="en", asked_at=NOON + 2 * HOUR, standalone="")

    answer = await hot(shelf).answer(question, Filters(), READER)

    assert (answer.listing, answer.hottest, answer.refused) == (True, True, False)
    assert [sentence.citations for sentence in answer.sentences] == [(1,), (2,)]
    assert [each.n for each in answer.citations] == [1, 2]
    assert answer.citations[1].article_id == "c"
    assert answer.as_of is not None
    assert (answer.stories, answer.lately, answer.until) == ((1, 2), timedelta(days=1), None)
    assert answer.names == tuple(each.title for each in (await hot(shelf).list(reader=READER)).stories)


async def test_of_yesterday_only_what_was_told_then_counts() -> None:
    shelf = Shelf(story(1, report("a", hours=-30)), story(2, report("b")))
    question = Question(text="What happened yesterday?", language="en", asked_at=NOON, standalone="")
    day = Filters(since=NOON - 36 * HOUR, until=NOON - 12 * HOUR)

    answer = await hot(shelf).answer(question, day, None)
    nothing = await hot(Shelf()).answer(question, day, None)

    assert [each.article_id for each in answer.citations] == ["a"]
    assert nothing.refused
    assert (answer.stories, answer.lately, answer.until) == ((1,), timedelta(days=1), NOON - 12 * HOUR)


async def test_a_question_of_the_past_is_answered_as_of_then_and_not_from_the_list_of_now() -> None:
    flow = hot(Shelf(story(1, report("a")), story(2, report("b", hours=5))))
    put = [
        Question(text="What's going on?", language="en", asked_at=NOON + hours * HOUR, standalone="")
        for hours in (6, 1)
    ]

    now, then = [await flow.answer(each, Filters(), None) for each in put]

    assert (now.stories, then.stories) == ((2, 1), (1,))
    assert (now.until, then.until) == (None, None)


async def test_readers_who_see_the_same_are_given_one_list() -> None:
    shelf = Shelf(story(1, report("a")))
    flow = hot(shelf)
    await flow.list(reader=READER, language="en")
    made = len(shelf.asked)

    lists = await asyncio.gather(*(flow.list(reader=ReaderId(f"r{n}"), language="en") for n in range(5)))

    assert len(shelf.asked) == made
    assert {found.stories[0].story.id for found in lists} == {1}


async def test_who_ask_at_once_wait_for_one_list() -> None:
    shelf = Shelf(*(story(n, report(str(n))) for n in range(1, 4)))
    flow = hot(shelf)

    await asyncio.gather(*(flow.list(reader=ReaderId(f"r{n}")) for n in range(9)))

    # Once for the stories, once for their texts.
    assert len(shelf.asked) == 2


async def test_who_sees_other_sources_or_wants_another_list_is_given_their_own() -> None:
    shelf = Shelf(*(story(n, report(str(n))) for n in range(1, 4)))
    flow = hot(shelf, seen=Seen(private="a feed of their own"))
    asked = [
        {"reader": ReaderId("r")},
        {"reader": ReaderId("private")},
        {"reader": None},
        {"reader": ReaderId("r"), "language": "zh"},
        {"reader": ReaderId("r"), "k": 3},
        {"reader": ReaderId("r"), "category": Category.OTHER},
        {"reader": ReaderId("r"), "filters": Filters(language="en")},
        {"reader": ReaderId("r"), "lately": timedelta(days=2)},
    ]

    for each in asked:
        await flow.list(**each)  # type: ignore[arg-type]  # the test's own fields

    assert shelf.asked == [each["reader"] for each in asked for _ in range(2)]


async def test_a_source_that_a_reader_drops_is_gone_from_their_next_list() -> None:
    shelf, seen = Shelf(story(1, report("a"))), Seen(r="all")
    flow = hot(shelf, seen=seen)
    await flow.list(reader=READER)
    shelf.stories = ()

    seen.named["r"] = "all but one"

    assert (await flow.list(reader=READER)).stories == ()


async def test_a_list_of_nothing_is_made_anew_at_once() -> None:
    shelf = Shelf()
    flow = hot(shelf)

    before = await flow.list()
    shelf.stories = (story(1, report("a")),)

    assert before.stories == ()
    assert [each.story.id for each in (await flow.list()).stories] == [1]


async def test_a_list_is_made_anew_after_a_minute() -> None:
    shelf, now = Shelf(story(1, report("a"))), [NOON]
    flow = replace(hot(shelf), clock=lambda: now[0])
    await flow.list()
    shelf.stories = (story(2, report("b")),)

    now[0] += timedelta(seconds=59)
    soon = await flow.list()
    now[0] += timedelta(seconds=1)
    later = await flow.list()

    assert [each.stories[0].story.id for each in (soon, later)] == [1, 2]


async def test_where_the_last_day_brought_nothing_the_last_week_or_month_is_looked_at_unless_a_time_was_given() -> None:
    shelf = Shelf(story(1, report("a", hours=-24 * 20)))

    found = await hot(shelf).list(until=NOON)
    assert ([each.story.id for each in found.stories], found.lately) == ([1], timedelta(days=30))
    assert await hot(shelf).list(lately=timedelta(days=7), until=NOON) == HotStories(
        stories=(), lately=timedelta(days=7), until=NOON
    )


async def test_a_wider_time_that_brings_no_more_is_not_named() -> None:
    recent = story(1, report("a", hours=-2))

    alone = await hot(Shelf(recent)).list(until=NOON)
    with_older = await hot(Shelf(recent, story(2, report("b", hours=-24 * 5)))).list(until=NOON)

    assert (len(alone.stories), alone.lately) == (1, timedelta(days=1))
    assert (len(with_older.stories), with_older.lately) == (2, timedelta(days=7))


async def test_for_a_reader_stories_in_their_language_come_first() -> None:
    chinese = report("zh", hours=-10)
    chinese = replace(chinese, headline=replace(chinese.headline, language="zh"))
    shelf = Shelf(story(1, report("a"), report("b", source="Wire")), story(2, chinese))

    def order(found: HotStories) -> list[int]:
        return [each.story.id for each in found.stories]

    assert order(await hot(shelf).list(language="zh")) == [2, 1]
    assert order(await hot(shelf).list(language="en")) == [1, 2]
    assert order(await hot(shelf).list()) == [1, 2]


async def test_the_story_of_an_article_is_known() -> None:
    shelf = Shelf(story(1, report("a")))

    assert await hot(shelf).of([ArticleId("a"), ArticleId("b")]) == {"a": 1}


async def test_a_story_is_about_what_most_of_its_articles_are_likely_about_and_can_be_asked_for_by_that() -> None:
    def noted(category: Category, sure: float) -> Annotation:
        return Annotation(category=category, category_confidence=sure)

    shelf = Shelf(story(1, report("a"), report("b"), report("c")), story(2, report("d")), story(3, report("e")))
    shelf.noted = {
        ArticleId("a"): noted(Category.SPORT, 0.9),
        ArticleId("b"): noted(Category.HEALTH, 0.6),
        ArticleId("c"): noted(Category.HEALTH, 0.5),
        ArticleId("d"): noted(Category.OTHER, 0.9),
    }

    every = (await hot(shelf).list()).stories
    healthy = (await hot(shelf).list(category=Category.HEALTH)).stories

    assert {each.story.id: each.category for each in every} == {
        1: Category.HEALTH,
        2: Category.OTHER,
        3: Category.OTHER,
    }
    assert [each.story.id for each in healthy] == [1]


async def test_a_page_knows_no_more_of_the_future_than_a_list() -> None:
    shelf = Shelf(story(1, report("a"), report("b", hours=24 * 400, source="Post")), story(2, report("c", hours=99)))

    page = await hot(shelf).open(StoryId(1), lines=3)

    assert page is not None
    assert [each.headline.id for each in page.story.reports] == ["a"]
    assert await hot(shelf).open(StoryId(2), lines=3) is None


async def test_the_bounds_of_a_list_reach_the_shelf() -> None:
    shelf = Shelf(story(1, report("a")))

    await hot(shelf).list(filters=Filters(language="zh"), category=Category.SPORT)

    assert set(shelf.filters) == {Filters(language="zh", category=Category.SPORT)}

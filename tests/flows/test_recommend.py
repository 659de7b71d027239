from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.flows.asking import Asking, Wanted, to_taste
from bot.flows.recommend import LATELY, Pick, Recommend
from storage.domain.annotations import Category
from storage.domain.digests import Because, ReasonKind, Shown, Style, Tastes
from storage.domain.heard import Heard
from storage.domain.kinds import ArticleKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import Heat, HotStory, Story, StoryId, Trend, Weighed
from tests.flows.turns import DAY, HOUR, NEXT_TURN, NOON, TOLD, TURN, Newsroom, fresh, hot

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
HOT = Because(kind=ReasonKind.HOT)


@dataclass(slots=True)
class Room:
    """Stories as they are weighed and told, which counts how often."""

    room: Newsroom
    categories: dict[int, Category] = field(default_factory=dict)
    weighings: list[tuple[timedelta, ReaderId | None]] = field(default_factory=list)
    tellings: list[tuple[str | None, list[int]]] = field(default_factory=list)

    async def weighed(
        self, lately: timedelta, *, until: datetime, reader: ReaderId | None, limit: int
    ) -> Sequence[Weighed]:
        del limit
        self.weighings.append((lately, reader))
        return [
            Weighed(story=held, heat=heat(held), category=self.categories.get(number, Category.OTHER))
            for number in self.room.told
            if until - lately <= (held := self.room.held(number)).last_seen <= until
        ]

    async def told(
        self, measured: Sequence[tuple[Heat, Story]], language: str | None, reader: ReaderId | None, lines: int
    ) -> Sequence[HotStory]:
        self.tellings.append((language, [story.id for _, story in measured]))
        return await hot(self.room).told(measured, language, reader, lines)


def heat(story: Story) -> Heat:
    outlets = len(story.sources)
    return Heat(value=outlets, breadth=outlets, speed=0, persistence=0, novelty=0, outlets=outlets, trend=Trend.STEADY)


@dataclass(slots=True)
class InOrder:
    """Chooses the stories in their order, but for those that are excluded, or from earlier and not near."""

    asked: list[Asking] = field(default_factory=list)
    near: frozenset[int] = frozenset()
    far: frozenset[int] = frozenset()

    async def rank(
        self, stories: Sequence[Weighed], asking: Sequence[Asking], now: datetime
    ) -> Sequence[Sequence[Pick]]:
        del now
        self.asked += asking
        return [
            [
                Pick(place=place, because=(HOT,), features={"heat": 1.0}, far=story in self.far)
                for place, story in enumerate(each.story.id for each in stories)
                if place not in one.excluded and (place not in one.earlier or story in self.near)
            ][: one.length + one.spare]
            for one in asking
        ]


@dataclass(slots=True)
class Known:
    """What readers were shown, and who sees which articles."""

    held: dict[ReaderId, list[Shown]] = field(default_factory=dict)
    seeing: dict[ReaderId, str] = field(default_factory=dict)

    async def shown(self, readers: Collection[ReaderId], since: datetime) -> Mapping[ReaderId, Sequence[Shown]]:
        del since
        return {reader: self.held[reader] for reader in readers if reader in self.held}

    async def views(self, readers: Sequence[ReaderId]) -> Mapping[ReaderId, Hashable]:
        return {reader: self.seeing.get(reader, "") for reader in readers}


@dataclass(slots=True)
class House:
    room: Newsroom = field(default_factory=Newsroom)
    known: Known = field(default_factory=Known)
    ranks: InOrder = field(default_factory=InOrder)
    stories: Room = field(init=False)

    def __post_init__(self) -> None:
        self.stories = Room(self.room)

    def bridge(self, number: int = 1, *, ago: timedelta = HOUR, **given: str) -> ArticleId:
        return self.room.tell(number, TOLD, NOON - ago, **given)  # type: ignore[arg-type]  # the test's own fields

    @property
    def recommend(self) -> Recommend:
        return Recommend(
            stories=self.stories, ranks=self.ranks, views=self.known, seen=self.known, fresh=fresh(self.room)
        )

    async def titles(self, *wanted: Wanted, now: datetime = NOON) -> list[list[int]]:
        return [[item.story for item in each.items] for each in await self.recommend.digests(wanted, now)]


def wanted(reader: ReaderId | None = ADA, length: int = 3, **given: object) -> Wanted:
    return replace(Wanted(reader=reader, length=length, lately=LATELY), **given)  # type: ignore[arg-type]  # by name


async def test_more_are_chosen_than_are_wanted_and_told_apart_from_them() -> None:
    house = House()
    house.bridge()

    await house.recommend.digests([wanted(length=3)], NOON)

    (asked,) = house.ranks.asked
    assert asked.length == 3
    assert asked.spare > 0


async def test_a_story_is_shown_with_its_line_its_reason_and_what_stands_for_it() -> None:
    house = House()
    first = house.bridge(source="Courier")
    second = house.bridge(source="Wire", ago=timedelta(minutes=5))

    (digest,) = await house.recommend.digests([wanted()], NOON)

    (item,) = digest.items
    assert (digest.reader, digest.at, digest.language) == (ADA, NOON, "en")
    assert item.gist.lines
    assert item.gist.lines[0].text in TOLD
    assert (item.because, item.outlets, item.new_since) == ((HOT,), 2, None)
    assert item.lead.id == second
    assert set(item.articles) == {first, second}
    assert item.texts == (first, second)


async def test_what_was_shown_is_not_shown_again_until_it_moves_and_then_what_is_new() -> None:
    house = House()
    told = house.bridge(ago=DAY)
    house.known.held[ADA] = [Shown(story=StoryId(1), at=NOON - 20 * HOUR, texts=Heard.of([told]))]

    assert await house.titles(wanted(), wanted(BEN)) == [[], [1]]

    house.room.tell(1, TURN, NOON - HOUR, source="Wire")
    (digest,) = await house.recommend.digests([wanted()], NOON)

    (item,) = digest.items
    assert item.new_since == NOON - 20 * HOUR
    assert "judge" in item.gist.lines[0].text
    assert house.ranks.asked[-1].novelty == {0: 0.4}


async def test_what_was_shown_as_part_of_another_story_is_not_shown_again() -> None:
    house = House()
    told = house.bridge(2)
    house.known.held[ADA] = [Shown(story=StoryId(0), at=NOON - DAY, texts=Heard.of([told]))]

    assert await house.titles(wanted()) == [[]]


async def test_a_rewrite_that_ranking_lets_through_takes_no_place() -> None:
    house = House()
    told = house.bridge(1, ago=DAY)
    house.room.tell(1, TOLD, NOON - HOUR, source="Wire", group="another", novelty=0.06)
    for number in (2, 3, 4):
        house.bridge(number)
    house.known.held[ADA] = [Shown(story=StoryId(1), at=NOON - 20 * HOUR, texts=Heard.of([told]))]

    assert await house.titles(wanted()) == [[2, 3, 4]]


async def test_readers_who_see_the_same_are_told_once_and_others_by_what_they_see() -> None:
    house = House()
    house.bridge()
    house.known.seeing[BEN] = "without the Courier"

    await house.titles(*(wanted(reader, length=1) for reader in (ADA, ReaderId("telegram:9"), BEN, None)))

    assert house.stories.weighings == [(LATELY, ADA), (LATELY, BEN), (LATELY, None)]
    assert len(house.stories.tellings) == 3


async def test_who_reads_chinese_is_told_in_it_and_who_does_not_is_shown_none_of_it() -> None:
    house = House()
    house.bridge(1)
    house.bridge(2, language="zh")

    assert await house.titles(wanted(), wanted(BEN, language="zh")) == [[1], [2]]
    both = replace(wanted(), tastes=Tastes(languages=("en", "zh")))
    assert await house.titles(both) == [[1, 2]]


async def test_where_nothing_is_in_their_language_another_does_whatever_they_saw_before() -> None:
    house = House()
    told = house.bridge(1, language="zh")

    assert await house.titles(wanted()) == [[1]]
    house.known.held[ADA] = [Shown(story=StoryId(1), at=NOON, texts=Heard.of([told]))]
    assert await house.titles(wanted()) == [[]]
    house.bridge(2, language="zh")
    assert await house.titles(wanted()) == [[2]]


async def test_what_is_told_of_a_story_is_told_to_those_alone_who_see_the_same_of_it() -> None:
    house = House()
    house.bridge(1)
    before = (await house.recommend.digests([wanted()], NOON))[0].items[0]
    recommend = house.recommend
    (first,) = await recommend.digests([wanted()], NOON)
    house.room.tell(1, NEXT_TURN, NOON - timedelta(minutes=1), source="A private feed")
    (second,) = await recommend.digests([wanted(BEN)], NOON)

    assert first.items[0].gist == before.gist
    assert second.items[0].gist != first.items[0].gist


async def test_tastes_bound_what_is_shown() -> None:
    house = House()
    house.bridge(1)
    house.bridge(2, source="Post")
    house.stories.categories = {1: Category.SPORT}
    sport, post = Tastes(categories=(Category.SPORT,)), Tastes(sources=("post",))

    assert await house.titles(wanted(tastes=sport), wanted(BEN, tastes=post)) == [[1], [2]]
    assert await house.titles(wanted(tastes=Tastes(kinds=(ArticleKind.PAPER,)))) == [[]]


async def test_a_source_is_known_by_its_name_and_by_its_host() -> None:
    house = House()
    house.bridge()
    (weighed,) = await house.stories.weighed(LATELY, until=NOON, reader=None, limit=9)

    assert to_taste(Tastes(sources=("COURIER",)), weighed)
    assert to_taste(Tastes(sources=("news.example",)), weighed)
    assert not to_taste(Tastes(sources=("example",)), weighed)


async def test_who_asks_is_shown_older_stories_where_there_are_next_to_none_and_a_digest_is_not_filled_up() -> None:
    house = House()
    house.bridge(1, ago=3 * DAY)

    assert await house.titles(wanted()) == [[]]
    assert await house.titles(wanted(lately=None)) == [[1]]


@pytest.mark.parametrize("far", [(), (2,)])
async def test_what_is_near_comes_from_earlier_before_a_digest_is_filled_up_or_ends(far: Collection[int]) -> None:
    house = House(ranks=InOrder(near=frozenset([3, 5, 6]), far=frozenset(far)))
    for number, ago in ((1, HOUR), (2, HOUR), (3, 3 * DAY), (4, 3 * DAY), (5, 8 * DAY), (6, 6 * DAY)):
        house.bridge(number, ago=ago)

    (digest,) = await house.recommend.digests([wanted(length=4)], NOON)

    assert [(item.story, item.days_ago) for item in digest.items] == [(1, 0), (2, 0), (3, 3), (6, 6)]
    # As the third and the sixth stand behind as good ones of today.
    assert [sorted(one.novelty.items()) for one in house.ranks.asked] == [[], [(2, 0.5), (3, 0.5), (4, 0.5)]]


@pytest.mark.parametrize(
    "enough",
    [wanted(length=2), wanted(None), wanted(tastes=Tastes(categories=(Category.OTHER,))), wanted(outlets=2)],
    ids=["filled with what they turn to", "nothing is known", "they say what they want", "breaking news"],
)
async def test_nothing_comes_from_earlier_where_that_is_not_what_lacks(enough: Wanted) -> None:
    house = House(ranks=InOrder(near=frozenset([3])))
    for number, ago in ((1, HOUR), (2, HOUR), (3, 3 * DAY)):
        house.bridge(number, ago=ago)

    await house.recommend.digests([enough], NOON)

    assert [each for each, _ in house.stories.weighings] == [LATELY]


async def test_so_many_outlets_must_tell_of_it_where_that_is_wanted() -> None:
    house = House()
    house.bridge(1)
    house.bridge(2)
    house.bridge(2, source="Post")

    assert await house.titles(wanted(outlets=2)) == [[2]]


async def test_headlines_have_no_lines() -> None:
    house = House()
    house.bridge()

    (digest,) = await house.recommend.digests([wanted(style=Style.HEADLINES)], NOON)

    assert digest.items[0].title
    assert digest.items[0].gist.lines == ()


async def test_where_there_are_no_stories_digests_are_empty() -> None:
    assert await House().titles(wanted(), wanted(None)) == [[], []]
    assert await House().titles() == []


async def test_who_says_what_they_want_gets_all_of_it_others_little_of_what_is_far_from_them() -> None:
    house = House()
    house.bridge()
    said = (
        Tastes(categories=(Category.OTHER,)),
        Tastes(kinds=(ArticleKind.NEWS,)),
        Tastes(sources=("courier",)),
    )

    await house.recommend.digests([wanted(length=9), wanted(BEN, length=2)], NOON)
    await house.recommend.digests([wanted(outlets=2)], NOON)
    for tastes in said:
        await house.recommend.digests([wanted(tastes=tastes)], NOON)

    assert [one.filled for one in house.ranks.asked] == [3, 2, None, None, None, None]


async def test_who_sees_the_same_articles_asks_as_one() -> None:
    house = House(known=Known(seeing={BEN: "others"}))
    house.bridge()

    await house.recommend.digests([wanted(), wanted(BEN), wanted(ReaderId("telegram:9"))], NOON)

    views = {one.reader: one.view for one in house.ranks.asked}
    assert views[ADA] == views[ReaderId("telegram:9")] != views[BEN]

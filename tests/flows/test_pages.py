from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.flows.briefs import Briefs
from bot.flows.pages import Pages
from generation.brief import brief, of_story
from storage.domain.changes import Looked
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from tests.flows.turns import DAY, HOUR, NEXT_TURN, NOON, REWRITE, TOLD, TURN, Newsroom, fresh, hot
from tests.hot import page

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")


@dataclass(slots=True)
class Views:
    seen_at: dict[tuple[ReaderId, StoryId], datetime] = field(default_factory=dict)

    async def seen(self, reader: ReaderId, story: StoryId) -> datetime | None:
        return self.seen_at.get((reader, story))

    async def look(self, looked: Looked) -> None:
        self.seen_at[looked.reader, looked.story] = looked.at


def pages(room: Newsroom, views: Views, now: datetime = NOON) -> Pages:
    stories = hot(room, now)
    briefs = Briefs(search=room, stories=stories, write=brief, write_story=of_story, clock=lambda: now)
    return Pages(briefs=briefs, views=views, fresh=fresh(room), clock=lambda: now)


async def test_who_comes_back_to_a_story_is_shown_what_is_new_since() -> None:
    room, views = Newsroom(), Views()
    room.tell(1, TOLD, NOON - HOUR)

    first = await pages(room, views).about("1", reader=ADA, language="en")
    await pages(room, views).look(ADA, first)
    room.tell(1, REWRITE, NOON + HOUR, source="Post")
    room.tell(1, TURN, NOON + 2 * HOUR, source="Wire")
    room.tell(1, NEXT_TURN, NOON + DAY, source="Post")
    second = await pages(room, views, NOON + 2 * DAY).about("1", reader=ADA, language="en")

    assert first.news is None
    assert second.news is not None
    assert second.news.at == NOON
    assert {line.text for line in second.news.gist.lines} == {TURN, NEXT_TURN}


async def test_where_nothing_is_new_the_page_knows_since_when() -> None:
    room, views = Newsroom(), Views()
    room.tell(1, TOLD, NOON - HOUR)
    await pages(room, views).look(ADA, await pages(room, views).about("1", reader=ADA, language="en"))

    again = await pages(room, views, NOON + DAY).about("1", reader=ADA, language="en")

    assert again.news is not None
    assert (again.news.at, again.news.gist.lines) == (NOON, ())


async def test_only_the_reader_who_looked_has_looked() -> None:
    room, views = Newsroom(), Views()
    room.tell(1, TOLD, NOON - HOUR)
    await pages(room, views).look(ADA, await pages(room, views).about("1", reader=ADA, language="en"))

    of_another = await pages(room, views).about("1", reader=BEN, language="en")
    of_nobody = await pages(room, views).about("1", language="en")

    assert (of_another.news, of_nobody.news) == (None, None)


async def test_a_page_counts_as_looked_at_from_when_it_was_asked_for() -> None:
    room, views = Newsroom(), Views()
    room.tell(1, TOLD, NOON - HOUR)
    flow = pages(room, views)

    opened = await flow.about("1", reader=ADA, language="en")

    assert flow.looked(ADA, opened) == (Looked(reader=ADA, story=StoryId(1), at=NOON),)
    assert flow.looked(ADA, replace(page(), opened=None, at=NOON)) == ()

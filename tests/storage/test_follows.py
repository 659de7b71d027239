from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.changes import Followed, Looked, Unfollowed
from storage.domain.deliveries import OutboxMessage
from storage.domain.dialogue import Citation, Sentence
from storage.domain.follows import Follow, FollowId, News, Update
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import Placed, StoryId, StoryMark, StoryStep
from storage.domain.summaries import Gist
from storage.follows import KEPT, FollowStore
from storage.outbox import OutboxStore
from storage.stories import StoryStore
from tests.storage.examples import EPOCH, prepared

if TYPE_CHECKING:
    import bot.flows.follow
    import bot.flows.pages

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE, TWO = StoryId(1), StoryId(2)


@pytest.fixture
def follows(database: Database) -> FollowStore:
    shelf: bot.flows.follow.FollowShelf = (made := FollowStore(database))
    views: bot.flows.pages.Views = made
    assert shelf is views
    return made


@pytest.fixture
async def stories(database: Database) -> StoryStore:
    """Two stories of an article each."""
    await ArticleStore(database).save([prepared("a"), prepared("b")])
    store = StoryStore(database)
    placed = tuple(
        Placed(article=ArticleId(name), story=story, arrival=story, novelty=1.0, sketch=b"")
        for name, story in (("a", ONE), ("b", TWO))
    )
    marks = tuple(StoryMark(id=n, key=f"key {n}", born=n, settled=-1) for n in (ONE, TWO))
    await store.commit(StoryStep(after=0, upto=2, marks=marks, placed=placed))
    return store


def wish(story: int | None = 1, words: str = "Ferries", reader: ReaderId = ADA, **given: object) -> Followed:
    number = None if story is None else StoryId(story)
    values = {"reader": reader, "story": number, "words": words, "language": "en", "at": EPOCH}
    return Followed(**{**values, **given})  # type: ignore[arg-type]  # the test's own fields


def news(*texts: str) -> News:
    citation = Citation(n=1, article_id=ArticleId("a"), title="", quote="q")
    gist = Gist(lines=(Sentence(text="New.", citations=(1,)),), citations=(citation,), engine="x")
    return News(story=ONE, title="Ferries", gist=gist, outlets=1, texts=tuple(map(ArticleId, texts)))


def message(key: str = "follow-1:1") -> OutboxMessage:
    return OutboxMessage(key=key, chat_id=7, method="sendMessage", payload="{}", created_at=EPOCH)


async def only(follows: FollowStore, reader: ReaderId = ADA) -> Follow:
    (held,) = await follows.of(reader)
    return held


async def keys(database: Database) -> Sequence[str]:
    return [each.key for each in await OutboxStore(database).pending()]


@pytest.mark.usefixtures("stories")
async def test_what_is_followed_is_kept_for_each_reader_in_the_order_they_began(follows: FollowStore) -> None:
    assert await follows.of(ADA) == ()

    await follows.follow(wish(2))
    await follows.follow(wish(None, "chip exports", language="zh"))
    await follows.follow(wish(1, reader=BEN))

    first, second = await follows.of(ADA)
    assert (first.story, first.words, first.since, first.told_at) == (TWO, "Ferries", EPOCH, EPOCH)
    assert (second.story, second.words, second.language) == (None, "chip exports", "zh")
    assert [each.reader for each in await follows.active("telegram:")] == [ADA, ADA, BEN]
    assert await follows.active("terminal:") == ()


@pytest.mark.usefixtures("stories")
async def test_the_same_is_followed_once(follows: FollowStore) -> None:
    first = [await follows.follow(wish(1)), await follows.follow(wish(None, "chips"))]
    again = [await follows.follow(wish(1, "Renamed")), await follows.follow(wish(None, "chips"))]

    assert (first, again) == ([True, True], [False, False])
    assert len(await follows.of(ADA)) == 2


@pytest.mark.usefixtures("stories")
async def test_what_is_followed_no_longer_leaves_nothing(follows: FollowStore) -> None:
    await follows.follow(wish(1))
    held = await only(follows)
    await follows.settle(Update(follow=held, at=EPOCH + HOUR, news=(news("a"),)))

    by_another = await follows.unfollow(Unfollowed(reader=BEN, follow=held.id))
    done = await follows.unfollow(Unfollowed(reader=ADA, follow=held.id))
    again = await follows.unfollow(Unfollowed(reader=ADA, follow=held.id))
    await follows.follow(wish(1))

    assert (by_another, done, again) == (False, True, False)
    anew = await only(follows)
    assert anew.id > held.id
    assert (anew.told, anew.heard) == ({}, frozenset())


async def test_a_follow_of_a_story_that_became_part_of_another_leads_there_and_is_one(
    follows: FollowStore, stories: StoryStore
) -> None:
    await follows.follow(wish(1, "One"))
    await follows.follow(wish(2, "Two"))
    await follows.follow(wish(2, reader=BEN))

    await stories.commit(StoryStep(after=2, upto=3, merged=((TWO, ONE),)))

    held = await only(follows)
    assert (held.story, held.words) == (ONE, "One")
    assert (await only(follows, BEN)).story == ONE
    assert not await follows.follow(wish(2))
    assert await follows.unfollow(Unfollowed(reader=ADA, follow=held.id))
    assert await follows.of(ADA) == ()


@pytest.mark.usefixtures("stories")
async def test_what_is_told_is_taken_down_together_with_its_messages(follows: FollowStore, database: Database) -> None:
    await follows.follow(wish(1))
    await follows.follow(wish(None, "ferries"))
    held = (await follows.of(ADA))[0]

    settled = await follows.settle(Update(follow=held, at=EPOCH + HOUR, news=(news("a", "b"),)), [message()])

    first, second = await follows.of(ADA)
    assert settled
    assert first.told_at == EPOCH + HOUR
    assert first.told == {"a": EPOCH + HOUR, "b": EPOCH + HOUR}
    assert (second.told, second.heard) == ({}, {"a", "b"})
    assert await keys(database) == ["follow-1:1"]


@pytest.mark.usefixtures("stories")
async def test_of_several_who_would_tell_the_same_one_does(follows: FollowStore, database: Database) -> None:
    await follows.follow(wish(1))
    update = Update(follow=await only(follows), at=EPOCH + HOUR, news=(news("a"),))

    settled = await asyncio.gather(
        *(follows.settle(replace(update, at=update.at + n * HOUR), [message(f"follow-{n}")]) for n in range(5))
    )

    assert sum(settled) == 1
    assert len(await keys(database)) == 1


@pytest.mark.usefixtures("stories")
async def test_a_message_that_cannot_be_enqueued_leaves_the_update_untold(
    follows: FollowStore, database: Database
) -> None:
    await follows.follow(wish(1))
    held = await only(follows)
    unfit = replace(message(), chat_id=None)  # type: ignore[arg-type]

    with pytest.raises(IntegrityError):
        await follows.settle(Update(follow=held, at=EPOCH + HOUR, news=(news("a"),)), [unfit])

    assert await only(follows) == held
    assert await keys(database) == []


@pytest.mark.usefixtures("stories")
async def test_nothing_is_told_of_what_is_followed_no_longer(follows: FollowStore, database: Database) -> None:
    await follows.follow(wish(1))
    held = await only(follows)
    await follows.unfollow(Unfollowed(reader=ADA, follow=held.id))

    assert not await follows.settle(Update(follow=held, at=EPOCH + HOUR, news=(news("a"),)), [message()])
    assert await keys(database) == []


@pytest.mark.usefixtures("stories")
async def test_a_follow_that_ends_is_told_once_and_can_be_begun_again(follows: FollowStore, database: Database) -> None:
    await follows.follow(wish(1))
    end = Update(follow=await only(follows), at=EPOCH + 8 * DAY)

    settled = [await follows.settle(end, [message(f"end-{n}")]) for n in range(2)]

    assert settled == [True, False]
    assert await keys(database) == ["end-0"]
    assert await follows.of(ADA) == ()
    assert await follows.follow(wish(1))


@pytest.mark.usefixtures("stories")
async def test_what_was_told_long_ago_is_forgotten(follows: FollowStore) -> None:
    await follows.follow(wish(1))
    await follows.settle(Update(follow=await only(follows), at=EPOCH + HOUR, news=(news("a"),)))

    await follows.settle(Update(follow=await only(follows), at=EPOCH + KEPT + 2 * HOUR, news=(news("b"),)))

    assert set((await only(follows)).told) == {"b"}


async def test_the_last_look_at_a_story_counts_and_leads_to_what_it_is_part_of_by_now(
    follows: FollowStore, stories: StoryStore
) -> None:
    assert await follows.seen(ADA, ONE) is None

    await follows.look(Looked(reader=ADA, story=TWO, at=EPOCH + HOUR))
    await follows.look(Looked(reader=ADA, story=TWO, at=EPOCH))
    await follows.look(Looked(reader=ADA, story=ONE, at=EPOCH))
    before = [await follows.seen(ADA, ONE), await follows.seen(ADA, TWO), await follows.seen(BEN, TWO)]
    await stories.commit(StoryStep(after=2, upto=3, merged=((TWO, ONE),)))

    assert before == [EPOCH, EPOCH + HOUR, None]
    assert await follows.seen(ADA, ONE) == EPOCH + HOUR


async def test_where_the_stories_are_made_anew_what_was_followed_by_number_is_followed_by_name(
    follows: FollowStore, stories: StoryStore
) -> None:
    await follows.follow(wish(1))
    await follows.look(Looked(reader=ADA, story=ONE, at=EPOCH))

    await stories.clear()

    held = await only(follows)
    assert (held.id, held.story, held.words) == (FollowId(held.id), None, "Ferries")
    assert await follows.seen(ADA, ONE) is None


async def test_each_reader_counts_what_they_follow_from_one(follows: FollowStore) -> None:
    for reader in (ADA, BEN):
        for words in ("ferries", "chips", "dams"):
            await follows.follow(Followed(reader=reader, story=None, words=words, language="en", at=EPOCH))
    second = (await follows.of(BEN))[1]

    await follows.unfollow(Unfollowed(reader=BEN, follow=second.id))
    await follows.follow(Followed(reader=BEN, story=None, words="trains", language="en", at=EPOCH))

    assert [each.number for each in await follows.of(ADA)] == [1, 2, 3]
    assert [(each.number, each.words) for each in await follows.of(BEN)] == [(1, "ferries"), (3, "dams"), (4, "trains")]

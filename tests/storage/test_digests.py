from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from storage.articles import ArticleStore
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.annotations import Category
from storage.domain.changes import Followed, Listed, Looked, Unlearned, Wished
from storage.domain.deliveries import InboxUpdate, OutboxMessage
from storage.domain.digests import (
    Alerts,
    Because,
    Digest,
    DigestItem,
    DigestSettings,
    QuietHours,
    ReasonKind,
    Settled,
    Slot,
    Style,
    Tastes,
    Timetable,
    WhenEmpty,
)
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.follows import News, Update
from storage.domain.heard import Heard
from storage.domain.kinds import ArticleKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import Placed, StoryId, StoryMark, StoryStep
from storage.domain.summaries import Gist
from storage.evidence import EvidenceStore
from storage.follows import FollowStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.schema import digest_settings
from storage.stories import StoryStore
from tests.storage.examples import EPOCH, prepared

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
HOUR = timedelta(hours=1)
SLOT = Slot(name="2026-01-01T08:00", at=EPOCH + 8 * HOUR)
WHOLE = DigestSettings(
    reader=ADA,
    since=EPOCH,
    active=True,
    timetable=Timetable(
        times=(time(7, 30), time(18, 0)),
        days=frozenset((1, 5)),
        zone="Asia/Kathmandu",
        quiet=QuietHours(since=time(22), until=time(7)),
    ),
    length=9,
    style=Style.SUMMARIES,
    tastes=Tastes(
        languages=("zh",), categories=(Category.SPORT,), kinds=(ArticleKind.PAPER,), sources=("新华社", "reuters.com")
    ),
    language="zh",
    when_empty=WhenEmpty.SILENCE,
    alerts=Alerts(outlets=4, a_day=1),
)


@pytest.fixture
def digests(database: Database) -> DigestStore:
    return DigestStore(database)


def item(story: int = 1, *articles: str, **given: object) -> DigestItem:
    ids = tuple(map(ArticleId, articles or ("a",)))
    made = DigestItem(
        story=StoryId(story),
        title="Ferries",
        gist=Gist(lines=(), citations=(), engine="x"),
        because=(Because(kind=ReasonKind.HOT),),
        outlets=2,
        category=Category.WORLD,
        kind=ArticleKind.NEWS,
        lead=prepared(articles[0] if articles else "a").article.headline,
        articles=ids,
        texts=ids,
        features={"heat": 0.5},
    )
    return replace(made, **given)  # type: ignore[arg-type]  # the test's own fields


def heard(*texts: str) -> Heard:
    return Heard.of(map(ArticleId, texts))


def digest(*items: DigestItem, slot: Slot | None = SLOT, at: datetime = SLOT.at, reader: ReaderId = ADA) -> Digest:
    return Digest(reader=reader, at=at, items=items, language="en", slot=slot)


def settled(told: Digest | None = None, *skipped: str, by: DigestSettings = WHOLE) -> Settled:
    return Settled(settings=by, at=SLOT.at, wake_at=SLOT.at + 24 * HOUR, skipped=skipped, digest=told)


async def due(store: DigestStore, at: datetime, limit: int = 10, after: ReaderId | None = None) -> list[ReaderId]:
    return [each.reader for each in await store.due("telegram:", at, at + 24 * HOUR, limit, after)]


def message(key: str = "digest-1:1") -> OutboxMessage:
    return OutboxMessage(key=key, chat_id=7, method="sendMessage", payload="{}", created_at=EPOCH)


async def wish(store: DigestStore, wake_at: datetime | None = EPOCH, **given: object) -> None:
    await store.wish(Wished(settings=replace(WHOLE, **given), at=EPOCH, wake_at=wake_at))  # type: ignore[arg-type]  # by name


async def test_wishes_come_back_as_they_were(digests: DigestStore) -> None:
    await digests.wish(Wished(settings=DigestSettings(reader=BEN, since=EPOCH), at=EPOCH, wake_at=None))
    await digests.wish(Wished(settings=replace(WHOLE, length=3), at=EPOCH, wake_at=None))
    await digests.wish(Wished(settings=WHOLE, at=EPOCH, wake_at=EPOCH))

    assert await digests.settings(ADA) == WHOLE
    assert await digests.settings(BEN) == DigestSettings(reader=BEN, since=EPOCH)
    assert await digests.settings(ReaderId("telegram:9")) is None


async def test_due_are_those_who_want_digests_and_are_to_be_looked_at(digests: DigestStore) -> None:
    await wish(digests)
    await wish(digests, reader=BEN, wake_at=EPOCH + HOUR)
    await wish(digests, reader=ReaderId("telegram:6"), active=False)
    await wish(digests, reader=ReaderId("telegram:5"), wake_at=None)
    await wish(digests, reader=ReaderId("terminal:ada"))

    assert await due(digests, EPOCH) == [ADA]
    assert await due(digests, EPOCH + HOUR) == [ADA, BEN]
    assert await due(digests, EPOCH + HOUR, 1) == [ADA]
    assert await due(digests, EPOCH + HOUR, after=ADA) == [BEN]


async def test_who_sleeps_by_a_clock_that_was_wrong_is_looked_at_now(digests: DigestStore) -> None:
    await wish(digests, wake_at=EPOCH + 1000 * HOUR)

    assert await due(digests, EPOCH) == [ADA]


async def test_who_wishes_otherwise_while_it_is_decided_is_looked_at_when_that_wants_it(digests: DigestStore) -> None:
    await wish(digests, length=4, wake_at=SLOT.at + HOUR)

    await digests.settle(settled(digest(item())))

    assert await due(digests, SLOT.at + HOUR) == [ADA]


async def test_wishes_that_another_version_wrote_otherwise_are_the_same_wishes(
    database: Database, digests: DigestStore
) -> None:
    await wish(digests)
    async with database.transaction() as connection:
        wishes = json.loads(str(await connection.scalar(select(digest_settings.c.wishes))))
        otherwise = json.dumps(dict(reversed(wishes.items())) | {"of_a_later_version": 1}, indent=1)
        await connection.execute(update(digest_settings).values(wishes=otherwise))

    sent = await digests.settle(settled(digest(item())), [message()])

    assert sent
    assert await due(digests, SLOT.at + 2 * HOUR) == []
    assert await due(digests, SLOT.at + 24 * HOUR) == [ADA]


async def test_breaking_news_are_sent_once_and_counted(database: Database, digests: DigestStore) -> None:
    await wish(digests)
    await wish(digests, reader=BEN, alerts=None)
    told = digest(item(), slot=Slot(name="alert-1", at=SLOT.at))

    assert await digests.alert(told, [message("breaking-1")])
    assert not await digests.alert(told, [message("breaking-2")])

    assert [each.key for each in await OutboxStore(database).pending()] == ["breaking-1"]
    assert [each.reader for each in await digests.alerted("telegram:", 10)] == [ADA]
    assert await digests.claimed([ADA, BEN], "alert-", SLOT.at) == {ADA: 1}
    assert await digests.claimed([ADA], "alert-", SLOT.at + HOUR) == {}


async def test_a_digest_is_settled_with_its_messages_and_what_it_showed(
    database: Database, digests: DigestStore
) -> None:
    await wish(digests)
    ignored = Evidence(reader=ADA, kind=EvidenceKind.IGNORED, at=EPOCH, key="b")

    done = await digests.settle(settled(digest(item()), "2025-12-31T08:00"), [message()], [ignored])

    assert done
    assert await digests.done([ADA, BEN], "2025-12-31") == {ADA: frozenset({"2025-12-31T08:00", SLOT.name})}
    assert await digests.done([ADA], "2026-01-01") == {ADA: frozenset({SLOT.name})}
    assert [each.key for each in await OutboxStore(database).pending()] == ["digest-1:1"]
    assert list((await EvidenceStore(database).of(ADA)).values()) == [ignored]
    (shown,) = await digests.lists(EPOCH)
    assert (shown.reader, shown.at, shown.slot) == (ADA, SLOT.at, SLOT.name)
    assert (shown.articles, shown.features) == (((ArticleId("a"),),), ({"heat": 0.5},))
    assert await digests.last([ADA, BEN], EPOCH) == {ADA: shown}
    assert await due(digests, SLOT.at) == []


async def test_an_hour_is_settled_once(database: Database, digests: DigestStore) -> None:
    await wish(digests)

    found = await asyncio.gather(*(digests.settle(settled(digest(item())), [message(f"digest-{n}")]) for n in range(4)))

    assert sorted(found) == [False, False, False, True]
    assert len(await OutboxStore(database).pending()) == 1
    assert len(await digests.lists(EPOCH)) == 1


async def test_an_hour_that_was_skipped_is_not_sent_for_later(database: Database, digests: DigestStore) -> None:
    await digests.settle(settled(None, SLOT.name))

    assert not await digests.settle(settled(digest(item())), [message()])
    assert not await OutboxStore(database).pending()


async def test_where_nothing_is_due_only_the_next_look_is_moved(digests: DigestStore) -> None:
    await wish(digests)

    assert not await digests.settle(settled())
    assert await due(digests, EPOCH + 23 * HOUR) == []
    assert await digests.done([ADA], "") == {}


async def test_what_was_shown_is_known_by_the_story_it_is_part_of_by_now(
    database: Database, digests: DigestStore
) -> None:
    await ArticleStore(database).save([prepared("a"), prepared("b")])
    marks = tuple(StoryMark(id=StoryId(n), key=f"key {n}", born=n, settled=-1) for n in (1, 2))
    placed = tuple(
        Placed(article=ArticleId(name), story=StoryId(n), arrival=n, novelty=1.0, sketch=b"")
        for name, n in (("a", 1), ("b", 2))
    )
    stories = StoryStore(database)
    await stories.commit(StoryStep(after=0, upto=2, marks=marks, placed=placed))
    await digests.show(Listed(digest=digest(item(1, "a"), slot=None)))
    await digests.show(Listed(digest=digest(item(2, "b"), slot=None, at=SLOT.at + HOUR)))
    await stories.commit(StoryStep(after=2, upto=3, merged=((StoryId(2), StoryId(1)),)))

    (shown,) = (await digests.shown([ADA, BEN], EPOCH))[ADA]

    assert (shown.story, shown.at, shown.texts) == (1, SLOT.at + HOUR, heard("a", "b"))
    assert await digests.shown([ADA], SLOT.at + 2 * HOUR) == {}


async def test_what_they_looked_at_and_what_they_were_told_of_a_follow_is_known_to_them_too(
    database: Database, digests: DigestStore
) -> None:
    follows = FollowStore(database)
    await follows.look(Looked(reader=ADA, story=StoryId(5), at=EPOCH))
    await follows.follow(Followed(reader=ADA, story=None, words="ferries", language="en", at=EPOCH))
    (follow,) = await follows.of(ADA)
    gist = Gist(lines=(), citations=(), engine="x")
    news = News(story=StoryId(6), title="Ferries", gist=gist, outlets=1, texts=(ArticleId("t"),))
    await follows.settle(Update(follow=follow, at=EPOCH + HOUR, news=(news,)))

    found = (await digests.shown([ADA, BEN], EPOCH))[ADA]

    assert {(each.story, each.at, each.texts) for each in found} == {
        (5, EPOCH, heard()),
        (0, EPOCH + HOUR, heard("t")),
    }


async def test_who_starts_over_is_not_shown_it_again_and_by_what_it_was_ranked_is_forgotten(
    database: Database, digests: DigestStore
) -> None:
    for reader in (ADA, BEN):
        await digests.show(Listed(digest=digest(item(), slot=None, reader=reader)))

    await EvidenceStore(database).unlearn(Unlearned(reader=ADA, evidence=()))
    kept = await digests.lists(EPOCH)
    await EvidenceStore(database).unlearn(Unlearned(reader=ADA, evidence=None))

    assert [each.features for each in kept] == [({"heat": 0.5},)] * 2
    assert {each.reader: each.features for each in await digests.lists(EPOCH)} == {ADA: ({},), BEN: ({"heat": 0.5},)}
    assert set(await digests.shown([ADA, BEN], EPOCH)) == {ADA, BEN}


async def test_where_stories_are_made_anew_what_was_shown_is_of_none_of_them(
    database: Database, digests: DigestStore
) -> None:
    await digests.show(Listed(digest=digest(item(1, "a"), slot=None)))

    await StoryStore(database).clear()

    (shown,) = (await digests.shown([ADA], EPOCH))[ADA]
    assert (shown.story, shown.texts) == (0, heard("a"))


async def test_what_is_wished_and_shown_takes_effect_with_the_update(database: Database, digests: DigestStore) -> None:
    inbox = InboxStore(database)
    await inbox.accept([InboxUpdate(update_id=1, payload="{}", received_at=EPOCH, chat_id=7)])

    await inbox.done(1, (), (Wished(settings=WHOLE, at=EPOCH, wake_at=None), Listed(digest=digest(item(), slot=None))))

    assert await digests.settings(ADA) == WHOLE
    assert [each.slot for each in await digests.lists(EPOCH, ADA)] == [None]
    assert await digests.lists(EPOCH, BEN) == ()


async def test_what_a_wish_tells_of_a_reader_is_taken_down_with_it_once(
    database: Database, digests: DigestStore
) -> None:
    told = Evidence(reader=ADA, kind=EvidenceKind.TOLD, at=EPOCH, key="text:1", text="chip")
    wished = Wished(settings=WHOLE, at=EPOCH, wake_at=None, evidence=(told,))
    inbox = InboxStore(database)
    await inbox.accept([InboxUpdate(update_id=1, payload="{}", received_at=EPOCH, chat_id=7)])

    await inbox.done(1, (), (wished,))
    await inbox.done(1, (), (wished,))

    assert await digests.settings(ADA) == WHOLE
    assert list((await EvidenceStore(database).of(ADA)).values()) == [told]


async def test_what_is_long_past_is_dropped(digests: DigestStore) -> None:
    await digests.wish(Wished(settings=WHOLE, at=EPOCH, wake_at=EPOCH))
    await digests.settle(settled(digest(item(), item(2, "b"))))

    assert await digests.prune(SLOT.at) == 0
    assert await digests.prune(SLOT.at + HOUR) == 3
    assert await digests.lists(EPOCH) == ()

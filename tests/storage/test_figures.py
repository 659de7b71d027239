from __future__ import annotations

from datetime import timedelta

from storage.access import AccessStore
from storage.budgets import BudgetStore
from storage.database import Database
from storage.domain.access import Budgets, Used, day_of
from storage.domain.changes import Spoken
from storage.domain.deliveries import InboxState, InboxUpdate, OutboxMessage
from storage.domain.figures import Standing
from storage.domain.news import Feed, FeedStatus
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from storage.figures import FigureStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.reader_settings import ReaderSettingsStore
from tests.storage.examples import EPOCH, lose

ADA, BEN, EVE = (ReaderId(f"telegram:{number}") for number in (7, 8, 9))


async def test_an_empty_instance_is_nothing_at_all(database: Database) -> None:
    found = await FigureStore(database).figures(EPOCH)

    assert found.outgoing == {}
    assert {getattr(found, name) for name in type(found).__slots__ if name != "outgoing"} == {0}


async def test_what_waits_and_how_feeds_stand_is_told_in_one_statement(database: Database) -> None:
    figures = FigureStore(database)
    inbox, outbox = InboxStore(database), OutboxStore(database)
    nothing = await figures.standing()

    times = [EPOCH + timedelta(minutes=minutes) for minutes in (0, 5, 9)]
    await inbox.accept([InboxUpdate(update_id=9 - n, payload="{}", received_at=at) for n, at in enumerate(times)])
    await inbox.done(9)
    for n, at in enumerate(times):
        await outbox.enqueue([OutboxMessage(key=f"k{n}", chat_id=7, method="sendMessage", payload="{}", created_at=at)])
    await outbox.claim("k0")
    await FeedStore(database).add([Feed(url=f"https://{host}.example/rss") for host in "ab"])
    await FeedStore(database).add([Feed(url="https://c.example/rss", status=FeedStatus.FAILING)])
    found = await figures.standing()
    await FeedStore(database).remove("https://c.example/rss")
    left = await figures.standing()

    assert nothing == Standing(oldest_update=None, oldest_message=None, feeds=dict.fromkeys(FeedStatus, 0))
    assert (found.oldest_update, found.oldest_message) == (times[1], times[1])
    assert (sum(found.feeds.values()), found.feeds[FeedStatus.FAILING]) == (3, 1)
    assert (sum(left.feeds.values()), left.feeds[FeedStatus.FAILING]) == (2, 0)
    assert ((await figures.figures(EPOCH)).feeds, (await figures.figures(EPOCH)).failing) == (2, 0)


async def test_what_was_done_is_counted_by_day_and_week(database: Database) -> None:
    inbox, budgets, outbox = InboxStore(database), BudgetStore(database), OutboxStore(database)
    updates = [InboxUpdate(update_id=n, payload="{}", received_at=EPOCH, chat_id=7) for n in range(1, 8)]
    await inbox.accept(
        [*updates, InboxUpdate(update_id=9, payload="x", received_at=EPOCH, state=InboxState.QUARANTINED)]
    )
    for update_id, reader, days in ((1, ADA, 0), (2, ADA, 0), (3, BEN, 0), (4, EVE, 6), (5, EVE, 7)):
        await budgets.take(update_id, reader, EPOCH - timedelta(days=days), Budgets())
    await budgets.take(6, ADA, EPOCH, Budgets(questions=2))
    await AccessStore(database).admit(Used(reader=ADA, day=day_of(EPOCH), tokens=30))
    await AccessStore(database).admit(Used(reader=EVE, day=day_of(EPOCH - timedelta(days=6)), tokens=5))
    await ReaderSettingsStore(database).speak(Spoken(reader=ReaderId("telegram:10"), language="zh"))
    await FeedStore(database).add([Feed(url="https://a.example/rss", title="A")])
    for key in ("a", "b", "c"):
        message = OutboxMessage(key=key, chat_id=7, method="sendMessage", payload="{}", created_at=EPOCH)
        await outbox.enqueue([message])
    await outbox.claim("a")
    await outbox.unknown("a", "ReadTimeout")
    await lose(database, 8)

    found = await FigureStore(database).figures(EPOCH)

    assert (found.readers, found.active_today, found.active_week) == (4, 2, 3)
    assert (found.questions_today, found.questions_week, found.refused_today) == (3, 4, 1)
    assert (found.tokens_today, found.tokens_week) == (30, 35)
    assert (found.waiting, found.set_aside, found.unreachable) == (7, 1, 1)
    assert found.outgoing == {"unknown": 1, "pending": 2, "failed": 1}
    assert (found.articles, found.feeds, found.failing) == (0, 1, 0)

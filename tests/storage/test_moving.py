"""A group that became another chat: what is kept of it goes along, once, however often that is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.access import AccessStore
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.access import Judged, Listing, Source, Verdict
from storage.domain.changes import Given, Relocated, Spoken
from storage.domain.deliveries import InboxUpdate, OutboxMessage, OutboxState
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.news import ArticleId, Feed
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.given import GivenStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.reader_settings import ReaderSettingsStore
from storage.readers import OWN
from storage.shut_out import NOT_ADMITTED
from tests.storage.examples import EPOCH

WAS, NOW = ReaderId("telegram:-5"), ReaderId("telegram:-1005")
ADA = ReaderId("telegram:7")
FEED = Feed(url="https://a.example/rss", title="A", shared=False)


@pytest.fixture
async def kept(database: Database) -> Database:
    """A database in which a group has something of everything."""
    turn = Turn(question="q", standalone="q", answer="a", cited=(ArticleId("a1"),), at=EPOCH)
    told = Evidence(reader=WAS, kind=EvidenceKind.ASKED, at=EPOCH, key="a1")
    await DialogueStore(database).record(ConversationId(WAS), ADA, turn, evidence=[told])
    await ReaderSettingsStore(database).speak(Spoken(reader=WAS, language="zh"))
    await FeedStore(database).subscribe(WAS, FEED)
    given = GivenDocument(reader=WAS, conversation=ConversationId(WAS), document=Document(text="T"), at=EPOCH)
    await GivenStore(database).keep(Given(given=given))
    return database


async def told_of(database: Database, number: int = 1) -> None:
    """The group tells that it moved."""
    inbox = InboxStore(database)
    await inbox.accept([InboxUpdate(update_id=number, payload="{}", received_at=EPOCH + timedelta(minutes=number))])
    await inbox.done(number, (), (Relocated(was=-5, now=-1005),))


async def test_what_is_kept_of_a_group_goes_along(kept: Database) -> None:
    await told_of(kept)

    assert (await ReaderSettingsStore(kept).of(NOW)).language == "zh"
    assert [each.key for each in (await EvidenceStore(kept).of(NOW)).values()] == ["a1"]
    assert FEED.url in [feed.url for feed in await FeedStore(kept).list(NOW)]
    assert await GivenStore(kept).of(NOW, ConversationId(NOW)) is not None
    assert [turn.question for turn in await DialogueStore(kept).history(ConversationId(NOW), 5)] == ["q"]
    async with kept.reading() as connection:
        for table in OWN:
            rows = (await connection.execute(select(table).where(table.c.reader_id == WAS))).all()
            assert rows == [], table.name


async def test_it_is_once_and_again_the_same_whoever_tells_it(kept: Database) -> None:
    await told_of(kept)
    await OutboxStore(kept).move(-5, -1005)
    await told_of(kept, 2)

    assert [each.key for each in (await EvidenceStore(kept).of(NOW)).values()] == ["a1"]
    assert len(await DialogueStore(kept).history(ConversationId(NOW), 5)) == 1


async def test_what_is_known_of_the_new_chat_already_stays(kept: Database) -> None:
    await ReaderSettingsStore(kept).speak(Spoken(reader=NOW, language="en"))
    await FeedStore(kept).subscribe(NOW, FEED)
    turn = Turn(question="later", standalone="later", answer="a", cited=(), at=EPOCH + timedelta(hours=1))
    await DialogueStore(kept).record(ConversationId(NOW), ADA, turn)

    await told_of(kept)

    assert (await ReaderSettingsStore(kept).of(NOW)).language == "en"
    assert len([feed for feed in await FeedStore(kept).list(NOW) if feed.url == FEED.url]) == 1
    assert {turn.question for turn in await DialogueStore(kept).history(ConversationId(NOW), 5)} == {"q", "later"}


async def test_who_may_not_use_the_bot_may_not_as_another_chat(kept: Database) -> None:
    access = AccessStore(kept)
    await access.admit(Judged(who=WAS, verdict=Verdict.BLOCKED, at=EPOCH))

    await told_of(kept)

    assert not (await access.standing(NOW, [NOW])).may_speak(closed=False)


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_what_the_settings_say_of_a_group_holds_for_what_it_became_after_every_start(
    kept: Database, verdict: Verdict
) -> None:
    access, closed = AccessStore(kept), verdict is Verdict.ALLOWED
    listing = Listing(who=WAS, verdict=verdict, source=Source.SETTINGS)
    await access.settle([listing], EPOCH, closed=closed)
    await told_of(kept)

    stood = [await access.standing(NOW, [NOW])]
    await access.settle([listing], EPOCH, closed=closed)
    stood.append(await access.standing(NOW, [NOW]))
    await access.admit(Judged(who=NOW, verdict=None, at=EPOCH))
    await OutboxStore(kept).move(-50, -500)
    taken_back = await access.standing(NOW, [NOW])

    assert [each.listed for each in stood] == [{verdict}] * 2
    assert taken_back.listed == frozenset()


async def test_a_block_in_the_chat_or_the_settings_moves_whatever_the_other_says_and_an_operator_may_say_otherwise(
    kept: Database,
) -> None:
    access = AccessStore(kept)
    await access.settle([Listing(who=WAS, verdict=Verdict.BLOCKED, source=Source.SETTINGS)], EPOCH)
    await access.admit(Judged(who=WAS, verdict=Verdict.ALLOWED, at=EPOCH))
    await told_of(kept)
    moved = await access.standing(NOW, [NOW])

    await access.admit(Judged(who=NOW, verdict=Verdict.ALLOWED, at=EPOCH))
    await told_of(kept, 2)

    assert moved.listed == {Verdict.BLOCKED}
    assert (await access.standing(NOW, [NOW])).listed == {Verdict.ALLOWED}


async def test_what_waits_for_a_group_that_is_blocked_is_dropped_where_it_goes_along(kept: Database) -> None:
    access, outbox = AccessStore(kept), OutboxStore(kept)
    await access.admit(Judged(who=NOW, verdict=Verdict.BLOCKED, at=EPOCH))
    keys = ("digest-telegram:-5-1:1", "digest-telegram:-5-2:1")
    for key, state in zip(keys, (OutboxState.PENDING, OutboxState.HELD), strict=True):
        message = OutboxMessage(
            key=key, chat_id=-5, method="sendMessage", payload="{}", created_at=EPOCH, state=state, not_before=EPOCH
        )
        await outbox.enqueue([message])

    await outbox.move(-5, -1005)

    moved = [await outbox.get(key) for key in keys]
    assert [row and (row.chat_id, row.state, row.error) for row in moved] == [
        (-1005, OutboxState.FAILED, NOT_ADMITTED)
    ] * 2


async def test_nothing_of_anybody_else_moves(kept: Database) -> None:
    other = ReaderId("telegram:-50")
    await ReaderSettingsStore(kept).speak(Spoken(reader=other, language="zh"))

    await told_of(kept)

    assert (await ReaderSettingsStore(kept).of(other)).language == "zh"

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from storage.access import AccessStore
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.access import Judged, Listing, Returned, Source, Standing, TurnedAway, Verdict
from storage.domain.changes import Change, Wished
from storage.domain.deliveries import InboxUpdate
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from tests.storage.examples import EPOCH

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
DAY = timedelta(days=1)


@pytest.fixture
def access(database: Database) -> AccessStore:
    return AccessStore(database)


def judged(who: str, verdict: Verdict | None) -> Judged:
    return Judged(who=who, verdict=verdict, at=EPOCH)


async def test_nothing_is_said_of_whom_nobody_knows(access: AccessStore) -> None:
    assert await access.standing(ADA, [ADA, "@ada"]) == Standing()


@pytest.mark.parametrize(
    ("said", "is_open", "closed"),
    [
        ([], True, False),
        ([judged("telegram:7", Verdict.ALLOWED)], True, True),
        ([judged("@ada", Verdict.ALLOWED)], True, True),
        ([judged("telegram:-5", Verdict.ALLOWED)], True, True),
        ([judged("telegram:8", Verdict.ALLOWED)], True, False),
        ([judged("telegram:7", Verdict.BLOCKED)], False, False),
        ([judged("@ada", Verdict.ALLOWED), judged("telegram:7", Verdict.BLOCKED)], False, False),
        ([judged("telegram:7", Verdict.BLOCKED), judged("telegram:7", Verdict.ALLOWED)], True, True),
        ([judged("telegram:7", Verdict.BLOCKED), judged("telegram:7", None)], True, False),
    ],
)
async def test_who_may_speak_goes_by_all_that_is_said_of_them(
    access: AccessStore, said: Sequence[Judged], is_open: bool, closed: bool
) -> None:
    for each in said:
        await access.admit(each)

    standing = await access.standing(ADA, [ADA, "@ada", "telegram:-5"])

    assert (standing.may_speak(closed=False), standing.may_speak(closed=True)) == (is_open, closed)


async def test_what_the_settings_say_holds_until_they_say_otherwise_and_beside_what_is_said_in_chats(
    access: AccessStore,
) -> None:
    blocked = Listing(who=ADA, verdict=Verdict.BLOCKED, source=Source.SETTINGS)
    await access.settle([blocked], EPOCH)
    await access.admit(judged(ADA, Verdict.ALLOWED))

    both = await access.listed()
    held = (await access.standing(ADA, [ADA])).may_speak(closed=False)
    await access.settle([], EPOCH)

    assert blocked in both
    assert not held
    assert await access.listed() == (Listing(who=ADA, verdict=Verdict.ALLOWED, source=Source.CHAT),)


async def test_of_who_is_turned_away_the_time_alone_is_kept_and_only_for_a_day(
    access: AccessStore, database: Database
) -> None:
    inbox = InboxStore(database)
    await inbox.accept([InboxUpdate(update_id=1, payload='{"text":"words"}', received_at=EPOCH, chat_id=7)])

    await inbox.done(1, changes=[TurnedAway(reader=ADA, at=EPOCH)])

    kept = await inbox.get(1)
    assert kept is not None
    assert (kept.payload, kept.chat_id) == ("", None)
    assert (await access.standing(ADA, [ADA])).refused_at == EPOCH
    assert await access.prune(EPOCH) == 0
    assert await access.prune(EPOCH + timedelta(seconds=1)) == 1
    assert await access.standing(ADA, [ADA]) == Standing()


@pytest.mark.parametrize("back", [Returned(reader=ADA), None])
async def test_who_cannot_be_reached_is_sent_nothing_unasked_until_they_speak(
    access: AccessStore, database: Database, back: Change | None
) -> None:
    inbox, digests = InboxStore(database), DigestStore(database)
    for reader in (ADA, BEN):
        settings = DigestSettings(reader=reader, since=EPOCH, active=True)
        await digests.wish(Wished(settings=settings, at=EPOCH, wake_at=EPOCH))
    await OutboxStore(database).lost(7, EPOCH)
    await inbox.accept([InboxUpdate(update_id=1, payload="{}", received_at=EPOCH, chat_id=7)])

    await inbox.done(1, changes=[] if back is None else [back])

    due = [each.reader for each in await digests.due("telegram:", EPOCH, EPOCH + DAY, 10)]
    assert due == ([BEN] if back is None else [ADA, BEN])
    assert (await access.standing(ADA, [ADA])).unreachable is (back is None)
    assert await digests.settings(ADA) is not None


async def test_who_is_blocked_is_sent_nothing_unasked(access: AccessStore, database: Database) -> None:
    digests = DigestStore(database)
    await digests.wish(Wished(settings=DigestSettings(reader=ADA, since=EPOCH, active=True), at=EPOCH, wake_at=EPOCH))
    await access.admit(judged(ADA, Verdict.BLOCKED))

    assert await digests.due("telegram:", EPOCH, EPOCH + DAY, 10) == ()


@pytest.mark.parametrize("how", ["gone", "blocked"])
async def test_what_holds_for_a_group_holds_for_its_topics(database: Database, access: AccessStore, how: str) -> None:
    digests = DigestStore(database)
    places = [ReaderId(each) for each in ("telegram:-5", "telegram:-5:12", "telegram:-50:12", "telegram:-50")]
    for place in places:
        settings = DigestSettings(reader=place, since=EPOCH, active=True)
        await digests.wish(Wished(settings=settings, at=EPOCH, wake_at=EPOCH))

    if how == "gone":
        await OutboxStore(database).lost(-5, EPOCH)
    else:
        await access.admit(judged("telegram:-5", Verdict.BLOCKED))

    due = await digests.due("telegram:", EPOCH, EPOCH + DAY, 10)
    assert [each.reader for each in due] == ["telegram:-50", "telegram:-50:12"]

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

import storage.shut_out
from storage.access import AccessStore
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.access import Judged, Listing, Named, Returned, Source, Standing, TurnedAway, Verdict
from storage.domain.changes import Change, Wished
from storage.domain.deliveries import InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.readers import ReaderStore
from storage.shut_out import NOT_ADMITTED
from tests.storage.examples import EPOCH, lose

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
    await lose(database, 7)
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
        await lose(database, -5)
    else:
        await access.admit(judged("telegram:-5", Verdict.BLOCKED))

    due = await digests.due("telegram:", EPOCH, EPOCH + DAY, 10)
    assert [each.reader for each in due] == ["telegram:-50", "telegram:-50:12"]


ADMIN, GROUP, TOPIC = ReaderId("telegram:1"), ReaderId("telegram:-5"), ReaderId("telegram:-5:12")
UNASKED = ("digest-telegram:7:1", "breaking-telegram:7:1", "follow-3:1", "broadcast-9:telegram:7")
SETTINGS = Source.SETTINGS


async def subscribed(database: Database, *readers: ReaderId) -> None:
    for reader in readers:
        settings = DigestSettings(reader=reader, since=EPOCH, active=True)
        await DigestStore(database).wish(Wished(settings=settings, at=EPOCH, wake_at=EPOCH))


async def sent(database: Database) -> list[ReaderId]:
    """Who is sent a digest that is due."""
    due = await DigestStore(database).due("telegram:", EPOCH, EPOCH + DAY, 10)
    return [each.reader for each in due]


async def waiting(database: Database, *keys: str, chat: int = 7) -> OutboxStore:
    outbox = OutboxStore(database)
    await outbox.enqueue(
        [
            OutboxMessage(key=each, chat_id=chat, method="sendMessage", payload='{"text":"news"}', created_at=EPOCH)
            for each in keys
        ]
    )
    return outbox


@pytest.mark.parametrize("name", ["@ada", "@eve"])
async def test_who_is_blocked_by_the_name_they_had_last_is_sent_nothing_unasked(
    access: AccessStore, database: Database, name: str
) -> None:
    await subscribed(database, ADA, BEN)
    for known in ("@eve", name):
        await access.admit(Named(reader=ADA, name=known))

    await access.admit(judged("@ada", Verdict.BLOCKED))

    assert await sent(database) == ([BEN] if name == "@ada" else [ADA, BEN])
    assert (await access.standing(ADA, [ADA])).name == name


async def test_a_name_that_passed_to_somebody_else_says_nothing_of_who_had_it(
    access: AccessStore, database: Database
) -> None:
    await subscribed(database, ADA, BEN)
    await access.admit(judged("@ada", Verdict.BLOCKED))
    for reader in (ADA, BEN):
        await access.admit(Named(reader=reader, name="@ada"))

    assert await sent(database) == [ADA]


async def test_where_it_is_closed_only_those_are_sent_something_unasked_who_are_let_in(
    access: AccessStore, database: Database
) -> None:
    await subscribed(database, ADA, BEN, ADMIN, GROUP, TOPIC, ReaderId("telegram:9"))
    await access.admit(Named(reader=BEN, name="@ben"))
    before = await sent(database)

    await access.settle(
        [Listing(who="@ben", verdict=Verdict.ALLOWED, source=SETTINGS)], EPOCH, closed=True, admins=[ADMIN]
    )
    closed = await sent(database)
    await access.admit(judged(GROUP, Verdict.ALLOWED))
    with_group = await sent(database)
    await access.settle([], EPOCH)

    assert len(before) == 6
    assert (closed, with_group) == ([ADMIN, BEN], [GROUP, TOPIC, ADMIN, BEN])
    assert await sent(database) == before


async def test_operators_are_sent_things_whatever_is_said_of_them_and_listed_as_what_was_said(
    access: AccessStore, database: Database
) -> None:
    await subscribed(database, ADMIN)
    blocked = Listing(who=ADMIN, verdict=Verdict.BLOCKED, source=SETTINGS)

    await access.settle([blocked], EPOCH, closed=True, admins=[ADMIN])

    assert await sent(database) == [ADMIN]
    assert await access.listed() == (blocked,)


async def test_a_group_that_is_blocked_by_its_name_takes_its_topics_along(
    access: AccessStore, database: Database
) -> None:
    await subscribed(database, ADA, GROUP, TOPIC, ReaderId("telegram:-50:12"))
    await access.admit(Named(reader=GROUP, name="@news_group"))

    await access.admit(judged("@news_group", Verdict.BLOCKED))

    assert await sent(database) == ["telegram:-50:12", ADA]


@pytest.mark.parametrize("how", ["number", "name", "renamed", "unlisted", "closed"])
async def test_what_waits_for_whoever_is_shut_out_is_dropped_and_says_why(
    access: AccessStore, database: Database, how: str
) -> None:
    await access.admit(Named(reader=ADA, name="@ada"))
    await access.settle([], EPOCH, closed=how == "unlisted")
    for who in ("@ada", BEN) if how == "unlisted" else ():
        await access.admit(judged(who, Verdict.ALLOWED))
    if how == "renamed":
        await access.admit(judged("@eve", Verdict.BLOCKED))
    outbox = await waiting(database, *UNASKED, "update-1:1")
    await waiting(database, "digest-telegram:8:1", chat=8)

    match how:
        case "number":
            await access.admit(judged(ADA, Verdict.BLOCKED))
        case "name":
            await access.settle([Listing(who="@ada", verdict=Verdict.BLOCKED, source=SETTINGS)], EPOCH)
        case "renamed":
            await access.admit(Named(reader=ADA, name="@eve"))
        case "unlisted":
            await access.admit(judged("@ada", None))
        case "closed":
            await access.settle([Listing(who=BEN, verdict=Verdict.ALLOWED, source=SETTINGS)], EPOCH, closed=True)

    dropped = [await outbox.get(key) for key in UNASKED]
    assert {(row.state, row.error, row.payload) for row in dropped if row} == {(OutboxState.FAILED, NOT_ADMITTED, "")}
    assert [row.key for row in await outbox.pending()] == ["update-1:1", "digest-telegram:8:1"]


async def test_what_is_made_while_somebody_is_shut_out_is_not_sent_either(
    access: AccessStore, database: Database
) -> None:
    await access.admit(judged(ADA, Verdict.BLOCKED))
    outbox = await waiting(database, UNASKED[0], "update-1:1")

    claimed = [await outbox.claim(key) for key in (UNASKED[0], "update-1:1")]

    assert [row and row.key for row in claimed] == [None, "update-1:1"]
    dropped = await outbox.get(UNASKED[0])
    assert dropped is not None
    assert (dropped.state, dropped.error) == (OutboxState.FAILED, NOT_ADMITTED)


async def test_that_somebody_cannot_be_reached_is_kept_as_long_as_anything_else_of_them(
    access: AccessStore, database: Database
) -> None:
    await subscribed(database, BEN, TOPIC)
    for chat in (7, 8, -5, -50):
        await lose(database, chat)

    assert await access.prune(EPOCH) == 2
    lost = [reader for reader in (ADA, BEN, GROUP) if (await access.standing(reader, [])).unreachable]
    assert lost == [BEN, GROUP]


async def test_by_what_is_sent_it_is_learned_which_name_somebody_has_who_does_not_speak(
    access: AccessStore, database: Database
) -> None:
    await access.admit(judged("@ada", Verdict.BLOCKED))
    outbox = await waiting(database, *UNASKED[:2])

    await outbox.claim(UNASKED[0])
    await outbox.sent(UNASKED[0], 3, "@ada")

    second = await outbox.get(UNASKED[1])
    assert second is not None
    assert (second.state, second.error) == (OutboxState.FAILED, NOT_ADMITTED)
    assert (await access.standing(ADA, [])).name == "@ada"


async def test_of_who_was_forgotten_while_something_was_sent_no_name_is_learned(
    access: AccessStore, database: Database
) -> None:
    outbox = await waiting(database, UNASKED[0])
    await outbox.claim(UNASKED[0])
    await ReaderStore(database).forget(ADA)

    await outbox.sent(UNASKED[0], 3, "@ada")

    assert (await access.standing(ADA, [])).name == ""


@pytest.mark.parametrize("how", ["named", "numbered", "other", "turned away", "blocked"])
async def test_where_names_are_let_in_what_waits_for_whoever_has_none_yet_is_held_until_it_is_known(
    access: AccessStore, database: Database, how: str
) -> None:
    outbox = await waiting(database, *UNASKED, "update-1:1")
    listing = Listing(who="@ada", verdict=Verdict.ALLOWED, source=SETTINGS)

    held = [await access.settle([listing], EPOCH, closed=True) for _ in range(2)]
    before = [row.key for row in await outbox.pending()]
    woken = await outbox.wake(EPOCH + 400 * DAY)
    match how:
        case "named":
            await access.admit(Named(reader=ADA, name="@ada"))
        case "numbered":
            await access.admit(judged(ADA, Verdict.ALLOWED))
        case "other":
            await access.admit(Named(reader=ADA, name="@eve"))
        case "turned away":
            await access.admit(TurnedAway(reader=ADA, at=None))
        case "blocked":
            await access.admit(judged(ADA, Verdict.BLOCKED))

    assert (held, before, woken) == ([1, 1], ["update-1:1"], 0)
    let_in = how in {"named", "numbered"}
    assert [row.key for row in await outbox.pending()] == [*(UNASKED if let_in else ()), "update-1:1"]
    first = await outbox.get(UNASKED[0])
    assert first is not None
    assert first.error == (None if let_in else NOT_ADMITTED)


async def test_what_was_set_aside_of_whoever_is_shut_out_is_emptied_however_much_there_is(
    access: AccessStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.shut_out, "_UPDATES_AT_ONCE", 2)
    inbox = InboxStore(database)
    broken = InboxState.QUARANTINED
    await inbox.accept(
        [
            InboxUpdate(update_id=n, payload=f'{{"id":{7 + n % 2}', received_at=EPOCH, chat_id=7 + n % 2, state=broken)
            for n in range(1, 8)
        ]
    )

    await access.admit(judged(BEN, Verdict.BLOCKED))

    kept = [await inbox.get(n) for n in range(1, 8)]
    assert [bool(row and row.payload) for row in kept] == [n % 2 == 0 for n in range(1, 8)]

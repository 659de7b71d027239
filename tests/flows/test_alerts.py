from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

from bot.flows.alerts import BREAKING, Alerting
from bot.flows.asking import Wanted
from storage.domain.deliveries import OutboxMessage
from storage.domain.digests import Alerts, Digest, DigestItem, DigestSettings, QuietHours, Timetable
from storage.domain.people import ReaderId
from storage.errors import EncoderUnavailable
from tests.digests import item

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
WANTS = DigestSettings(reader=ADA, since=NOON, alerts=Alerts(outlets=4, a_day=2))


@dataclass(slots=True)
class Shelf:
    """Who wants breaking news, and which were sent; by the letter of `bot.flows.alerts.AlertShelf`."""

    held: list[DigestSettings] = field(default_factory=lambda: [WANTS])
    sent: dict[tuple[ReaderId | None, str], Digest] = field(default_factory=dict)

    async def settings(self, reader: ReaderId) -> DigestSettings | None:
        return next((each for each in self.held if each.reader == reader), None)

    async def alerted(self, readers: str, limit: int, after: ReaderId | None = None) -> Sequence[DigestSettings]:
        mine = [each for each in self.held if each.reader.startswith(readers) and each.alerts is not None]
        return [each for each in mine if after is None or each.reader > after][:limit]

    async def claimed(self, readers: Collection[ReaderId], prefix: str, since: datetime) -> Mapping[ReaderId, int]:
        return {
            one: sum(
                who == one and name.startswith(prefix) and each.at >= since for (who, name), each in self.sent.items()
            )
            for one in readers
        }

    async def alert(self, digest: Digest, messages: Sequence[OutboxMessage]) -> bool:
        assert digest.slot is not None
        if (digest.reader, digest.slot.name) in self.sent:
            return False
        self.sent[digest.reader, digest.slot.name] = digest
        return True


@dataclass(slots=True)
class Breaks:
    """Makes digests of the same stories, as many as are wanted."""

    items: list[DigestItem] = field(default_factory=lambda: [item(1)])
    wanted: list[Wanted] = field(default_factory=list)
    failing: bool = False

    async def digests(self, wanted: Sequence[Wanted], now: datetime) -> Sequence[Digest]:
        if self.failing:
            raise EncoderUnavailable("mini", "no such file")
        self.wanted += wanted
        return [
            Digest(reader=one.reader, at=now, items=tuple(self.items[: one.length]), language="en") for one in wanted
        ]


@dataclass(slots=True)
class House:
    shelf: Shelf = field(default_factory=Shelf)
    breaks: Breaks = field(default_factory=Breaks)
    now: datetime = NOON

    @property
    def alerting(self) -> Alerting:
        return Alerting(shelf=self.shelf, recommend=self.breaks, clock=lambda: self.now)

    async def send(self) -> int:
        return await self.alerting.send("telegram:", sending)


def sending(digest: Digest, settings: DigestSettings) -> tuple[OutboxMessage, ...]:
    key = f"breaking-{settings.reader}"
    return (OutboxMessage(key=key, chat_id=7, method="sendMessage", payload="{}", created_at=digest.at),)


async def test_what_breaks_for_one_reader_is_given_to_who_shows_it_once() -> None:
    house = House()
    house.shelf.held.append(replace(WANTS, reader=BEN, alerts=None))

    first, again = await house.alerting.due_for(ADA), await house.alerting.due_for(ADA)

    assert first is not None
    assert (first.reader, [each.story for each in first.items]) == (ADA, [101])
    assert again is None
    assert await house.alerting.due_for(BEN) is None
    assert await house.alerting.due_for(ReaderId("telegram:9")) is None
    assert await house.send() == 0


async def test_what_breaks_is_sent_once_to_those_who_want_it() -> None:
    house = House()
    house.shelf.held.append(replace(WANTS, reader=BEN, alerts=None))

    assert await house.send() == 1
    assert await house.send() == 0

    assert list(house.shelf.sent) == [(ADA, "alert-101")]
    (first, *_) = house.breaks.wanted
    assert (first.length, first.outlets, first.lately) == (1, 4, BREAKING)


async def test_so_many_a_day_and_no_more() -> None:
    house = House()
    for number in range(1, 5):
        house.breaks.items = [item(number)]
        await house.send()

    assert [name for _, name in house.shelf.sent] == ["alert-101", "alert-102"]


async def test_what_they_were_shown_before_is_no_breaking_news() -> None:
    house = House(breaks=Breaks(items=[item(1, new_since=NOON)]))

    assert await house.send() == 0


async def test_nothing_comes_in_quiet_hours() -> None:
    house = House()
    quiet = Timetable(times=(time(8),), quiet=QuietHours(since=time(11), until=time(13)))
    house.shelf.held = [replace(WANTS, timetable=quiet)]

    assert await house.send() == 0
    house.now = NOON.replace(hour=13)
    assert await house.send() == 1


async def test_what_cannot_be_found_out_now_is_found_out_later() -> None:
    house = House(breaks=Breaks(failing=True))

    assert await house.send() == 0
    house.breaks.failing = False
    assert await house.send() == 1

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.flows.asking import Wanted
from bot.flows.digest import Digests
from storage.domain.changes import Listed, Unheard, Wished
from storage.domain.deliveries import OutboxMessage
from storage.domain.digests import Digest, DigestSettings, Settled, ShownList, Timetable, WhenEmpty
from storage.domain.evidence import Act, Evidence, EvidenceKind
from storage.domain.kinds import ArticleKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.errors import EncoderUnavailable, InputError
from tests.digests import item

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EIGHT = DigestSettings(reader=ADA, since=NOON - 9 * DAY, active=True, timetable=Timetable(times=(time(8),)))


@dataclass(slots=True)
class Shelf:
    """Settings and slots in memory, by the letter of `bot.flows.digest.DigestShelf`."""

    held: dict[ReaderId, DigestSettings] = field(default_factory=dict)
    wake_at: dict[ReaderId, datetime | None] = field(default_factory=dict)
    slots: dict[tuple[ReaderId, str], Digest | None] = field(default_factory=dict)
    sent: list[OutboxMessage] = field(default_factory=list)
    ignored: list[Evidence] = field(default_factory=list)
    lists: dict[ReaderId, ShownList] = field(default_factory=dict)
    shown: list[Digest] = field(default_factory=list)
    beaten: bool = False

    async def settings(self, reader: ReaderId) -> DigestSettings | None:
        return self.held.get(reader)

    async def wish(self, wished: Wished) -> None:
        self.held[wished.settings.reader] = wished.settings
        self.wake_at[wished.settings.reader] = wished.wake_at

    async def due(
        self, readers: str, now: datetime, beyond: datetime, limit: int, after: ReaderId | None = None
    ) -> Sequence[DigestSettings]:
        del beyond
        woken = [each for each in sorted(self.held) if each.startswith(readers) and (after is None or each > after)]
        return [self.held[each] for each in woken if (at := self.wake_at.get(each, now)) and at <= now][:limit]

    async def done(self, readers: Collection[ReaderId], earliest: str) -> Mapping[ReaderId, frozenset[str]]:
        return {one: frozenset(slot for who, slot in self.slots if who == one and slot >= earliest) for one in readers}

    async def last(self, readers: Collection[ReaderId], since: datetime) -> Mapping[ReaderId, ShownList]:
        del since
        return {reader: self.lists[reader] for reader in readers if reader in self.lists}

    async def settle(
        self, settled: Settled, messages: Sequence[OutboxMessage] = (), ignored: Sequence[Evidence] = ()
    ) -> bool:
        reader, digest = settled.settings.reader, settled.digest
        self.wake_at[reader] = settled.wake_at
        self.slots.update({(reader, name): None for name in settled.skipped})
        if self.beaten or digest is None or digest.slot is None or (reader, digest.slot.name) in self.slots:
            return False
        self.slots[reader, digest.slot.name] = digest
        self.sent += messages
        self.ignored += ignored
        return True

    async def show(self, listed: Listed) -> None:
        self.shown.append(listed.digest)


@dataclass(slots=True)
class Made:
    """Makes digests of three items; fails for some, and remembers what was wanted."""

    items: int = 3
    failing: frozenset[ReaderId] = frozenset()
    down: bool = False
    wanted: list[Wanted] = field(default_factory=list)

    async def digests(self, wanted: Sequence[Wanted], now: datetime) -> Sequence[Digest]:
        if any(one.reader in self.failing for one in wanted):
            raise RuntimeError("a fault of ours")
        if self.down:
            raise EncoderUnavailable("mini", "no such file")
        self.wanted += wanted
        items = tuple(item(number) for number in range(1, self.items + 1))
        return [Digest(reader=one.reader, at=now, items=items, language="en", slot=one.slot) for one in wanted]


@dataclass(slots=True)
class Acts:
    done: dict[ReaderId, list[Act]] = field(default_factory=dict)

    async def acted_on(self, readers: Collection[ReaderId], since: datetime) -> Mapping[ReaderId, Sequence[Act]]:
        return {reader: [act for act in self.done.get(reader, ()) if act.at >= since] for reader in readers}


@dataclass(slots=True)
class House:
    shelf: Shelf = field(default_factory=Shelf)
    made: Made = field(default_factory=Made)
    acts: Acts = field(default_factory=Acts)
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.shelf.held[ADA] = EIGHT

    @property
    def digests(self) -> Digests:
        return Digests(
            shelf=self.shelf,
            acts=self.acts,
            recommend=self.made,
            sources=self.sources,
            zone="Europe/Berlin",
            clock=lambda: self.now,
        )

    async def sources(self, part: str, reader: ReaderId) -> Sequence[str]:
        del reader
        return [name for name in ("bbc news", "reuters", "www.lefigaro.fr") if part.casefold() in name]

    async def send(self) -> int:
        return await self.digests.send("telegram:", sending)


def sending(digest: Digest, settings: DigestSettings) -> tuple[OutboxMessage, ...]:
    if not digest.items and settings.when_empty is WhenEmpty.SILENCE:
        return ()
    assert digest.slot is not None
    key = f"digest-{settings.reader}-{digest.slot.name}"
    return (OutboxMessage(key=key, chat_id=7, method="sendMessage", payload="{}", created_at=digest.at),)


async def test_a_digest_that_is_due_is_sent_once() -> None:
    house = House()

    assert await house.send() == 1
    house.shelf.wake_at.clear()
    assert await house.send() == 0

    assert [each.key for each in house.shelf.sent] == ["digest-telegram:7-2026-11-30T08:00"]
    assert house.shelf.slots[ADA, "2026-11-29T08:00"] is None


async def test_it_is_looked_again_when_the_next_one_is_due_and_not_before() -> None:
    house = House()
    await house.send()

    assert house.shelf.wake_at[ADA] == datetime(2026, 12, 1, 8, tzinfo=UTC)
    house.now += 19 * HOUR
    assert await house.send() == 0
    house.now += HOUR
    assert await house.send() == 1


async def test_what_was_missed_for_long_is_recorded_and_not_sent() -> None:
    house = House(now=NOON + 3 * HOUR)

    assert await house.send() == 0

    assert house.shelf.sent == []
    assert (ADA, "2026-11-30T08:00") in house.shelf.slots


async def test_where_another_was_quicker_nothing_is_sent() -> None:
    house = House(shelf=Shelf(beaten=True))

    assert await house.send() == 0
    assert house.shelf.sent == []


async def test_those_whose_digest_fails_are_tried_again_and_the_others_get_theirs() -> None:
    house = House(made=Made(failing=frozenset({ADA})))
    house.shelf.held[BEN] = replace(EIGHT, reader=BEN)

    assert await house.send() == 1
    house.made.failing = frozenset()
    assert await house.send() == 1

    assert [each.key for each in house.shelf.sent] == [
        "digest-telegram:8-2026-11-30T08:00",
        "digest-telegram:7-2026-11-30T08:00",
    ]


async def test_what_is_nobodys_fault_is_tried_once_a_minute_and_for_all() -> None:
    house = House(made=Made(down=True))

    with pytest.raises(EncoderUnavailable):
        await house.send()
    house.made.down = False

    assert await house.send() == 1


async def test_a_digest_is_judged_by_the_next_one_alone() -> None:
    house = House()
    articles = ((ArticleId("old"),), (ArticleId("older"),))
    house.shelf.lists[ADA] = ShownList(
        reader=ADA, at=NOON - 2 * DAY, slot="2026-11-28T08:00", articles=articles, features=({},) * 2
    )
    house.shelf.slots[ADA, "2026-11-28T08:00"] = house.shelf.slots[ADA, "2026-11-29T08:00"] = None

    await house.send()

    assert house.shelf.ignored == []


@pytest.mark.parametrize(("when_empty", "messages"), [(WhenEmpty.NOTE, 1), (WhenEmpty.SILENCE, 0)])
async def test_where_nothing_is_new_the_hour_is_settled_all_the_same(when_empty: WhenEmpty, messages: int) -> None:
    house = House(made=Made(items=0))
    house.shelf.held[ADA] = replace(EIGHT, when_empty=when_empty)

    assert await house.send() == 1

    assert len(house.shelf.sent) == messages
    assert (ADA, "2026-11-30T08:00") in house.shelf.slots


@pytest.mark.parametrize(
    ("days", "hours"), [(frozenset(range(1, 8)), 36), (frozenset({1, 4}), 84), (frozenset({1}), 180)]
)
async def test_a_digest_tells_of_the_time_since_the_last_one(days: frozenset[int], hours: int) -> None:
    house = House()
    house.shelf.held[ADA] = replace(EIGHT, timetable=replace(EIGHT.timetable, days=days))

    await house.send()

    assert house.made.wanted[0].lately == timedelta(hours=hours)


async def test_what_nothing_was_done_about_until_the_next_digest_was_ignored() -> None:
    house = House()
    articles = tuple((ArticleId(f"old{n}"),) for n in range(3))
    house.shelf.lists[ADA] = ShownList(
        reader=ADA, at=NOON - DAY, slot="2026-11-29T08:00", articles=articles, features=({},) * 3
    )
    house.shelf.slots[ADA, "2026-11-29T08:00"] = None
    house.acts.done[ADA] = [
        Act(at=NOON - 2 * DAY, key="old0", worth=1.0),
        Act(at=NOON - HOUR, key="old1", worth=-2.0),
    ]

    await house.send()

    assert [(each.kind, each.key) for each in house.shelf.ignored] == [
        (EvidenceKind.IGNORED, "old0"),
        (EvidenceKind.IGNORED, "old2"),
    ]


async def test_who_never_said_is_asked_by_the_clock_of_where_it_runs() -> None:
    house = House()

    held = await house.digests.settings(BEN, "zh")

    assert (held.active, held.timetable.zone, held.language) == (False, "Europe/Berlin", "zh")


async def test_a_wish_is_taken_down_with_when_to_look() -> None:
    house = House()

    wished = await house.digests.wish(BEN, "at 18:30, 7 items", "en")

    assert (wished.settings.active, wished.settings.length, wished.settings.since) == (True, 7, NOON)
    assert house.shelf.wake_at[BEN] == datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
    with pytest.raises(InputError):
        await house.digests.wish(BEN, "in a purple tone", "en")


async def test_who_asks_gets_what_they_want_of_and_nothing_is_taken_down_before_it_is_shown() -> None:
    house = House()

    digest = await house.digests.now(ADA, "zh", length=4, kinds=(ArticleKind.PAPER,))

    (wanted,) = house.made.wanted
    assert (wanted.length, wanted.language, wanted.tastes.kinds) == (4, "zh", (ArticleKind.PAPER,))
    assert (wanted.slot, wanted.lately) == (None, None)
    assert house.shelf.shown == []
    await house.digests.show(digest)
    assert house.shelf.shown == [digest]


async def test_how_to_get_digests_is_hinted_at_only_where_they_do_not_come() -> None:
    house = House()
    house.shelf.held.clear()
    never = await house.digests.now(ADA, "en")
    house.shelf.held[ADA] = EIGHT
    now = await house.digests.now(ADA, "en")

    assert (never.subscribed, now.subscribed) == (False, True)


async def test_a_digest_that_is_due_can_be_taken_by_whoever_shows_it() -> None:
    house = House()

    first, again = await house.digests.due_for(ADA), await house.digests.due_for(ADA)

    assert first is not None
    assert first.slot is not None
    assert again is None
    assert await house.digests.due_for(BEN) is None
    assert house.shelf.sent == []


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("chip news and news about space at 7:30", ["chip", "space"]),
        ("早上7点半给我发芯片新闻", ["芯片"]),
        ("tech news at 7:30", []),
    ],
)
async def test_who_wishes_for_the_news_of_a_topic_told_that_they_care_about_it(text: str, topics: list[str]) -> None:
    wished = await House().digests.to_wish(ADA, text, "en")

    assert wished.settings.timetable.times == (time(7, 30),)
    assert [(each.reader, each.kind, each.text) for each in wished.evidence] == [
        (ADA, EvidenceKind.TOLD, topic) for topic in topics
    ]


async def test_too_many_topics_at_once_are_refused() -> None:
    text = ", ".join(f"ferry{chr(97 + n)} news" for n in range(21))

    with pytest.raises(InputError) as refused:
        await House().digests.to_wish(ADA, text, "en")

    assert refused.value.key == "interests_too_many"


@pytest.mark.parametrize(
    ("text", "unheard"),
    [
        ("8:00, from Reuters", ()),
        ("from lefigaro.fr", ()),
        ("from BBC", (Unheard(name="BBC", near=("bbc news",)),)),
        ("from Nowhere Times", (Unheard(name="Nowhere Times"),)),
    ],
)
async def test_sources_that_nothing_comes_from_are_told_with_what_is_called_like_them(
    text: str, unheard: tuple[Unheard, ...]
) -> None:
    house = House()

    first = await house.digests.to_wish(ADA, text, "en")
    house.shelf.held[ADA] = first.settings
    again = await house.digests.to_wish(ADA, "5 items", "en")

    assert first.unheard == unheard
    assert again.unheard == ()


@pytest.mark.parametrize(("hour", "night"), [(3, True), (12, False)])
async def test_it_is_night_by_the_clock_of_the_reader_or_else_of_the_instance(hour: int, night: bool) -> None:
    house = House(now=NOON.replace(hour=hour))
    shanghai = replace(EIGHT, timetable=Timetable(zone="Asia/Shanghai"))
    house.shelf.held[ADA] = shanghai

    assert await house.digests.night(ReaderId("telegram:99")) is night
    assert await house.digests.night(ADA) is False

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from retrieval.ingest.politeness import LONGEST_WAIT, UNSAID_WAIT, PoliteGet, next_visit
from retrieval.ports import Fetched
from storage.errors import FetchError

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BASE = timedelta(minutes=15)
FEED = "https://example.com/feed"


class FakeTime:
    """A clock that moves only when someone sleeps, to the end of the shortest sleep."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        self._sleepers.append((self.now + seconds, event))
        await event.wait()

    async def settle(self) -> None:
        """Let everything that can run do so."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def pass_on(self) -> None:
        """Go to the end of the shortest sleep."""
        await self.settle()
        self._sleepers.sort(key=lambda sleeper: sleeper[0])
        self.now, event = self._sleepers.pop(0)
        event.set()
        await self.settle()


class FakeDoor:
    """Writes down when each request started, and holds it until it is released."""

    def __init__(self, time: FakeTime, *, hold: bool = False) -> None:
        self._time = time
        self.started: list[tuple[str, float]] = []
        self.validators: list[tuple[str, str | None, str | None]] = []
        self.under_way = 0
        self.release = asyncio.Event()
        self.error: FetchError | None = None
        if not hold:
            self.release.set()

    async def get(
        self, url: str, *, accept: str = "*/*", etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        self.started.append((url, self._time.now))
        self.validators.append((accept, etag, last_modified))
        self.under_way += 1
        try:
            await self.release.wait()
        finally:
            self.under_way -= 1
        if self.error is not None:
            raise self.error
        return Fetched(url=url, body=b"")


@pytest.fixture
def time() -> Iterator[FakeTime]:
    return FakeTime()


async def test_requests_to_one_host_keep_their_distance(time: FakeTime) -> None:
    door = FakeDoor(time)
    polite = PoliteGet(door, gap=timedelta(seconds=2), monotonic=time.monotonic, sleep=time.sleep)

    tasks = [asyncio.create_task(polite.get(f"https://example.com/{n}")) for n in range(3)]
    await time.pass_on()
    await time.pass_on()
    await asyncio.gather(*tasks)

    assert [start - 1000 for _, start in door.started] == [0, 2, 4]


async def test_hosts_do_not_wait_for_each_other(time: FakeTime) -> None:
    door = FakeDoor(time)
    polite = PoliteGet(door, gap=timedelta(seconds=2), monotonic=time.monotonic, sleep=time.sleep)

    await asyncio.gather(*(polite.get(f"https://{name}.example/") for name in "abc"))

    assert {start for _, start in door.started} == {1000.0}


async def test_a_host_has_at_most_so_many_requests_under_way_in_any_spelling(time: FakeTime) -> None:
    door = FakeDoor(time, hold=True)
    polite = PoliteGet(door, per_host=2, gap=timedelta(0), monotonic=time.monotonic, sleep=time.sleep)
    urls = ["https://example.com/", "http://EXAMPLE.com./", "https://example.com:8443/", "https://example.com/x"]

    tasks = [asyncio.create_task(polite.get(url)) for url in urls]
    await time.settle()
    under_way = door.under_way
    door.release.set()
    await asyncio.gather(*tasks)

    assert under_way == 2
    assert len(door.started) == 4


async def test_all_hosts_together_have_a_bound(time: FakeTime) -> None:
    door = FakeDoor(time, hold=True)
    polite = PoliteGet(door, overall=3, monotonic=time.monotonic, sleep=time.sleep)

    tasks = [asyncio.create_task(polite.get(f"https://host{n}.example/")) for n in range(10)]
    await time.settle()
    under_way = door.under_way
    door.release.set()
    await asyncio.gather(*tasks)

    assert under_way == 3


async def test_waiting_for_a_busy_host_holds_up_no_other(time: FakeTime) -> None:
    door = FakeDoor(time, hold=True)
    polite = PoliteGet(door, per_host=1, overall=2, gap=timedelta(0), monotonic=time.monotonic, sleep=time.sleep)

    busy = [asyncio.create_task(polite.get("https://busy.example/")) for _ in range(5)]
    await time.settle()
    other = asyncio.create_task(polite.get("https://other.example/"))
    await time.settle()
    started = [url for url, _ in door.started]
    door.release.set()
    await asyncio.gather(other, *busy)

    assert started == ["https://busy.example/", "https://other.example/"]


async def test_a_host_that_asks_for_it_is_left_alone_and_then_asked_again(time: FakeTime) -> None:
    door = FakeDoor(time)
    polite = PoliteGet(door, gap=timedelta(0), monotonic=time.monotonic, sleep=time.sleep)
    door.error = FetchError(FEED, "slow down", status=429, retry_after=timedelta(seconds=100))
    with pytest.raises(FetchError, match="slow down"):
        await polite.get(FEED)
    door.error = None

    time.now += 40
    with pytest.raises(FetchError, match=r"example\.com asked to be left alone, for another 60 s") as caught:
        await polite.get(FEED)
    time.now += 60
    await polite.get(FEED)

    assert caught.value.retry_after == timedelta(seconds=60)
    assert len(door.started) == 2


async def test_a_short_wish_is_waited_for(time: FakeTime) -> None:
    door = FakeDoor(time)
    polite = PoliteGet(door, gap=timedelta(0), monotonic=time.monotonic, sleep=time.sleep)
    door.error = FetchError(FEED, "slow down", status=503, retry_after=timedelta(seconds=5))
    with pytest.raises(FetchError):
        await polite.get(FEED)
    door.error = None

    task = asyncio.create_task(polite.get(FEED))
    await time.pass_on()
    await task

    assert [start - 1000 for _, start in door.started] == [0, 5]


async def test_too_many_requests_without_a_time_means_a_minute(time: FakeTime) -> None:
    door = FakeDoor(time)
    polite = PoliteGet(door, monotonic=time.monotonic, sleep=time.sleep)
    door.error = FetchError(FEED, "slow down", status=429)

    with pytest.raises(FetchError):
        await polite.get(FEED)
    with pytest.raises(FetchError, match="left alone") as caught:
        await polite.get(FEED)

    assert caught.value.retry_after == UNSAID_WAIT


async def test_any_other_failure_closes_nothing(time: FakeTime) -> None:
    door = FakeDoor(time)
    polite = PoliteGet(door, gap=timedelta(0), monotonic=time.monotonic, sleep=time.sleep)
    door.error = FetchError(FEED, "broken", status=500)

    for _ in range(3):
        with pytest.raises(FetchError, match="broken"):
            await polite.get(FEED)

    assert len(door.started) == 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:1234/", "http://localhost/", "http://[::1]/", "http://127.1/"])
async def test_the_machine_itself_needs_no_politeness(time: FakeTime, url: str) -> None:
    door = FakeDoor(time, hold=True)
    polite = PoliteGet(door, per_host=1, overall=8, monotonic=time.monotonic, sleep=time.sleep)

    tasks = [asyncio.create_task(polite.get(url)) for _ in range(8)]
    await time.settle()
    under_way = door.under_way
    door.release.set()
    await asyncio.gather(*tasks)

    assert under_way == 8


async def test_what_is_asked_reaches_the_door_whole(time: FakeTime) -> None:
    door = FakeDoor(time)
    polite = PoliteGet(door, monotonic=time.monotonic, sleep=time.sleep)

    await polite.get(FEED, accept="text/xml", etag='"1"', last_modified="yesterday")
    await polite.get("no address at all", etag='"2"')

    assert door.validators == [("text/xml", '"1"', "yesterday"), ("*/*", '"2"', None)]


async def test_a_cancelled_request_gives_its_turn_back(time: FakeTime) -> None:
    door = FakeDoor(time, hold=True)
    polite = PoliteGet(door, per_host=1, overall=1, gap=timedelta(0), monotonic=time.monotonic, sleep=time.sleep)
    task = asyncio.create_task(polite.get(FEED))
    await time.settle()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    door.release.set()

    assert (await polite.get(FEED)).url == FEED


async def test_hosts_that_are_done_with_are_forgotten(time: FakeTime) -> None:
    polite = PoliteGet(FakeDoor(time), monotonic=time.monotonic, sleep=time.sleep)

    for n in range(2000):
        time.now += 1
        await polite.get(f"https://host{n}.example/")

    assert len(polite._hosts) <= 513


# When to come back


def test_a_healthy_feed_is_visited_every_interval() -> None:
    assert next_visit(FEED, now=NOW, base=BASE) == NOW + BASE


@pytest.mark.parametrize(
    ("max_age_seconds", "wait"),
    [(60, BASE), (3600, timedelta(hours=1)), (10**9, LONGEST_WAIT), (None, BASE), (0, BASE)],
)
def test_an_answer_that_may_be_kept_is_kept_within_bounds(max_age_seconds: int | None, wait: timedelta) -> None:
    assert next_visit(FEED, now=NOW, base=BASE, max_age_seconds=max_age_seconds) == NOW + wait


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [(timedelta(0), BASE), (timedelta(hours=5), timedelta(hours=5)), (timedelta(days=7), LONGEST_WAIT)],
)
def test_a_server_that_asks_to_wait_is_given_its_time_within_bounds(retry_after: timedelta, wait: timedelta) -> None:
    assert next_visit(FEED, now=NOW, base=BASE, retry_after=retry_after) == NOW + wait


def test_each_failure_doubles_the_wait_less_a_jitter_up_to_a_day() -> None:
    waits = [next_visit(FEED, now=NOW, base=BASE, failures=failures) - NOW for failures in range(1, 40)]

    for failures, wait in enumerate(waits, start=1):
        full = min(BASE * 2 ** min(failures, 20), LONGEST_WAIT)
        assert full * 0.8 <= wait <= full


def test_the_jitter_is_the_feeds_own_and_spreads_feeds_out() -> None:
    urls = [f"https://example.com/{n}" for n in range(200)]

    first = [next_visit(url, now=NOW, base=BASE, failures=10) for url in urls]
    again = [next_visit(url, now=NOW, base=BASE, failures=10) for url in urls]

    assert first == again
    assert max(first) - min(first) > 0.9 * 0.2 * LONGEST_WAIT


def test_a_failing_feed_waits_for_what_the_server_asked_too() -> None:
    wait = timedelta(hours=3)

    assert next_visit(FEED, now=NOW, base=BASE, failures=1, retry_after=wait) == NOW + wait


def test_an_interval_longer_than_a_day_is_kept() -> None:
    base = timedelta(days=3)

    assert next_visit(FEED, now=NOW, base=base) == NOW + base
    assert next_visit(FEED, now=NOW, base=base, failures=5) == NOW + base

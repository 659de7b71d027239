from __future__ import annotations

from datetime import UTC, datetime

from bot.flows.pacing import AT_ONE_HOST, FIRSTS, of_a_round
from storage.domain.news import Feed

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def own(host: str, number: int, *, read: bool = False) -> Feed:
    return Feed(url=f"https://{host}/{number}", shared=False, fetched_at=NOON if read else None)


def test_what_the_instance_reads_for_everybody_is_not_held_back() -> None:
    due = [Feed(url=f"https://one.example/{n}") for n in range(500)]

    assert of_a_round(due) == tuple(due)


def test_of_readers_own_a_host_is_asked_for_so_many_and_the_longest_waiting_first() -> None:
    due = [own("www.one.example" if n % 2 else "one.example", n) for n in range(80)]

    found = of_a_round([*due, own("other.example", 1), Feed(url="https://one.example/all")])

    assert found == (*due[:AT_ONE_HOST], own("other.example", 1), Feed(url="https://one.example/all"))


def test_first_readings_are_bounded_and_hold_up_none_that_were_read_before() -> None:
    firsts = [own(f"h{n}.example", 1) for n in range(300)]
    before = [own(f"r{n}.example", 1, read=True) for n in range(50)]

    found = of_a_round([*firsts, *before])

    assert found == (*firsts[:FIRSTS], *before)

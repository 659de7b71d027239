from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.callers import Callers


def test_a_burst_is_let_through_and_then_so_many_a_second() -> None:
    now = [0.0]
    callers = Callers(every=0.5, burst=3, clock=lambda: now[0])

    assert [callers.wait("a") for _ in range(5)] == [0, 0, 0, 1, 1]
    now[0] = 0.5
    assert [callers.wait("a") for _ in range(2)] == [0, 1]
    now[0] = 100.0
    assert [callers.wait("a") for _ in range(4)] == [0, 0, 0, 1]


def test_one_address_holds_up_no_other() -> None:
    callers = Callers(every=1, burst=1, clock=lambda: 0.0)

    assert [callers.wait(each) for each in "aabb"] == [0, 1, 0, 1]


def test_only_so_many_addresses_are_remembered() -> None:
    callers = Callers(every=1, burst=1, clock=lambda: 0.0)

    for number in range(5000):
        callers.wait(str(number))

    assert (callers.wait("0"), callers.wait("4999")) == (0, 1)


@given(st.lists(st.floats(0, 10), max_size=60), st.integers(1, 8))
def test_never_more_than_the_burst_and_the_rate_together(gaps: list[float], burst: int) -> None:
    now = 0.0
    callers = Callers(every=2, burst=burst, clock=lambda: now)
    let_through: list[float] = []
    for gap in gaps:
        now += gap
        if not callers.wait("a"):
            let_through.append(now)
            assert all(
                len([each for each in let_through if each >= begun]) <= burst + (now - begun) / 2 + 1e-6
                for begun in let_through
            )
        else:
            assert len(let_through) >= burst

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.pace import Pace


def test_steps_alone_end_it() -> None:
    pace = Pace(100)

    assert (pace.done(0), pace.done(50), pace.done(100), pace.done(120)) == (0, 0.5, 1, 1)


def test_time_ends_it_where_that_is_over_first() -> None:
    now = 10.0
    pace = Pace(1000, timedelta(seconds=40), lambda: now)

    now = 30.0
    assert pace.done(100) == 0.5
    now = 60.0
    assert pace.done(100) == 1


@given(steps=st.integers(1, 500))
def test_the_rate_rises_then_falls_and_never_stands_still(steps: int) -> None:
    pace = Pace(steps)

    rates = [pace.rate(step) for step in range(steps + 1)]

    assert all(0 < rate <= 1 for rate in rates)
    top = rates.index(max(rates))
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)

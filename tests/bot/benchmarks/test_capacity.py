from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.__main__ import run
from bot.benchmarks import capacity
from bot.benchmarks.capacity import Costs, Habits, Promises, needs


def day(readers: int = 1_000_000, **costs: Any) -> dict[str, float]:
    return needs(readers, Habits(), replace(Costs(), **costs), Promises(), seed=1)


def test_a_queue_waits_as_long_as_its_backlog_takes() -> None:
    came, capacity_ = np.zeros(86_400), np.full(86_400, 2.0)
    came[1000] = 200

    # All come at once and are served two a second: the last of them waits a hundred seconds.
    assert capacity._late(came, capacity_) == pytest.approx(100, abs=1)


def test_what_comes_slower_than_it_is_served_does_not_wait() -> None:
    assert capacity._late(np.full(86_400, 1.0), np.full(86_400, 2.0)) == 0


def test_what_comes_faster_is_never_served() -> None:
    assert capacity._late(np.full(86_400, 3.0), np.full(86_400, 2.0)) > 20_000


@given(st.floats(0.01, 0.5), st.integers(1, 6))
@settings(max_examples=10, deadline=None)
def test_the_least_that_keeps_a_promise_is_found(share: float, cores: int) -> None:
    came = np.full(86_400, cores - share)

    assert capacity._least(lambda n: capacity._late(came, np.full(86_400, float(n))) <= 1) == cores


def test_a_tenth_of_the_readers_needs_a_tenth_of_the_cores() -> None:
    many, few = day(100_000_000), day(10_000_000)

    assert many["questions_a_day"] / few["questions_a_day"] == pytest.approx(10, rel=0.01)
    assert many["cores_answering"] / few["cores_answering"] == pytest.approx(10, rel=0.2)
    assert many["bots"] / few["bots"] == pytest.approx(10, rel=0.1)


def test_dearer_messages_need_more_cores_and_a_slower_line_more_bots() -> None:
    plain = day()

    assert day(question=1.0)["cores_answering"] > plain["cores_answering"]
    assert day(line=10.0)["bots"] > plain["bots"]


def test_replies_need_a_line_too() -> None:
    alone = needs(100_000_000, replace(Habits(), digests=0.0), Costs(), Promises(), seed=1)

    assert alone["questions_a_second_peak"] > 30 * (alone["bots"] - 1) > 0
    assert alone["reply_p95_s"] <= Promises().reply


def test_the_promises_are_kept() -> None:
    figures = day()

    assert figures["reply_p95_s"] <= Promises().reply
    assert figures["digest_late_p95_s"] <= Promises().digest < figures["digest_late_p95_s_one_bot"]


def test_what_was_assumed_is_told_beside_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "capacity", "--readers", "10000", "--message-ms", "50", "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    assert set(result["metrics"]) == {"10000"}
    assert result["assumed"]["costs"]["question"] == 0.05
    assert result["metrics"]["10000"]["bots"] == 1

"""A day at speed, and what it takes: that the short one is whole, and the long one flat."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot.soak import PER_FEED, Sample, draw, regressed, soak, told

_FIRST = Sample(
    hours=0, memory_mb=400, files=50, threads=40, database_mb=1, waiting_mb=4, indexes_mb=0, reckoned_mb=1, articles=0,
    updates=0, sent=0,
)  # fmt: skip


def lived(hours: int, memory_mb: float) -> Sample:
    """After so many hours."""
    return replace(_FIRST, hours=hours, memory_mb=memory_mb)


def test_a_leak_is_a_slope_and_a_step_at_the_start_is_none() -> None:
    level = told([lived(at, 400 + 80 * (at > 3)) for at in range(24)], {})
    leaking = told([lived(at, 400 + 2 * at) for at in range(24)], {})

    assert level["memory_mb_an_hour"] == [0.0, 0.0]
    assert leaking["memory_mb_an_hour"] == [2.0, 0.0]


def test_the_line_is_as_sure_as_the_points_are_near_it() -> None:
    hours = list(range(20))

    near, far = (regressed(hours, [at + scatter * (-1) ** at for at in hours]) for scatter in (0.1, 5))

    assert near.slope == pytest.approx(1, abs=0.02)
    assert near.within < far.within
    assert abs(far.slope - 1) < far.within


@pytest.mark.early
async def test_all_that_happens_in_some_hours_is_dealt_with(tmp_path: Path) -> None:
    samples, ends = await soak(tmp_path, readers=100, feeds=15, days=0.1)
    draw(samples, tmp_path / "soak.png")

    assert samples[-1].articles >= 1
    assert ends["inbox"]["done"] == samples[-1].updates > 3
    assert set(ends["outbox"]) == {"sent"}
    # Digests, replies, and answers to what people tapped.
    assert samples[-1].sent > samples[-1].updates
    found = told(samples, ends)
    assert found["disk_mb"] == pytest.approx(found["disk_as_reckoned"], rel=0.1), found
    assert (tmp_path / "soak.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
async def test_a_day_of_ten_thousand_readers_leaves_memory_files_and_disk_as_they_should_be(tmp_path: Path) -> None:
    samples, ends = await soak(tmp_path, readers=10_000, feeds=1_000, days=1)

    found = told(samples, ends)
    assert found["articles"] >= 0.95 * 1_000 * PER_FEED, found
    assert set(ends["inbox"]) == {"done"}, found
    assert set(ends["outbox"]) == {"sent"}, found
    assert found["memory_mb_an_hour"][0] <= 1, found
    assert found["files"][1] <= found["files"][0] + 5, found
    assert found["threads"][1] <= found["threads"][0] + 5, found
    assert found["disk_mb"] == pytest.approx(found["disk_as_reckoned"], rel=0.1), found

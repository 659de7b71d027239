from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.benchmarks import search
from bot.benchmarks.growth import draw_growth
from bot.benchmarks.rivals import KINDS
from bot.benchmarks.search import run_bench
from storage.domain.progress import Progress
from storage.errors import InputError


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


def here(_name: str, work: Callable[[Progress], object], progress: Progress) -> object:
    """Without a process of its own, whose start takes longer than the work on so few passages."""
    return work(progress)


def test_every_contender_is_measured_under_every_kind_of_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("bm25s")
    monkeypatch.setattr(search, "apart", here)
    picture = tmp_path / "growth.png"

    result = run_bench(passages=(1200, 1200), questions=10, peers=True, picture=picture, progress=ignore)

    assert (result["name"], result["left_out"]) == ("search", [])
    (metrics,) = result["metrics"].values()  # type: ignore[attr-defined]
    assert set(metrics) == {"tidings", "exact_numpy", "one_collection", "bm25s", "times_faster_than_where"}
    for kind in KINDS:
        assert metrics["tidings"][kind]["dense_recall_at_10"] >= 0.95
        assert metrics["one_collection"][kind]["recall_at_10"] >= 0.95
        assert 0 < metrics["tidings"][kind]["dense_p50_ms"] <= metrics["tidings"][kind]["dense_p95_ms"]
        for peer in ("exact_numpy", "one_collection", "bm25s"):
            assert 0 < metrics[peer][kind]["p50_ms"] <= metrics[peer][kind]["p95_ms"]
        ratio = metrics["one_collection"][kind]["p95_ms"] / metrics["tidings"][kind]["dense_p95_ms"]
        assert metrics["times_faster_than_where"][kind] == pytest.approx(ratio, abs=0.06)
    assert metrics["tidings"]["memory_mb"] > 0
    assert metrics["tidings"]["dense_passages_per_second"] > 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--no-peers" in search._left_out(peers=False)[0]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    assert "not installed" in search._left_out(peers=True)[0]


def test_a_picture_that_cannot_be_drawn_is_named_before_all_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_measured", pytest.fail)

    with pytest.raises(InputError, match=r"growth\.png: .*folder"):
        run_bench(
            passages=(1000,), questions=10, peers=False, picture=tmp_path / "nowhere" / "growth.png", progress=ignore
        )


def test_a_kind_of_picture_that_is_not_known_is_named(tmp_path: Path) -> None:
    measured = {1000: {"exact_numpy": {"language_and_time": {"p50_ms": 1.0, "p95_ms": 2.0}}}}

    with pytest.raises(InputError, match=r"picture\.unknown"):
        draw_growth(measured, tmp_path / "picture.unknown")

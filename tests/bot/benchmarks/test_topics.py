from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable

import pytest

from bot.__main__ import run
from bot.benchmarks import topics
from storage.domain.progress import Progress


def here(_name: str, work: Callable[[Progress], object], progress: Progress) -> object:
    """Without a process of its own, whose start takes longer than the work on so few articles."""
    return work(progress)


def test_articles_are_timed_as_the_stream_grows_beside_clustering_all_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(topics, "apart", here)

    assert run(["bench", "topics", "--articles", "200", "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    ours, theirs = result["metrics"]["tidings"], result["metrics"]["hdbscan"]
    for tenth in range(1, 11):
        share = f"at_{tenth}0%"
        assert 0 < ours[share]["p50_ms"] <= ours[share]["p95_ms"] <= ours[share]["max_ms"]
    assert ours["compared"] == theirs["compared"] == 200
    assert ours["bcubed_f1"] > 0.8
    assert theirs["ms"] >= 0


def test_what_was_measured_so_far_is_told_before_the_end() -> None:
    told: list[str] = []

    topics.place_all(400, lambda what, _done, _of: told.append(what))

    assert told[0].startswith("articles placed; at_20%: p50_ms ")
    assert "memory_mb" in told[0]
    assert [what.split(":")[0].rsplit(" ", 1)[1] for what in told] == ["at_20%", "at_50%", "at_70%", "at_100%"]


def test_the_peer_clusters_the_beginning_of_the_same_stream() -> None:
    ours = topics.place_all(300, lambda *_: None)

    theirs = topics.cluster_anew(300, 120, lambda *_: None)

    assert (ours["compared"], theirs["articles"], theirs["compared"]) == (300, 120, 120)


def test_a_peer_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "apart", here)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    result = topics.run_bench(articles=100, progress=lambda *_: None)

    assert "scikit-learn" in result["left_out"][0]  # type: ignore[index]
    assert set(result["metrics"]) == {"tidings"}  # type: ignore[call-overload]


def test_the_same_stream_is_made_again() -> None:
    once, again = topics.stream(50), topics.stream(50)

    assert once.stories.tolist() == again.stories.tolist()
    assert all(
        a.terms.tolist() == b.terms.tolist() and (a.vector == b.vector).all()
        for a, b in zip(topics.sketches(once), topics.sketches(again), strict=True)
    )

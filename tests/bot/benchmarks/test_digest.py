from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.__main__ import run
from bot.benchmarks import digest, readership
from bot.benchmarks.readership import make, read, wishes
from retrieval.interests.planning import Planner
from storage.domain.progress import Progress

pytestmark = pytest.mark.early


def here(_name: str, work: Callable[[Progress], object], progress: Progress) -> object:
    """Without a process of its own, whose start takes longer than the work for so few readers."""
    return work(progress)


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "apart", here)
    monkeypatch.setattr(readership, "_DISTINCT", 12)
    monkeypatch.setattr(digest, "_PEER", 30)
    monkeypatch.setattr(digest, "BATCH", 64)


@pytest.mark.usefixtures("small")
def test_readers_are_planned_for_beside_one_query_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "digest", "--readers", "200", "--readers", "100", "--stories", "150", "--json"]) == 0

    metrics = json.loads(capsys.readouterr().out)["metrics"]
    peer = metrics["one_chroma_query"]
    assert list(metrics) == ["one_chroma_query", "100", "200"]
    assert 0 < peer["p50_ms"] <= peer["p95_ms"]
    for n in (100, 200):
        ours = metrics[str(n)]
        assert (ours["readers"], ours["stories"], ours["different_profiles"]) == (n, 150, 12)
        assert ours["seconds"] > 0
        assert 0 <= ours["of_them_unpacking"] <= ours["cpu_seconds"] + 0.1
        assert ours["memory_mb"] > 0
        assert 5 < ours["items"] <= 12
        assert ours["chroma_seconds"] == pytest.approx(peer["mean_ms"] * n / 1000, abs=0.06)


@pytest.mark.usefixtures("small")
def test_what_is_planned_is_new_to_the_reader_and_in_their_languages(tmp_path: Path) -> None:
    make(tmp_path, 150, ignore)
    made = read(tmp_path)
    rows = range(64, 128)

    _, plans, _ = digest.planned(Planner(made.stories), made, rows)

    wanted = wishes(made, rows)
    shown = plans.stories >= 0
    assert wanted.novelty is not None
    assert wanted.allowed is not None
    for held in (wanted.novelty > 0, wanted.allowed):
        assert np.take_along_axis(held, np.maximum(plans.stories, 0), axis=1)[shown].all()
    assert (shown.sum(axis=1) <= wanted.lengths).all()
    assert (plans.explored >= 0).any()


@pytest.mark.usefixtures("small")
def test_the_same_material_is_made_again(tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        make(tmp_path / name, 120, ignore)
        made.append(read(tmp_path / name))

    assert made[0].profiles == made[1].profiles
    np.testing.assert_array_equal(made[0].stories.vectors, made[1].stories.vectors)

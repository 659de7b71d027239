from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from bot.__main__ import run
from bot.benchmarks import rebuild
from storage.domain.progress import Progress


def here(_name: str, work: Callable[[Progress], object], progress: Progress) -> object:
    """Without a process of its own, whose start takes longer than the work on so few passages."""
    return work(progress)


def test_what_the_database_holds_is_made_anew_without_an_encoder_beside_one_collection(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rebuild, "apart", here)

    assert run(["bench", "rebuild", "--passages", "1000", "--json"]) == 0

    metrics = json.loads(capsys.readouterr().out)["metrics"]
    ours, peer = metrics["tidings"], metrics["one_collection"]
    assert metrics["passages"] == 1000
    assert (ours["encoded"], ours["found"]) == (0, 1.0)
    assert 0 < ours["of_them_words"] < ours["seconds"]
    assert min(ours["cpu_seconds"], ours["peak_memory_mb"], peer["seconds"], peer["peak_memory_mb"]) > 0

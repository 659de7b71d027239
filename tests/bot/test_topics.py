"""`tidings evaluate topics` as people script it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import run

ROWS = [
    {"id": "a", "text": "The Kestrel dam in Norvale burst on Monday.", "cluster": "dam", "split": "unseen"},
    {"id": "b", "text": "In Norvale the Kestrel dam burst on Monday, officials said.", "cluster": "dam"},
    {"id": "c", "text": "湖城市政府周五宣布，将投资三亿元重建东门大桥。", "cluster": "bridge", "language": "zh"},
]


def test_stories_are_measured_beside_those_that_people_see(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "unseen").write_text("\n".join(map(json.dumps, ROWS)))

    assert run(["evaluate", "topics", "--data", str(tmp_path), "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    assert (result["name"], result["n"]) == ("topics", 3)
    metrics = result["metrics"]
    assert {"bcubed_f1", "bcubed_precision", "bcubed_recall", "ari", "bcubed_f1 unseen"} <= metrics.keys()
    assert metrics["bcubed_f1_low"] <= metrics["bcubed_f1"] <= metrics["bcubed_f1_high"]
    assert metrics["bcubed_f1 orders min"] <= metrics["bcubed_f1 orders mean"]


def test_a_folder_without_grouped_articles_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "topics", "--data", str(tmp_path)]) == 2

    assert "no grouped articles" in capsys.readouterr().err

"""`tidings evaluate ranking` as people script it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import run
from tests.retrieval.evaluation.mind import CHIPS, CUP, NEW_READER, stream, table


def test_what_was_clicked_is_measured_beside_the_mean_cosine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table(tmp_path / "anything.csv.gz", CHIPS, CUP, NEW_READER)

    assert run(["evaluate", "ranking", "--data", str(tmp_path), "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    assert (result["name"], result["n"]) == ("ranking", 3)
    metrics = result["metrics"]
    assert {"auc", "mrr", "ndcg@5", "ndcg@10", "mean cosine auc", "gain auc", "1 clicks auc"} <= metrics.keys()
    assert {"digest of 10 distance", "digest of 10 by score alone coverage", "varied ndcg@10"} <= metrics.keys()
    assert metrics["auc_low"] <= metrics["auc"] <= metrics["auc_high"]


def test_impressions_in_time_are_measured_beside_clicks_per_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stream(tmp_path)

    assert run(["evaluate", "ranking", "--data", str(tmp_path), "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    assert (result["n"], result["settings"]["learned_from"]) == (12, 18)
    assert {"auc", "clicks per show auc", "gain over clicks per show auc", "titled auc"} <= result["metrics"].keys()


def test_both_kinds_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table(tmp_path / "anything.csv.gz", CHIPS, CUP)
    stream(tmp_path)

    assert run(["evaluate", "ranking", "--data", str(tmp_path), "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    assert result["n"] == 14
    assert {"auc", "in time auc"} <= result["metrics"].keys()


def test_readers_who_clicked_nothing_yet_have_no_digests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table(tmp_path / "anything.csv.gz", NEW_READER)

    assert run(["evaluate", "ranking", "--data", str(tmp_path), "--json"]) == 0

    assert not any("digest" in name for name in json.loads(capsys.readouterr().out)["metrics"])


def test_a_folder_without_impressions_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "ranking", "--data", str(tmp_path)]) == 2

    assert "holds no impressions" in capsys.readouterr().err

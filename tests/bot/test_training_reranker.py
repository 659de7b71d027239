"""`tidings train reranker` as people run it, over folders and over an instance."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import run
from retrieval.search.rerank import read_weights

PLACES = ("Davos", "Bern", "Basel", "Chur", "Aarau", "Thun")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "places"
    folder.mkdir()
    articles = [{"id": place, "text": f"The council of {place} met on Friday about the bridge."} for place in PLACES]
    questions = [{"question": f"What did the council of {place} meet about?", "relevant": [place]} for place in PLACES]
    (folder / "articles").write_text("\n".join(map(json.dumps, articles)))
    (folder / "questions").write_text("\n".join(map(json.dumps, questions)))
    return folder


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    folder = tmp_path / "noise"
    folder.mkdir()
    rows = [
        {"query": f"{place} 在哪里？", "positive": [f"{place} 在瑞士。"], "negative": [f"{place} 的天气。"]}
        for place in PLACES
    ]
    (folder / "noise").write_text("\n".join(map(json.dumps, rows)))
    return folder


def trained(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(["train", "reranker", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_model_is_fitted_judged_and_kept(
    data: Path, noise: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reranker.json"

    result = trained(capsys, "--data", str(data), "--data", str(noise), "--out", str(out))

    assert (result["n"], result["settings"]["judged"]) == (12, {"places": 6, "noise": 6})
    assert result["fitted"]["places"]["hit@1"] == 1.0
    assert set(result["before"]["places"]) == set(result["unseen"]["places"]) == set(result["gain"]["places"])
    assert any(read_weights(out).articles.other)
    assert json.loads(out.read_text())["made"]["questions"] == {"places": 6, "noise": 6}


def test_an_instance_that_lacks_the_articles_teaches_nothing(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path / "empty"))

    assert run(["train", "reranker", "--data", str(data), "--here"]) != 0

    assert "must hold the articles" in capsys.readouterr().err


def test_an_instance_that_holds_the_articles_needs_only_questions(
    data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "articles.jsonl").write_bytes((data / "articles").read_bytes())
    assert run(["ingest", "--jsonl", str(tmp_path / "articles.jsonl"), "--json"]) == 0
    (data / "articles").unlink()
    capsys.readouterr()

    result = trained(capsys, "--data", str(data), "--here")

    assert result["fitted"]["places"]["hit@1"] == 1.0


def test_a_folder_without_questions_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    assert run(["train", "reranker", "--data", str(empty)]) != 0

    assert f"{empty}: holds no judged questions" in capsys.readouterr().err

"""`tidings evaluate annotation` as people script it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import run


def test_what_is_noted_of_articles_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    subjects = [
        {"title": "Striker scores twice in the derby", "category": "sport"},
        {"title": "法院一审宣判，被告人获刑", "category": "crime", "language": "zh"},
    ]
    tones = [{"text": "A dreadful massacre.", "sentiment": "negative"}, {"text": "They met.", "sentiment": "neutral"}]
    titled = [{"title": "Kestrel dam", "text": "The Kestrel dam is old. The Kestrel dam will be rebuilt."}]
    for name, rows in (("a", subjects), ("b", tones), ("c", titled)):
        (data / name).write_text("\n".join(map(json.dumps, rows)))

    status = run(["evaluate", "annotation", "--data", str(data), "--json"])

    result = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (result["name"], result["n"]) == ("annotation", 5)
    assert result["metrics"]["accuracy"] == result["metrics"]["accuracy zh"] == 1.0
    assert result["metrics"]["sentiment_accuracy"] == 1.0
    assert {"keywords_in_title", "tfidf_in_title", "ece", "annotate_ms"} <= result["metrics"].keys()


def test_a_folder_with_nothing_to_compare_with_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "annotation", "--data", str(tmp_path)]) == 2

    assert "holds nothing to compare with" in capsys.readouterr().err

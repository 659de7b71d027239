from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import run
from bot.evaluations.soundings import SoundedEngine, draw_trades
from generation.engines.extractive import ExtractiveEngine
from storage.errors import InputError

NOISY = {
    "query": "When will the Kestrel dam be rebuilt?",
    "answer": ["2031"],
    "positive": ["The Kestrel dam will be rebuilt by 2031, the minister said."],
    "negative": ["Ferries on Lake Oster stop for a week.", "The harbour was closed by ice in winter."],
}


def sounded(*, unanswerable: list[float], answerable: list[float]) -> SoundedEngine:
    return SoundedEngine(engine=ExtractiveEngine(), unanswerable=unanswerable, answerable=answerable)


def test_what_refusing_more_or_less_would_cost_is_told_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "noise.json").write_text(json.dumps(NOISY))
    picture = tmp_path / "trades.png"

    status = run(["evaluate", "answers", "--data", str(tmp_path / "data"), "--picture", str(picture), "--json"])

    trades = json.loads(capsys.readouterr().out)["trade_off"]
    assert status == 0
    assert {"threshold": 0.5, "refused_unanswerable": 1.0, "refused_answerable": 0.0} in trades
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_question_met_without_the_engine_does_not_count() -> None:
    engine = sounded(unanswerable=[], answerable=[])

    engine.judged(unanswerable=False)

    assert engine.answerable == []
    assert engine.trades() == []


def test_nothing_is_drawn_of_one_kind_of_questions(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")

    with pytest.raises(InputError, match="nothing to draw"):
        draw_trades(sounded(unanswerable=[], answerable=[0.5]), tmp_path / "trades.png")


def test_a_picture_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")

    with pytest.raises(InputError, match="cannot be written"):
        draw_trades(sounded(unanswerable=[0.1], answerable=[0.5]), tmp_path / "trades.unknown")

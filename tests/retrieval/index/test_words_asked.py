from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.index.words import WordCutter


@pytest.fixture(scope="module")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    folder: Path = tmp_path_factory.mktemp("words")
    return WordCutter(folder)


def test_what_makes_a_question_is_left_out_and_bridged_by_no_pair(cutter: WordCutter) -> None:
    words, pairs = cutter.asked("哪个城市发放了什么消费券？")

    assert not {"哪个", "了", "什么"} & set(words)
    assert "城市" in pairs
    assert not {"放了", "了什", "么消", "放消"} & set(pairs)


def test_particles_inside_of_words_stay(cutter: WordCutter) -> None:
    words, pairs = cutter.asked("有限公司在线目的地")

    assert {"有限", "限公"} <= set(pairs)
    assert {"在线", "目的"} <= set(pairs)
    assert words


def test_a_question_of_nothing_else_keeps_its_words(cutter: WordCutter) -> None:
    words, pairs = cutter.asked("是什么？")

    assert words
    assert pairs


def test_other_scripts_stay_as_they_are(cutter: WordCutter) -> None:
    assert cutter.asked("What did NATO say about 3.5% growth?") == (
        ["what", "did", "nato", "say", "about", "3.5", "growth"],
        [],
    )

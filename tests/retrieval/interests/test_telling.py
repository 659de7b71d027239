from __future__ import annotations

import numpy as np
import pytest

from retrieval.interests.interest import Interest, Trace
from retrieval.interests.telling import names, names_wholly, stems, towards
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import CHIPS, FOOTBALL, NOW, OPERA

TOLD = Interest(centre=CHIPS, mass=4.0, recent=4.0, traces=(Trace(kind=EvidenceKind.TOLD, key="text:1", at=NOW),))


def test_plurals_are_the_same_words() -> None:
    assert stems(["companies", "chips", "glass", "gas", "电影"]) == {"company", "chip", "glass", "gas", "电影"}


@pytest.mark.parametrize(
    ("phrase", "text", "about", "wholly"),
    [
        (["video", "game"], ["a", "video", "game"], True, True),
        (["eu", "energy", "policy"], ["energy", "policy", "of", "spain"], True, False),
        (["woman", "football"], ["football"], False, False),
        ([], ["football"], False, False),
    ],
)
def test_what_has_most_words_of_a_phrase_is_about_it_and_what_has_all_is_wholly(
    phrase: list[str], text: list[str], about: bool, wholly: bool
) -> None:
    assert names(phrase, text) is about
    assert names_wholly(phrase, text) is wholly


def test_an_interest_told_in_words_moves_to_what_they_find_and_weighs_the_same() -> None:
    moved = towards(TOLD, np.stack([FOOTBALL, FOOTBALL, OPERA]))

    assert moved.centre @ FOOTBALL > moved.centre @ CHIPS > 0
    assert np.linalg.norm(moved.centre) == pytest.approx(1.0)
    assert (moved.mass, moved.traces) == (TOLD.mass, TOLD.traces)


def test_where_they_find_nothing_it_stays() -> None:
    assert towards(TOLD, np.empty((0, 8), dtype=np.float32)) is TOLD

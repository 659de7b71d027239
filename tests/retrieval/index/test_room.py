"""What was measured of real indexes of our encoder (384 dimensions), against what is reckoned of them."""

from __future__ import annotations

import pytest

from retrieval.index.room import dense_room, words_room


@pytest.mark.parametrize(
    ("passages", "measured"), [(48, 496_240), (438, 1_689_654), (6_549, 19_524_643), (6_800, 20_389_510)]
)
def test_chroma_and_the_catalogue_take_what_is_reckoned(passages: int, measured: int) -> None:
    assert dense_room(passages, 384) == pytest.approx(measured, rel=0.05)


@pytest.mark.parametrize(
    ("letters", "chinese", "measured"),
    [(77_372, 0, 55_424), (257_462, 0, 110_673), (20_296_722, 0, 6_271_687), (4_981_919, 1_025_937, 6_212_122)],
)
def test_the_index_of_words_takes_what_is_reckoned(letters: int, chinese: int, measured: int) -> None:
    assert words_room(letters, chinese) == pytest.approx(measured, rel=0.05)

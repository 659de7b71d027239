from __future__ import annotations

import pytest

from generation.reading.figures import figures
from generation.reading.labels import counts_nothing, was_before


@pytest.mark.parametrize(
    "text",
    [
        "In 2026 it began.",
        "2026年开工。",
        "until 9 March",
        "on March 9",
        "on Dec. 9",
        "at 03:52",
        "3月",
        "第3名",
        "the 3rd",
        "No. 5 seed",
        "a 54-year-old driver",
        "一名54岁司机",
        "Ada Stone, 54, of Kell",
        "aged 54",
        "died at 54",
        "mother of 12",
        "won 20-13",
        "29 of 34 passes",
        "3比1",
        "nine days after the raid",
        "Week 16",
        "the SMW4 cable",
        "another 12 boats",
    ],
)
def test_what_says_when_or_which_counts_nothing(text: str) -> None:
    assert all(counts_nothing(text, figure) for figure in figures(text))


@pytest.mark.parametrize(
    "text",
    [
        "12 stations",
        "In Kell, 52 protesters",
        "12座车站",
        "Of 34 boats",
        "12 people, most of them miners",
        "some 3 km",
        "裁员1900人",
        "1900 km",
    ],
)
def test_what_says_how_many_counts(text: str) -> None:
    assert not any(counts_nothing(text, figure) for figure in figures(text))


@pytest.mark.parametrize("text", ["from 12 to 19", "由12人升至19人", "from $12 to $19"])
def test_what_was_before_is_told_from_what_is(text: str) -> None:
    assert [figure.value for figure in figures(text) if was_before(text, figure)] == [12]

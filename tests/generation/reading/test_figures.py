from __future__ import annotations

import pytest

from generation.reading.figures import figures


def values(text: str) -> set[float]:
    return {figure.value for figure in figures(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It cost 3.2 million crowns", {3_200_000}),
        ("It cost $3.2m", {3_200_000}),
        ("It cost 3,200,000 crowns", {3_200_000}),
        ("耗资320万元", {3_200_000}),
        ("约1.2亿人", {120_000_000}),
        ("three people and two hundred cows", {3, 200}),
        ("one of the men", set()),
        ("35 percent, 7 of 9", {35, 7, 9}),
        ("三名工人，二十五人，三百二十次", {3, 25, 320}),
        ("三万五千人", {35_000}),
        ("二〇二六年", {2026}),
        ("统一、一直、第三次", set()),
        ("F-35 and COVID-19", {35, 19}),
        ("no numbers", set()),
    ],
)
def test_a_number_has_its_value_however_it_is_written(text: str, expected: set[float]) -> None:
    assert values(text) == expected


def test_each_tells_where_it_stands() -> None:
    text = "Some 1,200 people and 三百二十人 came"

    assert [text[figure.start : figure.end] for figure in figures(text)] == ["1,200", "三百二十"]

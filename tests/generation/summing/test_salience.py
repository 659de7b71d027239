from __future__ import annotations

import pytest

from generation.summing.clauses import statements
from generation.summing.salience import features, worths


def of(text: str, title: str | None = None) -> list[float]:
    return worths(text, statements(text), title)


@pytest.mark.parametrize("sentence", ["{0}city bought a {0}boat. ", "{0}城购入{0}船。"])
def test_what_stands_early_is_worth_more(sentence: str) -> None:
    text = "".join(sentence.format(name) for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")

    found = of(text)

    assert min(found[:5]) > max(found[-6:-1])


def test_what_recurs_is_worth_more() -> None:
    about = "The Kestrel dam broke. Ferries stopped on the lake. Farmers had asked for the Kestrel dam."
    alone = about.replace("Kestrel dam.", "golden bridge.")

    assert of(about)[0] > of(alone)[0]


def test_what_the_title_names_is_worth_more() -> None:
    text = "The council met on Thursday. A new library will be built beside the station."

    assert of(text, "A library beside the station")[1] > of(text)[1]


def test_what_is_known_already_is_worth_less() -> None:
    text = "The Kestrel dam broke on Friday. The Kestrel dam broke on Friday. Nothing else was said."

    first, second, _ = of(text)

    assert first > second + 0.5


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("The council will buy 48 new boats.", "The council will buy some new boats."),
        ("The council announced new boats.", "The council admired new boats."),
        ("市政府宣布购买新的轮渡。", "记者了解购买新的轮渡。"),
    ],
)
def test_figures_and_announcements_are_worth_more(better: str, worse: str) -> None:
    assert of(better)[0] > of(worse)[0]


def test_there_is_a_row_of_features_for_every_clause() -> None:
    told = statements("大坝周五决堤，两岸居民连夜撤离，无人伤亡。有人提早回家。")

    rows = features("大坝周五决堤，两岸居民连夜撤离，无人伤亡。有人提早回家。", told)

    assert len(rows) == sum(len(statement.clauses) for statement in told) == 4
    assert len({len(row) for row in rows}) == 1


def test_nothing_has_no_worth() -> None:
    assert of("") == []

"""Two that are compared, in what the engine makes of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

DESIGN = "A report on the failure of the Harwick dam blames its design. The spillway was too narrow, its authors say."
UPKEEP = "Years of poor upkeep led to the failure of the Harwick dam, a panel found. The BBC had asked for the papers."


@pytest.mark.parametrize(
    "asked",
    ["How do the BBC and CNN differ on the Harwick dam?", "Compare what BBC and CNN say about the Harwick dam"],
)
def test_outlets_are_held_against_each_other_by_what_each_brought(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(DESIGN, article="a", source="BBC News"), hit(UPKEEP, article="b", source="CNN")]

    answer = ExtractiveEngine().write(question(asked), hits)

    told = {citation.source: citation.quote for citation in reversed(answer.citations)}
    assert "blames its design" in told["BBC News"]
    assert "poor upkeep" in told["CNN"]
    assert not answer.untold


def test_an_outlet_that_brought_nothing_is_said_to_have_told_nothing(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(UPKEEP, article="b", source="CNN")]

    answer = ExtractiveEngine().write(question("How do Reuters and CNN differ on the Harwick dam?"), hits)

    assert [citation.source for citation in answer.citations if citation.source != "CNN"] == []
    assert answer.untold == "Reuters"


def test_who_gives_the_price_is_quoted_rather_than_who_praises_the_thing(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [
        hit("The Pelagic P9 runs for three days on a charge. The P9 of Pelagic costs 9,400 crowns.", article="a"),
        hit("The Orrin One is light and quick. Shops sell the Orrin One for 7,900 crowns.", article="b"),
    ]

    answer = ExtractiveEngine().write(question("Pelagic P9 vs Orrin One: price"), hits)

    assert ["9,400" in answer.text, "7,900" in answer.text] == [True, True]


def test_outlets_are_known_by_short_names_and_quoted_on_the_same(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    courier = (
        "The Harwick dam failed on Sunday. Some 1,200 people were told to leave their homes below the dam at Harwick."
    )
    wire = (
        "The Harwick dam is the oldest in the valley and Harwick is proud of it. Below the Harwick dam 1,500 people "
        "were told to leave their homes."
    )
    hits = [hit(courier, article="a", source="The Harwick Courier"), hit(wire, article="b", source="Norvale Wire")]

    answer = ExtractiveEngine().write(question("How do the Courier and the Wire differ on the Harwick dam?"), hits)

    assert "1,200" in answer.text
    assert "1,500" in answer.text
    assert not answer.untold

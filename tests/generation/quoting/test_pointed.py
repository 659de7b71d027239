from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from generation.quoting import pointed, select
from generation.reading import inquiry
from storage.domain.dialogue import Question
from storage.domain.news import Hit

QUAKE = (
    "By Sunday evening the number of people hurt in Kell had risen to 57, the fire chief Ruta Mensah of Kell said. "
    "Volunteers in Kell spent the day pulling tarpaulins over roofs. "
    "Rain is forecast for Monday. "
    "The mayor, Tobias Renn, has asked the government for 25 million crowns."
)


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("Who is the mayor of Kell?", "Tobias Renn"),
        ("What is the name of Kell's mayor?", "Tobias Renn"),
        ("Who is the fire chief of Kell?", "Ruta Mensah"),
        ("How much money did the mayor of Kell ask for?", "25 million"),
        ("What sum did the mayor of Kell ask for?", "25 million"),
        ("How many crowns did the mayor of Kell ask for?", "25 million"),
    ],
)
def test_the_sentence_that_speaks_of_what_is_asked_leads(
    asked: str, holds: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine().write(question(asked), [hit(QUAKE, title="Kell counts its roofs")])

    assert holds in answer.sentences[0].text


@pytest.mark.parametrize(
    "asked",
    [
        "凯尔市长是谁？",
        "Kell?",
        "Did the mayor, the fire chief, the volunteers and the government of Kell agree on tarpaulins?",
    ],
)
def test_nothing_leads_where_that_cannot_be_told(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    reading = select.read_hits(inquiry.read(asked), [hit(QUAKE)], question("?").asked_at)
    found = select.candidates(reading)

    assert found
    assert pointed.bonuses(reading, found) == [0.0] * len(found)

"""A name that is asked for and not told, in what the engine makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from generation.engines.extractive import ExtractiveEngine
from generation.quoting import nameless, select
from generation.reading import inquiry
from storage.domain.dialogue import Question
from storage.domain.news import Hit

NOW = datetime(2026, 11, 27, tzinfo=UTC)
CRASH = (
    "A tram and a lorry collided on Weir Street in Osterby on Wednesday. The tram driver was taken to hospital. "
    "Police chief Anna Delling said that the lorry had crossed against a red light."
)
CRASH_ZH = "澄江市一辆有轨电车与货车相撞。电车司机手臂骨折，被送往医院。交警支队长韩立民说，货车当时闯了红灯。"


@pytest.mark.parametrize(
    ("asked", "text", "told"),
    [
        ("What is the name of the tram driver in Osterby?", CRASH, ""),
        ("What is the name of the Osterby police chief?", CRASH, "Anna Delling"),
        ("澄江电车司机叫什么名字？", CRASH_ZH, ""),
        ("澄江交警支队长叫什么名字？", CRASH_ZH, "韩立民"),
    ],
)
def test_who_is_not_named_is_answered_by_no_other_name(
    asked: str, text: str, told: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine().write(question(asked), [hit(text, article="a")])

    assert answer.refused is (told == "")
    assert told in answer.text


@pytest.mark.parametrize(
    ("behind", "unnamed"), [("Lena Moor had looked for it.", False), ("Lena Moor said it was deep.", True)]
)
def test_a_name_may_follow_in_the_next_sentence(behind: str, unnamed: bool, hit: Callable[..., Hit]) -> None:
    asked = inquiry.read("What is the name of the diver who found the Ossa?")
    reading = select.read_hits(asked, [hit(f"A diver found the wreck of the Ossa. {behind}")], NOW)

    assert nameless.unnamed(reading, select.candidates(reading)[:1]) is unnamed

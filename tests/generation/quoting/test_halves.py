"""Either half of a double question, in what the engine makes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

FERRY = (
    "The new ferry to Skarn starts on 1 May. The captain has sailed these waters for thirty years. "
    "The ferry to Skarn carries 320 passengers. A ticket will cost 14 crowns."
)
CUP_ZH = "云溪队在港湾杯决赛中击败石桥队，夺得冠军。比赛在码头体育场举行，比分为三比一。由于停电，比赛推迟一小时开始。"


@pytest.mark.parametrize(
    ("asked", "text", "told", "untold"),
    [
        ("When does the Skarn ferry start and how much is a ticket?", FERRY, ("1 May", "14 crowns"), ""),
        ("港湾杯决赛谁赢了，比分多少？", CUP_ZH, ("云溪队", "三比一"), ""),
        ("How much is a ticket to Skarn and who built the ferry?", FERRY, ("14 crowns",), "who built the ferry"),
    ],
)
def test_both_halves_are_answered_and_what_is_not_told_is_named(
    asked: str,
    text: str,
    told: tuple[str, ...],
    untold: str,
    hit: Callable[..., Hit],
    question: Callable[..., Question],
) -> None:
    answer = ExtractiveEngine().write(question(asked), [hit(text, article="a")])

    assert [each for each in told if each not in answer.text] == []
    assert answer.untold == untold
    assert all(citation.quote in text for citation in answer.citations)

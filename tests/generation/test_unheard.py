from __future__ import annotations

import pytest

from generation.unheard import unheard

TOLD = "The council of Kell approved a bridge over the Sanne on Tuesday. It will cost 30 million euros."


def test_where_nothing_was_said_all_is_unheard() -> None:
    assert unheard([TOLD], []) == [1.0]


def test_what_was_said_in_other_words_of_the_same_is_heard() -> None:
    again, (turned, other) = (
        unheard([TOLD], [TOLD]),
        unheard(
            [
                "On Tuesday Kell's council approved the Sanne bridge.",
                "A judge found that a study of noise was skipped.",
            ],
            [TOLD],
        ),
    )

    assert again == [0.0]
    assert turned < 0.2
    assert other > 0.9


def test_what_several_said_together_is_heard() -> None:
    text = "The bridge over the Sanne costs a fortune, ministers complain."

    (alone,), (both,) = unheard([text], [TOLD]), unheard([text], [TOLD, "Ministers complain of a fortune it costs."])

    assert both < alone


def test_a_text_without_telling_words_says_nothing_unheard() -> None:
    assert unheard(["It was so.", ""], [TOLD])[1] == 0.0


@pytest.mark.parametrize(
    ("text", "new"), [("澜州地铁4号线定于周六通车。", False), ("南湖站隧道渗水，检修三周。", True)]
)
def test_chinese_is_compared_too(text: str, new: bool) -> None:
    (share,) = unheard([text], ["澜州地铁4号线周六开通，全长27.6公里，通车仪式定于上午。"])

    assert (share >= 0.5) is new

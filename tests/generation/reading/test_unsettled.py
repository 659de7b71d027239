from __future__ import annotations

import pytest

from generation.reading.unsettled import unsettled


@pytest.mark.parametrize(
    "text",
    [
        "It was not immediately clear what had caused the fire.",
        "The company had not yet decided whether it would appeal.",
        "The ministry has yet to announce a date for the vote.",
        "The cause of the crash is under investigation.",
        "Whether the bridge can be saved remains to be seen.",
        "Police declined to give the age of the driver.",
        "The statement did not say how long the line will stay closed.",
        "No suspects have yet been named.",
        "事故原因目前正在调查中。",
        "目前尚不清楚桥梁何时重新开放。",
        "新线路的票价还未确定。",
        "案件仍在进一步侦办中。",
        "两家公司都没有透露交易金额。",
    ],
)
def test_what_is_open_is_known_by_its_words(text: str) -> None:
    assert unsettled(text)


@pytest.mark.parametrize(
    "text",
    [
        "The cause of the fire was a candle.",
        "The trails are open, and so is the shop.",
        "A spokesman did not respond to a request for comment.",
        "The council voted on Thursday.",
        "It is clear that the bridge will be rebuilt.",
        "事故原因已经查明。",
        "该公司没有回应记者的提问。",
        "新桥于周四开放。",
    ],
)
def test_what_is_settled_is_not_open(text: str) -> None:
    assert not unsettled(text)


def test_a_hostile_sentence_is_read_to_its_end() -> None:
    assert not unsettled("The shipyard has yet to " + "be " * 5_000 + "built.")
    assert not unsettled("It is not " + "yet been " * 5_000 + "built.")

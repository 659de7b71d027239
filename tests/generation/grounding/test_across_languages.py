"""What a model writes in one language of passages in the other: the quote goes out, or nothing; never the claim."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.grounding.claims import Claim
from generation.grounding.draft import Draft
from storage.domain.dialogue import Question
from storage.domain.news import Hit

FERRIES = (
    "Norway's Bergen ordered four hydrogen ferries on Tuesday. The ships will cost Norway 96 million euros. "
    "The first is due on March 3, 2029. Sign up for our newsletter for 96 million euros in Norway."
)
LINE_ZH = "杭州地铁23号线11月20日开通。杭州为这条36.7公里的线路投资298亿元。首日客流达到42万人次。"

# What a model could say of the ferries, and of the line, and what of the passage may be said instead.
HELD = [
    ("挪威的这批渡轮耗资9600万欧元。", FERRIES, "The ships will cost Norway 96 million euros."),
    ("卑尔根将在2029年3月3日收到首艘船。", FERRIES, "The first is due on March 3, 2029."),
    ("Hangzhou opened line 23 on November 20.", LINE_ZH, "杭州地铁23号线11月20日开通。"),
    ("Hangzhou spent 29.8 billion yuan on its 36.7 km.", LINE_ZH, "杭州为这条36.7公里的线路投资298亿元。"),
]
DOUBTED = [
    ("挪威的这批渡轮耗资9700万欧元。", FERRIES),  # another number
    ("挪威的这批渡轮耗资9600万美元。", FERRIES),  # another unit
    ("瑞典的这批渡轮耗资9600万欧元。", FERRIES),  # another country
    ("卑尔根将在2029年5月3日收到首艘船。", FERRIES),  # another month
    ("卑尔根将在2029年3月4日收到首艘船。", FERRIES),  # another day
    ("挪威为SpaceX的渡轮支付9600万欧元。", FERRIES),  # a name it does not hold
    ("渡轮很好。", FERRIES),  # nothing that could be looked for
    ("Chengdu opened line 23 on November 20.", LINE_ZH),
    ("Hangzhou opened line 22 on November 20.", LINE_ZH),
    ("Hangzhou and Siemens spent 29.8 billion yuan on its 36.7 km.", LINE_ZH),
    ("Hangzhou spent 298 billion yuan on its 36.7 km.", LINE_ZH),
    ("Hangzhou spent 29.8 billion dollars on its 36.7 km.", LINE_ZH),
    ("Hangzhou spent 29.8 billion yuan on its 36.7 miles.", LINE_ZH),
]


@pytest.mark.parametrize(("claim", "passage", "quote"), HELD)
def test_where_numbers_names_and_dates_are_the_passages_its_sentence_is_said(
    claim: str, passage: str, quote: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(passage)]
    draft = Draft(hits)

    said = draft.take(Claim(text=claim, numbers=(1,)))
    answer = draft.answer(question("多少？" if passage is FERRIES else "How much?"), "model", hits)

    assert said is not None
    assert said.text == quote
    assert draft.believed
    assert answer.told_in == ("en" if passage is FERRIES else "zh")


@pytest.mark.parametrize(("claim", "passage"), DOUBTED)
def test_where_one_of_them_is_not_nothing_of_it_stands(claim: str, passage: str, hit: Callable[..., Hit]) -> None:
    draft = Draft([hit(passage)])

    assert draft.take(Claim(text=claim, numbers=(1,))) is None
    assert not draft.believed

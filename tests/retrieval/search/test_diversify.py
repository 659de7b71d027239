from __future__ import annotations

import pytest

from retrieval.search.diversify import diverse
from storage.domain.news import Hit
from tests.fakes import make_passage

SAME = "The council voted to buy six electric ferries on Thursday evening"
NEW = "Shares of the central bank rose sharply after interest rates fell"


def hits(*texts: str) -> list[Hit]:
    return [Hit(passage=make_passage(n, text), score=10.0 - n) for n, text in enumerate(texts, start=1)]


def test_without_breadth_the_order_stays() -> None:
    assert [hit.passage.id for hit in diverse(hits(SAME, SAME, NEW), 2, 0.0)] == [1, 2]


@pytest.mark.parametrize(
    ("same", "new"), [(SAME, NEW), ("市议会周四晚投票决定购买六艘电动渡轮", "央行降息后股价大幅上涨")]
)
def test_with_breadth_what_says_something_new_comes_before_what_says_the_same(same: str, new: str) -> None:
    assert [hit.passage.id for hit in diverse(hits(same, same, new), 2, 0.6)] == [1, 3]


def test_no_more_come_back_than_there_are_or_are_wanted() -> None:
    assert diverse([], 3, 0.5) == ()
    assert len(diverse(hits(SAME, NEW), 5, 0.5)) == 2
    assert len(diverse(hits(SAME, NEW, "Rain"), 2, 0.5)) == 2

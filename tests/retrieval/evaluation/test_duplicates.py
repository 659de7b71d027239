from __future__ import annotations

from retrieval.evaluation.collection import JudgedPair
from retrieval.evaluation.duplicates import evaluate_duplicates
from tests.fakes import HashingEncoder


def unwatched(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""


def pair(a: str, b: str, score: float, group: str = "x") -> JudgedPair:
    return JudgedPair(a=a, b=b, score=score, group=group)


async def test_pairs_that_people_find_alike_are_found_alike() -> None:
    pairs = [
        pair("ferries stop for a week", "ferries stop for one week", 5.0),
        pair("ferries stop for a week", "ferries need engines", 2.0),
        pair("ferries stop for a week", "parliament votes on the budget", 0.0),
        pair("markets rose again", "markets rose once more", 4.0, "y"),
        pair("markets rose again", "the dam is rebuilt", 0.0, "y"),
        pair("one of a kind", "two of a kind", 3.0, "alone"),
    ]

    report = await evaluate_duplicates(HashingEncoder(), pairs, unwatched)

    assert report.n == 6
    assert report.pearson.value > 0.8
    assert set(report.groups) == {"x", "y"}
    assert report.groups["x"].value > 0.8
    assert report.meaning_alone.value > 0

from __future__ import annotations

import pytest

from retrieval.search.likeness import features, likeness

PAIRS = [
    ("Explosion hits oil pipeline in Syria", "Explosion hits pipeline near Homs"),
    ("渡轮停航一周", "湖上渡轮停航"),
    ("", "Markets rise"),
    ("", ""),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
@pytest.mark.parametrize("cosine", [-1.0, 0.0, 0.5, 1.0])
def test_likeness_is_a_share_and_goes_both_ways(a: str, b: str, cosine: float) -> None:
    assert 0.0 <= likeness(a, b, cosine) <= 1.0
    assert likeness(a, b, cosine) == likeness(b, a, cosine)


def test_the_same_headline_is_as_like_as_can_be() -> None:
    assert likeness("Six boats need engines", "Six boats need engines", 1.0) > 0.9


def test_nothing_shared_is_hardly_alike() -> None:
    assert likeness("Six boats need engines", "Parliament votes on the budget", 0.0) < 0.1


def test_it_grows_with_what_is_meant() -> None:
    a, b = PAIRS[0]

    assert likeness(a, b, 0.9) > likeness(a, b, 0.6) > likeness(a, b, 0.3)


def test_other_numbers_and_days_make_another_story() -> None:
    same = likeness("Picture of the day: March 20", "Picture of the day: March 20, 2013", 0.9)
    other = likeness("Picture of the day: March 20", "Picture of the day: January 27", 0.9)
    weekday = likeness("Stocks close lower on Friday", "Stocks close lower on Monday", 0.9)
    no_day = likeness("Stocks close lower", "Stocks close lower", 0.9)

    assert other < same
    assert weekday < no_day


def test_chinese_shares_pairs_of_characters() -> None:
    alike, unlike = features("渡轮停航一周", "渡轮停航", 0.0), features("渡轮停航一周", "股市上涨", 0.0)

    assert alike[2] > unlike[2] == 0.0
    assert alike[3] > unlike[3] == 0.0

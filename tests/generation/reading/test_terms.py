from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.reading.terms import background, is_chinese, stem, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("elected", "election"),
        ("The minister's", "the ministers"),
        ("won", "winner"),
        ("pray", "prayed"),
        ("survey", "surveys"),
        ("1,000", "1000"),
        ("five", "5"),
        ("U.S.", "US"),
        ("Don’t", "don't"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_what_is_remembered_of_a_run_of_letters_is_no_longer_than_a_word() -> None:
    long = "lakeoster" * 1_000

    assert [len(each) for each in terms(f"{long} 1{'0' * 5_000} {long}渡轮")] == [64, 64, 64, 2]
    assert len(stem(long)) == 64
    assert terms(long) == terms(long + "s")


def test_a_name_in_capitals_is_not_the_small_word() -> None:
    assert terms("US") != terms("us")
    assert background(terms("WHO")[0]) > background(terms("who")[0])


def test_chinese_runs_become_bigrams_and_keep_their_numbers() -> None:
    assert terms("启明行动8.17米") == ["启明", "明行", "行动", "8.17", "米"]


@pytest.mark.parametrize(
    ("text", "chinese"),
    [("腾讯发布2026年财报", True), ("ASML的EUV光刻机", True), ("In 北京 today", False), ("", False)],
)
def test_a_text_is_chinese_where_most_of_it_is(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese


@given(st.text(max_size=500))
def test_any_text_has_terms_that_tell_between_nothing_and_one(text: str) -> None:
    for term in terms(text):
        assert term
        assert 0 <= background(term) <= 1

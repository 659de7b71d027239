from __future__ import annotations

import pytest

from retrieval.evaluation.measures import all_found, answer_rank, average_precision, hit, holds, reciprocal_rank

RANKED = ["a", "b", "c", "d", "e"]


def test_a_hit_is_any_relevant_item_in_time() -> None:
    assert hit(RANKED, ["c", "z"], 3) == 1.0
    assert hit(RANKED, ["c", "z"], 2) == 0.0
    assert hit([], ["c"], 10) == 0.0


def test_all_means_every_relevant_item() -> None:
    assert all_found(RANKED, ["a", "c"], 3) == 1.0
    assert all_found(RANKED, ["a", "c"], 2) == 0.0


def test_the_first_relevant_item_gives_the_reciprocal_rank() -> None:
    assert reciprocal_rank(RANKED, ["d", "b"], 10) == 0.5
    assert reciprocal_rank(RANKED, ["d"], 3) == 0.0


def test_average_precision_counts_what_was_missed() -> None:
    assert average_precision(RANKED, ["a", "c"], 10) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(RANKED, ["a", "z"], 10) == pytest.approx(0.5)


def test_average_precision_asks_for_no_more_than_fit() -> None:
    assert average_precision(["a", "b"], ["a", "b", "c"], 2) == 1.0


@pytest.mark.parametrize(
    ("passage", "answer"),
    [
        ("They watched Squid  Game, twice.", "“Squid Game”"),
        ("It is the largest in the United States.", "United States"),
        ("Prices rose to $5 a gallon.", "$5"),
        ("发放了500万元的 消费券", "500万元"),
        ("《防控儿童青少年近视核心知识十条》印发", "防控儿童青少年近视核心知识十条"),
        ("ＮＡＴＯ invited both", "NATO"),
    ],
)
def test_an_answer_stands_in_a_passage_whatever_its_dress(passage: str, answer: str) -> None:
    assert holds(passage, [answer])


@pytest.mark.parametrize(
    ("passage", "answer"),
    [
        ("He scored fourteen goals.", "four"),
        ("It rose by 50%.", "5"),
        ("", "anything"),
        ("The end", "the"),
        ("x", "“”"),
    ],
)
def test_parts_of_words_and_answers_without_words_are_none(passage: str, answer: str) -> None:
    assert not holds(passage, [answer])


def test_the_first_passage_that_holds_any_answer_counts() -> None:
    assert answer_rank(["none", "in Davos", "Davos"], ["Berlin", "Davos"]) == 2
    assert answer_rank(["none"], ["Davos"]) is None

from __future__ import annotations

from generation.quoting.candidates import Candidate
from generation.quoting.select import WORTH_SAYING, choose


def candidate(line: int, cost: float) -> Candidate:
    text = f"Sentence{line} told{line} something{line}."
    return Candidate(line=line, hit=line, text=text, terms=(f"told{line}",), cost=cost, whole=True, boilerplate=False)


def test_three_good_sentences_are_worth_more_than_one_that_is_somewhat_better() -> None:
    found = [candidate(0, 1.0), *(candidate(line, 0.3) for line in (1, 2, 3))]

    several = choose(found, [1.3, 0.0, 0.0, 0.0])
    one = choose(found, [2.0, 0.0, 0.0, 0.0])

    assert several == found[1:]
    assert one == found[:1]


def test_what_is_much_less_likely_than_the_best_is_left_out() -> None:
    found = [candidate(0, 0.3), candidate(1, 0.3)]

    assert choose(found, [WORTH_SAYING, 0.1]) == found
    assert choose(found, [WORTH_SAYING, -0.1]) == found[:1]


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose([], []) == []

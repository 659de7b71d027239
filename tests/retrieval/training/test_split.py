from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.split import split
from tests.retrieval.training.toys import START, example

GROUPS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 500)), min_size=1, max_size=80)


@given(drawn=GROUPS)
def test_copies_never_straddle_and_what_judges_is_the_newest(drawn: list[tuple[int, int]]) -> None:
    examples = [
        example(n, f"q{n}", f"p{n}", group=f"g{group}", at=START + timedelta(hours=hours))
        for n, (group, hours) in enumerate(drawn)
    ]

    parts = split(examples)

    sides = [{each.group for each in side} for side in (parts.training, parts.stopping, parts.judging)]
    assert sum(map(len, sides)) == len(set.union(*sides))
    assert len(parts.training) + len(parts.stopping) + len(parts.judging) == len(examples)
    first = {group: min(each.at for each in examples if each.group == group) for group in set.union(*sides)}
    times = [[first[group] for group in side] for side in sides]
    for older, newer in ((0, 1), (0, 2), (1, 2)):
        assert not times[older] or not times[newer] or max(times[older]) <= min(times[newer])


def test_most_is_learnt_from_and_a_sixth_judges() -> None:
    parts = split([example(n, f"q{n}", f"p{n}") for n in range(100)])

    assert (len(parts.training), len(parts.stopping), len(parts.judging)) == (75, 8, 17)
    assert parts.judging[-1].article == "article-99"


def test_each_language_is_judged_whichever_brought_the_newest() -> None:
    english = [example(n, f"q{n}", f"p{n}") for n in range(100)]
    chinese = [example(n, f"问{n}", f"文{n}", language="zh") for n in range(1000, 1100)]

    parts = split([*chinese, *english])

    for side, each in ((parts.training, 75), (parts.stopping, 8), (parts.judging, 17)):
        assert [example.language for example in side].count("en") == len(side) - each == each


def test_a_question_whose_articles_fall_on_two_sides_is_left_out() -> None:
    examples = [example(n, f"q{n}", f"p{n}") for n in range(50)]
    both = [example(0, "both", "first"), example(49, "both", "last")]

    parts = split([*examples, *both])

    assert all(each.query != "both" for each in (*parts.training, *parts.stopping, *parts.judging))


def test_a_passage_that_stands_on_two_sides_is_left_out() -> None:
    examples = [example(n, f"q{n}", "the morning's news" if n in {0, 49} else f"p{n}") for n in range(50)]

    parts = split(examples)

    assert len(parts.training) + len(parts.stopping) + len(parts.judging) == 48


def test_articles_without_a_time_of_their_own_are_divided_by_their_names_alone() -> None:
    examples = [example(n, f"q{n}", f"p{n}", at=START) for n in range(60)]

    forwards, backwards = split(examples), split(examples[::-1])

    assert {each.article for each in forwards.judging} == {each.article for each in backwards.judging}
    assert {each.article for each in forwards.judging} != {f"article-{n}" for n in range(50, 60)}

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generation import inquiry, select
from generation.features import FEATURES, column, features, score
from storage.domain.dialogue import Question
from storage.domain.news import Hit


def told(name: str, question: Question, hits: list[Hit]) -> dict[str, float]:
    """One feature of every candidate, by its text."""
    reading = select.read_hits(inquiry.read(question.text), hits, question.asked_at)
    found = select.candidates(reading)
    values = column(features(reading, found), name)
    return {candidate.text: value for candidate, value in zip(found, values, strict=True)}


def test_every_feature_of_every_candidate_has_its_column(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    asked = question("Who opened the harbour bridge?")
    reading = select.read_hits(
        inquiry.read(asked.text), [hit("Ada Stone opened the bridge. It rained.")], asked.asked_at
    )

    rows = features(reading, select.candidates(reading))

    assert [len(row) for row in rows] == [len(FEATURES)] * 2
    assert len(score(rows, chinese=False)) == len(score(rows, chinese=True)) == 2


def test_nothing_found_has_no_features(question: Callable[..., Question]) -> None:
    asked = question("Who opened the harbour bridge?")
    reading = select.read_hits(inquiry.read(asked.text), [], asked.asked_at)

    assert features(reading, []) == []


def test_what_is_asked_counts_as_around_a_name_only_near_it(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    near = "Ada Stone opened the harbour bridge."
    far = "Ada Stone spoke for an hour on rain, taxes, schools, roses, cats, dogs; then the harbour bridge opened."

    around = told("around", question("Who opened the harbour bridge?"), [hit(near), hit(far, article="b", rank=1)])

    assert around[near] == pytest.approx(1)
    assert around[far] < 0.1


def test_copies_of_an_article_count_as_one_outlet(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    text = "Ada Stone opened the harbour bridge."
    asked = question("Who opened the harbour bridge?")

    copies = told("outlets", asked, [hit(text, article=f"a{i}", group="a", rank=i) for i in range(4)])
    several = told("outlets", asked, [hit(text, article=f"a{i}", rank=i) for i in range(4)])

    assert (copies[text], several[text]) == (0.25, 1)


def test_what_titles_name_is_told_from_what_they_do_not(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit("Ada Stone opened the harbour bridge. Bo Hill watched.", title="Ada Stone opens harbour bridge")]

    headlined = told("headlined", question("Who opened the harbour bridge?"), hits)

    assert headlined == {"Ada Stone opened the harbour bridge.": 1, "Bo Hill watched.": 0}


def test_similarity_is_told_by_what_it_lacks_of_the_best(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [
        replace(hit("The harbour bridge opened."), similarity=0.75),
        replace(hit("The harbour was shut.", article="b", rank=1), similarity=0.5),
        hit("The bridge is long.", article="c", rank=2),
    ]
    asked = question("Who opened the harbour bridge?")

    assert list(told("similar", asked, hits).values()) == [0, -0.25, -0.25]
    assert set(told("similar", asked, hits[2:]).values()) == {0}

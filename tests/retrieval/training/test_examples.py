from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.collection import JudgedQuestion
from retrieval.training.examples import (
    Asked,
    Example,
    Kind,
    Lesson,
    Written,
    asked_in,
    asked_of,
    in_rounds,
    of_article,
    of_question,
    of_written,
)
from storage.domain.dialogue import Turn
from storage.domain.news import ArticleId
from tests.retrieval.training.toys import example

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
FIRST = "The Kestrel dam will be rebuilt by 2031, minister Ada Okoye said on Friday. Work begins in the spring of 2027."
SECOND = "The work will cost 48 million crowns, the ministry said. Farmers had asked for it since the flood of 2024."


def lesson(*passages: str, title: str = "Kestrel dam to be rebuilt", name: str = "dam", group: str = "dam") -> Lesson:
    return Lesson(
        article=ArticleId(name),
        group=ArticleId(group),
        title=title,
        language="en",
        at=AT,
        passages=passages or (FIRST, SECOND),
    )


def kinds(examples: list[Example]) -> set[Kind]:
    return {each.kind for each in examples}


def test_an_article_teaches_by_its_title_its_lead_and_parts_of_its_sentences() -> None:
    taught = list(of_article(lesson(), seed=0))

    assert kinds(taught) == {Kind.TITLE, Kind.LEAD, Kind.SPAN}
    assert all((each.article, each.language, each.at) == ("dam", "en", AT) for each in taught)
    (lead,) = [each for each in taught if each.kind is Kind.LEAD]
    assert (lead.query, lead.positive) == (FIRST[: FIRST.index(" Work")], SECOND)


def test_a_title_is_to_find_a_passage_that_does_not_begin_with_it() -> None:
    titled = lesson(f"Kestrel dam to be rebuilt\n{FIRST}", SECOND)

    taught = [each for seed in range(5) for each in of_article(titled, seed)]

    assert all(each.query not in each.positive for each in taught if each.kind is Kind.TITLE)


def test_a_span_finds_its_passage_as_it_is_indexed_at_times_without_the_sentence() -> None:
    spans = [each for seed in range(20) for each in of_article(lesson(), seed) if each.kind is Kind.SPAN]

    positives = {each.positive for each in spans}
    whole = {f"{title}\n{each}" for title in ["Kestrel dam to be rebuilt"] for each in (FIRST, SECOND)}
    assert whole < positives
    assert all(len(each) < len(FIRST) for each in positives - whole)


def test_the_same_article_teaches_the_same_however_often_it_is_read() -> None:
    assert list(of_article(lesson(), seed=3)) == list(of_article(lesson(), seed=3))


@given(passages=st.lists(st.text(max_size=120), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_whatever_an_article_holds_no_example_of_it_is_empty(passages: list[str], seed: int) -> None:
    held = tuple(passage for passage in passages if passage.strip()) or ("x",)

    for each in of_article(lesson(*held), seed):
        assert each.query.strip()
        assert each.positive.strip()


def test_a_judged_question_finds_the_passage_that_holds_its_answer() -> None:
    asked = asked_of(
        JudgedQuestion(id="1", text="What will it cost?", relevant=(ArticleId("dam"),), answers=("48 million",))
    )

    assert asked is not None
    (taught,) = of_question(asked, {ArticleId("dam"): lesson()})

    assert taught.kind is Kind.QUESTION
    assert taught.positive.endswith(SECOND)
    assert taught.answers == ("48 million",)


def test_a_turn_finds_the_passage_that_the_reply_was_taken_from() -> None:
    turn = Turn(
        question="and who wanted it?",
        standalone="Who wanted the Kestrel dam rebuilt?",
        answer="Farmers had asked for it since the flood of 2024. [1]",
        cited=(ArticleId("dam"), ArticleId("gone")),
        at=AT,
    )

    asked = asked_in(turn)
    assert asked is not None
    (taught,) = of_question(asked, {ArticleId("dam"): lesson()})

    assert taught.query == "Who wanted the Kestrel dam rebuilt?"
    assert taught.positive.endswith(SECOND)


def test_a_list_that_a_command_showed_is_no_question() -> None:
    turn = Turn(question="/hot", standalone="what's hot", answer="", cited=(ArticleId("dam"),), at=AT)

    assert asked_in(turn) is None


@pytest.mark.parametrize("cited", [(), (ArticleId("gone"),)])
def test_a_refused_question_teaches_nothing(cited: tuple[ArticleId, ...]) -> None:
    turn = Turn(question="Who?", standalone="Who?", answer="", cited=cited, at=AT)

    asked = asked_in(turn) or Asked(text="Who?", articles=cited)

    assert list(of_question(asked, {ArticleId("dam"): lesson()})) == []


def test_a_question_that_names_no_article_is_none() -> None:
    assert asked_of(JudgedQuestion(id="1", text="Who?", answers=("Ada",))) is None


@given(groups=st.lists(st.sampled_from("abcdef"), max_size=40), seed=st.integers(0, 99))
def test_a_round_holds_each_group_once(groups: list[str], seed: int) -> None:
    examples = [example(n, group=group) for n, group in enumerate(groups)]

    ordered = in_rounds(examples, seed)

    assert sorted(each.article for each in ordered) == sorted(each.article for each in examples)
    distinct = len(set(groups))
    assert len({each.group for each in ordered[:distinct]}) == distinct


def test_a_written_question_finds_the_passage_it_was_written_of() -> None:
    written = Written(text="Who asked for the Kestrel dam?", article=ArticleId("dam"), passage=SECOND)

    taught = of_written(written, {ArticleId("dam"): lesson()})

    assert (taught.query, taught.kind, taught.article) == ("Who asked for the Kestrel dam?", Kind.WRITTEN, "dam")
    assert taught.positive == f"Kestrel dam to be rebuilt\n{SECOND}"

from __future__ import annotations

import pytest

from generation.evaluation.noise import is_noisy, questions
from storage.errors import InputError

ROW = {
    "id": 0,
    "query": "cost?",
    "answer": ["9 euros"],
    "positive": [f"It cost 9 euros, {i}." for i in range(6)],
    "negative": [f"It rained, {i}." for i in range(7)],
}


def test_a_line_becomes_a_question_among_noise_and_one_with_noise_alone() -> None:
    answerable, unanswerable = questions(ROW, "f:1")

    assert answerable.answers == ("9 euros",)
    assert len(answerable.passages) == 5
    assert sum("rained" in passage for passage in answerable.passages) == 2
    assert unanswerable.unanswerable
    assert len(unanswerable.passages) == 5
    assert all("rained" in passage for passage in unanswerable.passages)


@pytest.mark.parametrize(
    ("answer", "alternatives"),
    [("nine", ("nine",)), (["nine"], ("nine",)), ([["nine", "9"]], ("nine", "9")), (["nine", "ten"], ())],
)
def test_answers_come_in_several_shapes(answer: object, alternatives: tuple[str, ...]) -> None:
    assert next(questions({**ROW, "answer": answer}, "f:1")).answers == alternatives


def test_passages_of_an_answer_in_parts_are_read_part_by_part() -> None:
    row = {**ROW, "positive": [["one a", "one b"], ["two a"]], "negative": []}

    (only,) = questions(row, "f:1")

    assert only.passages == ("one a", "two a")


@pytest.mark.parametrize("broken", [{"query": 3}, {"answer": []}, {"positive": []}, {"positive": "text"}])
def test_a_line_that_is_built_otherwise_is_named(broken: dict[str, object]) -> None:
    with pytest.raises(InputError, match="f:1"):
        list(questions({**ROW, **broken}, "f:1"))


def test_such_lines_are_known_by_their_fields() -> None:
    assert is_noisy(ROW)
    assert not is_noisy({"question": "cost?", "answers": []})

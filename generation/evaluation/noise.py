"""Questions with passages that answer them and passages that only seem to, as the RGB benchmark gives them.

Each becomes two: one whose passages hold the answer among noise, and one that has the noise alone and must be refused.
Source of the shape: Chen, Lin, Han, Sun, AAAI 2024.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generation.evaluation.answers import AskedQuestion
from storage.errors import InputError

PASSAGES = 5
NOISE = 0.4
"""The share of the passages of an answerable question that do not answer it."""


def is_noisy(row: Mapping[str, object]) -> bool:
    """Whether a line of a file is such a question."""
    return {"query", "answer", "positive", "negative"} <= row.keys()


def questions(row: Mapping[str, object], at: str) -> Iterator[AskedQuestion]:
    """The question among noise, and where there is noise enough the question with nothing else.

    A question whose answer has several parts, each of which must be given, is judged for its refusal alone.

    Args:
        row: A line for which `is_noisy` holds.
        at: Where it stands, for what goes wrong.

    Raises:
        InputError: The line is not built as the benchmark builds it.
    """
    text = row["query"]
    positive, negative = _texts(row["positive"]), _texts(row["negative"])
    if not isinstance(text, str) or not row["answer"] or not positive:
        raise InputError(at, "is no question with an answer and passages that hold it")
    answers = _answers(row["answer"])
    noise = negative[: round(PASSAGES * NOISE)]
    right = positive[: PASSAGES - len(noise)]
    # What answers neither comes first nor last for sure: they alternate as far as they go.
    mixed = [passage for pair in zip(noise, right, strict=False) for passage in pair]
    yield AskedQuestion(text=text, answers=answers, passages=tuple(dict.fromkeys([*mixed, *right])))
    if negative:
        yield AskedQuestion(text=text, unanswerable=True, passages=tuple(negative[:PASSAGES]))


def _answers(value: object) -> tuple[str, ...]:
    """The ways to write the answer, a text or a list with one item, which is a text or a list of ways; else nothing."""
    parts = value if isinstance(value, list) else [value]
    if len(parts) != 1:
        return ()
    return tuple(map(str, parts[0])) if isinstance(parts[0], list) else (str(parts[0]),)


def _texts(value: object) -> Sequence[str]:
    """Passages: texts, or the first text of each list of them where an answer has several parts."""
    items = value if isinstance(value, list) else []
    return [item if isinstance(item, str) else str(item[0]) for item in items if item]

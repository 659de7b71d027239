from __future__ import annotations

import random

import pytest

from generation.evaluation.summaries import JudgedText, evaluate_summaries, first, lead, rouge
from generation.summarize import ExtractiveSummarizer


def longest_common(a: str, b: str) -> int:
    """The textbook's table."""
    row = [0] * (len(b) + 1)
    for x in a:
        last = 0
        for at, y in enumerate(b, start=1):
            last, row[at] = row[at], last + 1 if x == y else max(row[at], row[at - 1])
    return row[-1]


def test_equal_texts_score_one_and_strangers_nothing() -> None:
    assert rouge("湖城大桥通车。", "湖城 大桥\n通车。") == (1.0, 1.0, 1.0)
    assert rouge("甲乙丙", "湖城大桥") == (0.0, 0.0, 0.0)
    assert rouge("", "湖城大桥") == rouge("湖城大桥", "") == (0.0, 0.0, 0.0)


def test_chinese_is_scored_by_characters() -> None:
    one, two, long = rouge("大桥通车了", "大桥今日通车")

    assert one == pytest.approx(2 * 4 / (5 + 6))
    assert two == pytest.approx(2 * 2 / (4 + 5))
    assert long == pytest.approx(2 * 4 / (5 + 6))


def test_other_languages_are_scored_by_words_whatever_their_letter_case() -> None:
    one, two, long = rouge("The bridge opened.", "the BRIDGE has opened, at last")

    assert one == pytest.approx(2 * 3 / (3 + 6))
    assert two == pytest.approx(2 * 1 / (2 + 5))
    assert long == pytest.approx(2 * 3 / (3 + 6))


def test_what_repeats_counts_as_often_as_both_have_it() -> None:
    assert rouge("桥桥桥桥", "桥桥大城")[0] == pytest.approx(2 * 2 / (4 + 4))


def test_the_longest_common_subsequence_is_that_of_the_textbook() -> None:
    chance = random.Random(1)  # noqa: S311  texts, not secrets

    for _ in range(200):
        a, b = ("".join(chance.choices("甲乙丙丁戊", k=chance.randint(1, 40))) for _ in range(2))

        assert rouge(a, b)[2] == pytest.approx(2 * longest_common(a, b) / (len(a) + len(b)))


def test_the_openings_are_of_the_article_not_of_what_stands_before_it() -> None:
    text = "2026-11-20 08:00，正文：大桥通车。市长到场！人很多？还有一句。"

    assert lead(text).replace(" ", "") == "大桥通车。市长到场！人很多？"
    assert first(text) == "大桥通车。市长到场！人很多？还有一句。"
    assert len(first("桥" * 500)) == 200
    assert len(first("word " * 500).split()) == 100


async def test_every_text_is_scored_beside_its_openings() -> None:
    texts = [
        JudgedText(
            text="大桥周五正式通车，耗资三亿元，历时三年。市长到场讲话。天气很好。",
            reference="大桥周五通车，耗资三亿元。",
        ),
        JudgedText(text="The dam broke on Friday evening. Nobody was hurt.", reference="The dam broke."),
    ]
    seen: list[int] = []

    report = await evaluate_summaries(
        ExtractiveSummarizer().summarize, texts, lambda _what, done, _of: seen.append(done)
    )

    assert seen == [1, 2]
    written = ("", "lead3", "first200", "line", "lead1")
    assert {name: len(each) for name, each in report.scores.items()} == dict.fromkeys(written, 2)
    assert all(0 <= value <= 1 for values in report.contained.values() for value in values)
    assert {name: len(each) for name, each in report.contained.items()} == {"line": 2, "lead1": 2}
    assert all(0 < score <= 1 for each in report.scores[""] for score in each)
    assert report.reference_lengths == [13, 3]

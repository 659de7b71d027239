from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.texts import ahead, notes
from storage.domain.dialogue import Answer, Question
from storage.domain.news import Part


def _answer(language: str) -> Answer:
    asked = Question(text="Why?", language=language, asked_at=datetime(2026, 3, 2, tzinfo=UTC), standalone="Why?")
    return Answer(question=asked, engine="extractive")


@pytest.mark.parametrize(("language", "says"), [("en", "gives no reason"), ("zh", "没有说明原因")])
def test_that_no_reason_was_found_is_said(language: str, says: str) -> None:
    assert notes(_answer(language)) == []
    (said,) = notes(replace(_answer(language), unexplained=True))

    assert says in said


@pytest.mark.parametrize(
    ("language", "told_in", "says"), [("en", "zh", "English sources tell of this"), ("zh", "en", "中文来源报道了此事")]
)
def test_that_sources_in_the_readers_language_tell_of_it_without_that_is_said(
    language: str, told_in: str, says: str
) -> None:
    (said,) = notes(replace(_answer(language), told_in=told_in, told_here=True))

    assert said.startswith(says)


@pytest.mark.parametrize(
    ("language", "told_in", "says"), [("en", "zh", "Only Chinese sources"), ("zh", "en", "只有英文来源")]
)
def test_that_only_sources_in_another_language_tell_of_it_is_said(language: str, told_in: str, says: str) -> None:
    (said,) = notes(replace(_answer(language), told_in=told_in))

    assert says in said


@pytest.mark.parametrize(("language", "says"), [("en", "took it for: “Kell?”"), ("zh", "已理解为：“Kell?”")])
def test_what_a_misspelt_question_was_taken_for_is_said(language: str, says: str) -> None:
    answer = replace(_answer(language), meant="Kell?")

    assert says in ahead(answer)
    assert notes(answer) == []
    assert not ahead(_answer(language))


@pytest.mark.parametrize(("language", "says"), [("en", "On “Kell” I found nothing"), ("zh", "关于“Kell”")])
def test_the_side_of_a_comparison_that_nothing_is_told_of_is_named(language: str, says: str) -> None:
    (said,) = notes(replace(_answer(language), untold="Kell"))

    assert says in said


@pytest.mark.parametrize(
    ("days", "english", "chinese"),
    [
        (14, "2 weeks old", "2 周前"),
        (45, "6 weeks old", "6 周前"),
        (75, "2 months old", "2 个月前"),
        (400, "13 months old", "13 个月前"),
        (1625, "4 years old", "4 年前"),
    ],
)
def test_how_old_the_newest_source_is_is_said_as_people_say_it(days: int, english: str, chinese: str) -> None:
    for language, says in (("en", english), ("zh", chinese)):
        answer = _answer(language)
        (said,) = notes(replace(answer, as_of=answer.question.asked_at - timedelta(days=days)))

        assert says in said
        assert str(days) not in said


@pytest.mark.parametrize(("language", "says"), [("en", "Search by meaning is not available"), ("zh", "按含义搜索")])
def test_what_of_the_search_failed_is_said_of_a_refusal_too(language: str, says: str) -> None:
    (said,) = notes(replace(_answer(language), without=frozenset([Part.MEANING])))

    assert says in said

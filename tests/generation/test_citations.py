from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from generation.citations import Violation, check, cite, dated, violations
from storage.domain.dialogue import Answer, Citation, Question, Sentence
from storage.domain.news import Hit

MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def hits(hit: Callable[..., Hit]) -> list[Hit]:
    return [
        hit("The bridge opened on Monday. It cost 3 million.", article="a", published=MAY),
        hit("Mayor Ada Stone cut the ribbon.", article="b", published=JUNE, rank=1),
    ]


@pytest.fixture
def sound(hits: list[Hit], question: Callable[..., Question]) -> Answer:
    sentences, citations = cite(
        [("The bridge opened on Monday.", hits[0]), ("Mayor Ada Stone cut the ribbon.", hits[1])]
    )
    return dated(Answer(question=question("When?"), sentences=sentences, citations=citations, engine="test"))


def test_quotes_become_sentences_numbered_from_one(sound: Answer) -> None:
    assert sound.text == "The bridge opened on Monday. [1] Mayor Ada Stone cut the ribbon. [2]"
    assert [citation.n for citation in sound.citations] == [1, 2]
    assert sound.as_of == JUNE


def test_the_same_quote_of_the_same_article_is_said_once(hits: list[Hit]) -> None:
    sentences, citations = cite([("It cost 3 million.", hits[0]), ("It cost 3 million.", hits[0])])

    assert len(sentences) == len(citations) == 1


def test_a_sound_answer_passes_unchanged(sound: Answer, hits: list[Hit]) -> None:
    checked = check(sound, hits)

    assert checked.answer is sound
    assert checked.violations == ()


def broken_number(answer: Answer) -> Answer:
    return replace(answer, sentences=(*answer.sentences, Sentence(text="Trust me.", citations=(7,))))


def broken_order(answer: Answer) -> Answer:
    renumbered = tuple(replace(citation, n=citation.n + 1) for citation in answer.citations)
    sentences = tuple(replace(s, citations=tuple(n + 1 for n in s.citations)) for s in answer.sentences)
    return replace(answer, citations=renumbered, sentences=sentences)


def broken_article(answer: Answer) -> Answer:
    first, *rest = answer.citations
    return replace(answer, citations=(replace(first, article_id="elsewhere"), *rest))


def broken_quote(answer: Answer) -> Answer:
    first, *rest = answer.citations
    return replace(answer, citations=(replace(first, quote="The bridge opened on Tuesday."), *rest))


def uncited(answer: Answer) -> Answer:
    return replace(answer, sentences=(*answer.sentences, Sentence(text="Everyone knows.", citations=())))


def unused(answer: Answer) -> Answer:
    extra: Citation = replace(answer.citations[0], n=3, quote="It cost 3 million.")
    return replace(answer, citations=(*answer.citations, extra))


def misdated(answer: Answer) -> Answer:
    return replace(answer, as_of=MAY)


@pytest.mark.parametrize(
    ("spoil", "violation"),
    [
        (broken_number, Violation.NUMBER_UNKNOWN),
        (broken_order, Violation.NUMBERS_NOT_IN_ORDER),
        (broken_article, Violation.ARTICLE_NOT_FOUND),
        (broken_quote, Violation.QUOTE_NOT_VERBATIM),
        (uncited, Violation.SENTENCE_UNCITED),
        (unused, Violation.CITATION_UNUSED),
        (misdated, Violation.AS_OF_WRONG),
    ],
)
def test_each_violation_is_named_and_taken_out(
    spoil: Callable[[Answer], Answer], violation: Violation, sound: Answer, hits: list[Hit]
) -> None:
    spoiled = spoil(sound)

    checked = check(spoiled, hits)

    assert violation in violations(spoiled, hits)
    assert violation in checked.violations
    assert violations(checked.answer, hits) == ()
    assert "Mayor Ada Stone cut the ribbon." in checked.answer.text


def test_an_answer_that_rests_on_nothing_becomes_a_refusal(sound: Answer) -> None:
    checked = check(sound, [])

    assert checked.answer.refused
    assert checked.answer.citations == ()
    assert checked.answer.as_of is None


def test_a_number_given_twice_counts_for_its_first_citation(sound: Answer, hits: list[Hit]) -> None:
    twin = replace(sound.citations[1], n=1)

    checked = check(replace(sound, citations=(*sound.citations, twin)), hits)

    assert violations(checked.answer, hits) == ()
    assert checked.answer.citations == sound.citations

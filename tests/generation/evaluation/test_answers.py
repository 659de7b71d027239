from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from generation.evaluation.answers import AskedQuestion, Told, evaluate_answers, hits
from storage.domain.dialogue import Answer, Citation, Question, Sentence
from storage.domain.news import ArticleId

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXTS = {"dam": "The dam cost 48 million crowns. It opened on Monday.", "rain": "It rained."}


def answered(text: str, *quotes: tuple[str, str]) -> Answer:
    citations = tuple(
        Citation(n=n, article_id=ArticleId(article), title=article, quote=quote)
        for n, (article, quote) in enumerate(quotes, start=1)
    )
    return Answer(
        question=Question(text=text, language="en", asked_at=NOW, standalone=text),
        sentences=tuple(Sentence(text=each.quote, citations=(each.n,)) for each in citations),
        citations=citations,
        engine="test",
    )


class Scripted:
    def __init__(self, *answers: Answer) -> None:
        self.answers = {answer.question.text: answer for answer in answers}
        self.times: list[datetime | None] = []

    async def ask(self, question: AskedQuestion) -> Answer:
        self.times.append(question.asked_until)
        return self.answers[question.text]


async def text_of(article: ArticleId) -> str | None:
    return TEXTS.get(article)


def holds(text: str, answers: Sequence[str]) -> bool:
    return any(answer in text for answer in answers)


async def scores(scripted: Scripted, *questions: AskedQuestion) -> dict[str, tuple[float, ...]]:
    report = await evaluate_answers(scripted.ask, text_of, holds, questions, lambda _what, _done, _of: None)
    assert report.n == len(questions)
    return dict(report.scores)


async def test_a_right_short_cited_verbatim_reply_scores_everywhere() -> None:
    right = answered("cost?", ("dam", "The dam cost 48 million crowns."))

    found = await scores(Scripted(right), AskedQuestion(text="cost?", answers=("48 million",)))

    assert found == {
        "refused_answerable": (0.0,),
        "contains": (1.0,),
        "sentence_cited": (1.0,),
        "quote_verbatim": (1.0,),
    }


async def test_refusals_are_counted_by_whether_the_sources_say() -> None:
    refusals = [answered("unknown?"), answered("known?")]

    found = await scores(
        Scripted(*refusals),
        AskedQuestion(text="unknown?", unanswerable=True),
        AskedQuestion(text="known?", answers=("48 million",)),
    )

    assert found == {"refused_unanswerable": (1.0,), "refused_answerable": (1.0,), "contains": (0.0,)}


async def test_a_question_whose_answer_is_not_known_is_judged_for_its_refusal_alone() -> None:
    found = await scores(Scripted(answered("why?")), AskedQuestion(text="why?"))

    assert found == {"refused_answerable": (1.0,)}


@pytest.mark.parametrize(
    ("article", "quote"), [("dam", "The dam cost 49 million crowns."), ("gone", "It rained."), ("dam", "")]
)
async def test_a_quote_that_does_not_stand_in_its_article_is_not_verbatim(article: str, quote: str) -> None:
    found = await scores(Scripted(answered("?", (article, quote))), AskedQuestion(text="?"))

    assert found["quote_verbatim"] == (0.0,)


async def test_a_sentence_that_rests_on_no_citation_of_the_reply_is_uncited() -> None:
    one = answered("?", ("rain", "It rained."))
    loose = replace(one, sentences=(*one.sentences, Sentence(text="So they say.", citations=(7,))))

    found = await scores(Scripted(loose), AskedQuestion(text="?"))

    assert found["sentence_cited"] == (1.0, 0.0)


@pytest.mark.parametrize(
    ("reply", "counts"),
    [("word " * 59 + "48", 1.0), ("word " * 60 + "48", 0.0), ("字" * 118 + "48", 1.0), ("字" * 130 + "48", 0.0)],
)
async def test_only_a_short_reply_holds_an_answer(reply: str, counts: float) -> None:
    found = await scores(Scripted(answered("?", ("dam", reply))), AskedQuestion(text="?", answers=("48",)))

    assert found["contains"] == (counts,)


async def test_each_question_is_asked_at_its_own_time() -> None:
    scripted = Scripted(answered("then?"), answered("now?"))

    await scores(scripted, AskedQuestion(text="then?", asked_until=NOW), AskedQuestion(text="now?"))

    assert scripted.times == [NOW, None]


async def test_a_question_with_passages_of_its_own_is_judged_by_those() -> None:
    question = AskedQuestion(text="cost?", answers=("9 euros",), passages=("It rained.", "It cost 9 euros."))

    async def ask(asked: AskedQuestion) -> Answer:
        second = hits(asked)[1].passage
        return answered(asked.text, (second.headline.id, second.text))

    report = await evaluate_answers(ask, text_of, holds, [question], lambda _what, _done, _of: None)

    assert (report.scores["contains"], report.scores["quote_verbatim"]) == ((1.0,), (1.0,))


def course(*lines: tuple[str, str, int]) -> Answer:
    """A reply of lines, each with its quote and the day its source was published on."""
    citations = tuple(
        Citation(n=n, article_id=ArticleId("dam"), title="", quote=quote, published=datetime(2026, 3, day, tzinfo=UTC))
        for n, (_, quote, day) in enumerate(lines, start=1)
    )
    return Answer(
        question=Question(text="course?", language="en", asked_at=NOW, standalone="course?"),
        sentences=tuple(Sentence(text=text, citations=(n,)) for n, (text, _, _) in enumerate(lines, start=1)),
        citations=citations,
        engine="test",
    )


MOMENTS = (Told(day=date(2026, 3, 1), holds=("cost",)), Told(day=date(2026, 3, 2), holds=("opened", "opens")))


@pytest.mark.parametrize(
    ("lines", "told", "right", "in_order"),
    [
        ([("2026-03-01: It cost much.", "cost", 1), ("2026-03-02: It opened.", "opened", 2)], (1, 1), (1, 1), 1),
        ([("2026-03-02: It opened.", "opened", 2), ("2026-03-01: It cost much.", "cost", 1)], (1, 1), (1, 1), 0),
        # A day that is not its source's, and a line without one.
        ([("2026-03-01: It cost much.", "cost", 2), ("It opened.", "opened", 2)], (0, 0), (0, 0), 0),
        ([], (0, 0), None, 0),
    ],
)
async def test_a_course_is_judged_by_its_moments_its_lines_and_their_order(
    lines: list[tuple[str, str, int]], told: tuple[int, ...], right: tuple[int, ...] | None, in_order: int
) -> None:
    found = await scores(Scripted(course(*lines)), AskedQuestion(text="course?", course=MOMENTS))

    assert found["moment_told"] == told
    assert found.get("moment_right") == right
    assert found["in_order"] == (in_order,)


async def test_of_two_that_are_compared_each_side_is_judged() -> None:
    reply = answered("differ?", ("dam", "The dam cost 48 million crowns."))

    found = await scores(Scripted(reply), AskedQuestion(text="differ?", sides=(("48 million", "48m"), ("52 million",))))

    assert found["side_told"] == (1, 0)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.flows.evidence import MOST_ARTICLES, of_answer, of_articles, of_telling, of_words
from storage.domain.dialogue import Answer, Citation, Question, Remark, Sentence, Turn
from storage.domain.evidence import EvidenceKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA = ReaderId("telegram:7")
QUESTION = Question(text="Who builds them?", language="en", asked_at=NOON, standalone="Who builds the ferries?")


def answer(*articles: str) -> Answer:
    citations = tuple(
        Citation(n=n, article_id=ArticleId(name), title=name, quote="x") for n, name in enumerate(articles, start=1)
    )
    numbers = tuple(each.n for each in citations)
    return Answer(
        question=QUESTION, sentences=(Sentence(text="x", citations=numbers),), citations=citations, engine="test"
    )


def test_a_question_is_about_a_few_articles_of_its_answer_and_weighs_as_one_question() -> None:
    found = of_answer(ADA, answer("a", "a", "b", "c", "d"))

    assert [each.key for each in found] == ["a", "b", "c"]
    assert {(each.reader, each.kind, each.at, each.text) for each in found} == {
        (ADA, EvidenceKind.ASKED, NOON, "Who builds the ferries?")
    }
    assert sum(each.worth for each in found) == pytest.approx(1.0)


def test_a_question_that_leans_on_the_turn_before_asks_on() -> None:
    before = Turn(question="Q", standalone="Q", answer="A", cited=(), at=NOON)

    (found,) = of_answer(ADA, replace(answer("a"), question=replace(QUESTION, follows=before)))

    assert (found.kind, found.worth) == (EvidenceKind.FOLLOWED_UP, 0.5)


@pytest.mark.parametrize(
    "silent",
    [
        replace(answer("a"), listing=True),
        Answer(question=QUESTION, engine="test"),
        Answer(question=QUESTION, remark=Remark.THANKS, engine="none"),
    ],
)
def test_listings_refusals_and_remarks_tell_nothing(silent: Answer) -> None:
    assert of_answer(ADA, silent) == ()


def test_an_act_about_many_articles_is_about_the_first() -> None:
    articles = [ArticleId(str(n)) for n in range(9)]

    found = of_articles(ADA, EvidenceKind.FOLLOWED, articles, NOON)

    assert [each.key for each in found] == articles[:MOST_ARTICLES]
    assert sum(each.worth for each in found) == pytest.approx(3.0)


def test_the_same_words_have_the_same_key() -> None:
    first, second = (of_words(ADA, EvidenceKind.TOLD, words, NOON) for words in ("EU policy", "eu Policy"))

    assert first.key == second.key != of_words(ADA, EvidenceKind.TOLD, "UN policy", NOON).key


@pytest.mark.parametrize(
    ("text", "told", "muted"),
    [
        ("I follow EU energy policy and chip export rules", ["EU energy policy", "chip export rules"], []),
        ("I'm a chip engineer, I follow EU policy.", ["chip engineer", "EU policy"], []),
        ("Tech news, interest rates; the Rhine", ["Tech", "interest rates", "Rhine"], []),
        ("I don't care about celebrity gossip but love cycling", ["cycling"], ["celebrity gossip"]),
        ("U.S. policy. Web 3.0", ["U.S. policy", "Web 3.0"], []),
        ("No sports please", [], ["sports"]),
        ("chips, Chips", ["chips"], []),
        ("我关注欧盟能源政策和芯片出口", ["欧盟能源政策", "芯片出口"], []),
        ("我是一名芯片工程师，对足球很感兴趣，不喜欢娱乐新闻", ["芯片工程师", "足球"], ["娱乐"]),
        ("我对体育不感兴趣", [], ["体育"]),
        ("中国和平协议与贸易", ["中国和平协议", "贸易"], []),
        ("I like", [], []),
        ("and, and", [], []),
    ],
)
def test_what_readers_say_of_themselves_is_taken_apart(text: str, told: list[str], muted: list[str]) -> None:
    found = of_telling(ADA, text, NOON)

    assert [each.text for each in found if each.kind is EvidenceKind.TOLD] == told
    assert [each.text for each in found if each.kind is EvidenceKind.MUTED] == muted

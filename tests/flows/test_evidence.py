from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.flows.evidence import (
    MOST_ARTICLES,
    TOPIC_WEIGHT,
    of_answer,
    of_articles,
    of_ignored,
    of_telling,
    of_things,
    of_words,
)
from storage.domain.annotations import Category
from storage.domain.dialogue import Answer, Citation, Question, Remark, Sentence, Turn
from storage.domain.evidence import EvidenceKind
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from tests.feedback import thing

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


def test_the_news_of_a_topic_tell_of_the_topic_in_the_readers_words_and_less_than_a_question() -> None:
    (found,) = of_answer(ADA, replace(answer("a", "b"), listing=True, topic="chip exports"))

    assert found == of_words(ADA, EvidenceKind.ASKED, "chip exports", NOON, weight=TOPIC_WEIGHT)
    assert found.worth < sum(each.worth for each in of_answer(ADA, answer("a", "b")))


def test_a_topic_of_which_there_is_nothing_tells_nothing() -> None:
    assert of_answer(ADA, Answer(question=QUESTION, listing=True, topic="chip exports", engine="test")) == ()


def test_an_act_about_several_things_at_once_tells_a_little_of_each() -> None:
    things = [thing("a", "b"), thing("c"), thing("d"), thing("e")]

    one, several = (
        of_things(ADA, EvidenceKind.LIKED, things[:1], NOON),
        of_things(ADA, EvidenceKind.LIKED, things, NOON),
    )

    assert [(each.key, each.worth) for each in one] == [("a", 1.0), ("b", 1.0)]
    assert [(each.key, each.worth) for each in several] == [("a", 0.5), ("c", 0.5), ("d", 0.5), ("e", 0.5)]


def test_what_nothing_was_done_about_is_ignored_and_counts_for_little() -> None:
    items = [[ArticleId("a"), ArticleId("b")], [ArticleId("c")], [ArticleId("d"), ArticleId("e")]]

    found = of_ignored(ADA, items, {ArticleId("b"), ArticleId("z")}, NOON)

    assert [(each.kind, each.key, each.at) for each in found] == [
        (EvidenceKind.IGNORED, "c", NOON), (EvidenceKind.IGNORED, "d", NOON), (EvidenceKind.IGNORED, "e", NOON),
    ]  # fmt: skip
    assert [each.worth for each in found] == [-0.05, -0.025, -0.025]
    assert of_ignored(ADA, items, {ArticleId(each) for each in "ace"}, NOON) == ()


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
        ("tell me about sports again", ["sports"], []),
        ("我又想看体育了", ["体育"], []),
        ("我重新关注足球", ["足球"], []),
        ("I'm not interested in tennis", [], ["tennis"]),
        ("I am no longer into golf, really", [], ["golf"]),
        ("not very interested in opera", [], ["opera"]),
        ("less-known painters", ["less-known painters"], []),
        ("我对少年宫很感兴趣", ["少年宫"], []),
        ("chip engineer: RISC-V, chip export rules", ["chip engineer", "RISC-V", "chip export rules"], []),
        ("My interests: football, theme parks", ["football", "theme parks"], []),
        ("my interests are golf and topic models", ["golf", "topic models"], []),
        ("我的兴趣：足球，主题公园", ["足球", "主题公园"], []),
        ("interested in: privacy; not interested in: golf", ["privacy"], ["golf"]),
        ("no: golf. 16:9 screens", ["16:9 screens"], ["golf"]),
        ("I like", [], []),
        ("and, and", [], []),
    ],
)
def test_what_readers_say_of_themselves_is_taken_apart(text: str, told: list[str], muted: list[str]) -> None:
    found = of_telling(ADA, text, NOON)

    assert [each.text for each in found if each.kind is EvidenceKind.TOLD] == told
    assert [each.text for each in found if each.kind is EvidenceKind.MUTED] == muted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("less sport", "sport"),
        ("I'd like less politics please", "politics"),
        ("show me fewer celebrity stories", "celebrity"),
        ("少来点体育", "体育"),
        ("体育新闻少一点", "体育"),
        ("我想少看娱乐新闻", "娱乐"),
    ],
)
def test_of_what_readers_want_less_of_less_is_shown_and_not_nothing(text: str, words: str) -> None:
    assert [(each.kind, each.text) for each in of_telling(ADA, text, NOON)] == [(EvidenceKind.LESS, words)]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("I like football and formula 1", [Category.SPORT, Category.SPORT]),
        ("women's football", [Category.SPORT]),
        ("我喜欢足球和考古", [Category.SPORT, Category.SCIENCE]),
        ("no football", [None]),
        ("gardening", [None]),
    ],
)
def test_what_is_part_of_a_subject_tells_of_that_where_somebody_cares_for_it(
    text: str, subjects: list[Category | None]
) -> None:
    assert [each.category for each in of_telling(ADA, text, NOON)] == subjects

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from retrieval.training.examples import Example, Kind
from retrieval.training.negatives import filled, mined
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId, SearchRequest, SearchResult
from tests.retrieval.training.toys import START, example

EASY = ("alpha beta", "gamma delta", "epsilon zeta", "eta theta")


def hit(text: str, group: str) -> Hit:
    headline = Headline(id=ArticleId(group), title="T", first_seen=START, group=ArticleId(group))
    return Hit(passage=Passage(id=PassageId(1), position=0, text=text, headline=headline), score=1.0)


async def negatives(examples: Sequence[Example], *hits: Hit, allowed: str = "abcdefgh") -> list[str | None]:
    """What is mined where a search finds four easy ones and then these."""
    first = [hit(text, "a") for text in EASY]

    async def search(request: SearchRequest) -> SearchResult:
        return SearchResult(hits=tuple([*first, *hits][: request.k]), took=timedelta(0))

    def as_indexed(passage: Passage) -> str:
        return passage.text

    groups = {ArticleId(each) for each in allowed}
    found = await mined(examples, search, groups, as_indexed, lambda *_: None, seed=0)
    assert [each.query for each in found] == [each.query for each in examples]
    return [each.negative for each in found]


ASKED = example(1, "who builds the ferries", "Halvorsen builds the ferries", group="own", answers=("Halvorsen",))


async def test_what_is_found_after_the_first_few_is_a_negative() -> None:
    assert await negatives([ASKED], hit("the yard was closed", "b")) == ["the yard was closed"]


async def test_the_first_hits_are_none_for_they_may_answer() -> None:
    assert await negatives([ASKED]) == [None]


async def test_copies_of_the_article_are_none() -> None:
    assert await negatives([ASKED], hit("the yard was closed", "own"), allowed="own") == [None]


async def test_the_other_articles_that_answer_the_question_are_none() -> None:
    also = example(2, ASKED.query, "another passage", group="c")

    assert await negatives([ASKED, also], hit("the yard was closed", "c")) == [None, None]


async def test_what_holds_the_answer_is_none() -> None:
    assert await negatives([ASKED], hit("a yard called Halvorsen was closed", "b")) == [None]


async def test_what_holds_the_very_words_of_a_span_is_none() -> None:
    span = example(1, "was closed by ice", "The harbour was closed by ice in winter, it said", kind=Kind.SPAN)

    assert await negatives([span], hit("Elsewhere a road WAS CLOSED by ice", "b")) == [None]


async def test_what_says_the_same_as_the_passage_is_none() -> None:
    asked = example(1, "ferries", "six electric ferries for the lake were ordered")

    assert await negatives([asked], hit("electric ferries for the lake, six, were bought", "b")) == [None]


async def test_what_judges_is_not_met_before() -> None:
    assert await negatives([ASKED], hit("the yard was closed", "z")) == [None]


def test_what_nothing_was_mined_for_gets_another_s_passage_in_its_language() -> None:
    examples = [
        example(1, "one", "first", language="en"),
        example(2, "two", "second", language="en", negative="hard"),
        example(3, "三", "第三", language="zh"),
        example(4, "四", "第四", language="zh", group="article-3"),
    ]

    found = filled(examples, seed=0)

    assert [(each.query, each.negative) for each in found] == [("one", "second"), ("two", "hard")]

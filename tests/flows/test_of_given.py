from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.flows.of_given import OfGiven
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.news import ArticleId, Hit
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
READER, CHAT = ReaderId("telegram:7"), ConversationId("telegram:7")
GIVEN = GivenDocument(reader=READER, conversation=CHAT, document=Document(text="The dam broke."), at=NOW)


class OneDocument:
    def __init__(self, given: GivenDocument | None = GIVEN) -> None:
        self.given = given

    async def of(self, reader: ReaderId, conversation: ConversationId) -> GivenDocument | None:
        return self.given if (reader, conversation) == (READER, CHAT) else None


class Nothing:
    async def find(self, given: GivenDocument, question: str, k: int) -> Sequence[Hit]:
        return ()


def turn(*cited: ArticleId) -> Turn:
    return Turn(question="q", standalone="q", answer="a", cited=cited, at=NOW)


def of_given(shelf: OneDocument | None = None) -> OfGiven:
    return OfGiven(shelf=shelf or OneDocument(), within=Nothing())


@pytest.mark.parametrize(
    "text", ["What does the article say?", "Who is its author?", "这篇文章说了什么？", "文中提到谁？"]
)
async def test_a_question_that_names_what_was_given_lately_is_about_nothing_else(text: str) -> None:
    meant = await of_given().meant(text, [turn(GIVEN.id), turn()], READER, CHAT)

    assert meant is not None
    assert (meant.given, meant.last, meant.surely) == (GIVEN, False, True)


async def test_any_question_may_be_about_it_as_long_as_the_turns_are() -> None:
    meant = await of_given().meant("What will it cost?", [turn(GIVEN.id)], READER, CHAT)

    assert meant is not None
    assert (meant.last, meant.surely) == (True, False)


async def test_it_is_named_after_other_questions_too_but_may_then_be_something_else() -> None:
    meant = await of_given().meant("What does the article say?", [turn(ArticleId("a1"))], READER, CHAT)

    assert meant is not None
    assert not meant.surely


async def test_a_question_after_others_is_about_the_news() -> None:
    assert await of_given().meant("What will it cost?", [turn(ArticleId("a1"))], READER, CHAT) is None


async def test_a_later_document_takes_the_place_of_what_the_turns_were_about() -> None:
    earlier = ArticleId("given:1.000000")

    assert await of_given().meant("What will it cost?", [turn(earlier)], READER, CHAT) is None


async def test_nobody_else_s_document_is_meant() -> None:
    asked = of_given().meant("What does the article say?", [turn(GIVEN.id)], ReaderId("telegram:8"), CHAT)

    assert await asked is None


async def test_where_nothing_was_given_or_it_is_kept_no_longer_the_news_are_asked() -> None:
    assert await of_given(OneDocument(None)).meant("What does the article say?", [], READER, CHAT) is None

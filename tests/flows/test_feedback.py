from __future__ import annotations

from datetime import timedelta

from bot.flows.feedback import Feedback
from storage.domain.evidence import EvidenceKind
from storage.domain.feedback import Thing
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from tests.bot.flows import NOW
from tests.feedback import ADA, GivenEvidence, about, thing

LIKED, DISLIKED, LESS = EvidenceKind.LIKED, EvidenceKind.DISLIKED, EvidenceKind.LESS


class Said:
    """Says things of articles a minute apart."""

    def __init__(self) -> None:
        self.shelf, self.now = GivenEvidence(), NOW
        self.feedback = Feedback(shelf=self.shelf, clock=lambda: self.now)

    async def rate(self, article: str, kind: EvidenceKind, reader: ReaderId = ADA) -> str:
        self.now += timedelta(minutes=1)
        noted = await self.feedback.rated(reader, Thing(articles=(ArticleId(article),)), kind)
        self.shelf.make(noted.changes)
        return noted.said


async def test_what_is_said_of_an_article_is_noted_replaced_and_taken_back() -> None:
    said = Said()

    first = await said.rate("a", LIKED)
    await said.rate("a", LESS)
    await said.rate("b", LIKED)
    second = await said.rate("a", DISLIKED)
    held = said.shelf.said()
    third = await said.rate("a", DISLIKED)

    assert (first, second, third) == ("feedback_liked", "feedback_disliked", "feedback_taken_back")
    assert held == [("less", "a"), ("liked", "b"), ("disliked", "a")]
    assert said.shelf.said() == [("less", "a"), ("liked", "b")]


async def test_one_readers_word_is_not_anothers() -> None:
    said = Said()

    await said.rate("a", LIKED)
    await said.rate("a", LIKED, ReaderId("telegram:8"))

    assert said.shelf.said() == said.shelf.said(ReaderId("telegram:8")) == [("liked", "a")]


async def test_what_is_said_weighs_as_one_act_and_is_of_its_time() -> None:
    said = Said()
    told = about(thing("a", "b", "c"))

    noted = await said.feedback.tapped(ADA, told, 1, LIKED)
    said.shelf.make(noted.changes)

    assert sum(each.worth for each in said.shelf.held.values()) == 2.0
    assert {each.at for each in said.shelf.held.values()} == {NOW}
    assert await said.feedback.given(ADA, told, 1) == {LIKED}

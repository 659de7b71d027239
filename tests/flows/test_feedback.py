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


async def test_what_is_said_in_words_is_what_the_button_says_and_stays_said() -> None:
    by_words, by_button = Said(), Said()
    told = about(thing("a"), thing("b", "c"))

    for _ in range(2):
        noted = await by_words.feedback.spoken(ADA, told, 2, LESS)
        assert noted is not None
        by_words.shelf.make(noted.changes)
    by_button.shelf.make((await by_button.feedback.tapped(ADA, told, 2, LESS)).changes)

    assert noted.said == "feedback_said_already"
    assert list(by_words.shelf.held.values()) == list(by_button.shelf.held.values())


async def test_of_all_of_a_list_it_is_said_as_by_a_reaction_or_has_to_be_of_one() -> None:
    by_words, by_reaction = Said(), Said()
    told = about(thing("a"), thing("b"))

    liked, less = (
        await by_words.feedback.spoken(ADA, told, None, LIKED),
        await by_words.feedback.spoken(ADA, told, None, LESS),
    )
    reacted = await by_reaction.feedback.reacted(ADA, told, LIKED)

    assert liked == reacted
    assert less is None


async def test_what_was_said_last_is_taken_back() -> None:
    said = Said()
    told = about(thing("a"), thing("b"))
    for number, kind in ((1, LIKED), (2, LESS)):
        said.now += timedelta(minutes=1)
        noted = await said.feedback.spoken(ADA, told, number, kind)
        assert noted is not None
        said.shelf.make(noted.changes)

    back = await said.feedback.taken_back(ADA, told)
    said.shelf.make(back.changes)
    left = said.shelf.said()
    said.shelf.make((await said.feedback.taken_back(ADA, told)).changes)

    assert back.said == "feedback_taken_back"
    assert left == [("liked", "a")]
    assert (await said.feedback.taken_back(ADA, told)).said == "feedback_nothing_back"

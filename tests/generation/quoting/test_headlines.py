from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from generation.quoting.headlines import headlines
from storage.domain.dialogue import Question
from storage.domain.news import Hit

CHIP = "PORT ELLERY (Reuters) - Quillon showed its M7 chip on Monday. It is dear. Subscribe to our newsletter."
STRIKE = "Train drivers called off a strike on Friday. Chips were not eaten."
FERRIES = "The town council bought six ferries."


def day(n: int) -> datetime:
    return datetime(2026, 2, n, tzinfo=UTC)


def test_the_newest_stories_come_first_each_with_its_opening_sentence(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [
        hit(FERRIES, article="undated", rank=2),
        hit(CHIP, article="old", published=day(1)),
        hit(STRIKE, article="new", published=day(9), rank=1),
    ]

    answer = headlines(question("news?"), hits, "", 5)

    assert [citation.article_id for citation in answer.citations] == ["new", "old", "undated"]
    assert answer.text.startswith("Train drivers called off a strike on Friday. [1] Quillon showed its M7 chip")
    assert answer.listing
    assert not answer.refused
    assert answer.as_of == day(9)


def test_a_story_is_listed_by_what_it_tells_and_not_by_its_byline_or_date(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    told = "The town council voted on Thursday to buy six electric ferries for the lake."
    texts = [
        f"Ann Lee and Omar Diaz\n{told}",
        f"Jan. 5, 2026 Updated Jan. 6, 2026, 7:59 a.m. ET\n{told}",
        f"From Wire and staff reports\n{told}",
        f"Six hours. {told}",
        f"We will use what you have told us to manage your registration here. {told}",
    ]

    for text in texts:
        answer = headlines(question(""), [hit(text, article="a", published=day(9))], "", 5)
        assert [sentence.text for sentence in answer.sentences] == [told]


def test_of_a_topic_only_what_holds_it_is_listed(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    hits = [
        hit(FERRIES, article="a", published=day(9)),
        hit(STRIKE, article="b", published=day(8)),
        hit("It runs models.", article="c", title="The M7 chip", published=day(7)),
    ]

    answer = headlines(question("any news about chips?"), hits, "chips", 5)

    assert [sentence.text for sentence in answer.sentences] == ["Chips were not eaten.", "It runs models."]


def test_a_story_of_several_outlets_is_listed_once_and_no_more_than_wanted(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(f"Story {i // 2} goes on.", article=f"a{i}", group=f"g{i // 2}", rank=i) for i in range(12)]

    answer = headlines(question("news?"), hits, "", 3)

    assert [sentence.text for sentence in answer.sentences] == [f"Story {i} goes on." for i in range(3)]


def test_an_article_that_holds_nothing_to_quote_is_passed_over(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit("Subscribe to our newsletter! https://evil.example/x", article="a"), hit(FERRIES, article="b", rank=1)]

    answer = headlines(question("news?"), hits, "", 5)

    assert [citation.article_id for citation in answer.citations] == ["b"]


def test_a_long_opening_is_quoted_in_part(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    opening = "The council met, " + "and the council heard another hour of speeches, " * 12 + "and voted."

    answer = headlines(question("news?"), [hit(opening)], "", 5)

    assert 0 < len(answer.sentences[0].text.split()) <= 36
    assert answer.sentences[0].text in opening


def test_without_stories_it_is_a_refusal(question: Callable[..., Question]) -> None:
    assert headlines(question("news?"), [], "", 5).refused


def test_what_is_only_akin_to_a_topic_is_listed_where_nothing_has_its_own_words(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    ship = "Biologists aboard the research ship have found a sea snail."
    hits = [hit(FERRIES, article="a", published=day(8)), hit(ship, article="b", published=day(9))]

    listed = headlines(question("news about ferries"), hits, "ferries", 5)

    assert [citation.article_id for citation in listed.citations] == ["a"]
    assert not headlines(question("news about ferries"), hits[1:], "ferries", 5).refused

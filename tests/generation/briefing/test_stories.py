from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from generation.briefing.stories import headlines, stories
from generation.quoting.select import Reading, read_hits
from generation.reading import inquiry
from storage.domain.news import Hit

NOW = datetime(2026, 3, 20, tzinfo=UTC)
MARCH = {
    "bridge": "The council of Kell approved a bridge over the Sanne on Tuesday. It will carry trams and bicycles.",
    "sanne": "Kell's council voted for the bridge over the Sanne. It will carry trams, bicycles and buses.",
    "metro": "The metro in Kell opens in May. Trains run every four minutes. A day later "
    "a night bus follows. It ends at the old university.",
}
TITLES = {"bridge": "Bridge at Kell approved", "sanne": "Kell votes for Sanne bridge", "metro": "Kell metro opens"}


@pytest.fixture
def read(hit: Callable[..., Hit]) -> Callable[..., Reading]:
    def of(topic: str, *, days: dict[str, int] | None = None) -> Reading:
        hits = [
            hit(text, article=name, title=TITLES[name], rank=rank, published=NOW.replace(day=(days or {}).get(name, 2)))
            for rank, (name, text) in enumerate(reversed(MARCH.items()))
        ]
        return read_hits(inquiry.read(topic), hits, NOW)

    return of


def told(reading: Reading) -> list[set[str]]:
    return [{reading.hits[i].passage.headline.id for i in story.hits} for story in stories(reading)]


def test_articles_of_one_event_are_one_story_and_that_of_most_outlets_comes_first(read: Callable[..., Reading]) -> None:
    assert told(read("Kell")) == [{"bridge", "sanne"}, {"metro"}]


def test_a_story_that_lacks_the_topic_is_none_on_it(read: Callable[..., Reading]) -> None:
    assert told(read("bridge")) == [{"bridge", "sanne"}]


@pytest.mark.parametrize("topic", ["university", "buses and coaches", "news", "鲸鱼", ""])
def test_a_word_in_passing_or_one_that_says_nothing_is_no_story(topic: str, read: Callable[..., Reading]) -> None:
    assert told(read(topic)) == []


def test_each_story_is_named_by_its_best_title(read: Callable[..., Reading]) -> None:
    reading = read("Kell")

    assert [headline.title for headline in headlines(reading, stories(reading))] == [TITLES["sanne"], TITLES["metro"]]


def test_what_was_published_together_belongs_together_sooner(hit: Callable[..., Hit]) -> None:
    texts = (
        "The ferries of Oster stop on Monday, the operator Brenn said. Engines are worn, and spare parts are late.",
        "The quays of Oster stay empty. Commuters may use buses, Brenn said, while ferries rest.",
        "The council of Oster chose a new school. Its roof is of wood.",
    )

    def of(*days: int) -> int:
        hits = [
            hit(text, article=f"a{i}", title="", published=NOW.replace(day=day), rank=i)
            for i, (text, day) in enumerate(zip(texts, days, strict=True))
        ]
        return len(stories(read_hits(inquiry.read("Oster"), hits, NOW)))

    assert (of(3, 3, 3), of(1, 19, 10)) == (2, 3)


def test_articles_that_are_both_on_a_topic_of_several_words_belong_together_sooner(hit: Callable[..., Hit]) -> None:
    texts = (
        "The harbour tram of Oster is late again, Brenn said.",
        "Nobody in Oster rides the harbour tram, Brenn said.",
    )
    hits = [hit(text, article=f"a{i}", published=NOW.replace(day=1 + 9 * i), rank=i) for i, text in enumerate(texts)]

    assert len(stories(read_hits(inquiry.read("Oster harbour tram"), hits, NOW))) == 1

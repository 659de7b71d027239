from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrieval.search.preferences import preference, signals
from retrieval.search.query import understand
from retrieval.search.ranking import Ranking
from storage.domain.news import Filters
from tests.fakes import make_passage

NOW = datetime(2026, 3, 18, 15, tzinfo=UTC)
NOTHING = Ranking(freshness=0, around=0, source=0, phrases=0)


def factor(
    question: str,
    ranking: Ranking,
    *,
    text: str = "flood",
    published: datetime | None = None,
    source: str | None = None,
    url: str | None = None,
) -> float:
    passage = make_passage(1, text, published=published, source=source, url=url)
    return preference(signals(passage, understand(question, Filters(), NOW), NOW, ranking.half_life), ranking)


def test_without_preferences_all_are_as_welcome() -> None:
    assert factor('Who, "flood", says the BBC last week?', NOTHING, published=NOW, source="BBC") == 1.0


def test_freshness_halves_with_every_half_life() -> None:
    ranking = Ranking(freshness=0.4, half_life=timedelta(days=7), around=0, source=0, phrases=0)

    assert factor("flood", ranking, published=NOW) == pytest.approx(1.4)
    assert factor("flood", ranking, published=NOW - timedelta(days=7)) == pytest.approx(1.2)
    assert factor("flood", ranking, published=NOW - timedelta(days=14)) == pytest.approx(1.1)


def test_an_article_of_no_or_of_a_later_time_is_neither_refused_nor_preferred_beyond_the_newest() -> None:
    ranking = Ranking(freshness=0.4)

    assert factor("flood", ranking) == 1.0
    assert factor("flood", ranking, published=NOW + timedelta(days=900)) == pytest.approx(1.4)


def test_a_bound_on_the_time_of_the_news_switches_freshness_off() -> None:
    assert factor("news since January", Ranking(freshness=0.4), published=NOW) == 1.0


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(9, 1.5), (3, 1.5), (10, 1.5), (1, 1.0), (20, 1.0)],
)
def test_news_of_a_time_come_out_while_it_lasts_and_some_days_after(days_ago: int, expected: float) -> None:
    ranking = Ranking(freshness=0, around=0.5, source=0, phrases=0)

    # Between 1 and 8 March: 17 to 10 days ago, a day before and a week after.
    found = factor("Who resigned between 1 March and 8 March?", ranking, published=NOW - timedelta(days=days_ago))

    assert found == expected


@pytest.mark.parametrize(
    ("question", "source", "url"),
    [
        ("What does the BBC say?", "BBC", None),
        ("according to the guardian", "The Guardian", None),
        ("'TechCrunch' reports", None, "https://techcrunch.com/x"),
        ("Does CNN say so?", "www.cnn.com", "https://edition.cnn.com/x"),
        ("Who resigned, Reuters?", "Reuters", None),
        ("does bbc say who resigned", None, "https://www.bbc.co.uk/x"),
        ("news from time about it", None, "https://time.com/x"),
        ("time's story on the flood", None, "https://time.com/x"),
        ("what is on news.ycombinator.com?", None, "https://news.ycombinator.com/x"),
        ("the new york times on the flood", "The New York Times", None),
        ("据路透社报道，谁辞职了", "路透社", None),
    ],
)
def test_a_source_that_is_named_is_preferred(question: str, source: str | None, url: str | None) -> None:
    ranking = Ranking(freshness=0, around=0, source=0.7, phrases=0)

    assert factor(question, ranking, source=source, url=url) == pytest.approx(1.7)
    assert factor("What happened?", ranking, source=source, url=url) == 1.0


@pytest.mark.parametrize(
    ("question", "url"),
    [
        ("What's the latest news about the ferries?", "https://news.ycombinator.com/x"),
        ("What's the latest news about the ferries?", "https://news.sky.com/x"),
        ("How much time is left?", "https://time.com/x"),
        ("Time is up for whom?", "https://time.com/x"),
        ("How many people died?", "https://people.com/x"),
        ("what did the co-founder say?", "https://www.bbc.co.uk/x"),
    ],
)
def test_a_word_of_every_day_names_no_source(question: str, url: str) -> None:
    assert factor(question, Ranking(freshness=0, around=0, source=0.7, phrases=0), url=url) == 1.0


def test_of_a_long_text_only_the_beginning_may_name_a_source() -> None:
    ranking = Ranking(freshness=0, around=0, source=0.7, phrases=0)
    quoted = "It rained. " * 60

    assert factor(f"{quoted} the BBC said", ranking, source="BBC") == 1.0
    assert factor(f"the BBC said {quoted}", ranking, source="BBC") == pytest.approx(1.7)


@pytest.mark.parametrize(
    ("question", "source"), [("Who is timeless?", "Time"), ("Which ape?", "AP"), ("the sunny day", "Sun"), ("x", "")]
)
def test_a_name_inside_of_a_word_is_no_mention(question: str, source: str) -> None:
    assert factor(question, Ranking(freshness=0), source=source) == 1.0


def test_what_is_quoted_is_looked_for_word_for_word() -> None:
    ranking = Ranking(freshness=0, phrases=0.2)

    assert factor('Who wrote "Long Dam" and "Ferries"?', ranking, text="His book Long dam sold.") == pytest.approx(1.1)
    assert factor('Who wrote "Long Dam"?', ranking, text="A dam, long.") == 1.0

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generation.about import about
from generation.brief import brief
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def hit(name: str, title: str, text: str) -> Hit:
    id_ = ArticleId(name)
    headline = Headline(id=id_, title=title, first_seen=NOW, published=NOW, group=id_, source=name, language="en")
    return Hit(passage=Passage(id=PassageId(1), position=0, text=text, headline=headline), score=1.0)


HITS = [
    hit("bridge", "Kell approves Sanne bridge", "The council of Kell approved a bridge over the Sanne on Tuesday."),
    hit("court", "Judge halts Sanne bridge", "A judge halted work on the Sanne bridge on Friday over a missing study."),
    hit("fair", "Autumn fair opens", "The fair on the Sanne opened with a band. Visitors crossed a bridge of boats."),
]


def test_articles_that_a_topic_is_the_subject_of_are_about_it() -> None:
    assert set(about("Sanne bridge", HITS, NOW)) >= {"bridge", "court"}


@pytest.mark.parametrize("topic", ["chip exports", "the of and", "metro"])
def test_where_a_brief_would_be_refused_nothing_is_about_the_topic(topic: str) -> None:
    assert brief(topic, HITS, NOW).empty
    assert about(topic, HITS, NOW) == ()


def test_nothing_is_about_a_topic_where_nothing_was_found() -> None:
    assert about("Sanne bridge", [], NOW) == ()

from __future__ import annotations

from dataclasses import replace

from storage.annotations import AnnotationStore
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.annotations import Annotation, Category, Keyword, Name
from storage.domain.news import ArticleId, Filters
from storage.domain.stories import StoryStep
from storage.stories import StoryStore
from tests.storage.examples import prepared

A, B = ArticleId("a"), ArticleId("b")
NOTED = Annotation(
    category=Category.SCIENCE,
    category_confidence=0.8,
    keywords=(Keyword(text="彗星", score=1.0), Keyword(text='the "Oster" comet', score=0.25)),
    names=(Name(text="Oster", times=3),),
    sentiment=-0.25,
    sentiment_confidence=0.5,
)


async def test_what_is_noted_of_an_article_is_kept_with_the_stories_and_replaced_by_what_is_noted_later(
    database: Database,
) -> None:
    notes, stories = AnnotationStore(database), StoryStore(database)
    await ArticleStore(database).save([prepared("a"), prepared("b")])
    later = replace(NOTED, category=Category.OTHER, keywords=(), names=())

    await stories.commit(StoryStep(after=0, upto=1, noted={A: NOTED, B: NOTED, ArticleId("gone"): NOTED}))
    first = await notes.of([A, B, A, ArticleId("gone")])
    await stories.commit(StoryStep(after=1, upto=2, noted={B: later}))

    assert first == {A: NOTED, B: NOTED}
    assert await notes.of([A, B]) == {A: NOTED, B: later}


async def test_it_goes_with_the_article_and_is_not_written_where_the_step_is_turned_away(database: Database) -> None:
    notes, stories, articles = AnnotationStore(database), StoryStore(database), ArticleStore(database)
    await articles.save([prepared("a"), prepared("b")])
    await stories.commit(StoryStep(after=0, upto=1, noted={A: NOTED}))

    assert not await stories.commit(StoryStep(after=0, upto=1, noted={B: NOTED}))
    await articles.remove([A])

    assert await notes.of([A, B]) == {}


async def test_articles_can_be_bound_to_a_subject(database: Database) -> None:
    articles = ArticleStore(database)
    await articles.save([prepared("a"), prepared("b"), prepared("unnoted")])
    sport = replace(NOTED, category=Category.SPORT)
    await StoryStore(database).commit(StoryStep(after=0, upto=3, noted={A: NOTED, B: sport}))

    bound = Filters(category=Category.SPORT)
    found = await articles.latest(10, bound, None)
    passages = (await articles.changes(0, 100)).added
    kept = await articles.passages([each.id for each in passages], filters=bound, reader=None)

    assert [each.id for each in found] == [B]
    assert {each.headline.id for each in kept.values()} == {B}
    assert bound.any

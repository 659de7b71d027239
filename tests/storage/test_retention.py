from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage import retention
from storage.articles import ArticleStore
from storage.corpus import Corpus
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.changes import Learned, Looked
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.news import ArticleId, Feed
from storage.domain.people import ReaderId
from storage.domain.stories import Placed, RetiredStory, StoryId, StoryMark, StoryStep
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.follows import FollowStore
from storage.readers import ReaderStore
from storage.retention import TRACES_KEPT, RetentionStore
from storage.schema import conversations, dropped_articles, stories, story_views
from storage.stories import StoryStore
from tests.storage.examples import EPOCH, prepared

ADA = ReaderId("telegram:7")
DAY, MONTH = timedelta(days=1), timedelta(days=30)
LATER = EPOCH + timedelta(days=40)
NEWS = (prepared("new", first_seen=LATER), prepared("newer", first_seen=LATER + DAY))
URL = "https://news.example/1"
OWN = "https://own.example/rss"


async def titled(database: Database, *ids: str) -> list[str]:
    """Those of the articles that are there."""
    store = ArticleStore(database)
    return [each for each in ids if await store.get(ArticleId(each)) is not None]


async def traces(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(select(func.count()).select_from(dropped_articles)) or 0)


async def test_what_came_in_too_long_ago_goes_with_all_that_is_of_it(database: Database) -> None:
    store = ArticleStore(database)
    await store.save([prepared("old", canonical_url=URL), *NEWS])

    gone = await RetentionStore(database).drop_articles(MONTH)

    assert (gone, await titled(database, "old", "new")) == (1, ["new"])
    assert await store.passage_count() == 4
    assert len((await Corpus(database).changes(3, 100)).removed) == 2


async def test_age_counts_up_to_the_last_day_but_one_so_that_nothing_goes_before_there_is_news(
    database: Database,
) -> None:
    store, articles = RetentionStore(database), ArticleStore(database)
    await articles.save([prepared("old"), prepared("a", first_seen=EPOCH + MONTH)])
    idle = [await store.drop_articles(MONTH)]
    await articles.save([prepared("b", first_seen=EPOCH + MONTH + DAY)])
    idle.append(await store.drop_articles(MONTH))
    await articles.save([prepared("c", first_seen=EPOCH + MONTH + 2 * DAY)])

    assert (idle, await store.drop_articles(MONTH)) == ([0, 0], 1)
    assert await RetentionStore(database).drop_articles(MONTH) == 0


async def test_a_clock_that_is_years_ahead_for_a_day_lets_nothing_go_then_or_later(database: Database) -> None:
    articles = ArticleStore(database)
    await articles.save([prepared("a"), prepared("b", first_seen=EPOCH + DAY)])
    await articles.save([prepared("ahead", first_seen=EPOCH + 3_650 * DAY)])
    then = await RetentionStore(database).drop_articles(MONTH)
    await articles.save([prepared("c", first_seen=EPOCH + 2 * DAY)])

    assert (then, await RetentionStore(database).drop_articles(MONTH)) == (0, 0)


async def test_an_instance_without_articles_has_none_to_let_go(database: Database) -> None:
    assert await RetentionStore(database).drop_articles(DAY) == 0


async def test_many_go_some_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    store = RetentionStore(database)
    await ArticleStore(database).save([*(prepared(f"old {n}") for n in range(5)), *NEWS])

    assert [await store.drop_articles(MONTH) for _ in range(4)] == [2, 2, 1, 0]


async def test_what_a_reader_did_something_about_stays_and_what_they_ignored_does_not(database: Database) -> None:
    kinds = {kind.value: kind for kind in (EvidenceKind.LIKED, EvidenceKind.ASKED, EvidenceKind.IGNORED)}
    await ArticleStore(database).save([*map(prepared, kinds), *NEWS])
    acts = tuple(Evidence(reader=ADA, kind=kind, at=EPOCH, key=key) for key, kind in kinds.items())
    await EvidenceStore(database).learn(Learned(evidence=acts))

    await RetentionStore(database).drop_articles(MONTH)

    assert await titled(database, *kinds, "new") == ["liked", "asked", "new"]


async def test_a_trace_is_known_by_the_address_or_the_text_to_those_who_saw_the_article(database: Database) -> None:
    store = RetentionStore(database)
    await ArticleStore(database).save(
        [
            prepared("linked", canonical_url=URL),
            prepared("bare", "A note without an address."),
            prepared("own", canonical_url=f"{URL}/own", audience=OWN, feed=OWN),
            *NEWS,
        ]
    )
    await store.drop_articles(MONTH)
    known = {"a": URL, "b": "A note without an address.", "c": f"{URL}/own", "d": f"{URL}/other"}

    assert await store.met(known, None, LATER) == {"a", "b"}
    assert await store.met(known, OWN, LATER) == {"a", "b", "c"}
    assert await store.met({}, None, LATER) == frozenset()


async def test_a_trace_stays_as_long_as_a_feed_has_the_article_and_a_year_more(database: Database) -> None:
    store, articles = RetentionStore(database), ArticleStore(database)
    await articles.save([prepared("a", canonical_url=URL), prepared("b", canonical_url=f"{URL}/b")])
    await articles.save(NEWS)
    await store.drop_articles(MONTH)
    met = LATER + timedelta(days=100)
    await store.met({"a": URL}, None, met)

    await articles.save([prepared(f"{n}", first_seen=LATER + TRACES_KEPT + n * DAY) for n in (1, 2)])
    await store.drop_articles(MONTH)
    still = await store.met({"a": URL, "b": f"{URL}/b"}, None, met)
    await articles.save([prepared(f"{n}", first_seen=met + TRACES_KEPT + n * DAY) for n in (3, 4)])
    await store.drop_articles(MONTH)

    assert still == {"a"}
    assert await store.met({"a": URL}, None, met) == frozenset()


async def test_traces_of_what_only_a_reader_saw_go_with_them(database: Database) -> None:
    await FeedStore(database).subscribe(ADA, Feed(url=OWN, shared=False))
    await ArticleStore(database).save([prepared("own", canonical_url=URL, audience=OWN, feed=OWN), *NEWS])
    await RetentionStore(database).drop_articles(MONTH)
    before = await traces(database)

    await ReaderStore(database).forget(ADA)

    assert (before, await traces(database)) == (1, 0)


async def test_stories_of_which_nothing_is_left_go_and_their_numbers_are_not_given_again(database: Database) -> None:
    articles, book = ArticleStore(database), StoryStore(database)
    names = ("apart", "retired", "merged", "told", "newest")
    dated = {"told": LATER}
    await articles.save([prepared(name, first_seen=dated.get(name, EPOCH)) for name in names])
    await articles.save([prepared("later", first_seen=LATER + DAY)])
    number = {name: StoryId(n) for n, name in enumerate(names, start=1)}
    placed = [Placed(article=ArticleId(n), story=i, arrival=i, novelty=1.0, sketch=None) for n, i in number.items()]
    marks = [StoryMark(id=i, key=n, born=-1 if n == "apart" else i, settled=-1) for n, i in number.items()]
    await book.commit(StoryStep(after=0, upto=4, marks=tuple(marks), placed=tuple(placed)))
    over = (RetiredStory(id=number["retired"], signs=b"", since=9),)
    await book.commit(StoryStep(after=4, upto=5, merged=((number["merged"], number["retired"]),), retired=over))
    await FollowStore(database).look(Looked(reader=ADA, story=number["retired"], at=EPOCH))

    async def left() -> list[int]:
        async with database.reading() as connection:
            return list(await connection.scalars(select(stories.c.id).order_by(stories.c.id)))

    store = RetentionStore(database)
    gone = [await store.drop_articles(MONTH), await store.drop_articles(MONTH)]
    behind = await left()
    await book.commit(StoryStep(after=5, upto=7))
    await store.drop_articles(MONTH)

    assert (gone, behind, await left()) == ([4, 0], [1, 2, 3, 4, 5], [number["told"], number["newest"]])
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(story_views)) == 0
    assert await book.next_id() == 6
    assert await book.retired(number["retired"]) is None


async def test_what_was_asked_goes_by_its_age_and_what_was_told_stays(database: Database) -> None:
    talk, store = DialogueStore(database), EvidenceStore(database)
    for name, at in (("old", EPOCH), ("new", LATER)):
        turn = Turn(question=name, standalone=name, answer="Norhav.", cited=(), at=at)
        kinds = {"asked": EvidenceKind.ASKED, "told": EvidenceKind.TOLD}
        acts = [Evidence(reader=ADA, kind=kind, at=at, key=f"text:{key}", text=name) for key, kind in kinds.items()]
        await talk.record(ConversationId(name), ADA, turn, evidence=acts)

    gone = await RetentionStore(database).drop_talk(LATER)

    assert (gone, await talk.history(ConversationId("old"), 9)) == (1, ())
    assert len(await talk.history(ConversationId("new"), 9)) == 1
    kept = [(each.kind.value, each.text) for each in (await store.of(ADA)).values()]
    assert kept == [("told", "old"), ("asked", "new"), ("told", "new")]
    async with database.reading() as connection:
        assert list(await connection.scalars(select(conversations.c.id))) == ["new"]

from __future__ import annotations

from datetime import timedelta, timezone

import numpy as np
import pytest

from storage import corpus
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Feed, Filters, Passage, PassageId
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from tests.storage.examples import EPOCH, prepared

ADA, BOB = ReaderId("terminal:ada"), ReaderId("terminal:bob")
DAY = timedelta(days=1)
SHARED, OWN = "https://shared.example/rss", "https://own.example/rss"


@pytest.fixture
def store(database: Database) -> ArticleStore:
    return ArticleStore(database)


async def everything(store: ArticleStore) -> tuple[Passage, ...]:
    return (await store.changes(0, 100_000)).added


async def articles(store: ArticleStore, filters: Filters, reader: ReaderId | None = None) -> set[str]:
    ids = [passage.id for passage in await everything(store)]
    return {p.headline.id for p in (await store.passages(ids, filters=filters, reader=reader)).values()}


def unit(rows: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((rows, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


async def test_passages_are_looked_up_by_id_whatever_is_missing(store: ArticleStore) -> None:
    await store.save([prepared("a"), prepared("b")])
    stored = await everything(store)

    found = await store.passages(
        [stored[0].id, stored[0].id, stored[3].id, PassageId(999)], filters=Filters(), reader=None
    )

    assert found == {stored[0].id: stored[0], stored[3].id: stored[3]}
    assert await store.passages([], filters=Filters(), reader=None) == {}


async def test_passages_that_are_at_hand_are_those_of_now_and_of_who_may_see_them(
    store: ArticleStore, database: Database
) -> None:
    await store.save([prepared("a"), prepared("b", feed=OWN, audience=OWN)])
    first = await everything(store)
    ids = [passage.id for passage in first]
    assert len(await store.passages(ids, filters=Filters(), reader=None)) == 4

    assert {p.headline.id for p in (await store.passages(ids, filters=Filters(), reader=BOB)).values()} == {"a"}
    await ArticleStore(database).save([prepared("a", "It turned. It turned again.")])
    now = await everything(store)

    for _ in range(2):
        found = await store.passages([*ids, *(each.id for each in now)], filters=Filters(), reader=None)
        assert found == {passage.id: passage for passage in now}


async def test_whether_there_is_anything_in_a_language_is_known_once_it_comes(
    store: ArticleStore, database: Database
) -> None:
    assert not await store.tells_in("zh")
    await store.save([prepared("a")])
    assert not await store.tells_in("zh")
    assert await store.tells_in("en")
    await store.save([prepared("b", language="zh")])
    assert await store.tells_in("zh")

    # Another, which never saw it, looks for itself.
    assert await ArticleStore(database).tells_in("zh")


async def test_no_more_passages_are_at_hand_than_are_remembered(
    store: ArticleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "_REMEMBERED", 3)
    await store.save([prepared(f"a{i}") for i in range(4)])
    stored = await everything(store)

    for _ in range(2):
        found = await store.passages([each.id for each in stored], filters=Filters(), reader=None)
        assert found == {passage.id: passage for passage in stored}
        assert len(store._remembered) == 3


async def test_more_passages_than_a_statement_takes_are_looked_up(store: ArticleStore) -> None:
    await store.save([prepared(f"a{i}") for i in range(600)])
    stored = await everything(store)

    found = await store.passages([PassageId(i) for i in range(40_000)], filters=Filters(), reader=None)

    assert len(found) == len(stored) == 1200


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"early", "late", "undated", "zh"}),
        (Filters(language="zh"), {"zh"}),
        (Filters(since=EPOCH), {"early", "late"}),
        (Filters(since=EPOCH + timedelta(microseconds=1)), {"late"}),
        (Filters(until=EPOCH + DAY), {"early"}),
        (Filters(until=EPOCH + DAY, undated=True), {"early", "undated", "zh"}),
        (Filters(since=EPOCH, until=EPOCH + DAY), {"early"}),
        (Filters(undated=True), {"early", "late", "undated", "zh"}),
        (Filters(sources=("the  TIMES",)), {"early"}),
        (Filters(sources=("WWW.news.example",)), {"late"}),
        (Filters(sources=("news.example",)), {"late"}),
        (Filters(sources=("news",)), set()),
        (Filters(sources=("news", "the times", "news.example")), {"early", "late"}),
        (Filters(sources=("新华社",), language="zh"), {"zh"}),
    ],
)
async def test_passages_meet_the_filters(store: ArticleStore, filters: Filters, expected: set[str]) -> None:
    await store.save(
        [
            prepared("early", published=EPOCH, source="The Times"),
            prepared("late", published=EPOCH + DAY, url="https://www.News.example/1", source="Other"),
            prepared("undated", url="https://[not an address"),
            prepared("zh", language="zh", source="新华社"),
        ]
    )

    assert await articles(store, filters) == expected


async def test_a_zone_does_not_move_a_bound(store: ArticleStore) -> None:
    shanghai = timezone(timedelta(hours=8))
    await store.save([prepared("a", published=EPOCH.astimezone(shanghai))])

    assert await articles(store, Filters(since=EPOCH.astimezone(shanghai))) == {"a"}
    assert await articles(store, Filters(until=EPOCH.astimezone(shanghai))) == set()


async def test_a_reader_sees_imports_shared_feeds_and_their_own(store: ArticleStore, database: Database) -> None:
    feeds = FeedStore(database)
    await feeds.add([Feed(url=SHARED)])
    await feeds.subscribe(ADA, Feed(url=OWN))
    await store.save(
        [
            prepared("imported"),
            prepared("shared", feed=SHARED),
            prepared("own", feed=OWN, audience=OWN),
            prepared("visited", feed="https://visited-once.example/rss"),
        ]
    )

    assert await articles(store, Filters(), None) == {"imported", "shared", "own", "visited"}
    assert await articles(store, Filters(), ADA) == {"imported", "shared", "own", "visited"}
    assert await articles(store, Filters(), BOB) == {"imported", "shared", "visited"}


async def test_a_feed_a_reader_removed_is_gone_from_their_search_alone(store: ArticleStore, database: Database) -> None:
    feeds = FeedStore(database)
    await feeds.add([Feed(url=SHARED)])
    await store.save([prepared("a", feed=SHARED)])

    await feeds.unsubscribe(ADA, SHARED)

    assert await articles(store, Filters(), ADA) == set()
    assert await articles(store, Filters(), BOB) == {"a"}


async def test_what_came_from_a_private_feed_stays_private_after_it_is_left(
    store: ArticleStore, database: Database
) -> None:
    feeds = FeedStore(database)
    await feeds.subscribe(ADA, Feed(url=OWN))
    await store.save([prepared("secret", feed=OWN, audience=OWN)])

    await feeds.unsubscribe(ADA, OWN)
    after_leaving = await articles(store, Filters(), BOB)
    await feeds.remove(OWN)

    assert after_leaving == await articles(store, Filters(), BOB) == set()


async def test_the_articles_of_a_removed_feed_stay_with_those_who_saw_them(
    store: ArticleStore, database: Database
) -> None:
    feeds = FeedStore(database)
    await feeds.add([Feed(url=SHARED)])
    await feeds.subscribe(ADA, Feed(url=OWN))
    await store.save([prepared("a", feed=SHARED), prepared("own", feed=OWN, audience=OWN)])

    await feeds.remove(SHARED)
    await feeds.remove(OWN)

    assert await feeds.list() == await feeds.list(ADA) == ()
    assert await articles(store, Filters(), ADA) == {"a", "own"}
    assert await articles(store, Filters(), BOB) == {"a"}


async def test_a_feed_that_becomes_everyones_does_not_show_what_it_brought_before(
    store: ArticleStore, database: Database
) -> None:
    feeds = FeedStore(database)
    await feeds.subscribe(ADA, Feed(url=OWN))
    await store.save([prepared("before", feed=OWN, audience=OWN)])

    await feeds.add([Feed(url=OWN)])
    await store.save([prepared("after", feed=OWN)])

    assert await articles(store, Filters(), BOB) == {"after"}
    assert await articles(store, Filters(), ADA) == {"before", "after"}


async def test_a_removed_feed_that_a_reader_takes_up_shows_only_them_what_it_brings_now(
    store: ArticleStore, database: Database
) -> None:
    feeds = FeedStore(database)
    await feeds.add([Feed(url=SHARED)])
    await store.save([prepared("before", feed=SHARED)])
    await feeds.remove(SHARED)

    await feeds.subscribe(ADA, Feed(url=SHARED))
    await store.save([prepared("after", feed=SHARED, audience=SHARED)])

    assert await articles(store, Filters(), ADA) == {"before", "after"}
    assert await articles(store, Filters(), BOB) == {"before"}


async def test_changes_come_in_order_whole_articles_at_a_time(store: ArticleStore) -> None:
    await store.save([prepared("a", pieces=3), prepared("b", pieces=3), prepared("c", pieces=3)])

    first = await store.changes(0, 4)
    second = await store.changes(first.revision, 4)
    third = await store.changes(second.revision, 4)

    assert [(p.headline.id, p.position) for p in first.added] == [(a, i) for a in "ab" for i in range(3)]
    assert [p.headline.id for p in second.added] == ["c"] * 3
    assert third.revision == second.revision
    assert third.added == third.removed == ()


async def test_an_article_without_passages_does_not_stop_the_changes(store: ArticleStore) -> None:
    await store.save([prepared("empty", pieces=1)])
    await store.save([prepared("a"), prepared("b", "x", pieces=1)])
    empty = prepared("none")
    await store.save([type(empty)(article=empty.article, passages=(), fingerprint=empty.fingerprint)])

    changes = await store.changes(0, 2)
    rest = await store.changes(changes.revision, 100)

    assert {p.headline.id for p in (*changes.added, *rest.added)} == {"empty", "a", "b"}
    assert (await store.changes(rest.revision, 100)).revision == rest.revision


async def test_an_index_that_follows_page_by_page_ends_with_what_is_stored(store: ArticleStore) -> None:
    rng = np.random.default_rng(7)
    held: set[int] = set()
    revision = 0
    for step in range(40):
        batch = [prepared(f"a{rng.integers(12)}", f"Text {rng.integers(3)}. Its end.") for _ in range(3)]
        await store.save(batch)
        if step % 3 == 0:
            changes = await store.changes(revision, 3)
            held = (held - set(changes.removed)) | {p.id for p in changes.added}
            revision = changes.revision

    while (changes := await store.changes(revision, 3)).revision != revision:
        held = (held - set(changes.removed)) | {p.id for p in changes.added}
        revision = changes.revision

    assert held == {passage.id for passage in await everything(store)}


async def test_a_database_that_went_back_says_so(store: ArticleStore) -> None:
    await store.save([prepared("a")])

    assert (await store.changes(500, 10)).revision == 1


async def removals(store: ArticleStore, after: int) -> tuple[int, int]:
    changes = await store.changes(after, 100_000)
    return len(changes.removed), changes.pruned


async def test_removals_that_every_index_took_over_are_pruned_but_for_the_newest(store: ArticleStore) -> None:
    await store.save([prepared(f"a{n}", pieces=2) for n in range(6)])
    for n in range(6):
        await store.remove([prepared(f"a{n}").article.headline.id])

    before = await removals(store, 6)
    await store.prune(10, kept=6)
    kept_newest = await removals(store, 6)
    await store.prune(10, kept=0)
    pruned = await removals(store, 6)
    await store.prune(8, kept=0)

    assert before == (12, 0)
    assert kept_newest == (6, 9)
    assert pruned == await removals(store, 6) == (4, 10)
    assert await removals(store, 10) == (4, 10)
    assert (await store.changes(12, 9)).pruned == 10


async def test_pruning_leaves_no_revision_half_known(store: ArticleStore) -> None:
    await store.save([prepared("a", pieces=5), prepared("b", pieces=1)])
    await store.remove([prepared("a").article.headline.id])
    await store.remove([prepared("b").article.headline.id])

    await store.prune(9, kept=3)

    assert await removals(store, 2) == (1, 3)


async def test_nothing_is_pruned_where_little_was_removed(store: ArticleStore) -> None:
    await store.save([prepared("a")])
    await store.remove([prepared("a").article.headline.id])

    await store.prune(2)

    assert await removals(store, 1) == (2, 0)


async def test_passages_are_counted(store: ArticleStore) -> None:
    empty = await store.passage_count()
    await store.save([prepared("a", pieces=3)])

    assert (empty, await store.passage_count()) == (0, 3)


async def test_a_sample_is_spread_over_the_corpus(store: ArticleStore) -> None:
    nothing = await store.sample(5)
    await store.save([prepared(f"a{i}") for i in range(500)])
    ids = [passage.id for passage in await everything(store)]

    sample = await store.sample(700)
    few = await store.sample(3)

    assert nothing == ()
    assert len(sample) == 700
    assert set(sample) <= set(ids)
    assert few == (ids[0], ids[499], ids[-1])
    assert await store.sample(0) == ()
    assert set(await store.sample(5000)) == set(ids)


async def test_vectors_come_back_as_unit_rows(store: ArticleStore) -> None:
    await store.save([prepared("a", pieces=4)])
    ids = [passage.id for passage in await everything(store)]
    given = unit(4)

    await store.store_vectors("mini", ids, given)

    found = await store.vectors("mini", [*ids, PassageId(999)])
    assert list(found) == ids
    for id_, vector in zip(ids, given, strict=True):
        assert found[id_].dtype == np.float32
        assert np.linalg.norm(found[id_]) == pytest.approx(1, abs=1e-6)
        assert float(found[id_] @ vector) > 0.99999
    assert await store.vectors("other", ids) == {}
    assert await store.vectors("mini", []) == {}


async def test_a_vector_stored_again_replaces_the_first(store: ArticleStore) -> None:
    await store.save([prepared("a", pieces=1)])
    ids = [passage.id for passage in await everything(store)]
    await store.store_vectors("mini", ids, unit(1, seed=1))

    await store.store_vectors("mini", ids, unit(1, seed=2))

    assert float((await store.vectors("mini", ids))[ids[0]] @ unit(1, seed=2)[0]) > 0.99999


async def test_vectors_of_passages_that_went_away_are_passed_over(store: ArticleStore) -> None:
    await store.save([prepared("a", "Before. Was so.", pieces=2), prepared("b", pieces=1)])
    ids = [passage.id for passage in await everything(store)]
    await store.save([prepared("a", "After. Is so.", pieces=2)])

    await store.store_vectors("mini", ids, unit(3))
    await store.store_vectors("mini", ids[:2], unit(2))

    assert list(await store.vectors("mini", ids)) == ids[2:]
    assert [p.headline.id for p in await store.unencoded("mini", 10)] == ["a", "a"]


async def test_vectors_of_two_widths_are_each_given_as_they_are(store: ArticleStore) -> None:
    await store.save([prepared("a", pieces=3)])
    ids = [passage.id for passage in await everything(store)]
    await store.store_vectors("mini", ids, unit(3))

    await store.store_vectors("mini", ids[1:2], unit(1)[:, :4])

    found = await store.vectors("mini", ids)
    assert [found[id_].shape for id_ in ids] == [(8,), (4,), (8,)]


async def test_an_encoder_s_vectors_are_forgotten_in_steps_and_no_other_s(store: ArticleStore) -> None:
    await store.save([prepared("a", pieces=7)])
    ids = [passage.id for passage in await everything(store)]
    for encoder in ("mini", "other"):
        await store.store_vectors(encoder, ids, unit(7))

    steps = [await store.forget_vectors("mini", limit=3)]
    half = await store.vectors("mini", ids)
    missing = await store.unencoded("mini", 10)
    while steps[-1] is not None:
        steps.append(await store.forget_vectors("mini", after=steps[-1], limit=3))

    assert list(half) == ids[3:]
    assert [passage.id for passage in missing] == ids[:3], "half forgotten, it knows what it lacks"
    assert steps == [ids[2], ids[5], ids[6], None]
    assert await store.vectors("mini", ids) == {}
    assert len(await store.vectors("other", ids)) == 7
    assert dict((await store.counts()).vectors) == {"other": 7}


async def test_vectors_and_ids_have_to_be_as_many(store: ArticleStore) -> None:
    with pytest.raises(ValueError, match="2 passages but 1 vectors"):
        await store.store_vectors("mini", [PassageId(1), PassageId(2)], unit(1))


async def test_what_has_no_vector_of_this_encoder_is_named_oldest_first(store: ArticleStore) -> None:
    await store.save([prepared("a", pieces=3), prepared("b", pieces=2)])
    stored = await everything(store)

    await store.store_vectors("mini", [stored[0].id, stored[3].id], unit(2))

    assert await store.unencoded("mini", 10) == (stored[1], stored[2], stored[4])
    assert await store.unencoded("mini", 1) == (stored[1],)
    assert len(await store.unencoded("other", 10)) == 5


async def test_vectors_stored_in_any_order_leave_nothing_behind(store: ArticleStore) -> None:
    rng = np.random.default_rng(3)
    for n in range(6):
        await store.save([prepared(f"a{rng.integers(4)}", f"Text {n}. Its end.", pieces=3)])
        missing = [passage.id for passage in await store.unencoded("mini", 100)]
        rng.shuffle(missing)
        await store.store_vectors("mini", missing[: len(missing) // 2], unit(len(missing) // 2))

    while missing := [passage.id for passage in await store.unencoded("mini", 2)]:
        await store.store_vectors("mini", missing, unit(len(missing)))

    ids = [passage.id for passage in await everything(store)]
    assert set(await store.vectors("mini", ids)) == set(ids)
    assert dict((await store.counts()).vectors) == {"mini": len(ids)}


async def test_a_reader_counts_only_what_they_may_see(store: ArticleStore, database: Database) -> None:
    feeds = FeedStore(database)
    own = Feed(url="https://own.example/rss", shared=False)
    await feeds.subscribe(ADA, own)
    await store.save([prepared("a", source="One"), prepared("b", source="Two", feed=own.url, audience=own.url)])

    counted = {reader: await store.counts(reader) for reader in (None, ADA, BOB)}

    assert {reader: (each.articles, each.sources) for reader, each in counted.items()} == {
        None: (2, 2),
        ADA: (2, 2),
        BOB: (1, 1),
    }

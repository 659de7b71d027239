from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import ArticleId, CorpusCounts, Feed, Filters, SaveReport
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from tests.storage.examples import EPOCH, prepared

if TYPE_CHECKING:
    import retrieval.ports

ADA = ReaderId("terminal:ada")
BOB = ReaderId("terminal:bob")


@pytest.fixture
def store(database: Database) -> ArticleStore:
    gathering: retrieval.ports.ArticleStore = (made := ArticleStore(database))
    searching: retrieval.ports.Corpus = made
    assert gathering is searching
    return made


async def test_an_article_comes_back_as_it_was_saved(store: ArticleStore) -> None:
    given = prepared(
        "a",
        "中文。 And English.",
        title="题",
        url="https://www.One.example/a",
        canonical_url="https://one.example/a",
        feed="https://one.example/rss",
        source="One",
        published=EPOCH + timedelta(microseconds=1),
    )

    report = await store.save([given])

    assert report == SaveReport(new=1)
    assert await store.get(ArticleId("a")) == given.article


async def test_an_unknown_article_is_not_there(store: ArticleStore) -> None:
    assert await store.get(ArticleId("nowhere")) is None


async def test_how_many_were_saved_after_a_revision_is_known(store: ArticleStore) -> None:
    await store.save([prepared("a", "One."), prepared("b", "Two.")])
    seen = (await store.changes(0, 100)).revision
    await store.save([prepared("c", "Three.")])

    assert [await store.ahead(revision) for revision in (0, seen)] == [3, 1]


async def test_the_same_article_again_is_a_duplicate_and_changes_nothing(store: ArticleStore) -> None:
    await store.save([prepared("a")])
    before = await store.changes(0, 100)

    report = await store.save([prepared("a")])

    assert report == SaveReport(duplicates=1)
    assert await store.changes(0, 100) == before


async def test_a_changed_article_gets_new_passages_and_keeps_when_it_was_first_seen(store: ArticleStore) -> None:
    await store.save([prepared("a", "The first text. Of two.")])
    old = await store.changes(0, 100)

    report = await store.save([prepared("a", "The second text. Of two.", first_seen=EPOCH + timedelta(days=1))])

    changes = await store.changes(old.revision, 100)
    article = await store.get(ArticleId("a"))
    assert report == SaveReport(updated=1)
    assert article is not None
    assert article.text == "The second text. Of two."
    assert article.headline.first_seen == EPOCH
    assert changes.removed == tuple(passage.id for passage in old.added)
    assert "".join(passage.text for passage in changes.added) == article.text
    assert not {passage.id for passage in changes.added} & {passage.id for passage in old.added}


async def test_another_title_alone_is_a_change(store: ArticleStore) -> None:
    await store.save([prepared("a", title="Before")])

    report = await store.save([prepared("a", title="After")])

    assert report == SaveReport(updated=1)


async def test_an_article_twice_in_a_batch_is_saved_once_as_it_came_last(store: ArticleStore) -> None:
    batch = [prepared("a", "First text."), prepared("a", "First text."), prepared("a", "Last text.")]

    report = await store.save(batch)

    article = await store.get(ArticleId("a"))
    assert report == SaveReport(new=1, duplicates=1, updated=1)
    assert article is not None
    assert article.text == "Last text."
    assert "".join(p.text for p in (await store.changes(0, 100)).added) == "Last text."


async def test_saving_nothing_is_nothing(store: ArticleStore) -> None:
    assert await store.save([]) == SaveReport()
    assert (await store.changes(0, 10)).revision == 0


async def test_what_no_database_can_hold_is_replaced_one_for_one(store: ArticleStore) -> None:
    given = prepared("a", "Half a pair \ud83d and a NUL \x00 here.")

    reports = [await store.save([given]), await store.save([given])]

    article = await store.get(ArticleId("a"))
    assert article is not None
    assert article.text == "Half a pair \ufffd and a NUL \ufffd here."
    assert reports == [SaveReport(new=1), SaveReport(duplicates=1)]


async def test_a_url_leads_to_the_article_that_had_it_first(store: ArticleStore) -> None:
    url = "https://one.example/a"
    await store.save([prepared("later", canonical_url=url, first_seen=EPOCH + timedelta(hours=1))])
    await store.save([prepared("earlier", canonical_url=url), prepared("other")])

    found = await store.held([url, url, "https://nowhere.example/"])

    assert {key: one.id for key, one in found.items()} == {url: "earlier"}


async def test_more_urls_than_a_statement_takes_are_looked_up(store: ArticleStore) -> None:
    await store.save([prepared(f"a{i}", canonical_url=f"https://one.example/{i}") for i in range(1200)])

    found = await store.held([f"https://one.example/{i}" for i in range(40_000)])

    assert len(found) == 1200


async def test_near_copies_are_found_by_the_bands_they_share_the_nearest_first(store: ArticleStore) -> None:
    lowest, highest = -(2**63), 2**63 - 1
    await store.save(
        [
            prepared("far", bands=(1,)),
            prepared("near", group="first", bands=(lowest, highest, 1)),
            prepared("apart", bands=(9,)),
        ]
    )

    found = await store.near([1, lowest, highest, 7])

    assert [group for group, _ in found] == ["first", "far"]
    assert found[0][1].signature == b"near"
    assert found[0][1].bands == (lowest, 1, highest)
    assert await store.near([]) == ()
    assert await store.near([7]) == ()


async def test_a_changed_article_is_recognised_by_its_new_bands_alone(store: ArticleStore) -> None:
    await store.save([prepared("a", "Before.", bands=(1, 2))])

    await store.save([prepared("a", "After.", bands=(2, 3))])

    assert await store.near([1]) == ()
    assert [group for group, _ in await store.near([3])] == ["a"]


async def test_how_many_near_copies_are_returned_is_bounded(store: ArticleStore) -> None:
    await store.save([prepared(f"a{i}", bands=(1,)) for i in range(300)])

    assert len(await store.near([1])) == 200


async def test_the_latest_come_newest_first_and_the_undated_last(store: ArticleStore) -> None:
    await store.save(
        [
            prepared("undated"),
            prepared("old", published=EPOCH),
            prepared("new", published=EPOCH + timedelta(days=1)),
            prepared("chinese", language="zh", published=EPOCH + timedelta(days=2)),
        ]
    )

    everything = await store.latest(10, Filters(), None)
    english = await store.latest(2, Filters(language="en"), None)

    assert [headline.id for headline in everything] == ["chinese", "new", "old", "undated"]
    assert [headline.id for headline in english] == ["new", "old"]


async def test_a_private_article_is_neither_listed_for_nor_given_to_another(
    store: ArticleStore, database: Database
) -> None:
    feed = "https://private.example/rss"
    await FeedStore(database).subscribe(ADA, Feed(url=feed))
    await store.save([prepared("secret", feed=feed, audience=feed)])

    assert await store.get(ArticleId("secret"), ADA) is not None
    assert await store.get(ArticleId("secret"), BOB) is None
    assert len(await store.latest(5, Filters(), ADA)) == 1
    assert await store.latest(5, Filters(), BOB) == ()


async def test_an_article_known_from_one_feed_can_be_linked_to_another(store: ArticleStore, database: Database) -> None:
    feeds = FeedStore(database)
    await feeds.subscribe(ADA, Feed(url="https://ada.example/rss"))
    await feeds.subscribe(BOB, Feed(url="https://bob.example/rss"))
    await feeds.add([Feed(url="https://shared.example/rss")])
    await store.save([prepared("a", feed="https://shared.example/rss")])
    await feeds.unsubscribe(BOB, "https://shared.example/rss")
    before = await store.get(ArticleId("a"), BOB)

    await store.link("https://bob.example/rss", [ArticleId("a"), ArticleId("nowhere")], "https://bob.example/rss")

    assert before is None
    assert await store.get(ArticleId("a"), BOB) is not None
    assert [feed.articles for feed in await feeds.list(BOB)] == [1]


async def test_no_feed_can_be_linked_to_what_another_feeds_readers_alone_see(
    store: ArticleStore, database: Database
) -> None:
    ada, bob = "https://ada.example/rss", "https://bob.example/rss"
    feeds = FeedStore(database)
    await feeds.subscribe(ADA, Feed(url=ada))
    await feeds.subscribe(BOB, Feed(url=bob))
    await store.save([prepared("a", feed=ada, audience=ada)])

    await store.link(bob, [ArticleId("a")], bob)
    await store.link("https://shared.example/rss", [ArticleId("a")])

    assert await store.get(ArticleId("a"), BOB) is None
    assert await store.get(ArticleId("a"), ADA) is not None


async def test_only_the_feed_that_brought_an_article_or_the_operator_rewrites_it(store: ArticleStore) -> None:
    await store.save([prepared("a", title="First", feed="https://z.example/rss")])

    other = await store.save([prepared("a", title="Other", feed="https://a.example/rss")])
    private = await store.save([prepared("a", title="Other", feed="https://z.example/rss", audience="z")])
    after_others = await store.get(ArticleId("a"))
    own = await store.save([prepared("a", title="Second", feed="https://z.example/rss")])
    operator = await store.save([prepared("a", title="Third")])

    assert (other, private) == (SaveReport(duplicates=1), SaveReport(duplicates=1))
    assert after_others is not None
    assert (after_others.headline.title, after_others.feed_url) == ("First", "https://z.example/rss")
    assert (own, operator) == (SaveReport(updated=1), SaveReport(updated=1))


async def test_a_look_up_finds_what_is_everyones_and_the_audiences_own_but_no_other_audiences(
    store: ArticleStore,
) -> None:
    first, second = "https://one.example/1", "https://one.example/2"
    await store.save(
        [
            prepared("ada", canonical_url=first, feed="ada", audience="ada", bands=(1,)),
            prepared("everyones", canonical_url=second, bands=(1,)),
            prepared("adas", canonical_url=second, feed="ada", audience="ada", first_seen=EPOCH + timedelta(days=1)),
        ]
    )

    found = {who: await store.held([first, second], who) for who in ("ada", "bob", None)}
    near = {who: {group for group, _ in await store.near([1], who)} for who in ("ada", "bob", None)}

    assert {who: {url: one.id for url, one in held.items()} for who, held in found.items()} == {
        "ada": {first: "ada", second: "adas"},
        "bob": {second: "everyones"},
        None: {second: "everyones"},
    }
    assert near == {"ada": {"ada", "everyones"}, "bob": {"everyones"}, None: {"everyones"}}


async def test_what_is_stored_is_counted(store: ArticleStore) -> None:
    await store.save([prepared("a", source="One"), prepared("b", source=" one"), prepared("c", source="Two", pieces=3)])

    counts = await store.counts()

    assert counts == CorpusCounts(articles=3, passages=7, sources=2, vectors={})


async def test_a_save_that_fails_leaves_nothing(store: ArticleStore) -> None:
    good = prepared("good")
    twice = replace(good.passages[0], position=1)
    bad = replace(prepared("bad"), passages=(*good.passages, twice))

    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        await store.save([good, bad])

    assert await store.counts() == CorpusCounts(articles=0, passages=0, sources=0, vectors={})
    assert (await store.changes(0, 10)).revision == 0


async def test_removed_articles_take_everything_with_them(store: ArticleStore) -> None:
    await store.save([prepared("a", bands=(1,)), prepared("b", bands=(1,), feed="https://one.example/rss")])
    before = await store.changes(0, 100)

    removed = await store.remove([ArticleId("a"), ArticleId("a"), ArticleId("nowhere")])

    after = await store.changes(before.revision, 100)
    assert removed == 1
    assert await store.get(ArticleId("a")) is None
    assert [group for group, _ in await store.near([1])] == ["b"]
    assert after.removed == tuple(p.id for p in before.added if p.headline.id == "a")
    assert after.added == ()
    assert after.revision > before.revision


async def test_removing_nothing_is_no_change(store: ArticleStore) -> None:
    await store.save([prepared("a")])

    assert await store.remove([ArticleId("nowhere")]) == await store.remove([]) == 0
    assert (await store.changes(0, 100)).revision == 1


async def test_an_article_removed_and_saved_again_has_new_passages(store: ArticleStore) -> None:
    await store.save([prepared("a")])
    old = await store.changes(0, 100)
    await store.remove([ArticleId("a")])

    await store.save([prepared("a")])

    new = await store.changes(old.revision, 100)
    assert new.removed == tuple(p.id for p in old.added)
    assert not {p.id for p in new.added} & set(new.removed)


async def test_articles_are_found_by_the_exact_beginning_of_their_ids(store: ArticleStore) -> None:
    await store.save([prepared(id_) for id_ in ("sample-1", "sample-2", "Sample-3", "sample_4", "5-sample-")])

    assert set(await store.with_prefix("sample-")) == {"sample-1", "sample-2"}


async def test_whose_sources_are_looked_through_for_a_name(store: ArticleStore) -> None:
    await store.save(
        [
            prepared("a", source="The Guardian - World"),
            prepared("b", source="Guardian", feed="https://p.example", audience="https://p.example"),
        ]
    )
    await store.link("https://p.example", [ArticleId("b")], "https://p.example")

    assert await store.sources_like("guardian") == ["guardian"]
    assert await store.sources_like("guardian", ReaderId("other")) == ["the guardian - world"]


async def test_the_languages_that_articles_are_in_are_those_that_a_reader_sees(store: ArticleStore) -> None:
    await store.save([prepared("a", language="zh"), prepared("b", language="en"), prepared("c", language=None)])

    assert await store.languages() == ["en", "zh"]


async def test_sources_are_found_by_part_of_their_name_or_host_and_by_all_of_it_alone(store: ArticleStore) -> None:
    await store.save([
        prepared("a", source="BBC News – World", url="https://www.bbc.co.uk/1"),
        prepared("b", source="Nature", url="https://www.nature.com/1"),
        prepared("c", source="Nature Physics", url="https://www.nature.com/2"),
        prepared("d", source="100% True"),
    ])  # fmt: skip

    assert await store.sources_like("Bbc") == ["bbc news – world", "www.bbc.co.uk"]
    assert await store.sources_like("NATURE") == ["nature"]
    assert await store.sources_like("nature.com") == ["www.nature.com"]
    assert await store.sources_like("%") == ["100% true"]
    assert await store.sources_like("nobody") == []

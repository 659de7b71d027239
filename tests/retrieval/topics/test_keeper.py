from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from retrieval.index.words import WordCutter
from retrieval.ports import DenseIndex, Space
from retrieval.topics.clusterer import Limits
from retrieval.topics.keeper import StoryKeeper
from storage.annotations import AnnotationStore
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import ArticleId, Feed, PreparedArticle
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId, StoryStep
from storage.feeds import FeedStore
from storage.stories import StoryStore
from tests.fakes import HashingEncoder, InMemoryDense
from tests.storage.examples import EPOCH, prepared

EVENTS = {
    "tram": (
        "The mayor of Lindholm opened the new tram line on Monday after five years of works for 48 million crowns.",
        "Trams run in Lindholm again: mayor Ada Stone opened the line on Monday after works for 48 million crowns.",
        "Lindholm's new tram line, which cost 48 million crowns and took five years, opened on Monday.",
    ),
    "flood": (
        "A flood drove four hundred families in Ostervik from their houses by the river Osk in the night to Friday.",
        "Rescuers in Ostervik said four hundred families left houses by the river Osk because of the flood on Friday.",
    ),
    "rates": (
        "Norvale's central bank raised its key interest rate by half a point to 3.5 percent, governor Ilja Roth said.",
        "Governor Ilja Roth: the central bank of Norvale lifts its interest rate to 3.5 percent, half a point more.",
    ),
    "cup": (
        "Port Ellery won the Lakes Cup final against Marburg Rovers with a goal by Sven Dahl in the last minute.",
        "A goal by Sven Dahl in the last minute gave Port Ellery the Lakes Cup in the final against Marburg Rovers.",
    ),
    "comet": (
        "Astronomers at the Heron observatory found a comet that will pass in May, brighter than any since 1997.",
        "A comet found by astronomers at the Heron observatory passes in May, the brightest comet since 1997.",
    ),
    "strike": (
        "Train drivers of the state railway called off their five-day strike after a deal on breaks and pay.",
        "The five-day strike of train drivers is called off: union and state railway made a deal on pay and breaks.",
    ),
}
WHAT, OTHER = EVENTS["tram"], EVENTS["flood"]


def ignored(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""


class Spaces:
    """Searches look among the vectors of one encoder, or of another later on."""

    def __init__(self, encoder: HashingEncoder) -> None:
        self.encoder = encoder
        self.dense: DenseIndex = InMemoryDense()

    async def current(self) -> Space:
        return Space(encoder=self.encoder, dense=self.dense)


class House:
    """A database with articles, and keepers of its stories, one process after the other."""

    def __init__(self, database: Database, words: Path) -> None:
        self.articles = ArticleStore(database)
        self.book = StoryStore(database)
        self.notes = AnnotationStore(database)
        self.spaces = Spaces(HashingEncoder(dimensions=384))
        self.cutter = WordCutter(words)
        self.mine = True

    def keeper(self, limits: Limits | None = None) -> StoryKeeper:
        return StoryKeeper(self.articles, self.book, self.spaces, self.cutter, lambda: self.mine, limits=limits)

    async def take_in(self, articles: Sequence[PreparedArticle], *, encoded: bool = True) -> None:
        await self.articles.save(articles)
        if encoded:
            await self.encode()

    async def encode(self) -> None:
        encoder = self.spaces.encoder
        missing = await self.articles.unencoded(encoder.name, 10_000)
        vectors = await encoder.encode_documents([each.text for each in missing])
        await self.articles.store_vectors(encoder.name, [each.id for each in missing], vectors)

    async def stories(self, articles: Sequence[PreparedArticle]) -> dict[str, StoryId]:
        ids = [ArticleId(each.article.headline.id) for each in articles]
        return {str(article): story for article, story in (await self.book.known(ids)).items()}


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path / "words")


def edition() -> list[PreparedArticle]:
    """Six events, told by two or three outlets, in an order that jumps between them."""
    told = [(f"{event}{n}", text) for event, texts in EVENTS.items() for n, text in enumerate(texts)]
    order = np.random.default_rng(0).permutation(len(told))
    return [
        prepared(told[i][0], told[i][1], title="", pieces=1, published=EPOCH + timedelta(hours=n))
        for n, i in enumerate(order.tolist())
    ]


def parts(stories: dict[str, StoryId]) -> set[frozenset[str]]:
    """Which articles are together, whatever their story's number."""
    found: dict[StoryId, set[str]] = {}
    for article, story in stories.items():
        found.setdefault(story, set()).add(article)
    return set(map(frozenset, found.values()))


async def test_articles_on_one_event_are_one_story_and_every_article_is_in_one(house: House) -> None:
    articles = edition()
    await house.take_in(articles)

    placed = await house.keeper().follow(ignored)

    stories = await house.stories(articles)
    assert placed == len(stories) == len(articles)
    assert stories["tram0"] == stories["tram1"] == stories["tram2"]
    assert len(set(stories.values())) == len(EVENTS)
    assert await house.keeper().follow(ignored) == 0


@pytest.mark.parametrize("title", ["5 things to know for May {}", "Powerball winning numbers for May {}"])
async def test_a_round_up_or_one_of_a_series_is_a_story_of_its_own_and_brings_none_together(
    house: House, title: str
) -> None:
    many = f"{WHAT[0]} {OTHER[0]}"
    roundups = [prepared(f"{n}", many, title=title.format(n), pieces=1) for n in (3, 4)]
    articles = [prepared("tram", WHAT[0], pieces=1), *roundups, prepared("flood", OTHER[0], pieces=1)]
    await house.take_in(articles)

    await house.keeper().follow(ignored)

    assert len(set((await house.stories(articles)).values())) == len(articles)


async def test_what_greets_as_a_round_up_is_known_as_one_where_it_is_listed(house: House) -> None:
    greeting = f"Here is what you need to know today. {WHAT[0]} {OTHER[0]}"
    articles = [prepared("many", greeting, title="Storm nears", pieces=1), prepared("flood", OTHER[0], pieces=1)]
    await house.take_in(articles)

    await house.keeper().follow(ignored)

    numbers = await house.stories(articles)
    many, flood = [await house.book.story(numbers[each], None) for each in ("many", "flood")]
    assert many is not None
    assert flood is not None
    assert (many.tells, flood.tells) == (False, True)


async def test_what_is_noted_of_an_article_is_written_with_its_story(house: House) -> None:
    articles = edition()
    await house.take_in(articles)

    await house.keeper().follow(ignored)

    noted = await house.notes.of([ArticleId("flood0"), ArticleId("tram0")])
    assert len(noted) == 2
    assert "Lindholm" in {name.text for name in noted[ArticleId("tram0")].names}
    assert noted[ArticleId("flood0")].keywords


@pytest.mark.parametrize("at", [1, 5, 10])
async def test_a_process_that_takes_over_goes_on_as_the_one_before_would_have(
    house: House, tmp_path: Path, at: int
) -> None:
    articles = edition()
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    await other.migrate()
    alone = House(other, tmp_path / "words")
    keeper = alone.keeper()

    for some in (articles[:at], articles[at:]):
        await house.take_in(some)
        await house.keeper().follow(ignored)
        await alone.take_in(some)
        await keeper.follow(ignored)

    assert await house.stories(articles) == await alone.stories(articles)
    await other.close()


async def test_a_step_that_is_not_written_is_repeated_and_leaves_nothing_behind(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = edition()
    await house.take_in(articles)
    keeper, commit, failing = house.keeper(), house.book.commit, [True, True, False]

    async def breaking(step: StoryStep) -> bool:
        if failing.pop(0) if failing else False:
            raise OSError("the disk is full")
        return await commit(step)

    monkeypatch.setattr(house.book, "commit", breaking)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            await keeper.follow(ignored)
    between = await house.stories(articles)
    await keeper.follow(ignored)

    assert between == {}
    assert len(await house.stories(articles)) == len(articles)


async def test_two_processes_at_once_put_no_article_into_two_stories(house: House) -> None:
    articles = edition()
    one, two = house.keeper(), house.keeper()

    for start in range(0, len(articles), 5):
        await house.take_in(articles[start : start + 5])
        await asyncio.gather(one.follow(ignored), two.follow(ignored))

    stories = await house.stories(articles)
    assert len(stories) == len(articles)
    assert stories["tram0"] == stories["tram1"] == stories["tram2"]


async def test_articles_wait_for_their_vectors_and_processes_for_their_turn(house: House) -> None:
    articles = edition()
    await house.take_in(articles, encoded=False)

    assert await house.keeper().follow(ignored) == 0
    await house.encode()
    house.mine = False
    assert await house.keeper().follow(ignored) == 0
    house.mine = True
    assert await house.keeper().follow(ignored) == len(articles)


async def test_an_article_that_is_corrected_stays_in_its_story_and_is_noted_anew(house: House) -> None:
    articles = edition()
    await house.take_in(articles)
    keeper = house.keeper()
    await keeper.follow(ignored)
    before = await house.stories(articles)

    await house.take_in([prepared("tram0", f"{WHAT[0]} It runs to Ostervik.", title="A title", pieces=1)])
    placed = await keeper.follow(ignored)

    assert placed == 0
    assert await house.stories(articles) == before
    noted = await house.notes.of([ArticleId("tram0")])
    assert "Ostervik" in {name.text for name in noted[ArticleId("tram0")].names}


async def test_an_article_that_tells_of_something_else_by_now_goes_to_the_story_of_that(house: House) -> None:
    articles = edition()
    await house.take_in(articles)
    keeper = house.keeper()
    await keeper.follow(ignored)
    before = await house.stories(articles)

    await house.take_in([prepared("tram0", OTHER[0], title="", pieces=1)])
    placed = await keeper.follow(ignored)

    assert placed == 1
    assert await house.stories(articles) == {**before, "tram0": before["flood0"]}


async def test_a_change_of_encoder_leaves_the_stories_and_goes_on_with_the_new_vectors(house: House) -> None:
    articles = edition()
    await house.take_in(articles[:7])
    keeper = house.keeper()
    await keeper.follow(ignored)
    before = await house.stories(articles)

    house.spaces.encoder = HashingEncoder(dimensions=512, name="another")
    await house.take_in(articles[7:])
    await keeper.follow(ignored)

    after = await house.stories(articles)
    assert len(after) == len(articles)
    assert parts({article: after[article] for article in before}) == parts(before)
    assert after["tram0"] == after["tram1"] == after["tram2"]


async def test_a_story_that_was_retired_is_found_again(house: House) -> None:
    limits = Limits(compared=8, per_story=4, held=8, archived=64)
    keeper = house.keeper(limits)
    tram = [prepared(f"tram{n}", text, title="", pieces=1) for n, text in enumerate(WHAT)]
    crowd = [each for each in edition() if "tram" not in each.article.headline.id]

    for some in (tram[:2], crowd, tram[2:]):
        await house.take_in(some)
        await keeper.follow(ignored)

    stand = await house.book.stand(64)
    stories = await house.stories([*tram, *crowd])
    assert stand.retired
    assert len(stories) == len(tram) + len(crowd)
    assert stories["tram0"] == stories["tram1"] == stories["tram2"]


async def test_a_story_whose_articles_are_gone_is_no_hindrance(house: House) -> None:
    articles = edition()
    await house.take_in(articles[:6])
    await house.keeper().follow(ignored)

    await house.articles.remove([ArticleId(each.article.headline.id) for each in articles[:6]])
    again = [replace(articles[0]), *articles[6:]]
    await house.take_in(again)

    assert await house.keeper().follow(ignored) == len(again)


async def test_what_only_some_readers_see_changes_no_story_for_the_others(house: House) -> None:
    articles = edition()
    await house.take_in(articles)
    keeper = house.keeper()
    await keeper.follow(ignored)
    before = await house.stories(articles)
    both = " ".join(text for texts in (WHAT, OTHER) for text in texts)
    private = [
        prepared(f"private{n}", text, title="", pieces=1, audience="https://private.example/feed", bands=(n,))
        for n, text in enumerate([*WHAT, both, both + " Again.", "A diary of nothing that anybody else tells of."])
    ]

    await house.take_in(private)
    await keeper.follow(ignored)

    assert await house.stories(articles) == before
    own = await house.stories(private)
    assert len(own) == len(private)
    assert own["private0"] == before["tram0"]
    assert own["private5"] not in before.values()
    assert {each.article for each in (await house.book.stand(10)).members}.isdisjoint(own)


def of_own(feed: str, texts: Sequence[str], tag: str) -> list[PreparedArticle]:
    """Articles of a feed that is not everybody's."""
    return [
        prepared(f"{tag}{n}", text, title="", pieces=1, audience=feed, feed=feed, bands=(hash(tag) % 999 * 9 + n,))
        for n, text in enumerate(texts)
    ]


async def subscribed(house: House, **feeds: Sequence[str]) -> None:
    """Readers, each with feeds of their own."""
    for reader, urls in feeds.items():
        for url in urls:
            await FeedStore(house.articles._database).subscribe(ReaderId(reader), Feed(url=url, shared=False))


@pytest.mark.parametrize("at_once", [True, False])
async def test_what_only_some_readers_see_makes_stories_among_itself(house: House, at_once: bool) -> None:
    await subscribed(house, ada=["https://a.example/1", "https://a.example/2"])
    first = of_own("https://a.example/1", [WHAT[0], OTHER[0]], "first")
    second = of_own("https://a.example/2", [WHAT[1], OTHER[1]], "second")
    for some in [first + second] if at_once else [first, second]:
        await house.take_in(some)
        await house.keeper().follow(ignored)

    own = await house.stories(first + second)

    assert own["first0"] == own["second0"] != own["first1"] == own["second1"]
    assert (await house.book.stand(10)).members == ()


async def test_stories_of_what_only_some_readers_see_go_on_after_a_change_of_encoder(house: House) -> None:
    feed = "https://a.example/1"
    await subscribed(house, ada=[feed])
    first, second = (of_own(feed, [WHAT[n], OTHER[n]], f"own{n}") for n in range(2))
    await house.take_in(first)
    await house.keeper().follow(ignored)
    house.spaces.encoder = HashingEncoder(dimensions=512, name="another")
    await house.take_in(second)
    await house.keeper().follow(ignored)

    own = await house.stories(first + second)

    assert own["own00"] == own["own10"] != own["own01"] == own["own11"]
    company = await house.book.company(feed, 9)
    assert all(each.sketch is not None and b"another" in each.sketch for _, each in company.members)


async def test_readers_of_other_feeds_are_in_no_story_with_each_other_and_everybodys_come_as_without(
    house: House,
) -> None:
    await subscribed(house, ada=["https://a.example/1", "https://b.example/1"], ben=["https://b.example/1"])
    hers, theirs = of_own("https://a.example/1", WHAT, "hers"), of_own("https://b.example/1", WHAT, "theirs")
    articles = edition()
    told = [each for each in articles if not each.article.headline.id.startswith("tram")]
    for some in (told, hers + theirs, [each for each in articles if each not in told]):
        await house.take_in(some)
        await house.keeper().follow(ignored)

    own, everybodys = await house.stories(hers + theirs), await house.stories(articles)

    assert parts(own) == {frozenset(f"{who}{n}" for n in range(3)) for who in ("hers", "theirs")}
    assert set(own.values()).isdisjoint(everybodys.values())
    assert len(set(everybodys.values())) == len(EVENTS)
    assert {each.story for each in (await house.book.stand(10)).members} == set(everybodys.values())


async def test_of_what_only_some_readers_see_the_latest_is_compared_with(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.topics.keeper._COMPANY", 2)
    feed = "https://a.example/1"
    await subscribed(house, ada=[feed])
    for n, told in enumerate([OTHER[0], WHAT[0], WHAT[1]]):
        await house.take_in(of_own(feed, [told], f"own{n}"))
        await house.keeper().follow(ignored)
    await house.take_in(of_own(feed, [WHAT[2]], "last"))
    await house.keeper().follow(ignored)

    company = await house.book.company(feed, 9)

    assert [each.article for _, each in company.members] == ["own10", "own20", "last0"]
    assert len({each.story for _, each in company.members}) == 1


async def test_what_is_removed_is_joined_no_longer_and_may_come_again(house: House) -> None:
    articles = edition()
    await house.take_in(articles)
    keeper = house.keeper()
    await keeper.follow(ignored)
    before = await house.stories(articles)
    trams = [each for each in articles if "tram" in each.article.headline.id]

    await house.articles.remove([ArticleId(each.article.headline.id) for each in trams])
    await house.take_in(trams[:1])
    await keeper.follow(ignored)

    others = await house.stories([each for each in articles if each not in trams])
    assert len(await house.stories(trams)) == 1
    assert others == {article: story for article, story in before.items() if article in others}
    marks = (await house.book.stand(10)).marks
    assert not any(each.article.headline.id in mark.key for mark in marks for each in articles)


@pytest.mark.parametrize("dimensions", [512, 384])
async def test_retired_stories_of_another_encoder_are_left_alone(house: House, dimensions: int) -> None:
    limits = Limits(compared=8, per_story=4, held=8, archived=64)
    articles = edition()
    await house.take_in(articles)
    await house.keeper(limits).follow(ignored)
    assert (await house.book.stand(64)).retired

    house.spaces.encoder = HashingEncoder(dimensions=dimensions, name="another")
    more = [prepared(f"more{n}", f"Number {n} of something else altogether {n * 7}.", pieces=1) for n in range(20)]
    for some in (more[:10], more[10:]):
        await house.take_in(some)
        await house.keeper(limits).follow(ignored)

    assert len(await house.stories(more)) == len(more)


async def test_a_damaged_sketch_is_made_anew_and_written_back(house: House, database: Database) -> None:
    articles = edition()
    await house.take_in(articles[:7])
    await house.keeper().follow(ignored)
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE story_articles SET sketch = :bytes"), {"bytes": b"\x00\xff"})

    await house.take_in(articles[7:])
    await house.keeper().follow(ignored)

    stories = await house.stories(articles)
    assert len(stories) == len(articles)
    assert stories["tram0"] == stories["tram1"] == stories["tram2"]
    assert all(each.sketch != b"\x00\xff" for each in (await house.book.stand(10)).members)

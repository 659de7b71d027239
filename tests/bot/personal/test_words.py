from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.asking import Asking
from bot.personal import words
from bot.personal.words import Own, Phrases
from storage.domain.annotations import Category
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from tests.fakes import HashingEncoder, InMemoryCorpus

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEXTS = {1: "Ferries cross the lake again", 2: "A dam is built", 3: "Two ferries were ordered"}


@dataclass(slots=True)
class Everything:
    """Finds all there is for whatever is looked for, and remembers for what."""

    asked: list[SearchRequest] = field(default_factory=list)

    async def search(self, request: SearchRequest) -> SearchResult:
        self.asked.append(request)
        return SearchResult(
            hits=tuple(Hit(passage=passage(n), score=1.0) for n in TEXTS), took=timedelta(milliseconds=1)
        )


def passage(number: int) -> Passage:
    id_ = ArticleId(f"a{number}")
    headline = Headline(id=id_, title=TEXTS[number], first_seen=NOON, group=id_)
    return Passage(id=PassageId(number), position=0, text=TEXTS[number], headline=headline)


@dataclass(slots=True)
class House:
    """What is looked for, and where it is found."""

    search: Everything = field(default_factory=Everything)
    encoder: HashingEncoder = field(default_factory=HashingEncoder)
    corpus: InMemoryCorpus = field(default_factory=lambda: InMemoryCorpus([passage(number) for number in TEXTS]))
    phrases: Phrases = field(init=False)

    def __post_init__(self) -> None:
        self.phrases = Phrases(
            words=self,
            search=self.search,
            corpus=self.corpus,
            cut=lambda text: text.lower().split(),
            called={each: (str(each),) for each in Category},
        )

    async def words(self, readers: Collection[ReaderId], keys: Collection[str]) -> Own:
        raise NotImplementedError(f"{readers} {keys} are not asked for")

    async def encode(self) -> None:
        vectors = await self.encoder.encode_documents(list(TEXTS.values()))
        await self.corpus.store_vectors(self.encoder.name, [PassageId(number) for number in TEXTS], vectors)

    async def found(
        self, *told: str, view: str = "all", later: timedelta = timedelta(), since: datetime = NOON
    ) -> list[int]:
        own = {(ADA, f"text:{number}"): text for number, text in enumerate(told)}
        asking = Asking(reader=ADA, length=3, view=view)
        found = await self.phrases.found(self.encoder, own, since, asking, NOON + later)
        return [len(found[phrase]) for phrase in told]

    @property
    def looked_for(self) -> list[str]:
        return [request.text for request in self.search.asked]


async def test_a_phrase_lies_where_the_passages_lie_that_have_its_words() -> None:
    house = House()
    await house.encode()

    assert await house.found("ferries", "weirs") == [2, 0]


async def test_what_many_told_is_looked_for_once_for_the_readers_of_all_batches() -> None:
    house = House()
    await house.encode()

    one = await house.found("ferries", "dam")
    other = await house.found("dam", "weirs", "ferries", later=timedelta(minutes=5))

    assert (one, other) == ([2, 1], [1, 0, 2])
    assert house.looked_for == ["ferries", "dam", "weirs"]


@pytest.mark.parametrize(
    "otherwise",
    [{"view": "others"}, {"later": timedelta(hours=1)}, {"later": -timedelta(hours=1)}, {"since": NOON - timedelta(1)}],
    ids=["who sees other articles", "a while later", "by a clock that was wrong", "of another time"],
)
async def test_it_is_looked_for_anew_where_something_else_may_be_found(otherwise: dict[str, object]) -> None:
    house = House()
    await house.found("ferries")

    await house.found("ferries", **otherwise)  # type: ignore[arg-type]  # by name

    assert house.looked_for == ["ferries", "ferries"]


async def test_of_so_many_phrases_it_is_kept_and_so_many_are_looked_for_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "_MOST_KNOWN", 2)
    house = House()

    await house.found("a", "b", "c")
    await house.found("b", "c")
    await house.found("a")
    monkeypatch.setattr(words, "_MOST_PHRASES", 1)
    found = await house.phrases.found(
        house.encoder, {(BEN, "text:1"): "d", (BEN, "text:2"): "e"}, NOON, Asking(reader=BEN, length=3), NOON
    )

    assert house.looked_for == ["a", "b", "c", "a", "d"]
    assert list(found) == ["d"]

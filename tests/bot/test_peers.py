from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.evaluations.peers import HotRanks, MeanRanks
from bot.flows.asking import Asking
from retrieval.interests.profile import Profile, took
from retrieval.ports import Spaces
from storage.domain.digests import ReasonKind
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.news import ArticleId, Headline, Passage, PassageId
from storage.domain.people import ReaderId
from storage.domain.stories import Heat, Report, Story, StoryId, Trend, Weighed
from tests.fakes import HashingEncoder, InMemoryCorpus

ADA, NEW = ReaderId("telegram:7"), ReaderId("telegram:8")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TITLES = ("ferries lake boats", "dam river flood", "ferries harbour boats", "striker goal derby")
HEATS = (1.0, 4.0, 2.0, 3.0)


def headline(at: int) -> Headline:
    id_ = ArticleId(f"a{at}")
    return Headline(id=id_, title=TITLES[at], first_seen=NOON, group=id_)


def weighed(at: int) -> Weighed:
    heat = Heat(value=HEATS[at], breadth=1, speed=0, persistence=0, novelty=0, outlets=1, trend=Trend.STEADY)
    return Weighed(story=Story(id=StoryId(at), reports=(Report(headline=headline(at), novelty=1.0),)), heat=heat)


STORIES = [weighed(at) for at in range(len(TITLES))]


@dataclass(slots=True)
class House:
    """Readers, the encoder and the articles, all of which have their vectors but the last."""

    encoder: HashingEncoder = field(default_factory=HashingEncoder)
    corpus: InMemoryCorpus = field(
        default_factory=lambda: InMemoryCorpus(
            [Passage(id=PassageId(at), position=0, text=TITLES[at], headline=headline(at)) for at in range(4)]
        )
    )
    known: dict[ReaderId, Profile] = field(default_factory=dict)

    async def current(self) -> House:
        return self

    async def of(self, readers: Sequence[ReaderId], now: datetime) -> Mapping[ReaderId, Profile]:
        del now
        return {reader: self.known.get(reader, Profile(encoder=self.encoder.name)) for reader in readers}

    async def encode(self, count: int) -> NDArray[np.float32]:
        vectors = await self.encoder.encode_documents(TITLES[:count])
        await self.corpus.store_vectors(self.encoder.name, [PassageId(at) for at in range(count)], vectors)
        return vectors

    @property
    def ranks(self) -> MeanRanks:
        return MeanRanks(profiles=self, corpus=self.corpus, spaces=cast(Spaces, self))


@pytest.fixture
async def house() -> House:
    house = House()
    vectors = await house.encode(3)
    opened = Evidence(reader=ADA, kind=EvidenceKind.OPENED, at=NOON, key="a0")
    house.known[ADA] = took(Profile(encoder=house.encoder.name), opened, vectors[0])
    return house


async def test_the_hottest_come_first_whoever_asks_but_for_what_is_excluded() -> None:
    asking = [Asking(reader=ADA, length=2), Asking(reader=None, length=4, excluded=frozenset({1}))]

    ada, nobody = await HotRanks().rank(STORIES, asking, NOON)

    assert [pick.place for pick in ada[:2]] == [1, 3]
    assert [pick.place for pick in nobody] == [3, 2, 0]
    assert nobody[0].because[0].kind is ReasonKind.HOT


async def test_what_is_most_like_what_was_read_comes_first(house: House) -> None:
    (picks,) = await house.ranks.rank(STORIES, [Asking(reader=ADA, length=4)], NOON)

    # What has no vector cannot be compared.
    assert [pick.place for pick in picks] == [0, 2, 1]
    assert picks[0].because[0].kind is ReasonKind.INTEREST


async def test_who_did_nothing_yet_gets_the_hottest(house: House) -> None:
    asking = [Asking(reader=NEW, length=4), Asking(reader=None, length=4)]

    assert [[pick.place for pick in picks] for picks in await house.ranks.rank(STORIES, asking, NOON)] == [
        [1, 2, 0],
        [1, 2, 0],
    ]


async def test_where_nothing_is_encoded_nothing_is_chosen() -> None:
    assert await House().ranks.rank(STORIES, [Asking(reader=ADA, length=4)], NOON) == [()]

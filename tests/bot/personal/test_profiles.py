from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.personal.profiles import ReaderProfiles
from retrieval.interests.packing import packed
from retrieval.interests.profile import faded, rebuilt
from retrieval.ports import Spaces
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.news import ArticleId, Headline, Passage, PassageId
from storage.domain.people import ReaderId
from storage.profiles import KeptProfile, LearnedProfile
from tests.fakes import HashingEncoder, InMemoryCorpus

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Shelf:
    """Evidence and what it comes to, in memory, by the letter of `bot.personal.profiles.ProfileShelf`."""

    evidence: dict[EvidenceId, Evidence] = field(default_factory=dict)
    profiles: dict[ReaderId, KeptProfile] = field(default_factory=dict)

    def did(
        self,
        key: str,
        reader: ReaderId = ADA,
        at: datetime = NOON,
        text: str | None = None,
        kind: EvidenceKind = EvidenceKind.ASKED,
    ) -> None:
        id_ = EvidenceId(len(self.evidence) + 1)
        self.evidence[id_] = Evidence(reader=reader, kind=kind, at=at, key=key, text=text)

    async def kept(
        self, readers: Sequence[ReaderId], encoder: str
    ) -> tuple[dict[ReaderId, KeptProfile], dict[ReaderId, dict[EvidenceId, Evidence]]]:
        del encoder
        kept = {reader: self.profiles[reader] for reader in readers if reader in self.profiles}
        upto = {reader: each.upto for reader, each in kept.items()}
        new = {
            reader: {
                id_: one for id_, one in self.evidence.items() if one.reader == reader and id_ > upto.get(reader, 0)
            }
            for reader in readers
        }
        return kept, new

    async def keep(self, encoder: str, learned: Mapping[ReaderId, LearnedProfile]) -> int:
        del encoder
        self.profiles.update({reader: each.kept for reader, each in learned.items()})
        return len(learned)

    async def forget(self, readers: Sequence[ReaderId]) -> None:
        for reader in readers:
            self.profiles.pop(reader, None)


@dataclass(slots=True)
class House:
    """An encoder and two articles, of which only the first has a vector."""

    shelf: Shelf = field(default_factory=Shelf)
    encoder: HashingEncoder = field(default_factory=HashingEncoder)
    corpus: InMemoryCorpus = field(default_factory=lambda: InMemoryCorpus([passage(1, "ferries"), passage(2, "dams")]))

    async def current(self) -> House:
        return self

    @property
    def profiles(self) -> ReaderProfiles:
        return ReaderProfiles(shelf=self.shelf, corpus=self.corpus, spaces=cast(Spaces, self))

    async def encode(self, number: int) -> None:
        vectors = await self.encoder.encode_documents([f"text {number}"])
        await self.corpus.store_vectors(self.encoder.name, [PassageId(number)], vectors)


def passage(number: int, title: str) -> Passage:
    id_ = ArticleId(f"a{number}")
    headline = Headline(id=id_, title=title, first_seen=NOON, group=id_)
    return Passage(id=PassageId(number), position=0, text=title, headline=headline)


async def test_learning_on_gives_what_all_of_it_would_bit_by_bit() -> None:
    house = House()
    await house.encode(1)
    house.shelf.did("text:1", text="ferries on lakes")
    await house.profiles.of([ADA], NOON)
    house.shelf.did("a1", at=NOON + timedelta(hours=1))

    found = (await house.profiles.of([ADA, BEN], NOON + timedelta(days=1)))[ADA]

    whole = ReaderProfiles(shelf=Shelf(evidence=house.shelf.evidence), corpus=house.corpus, spaces=cast(Spaces, house))
    assert packed(found) == packed((await whole.of([ADA], NOON + timedelta(days=1)))[ADA])


async def test_what_was_said_otherwise_since_is_not_learned() -> None:
    house, plain = House(), House()
    for kind in (EvidenceKind.TOLD, EvidenceKind.LESS):
        house.shelf.did("text:1", text="ferries", kind=kind)
    plain.shelf.did("text:1", text="ferries", kind=EvidenceKind.LESS)

    found, wanted = [(await each.profiles.of([ADA], NOON))[ADA] for each in (house, plain)]

    assert packed(found) == packed(wanted)
    assert house.shelf.profiles[ADA].upto == 2


async def test_nothing_is_learned_twice() -> None:
    house = House()
    house.shelf.did("text:1", text="ferries")
    await house.profiles.of([ADA], NOON)

    await house.profiles.of([ADA], NOON)

    assert house.encoder.encoded == ["ferries"]


async def test_an_article_that_is_still_to_be_encoded_is_waited_for_but_not_for_ever() -> None:
    house = House()
    house.shelf.did("a2")
    house.shelf.did("text:1", text="ferries")

    soon = (await house.profiles.of([ADA], NOON + timedelta(minutes=5)))[ADA]
    late = (await house.profiles.of([ADA], NOON + timedelta(hours=2)))[ADA]

    assert soon.liked == ()
    assert len(late.liked) == 1
    assert house.shelf.profiles[ADA].upto == 2


# An empty profile as each version before this one wrote it.
EARLIER = {
    "in JSON": b'{"version": 0, "encoder": "hashing"}\n',
    "2": b"\x02" + bytes(16) + b"\x80" + bytes(7) + b"\x80\x02\0\0\0\x07\0hashing[]" + bytes(8) + b"[]",
}


@pytest.mark.parametrize("version", EARLIER)
async def test_what_another_version_kept_is_made_anew_of_all_there_is(version: str) -> None:
    house = House()
    house.shelf.did("text:1", text="ferries")
    house.shelf.profiles[ADA] = KeptProfile(upto=EvidenceId(1), data=EARLIER[version])

    found = (await house.profiles.of([ADA], NOON))[ADA]

    assert len(found.liked) == 1
    assert house.shelf.profiles[ADA].data == packed(found)


async def test_who_did_nothing_has_an_empty_profile() -> None:
    found = (await House().profiles.of([BEN], NOON))[BEN]

    assert packed(found) == packed(faded(rebuilt("hashing", [], {}), NOON))

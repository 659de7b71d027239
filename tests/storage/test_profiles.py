from __future__ import annotations

import pytest

from storage.database import Database
from storage.domain.changes import Learned, Unlearned
from storage.domain.evidence import Evidence, EvidenceId, EvidenceKind
from storage.domain.people import ReaderId
from storage.evidence import EvidenceStore
from storage.profiles import KeptProfile, LearnedProfile, ProfileStore
from tests.storage.examples import EPOCH

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")


@pytest.fixture
def profiles(database: Database) -> ProfileStore:
    return ProfileStore(database)


async def learn(database: Database, *keys: str, reader: ReaderId = ADA) -> None:
    found = tuple(Evidence(reader=reader, kind=EvidenceKind.OPENED, at=EPOCH, key=key) for key in keys)
    await EvidenceStore(database).learn(Learned(evidence=found))


def learned(upto: int, new: int, before: int | None = None, data: bytes = b"profile") -> LearnedProfile:
    was = None if before is None else EvidenceId(before)
    return LearnedProfile(before=was, new=new, kept=KeptProfile(upto=EvidenceId(upto), data=data))


async def test_what_is_not_part_of_a_profile_yet_comes_with_it(database: Database, profiles: ProfileStore) -> None:
    await learn(database, "a", "b")
    await learn(database, "c", reader=BEN)
    assert await profiles.keep("x", {ADA: learned(2, 2)}) == 1
    await learn(database, "d")

    kept, new = await profiles.kept([ADA, BEN], "x")

    assert kept == {ADA: KeptProfile(upto=EvidenceId(2), data=b"profile")}
    assert {reader: [(id_, each.key) for id_, each in held.items()] for reader, held in new.items()} == {
        ADA: [(4, "d")],
        BEN: [(3, "c")],
    }
    assert await profiles.kept([ADA], "another") == (
        {},
        {ADA: await EvidenceStore(database).of(ADA)},
    )


async def test_a_profile_that_another_learned_on_meanwhile_is_not_overwritten(
    database: Database, profiles: ProfileStore
) -> None:
    await learn(database, "a", "b")
    await profiles.keep("x", {ADA: learned(2, 2, data=b"theirs")})

    assert await profiles.keep("x", {ADA: learned(1, 1)}) == 0
    assert (await profiles.kept([ADA], "x"))[0][ADA].data == b"theirs"


async def test_what_is_forgotten_is_in_no_profile_any_longer(database: Database, profiles: ProfileStore) -> None:
    await learn(database, "a", "b")
    await profiles.keep("x", {ADA: learned(2, 2)})

    await EvidenceStore(database).unlearn(Unlearned(reader=ADA, evidence=(EvidenceId(1),)))

    assert await profiles.keep("x", {ADA: learned(2, 0, before=2)}) == 0
    assert await profiles.keep("x", {ADA: learned(2, 2)}) == 0
    kept, new = await profiles.kept([ADA], "x")
    assert (kept, list(new[ADA])) == ({}, [2])


async def test_profiles_of_encoders_that_are_no_more_are_dropped(database: Database, profiles: ProfileStore) -> None:
    await learn(database, "a")
    await profiles.keep("x", {ADA: learned(1, 1)})
    await profiles.keep("y", {ADA: learned(1, 1)})

    assert await profiles.drop(["y"]) == 1
    assert (await profiles.kept([ADA], "x"))[0] == {}
    assert (await profiles.kept([ADA], "y"))[0] != {}

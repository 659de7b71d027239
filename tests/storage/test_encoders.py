from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.encoders import EncoderModel, EncoderRole
from storage.encoders import EncoderStore
from tests.storage.examples import EPOCH, prepared

OLD = EncoderModel(name="old int8", model="old", precision="int8")
WANTED = EncoderModel(name="wanted", model="wanted", precision="float32")
LATER = EPOCH + timedelta(hours=1)
COMING, SERVING, RETIRED = EncoderRole.COMING, EncoderRole.SERVING, EncoderRole.RETIRED


@pytest.fixture
def encoders(database: Database) -> EncoderStore:
    return EncoderStore(database)


async def roles(encoders: EncoderStore) -> dict[str, EncoderRole]:
    return {each.model.name: each.role for each in await encoders.kept()}


async def test_a_new_instance_keeps_vectors_of_no_encoder(encoders: EncoderStore) -> None:
    assert await encoders.kept() == []


async def test_one_encoder_serves_and_the_one_before_it_is_retired_from_then_on(encoders: EncoderStore) -> None:
    await encoders.serve(OLD, EPOCH)
    await encoders.begin(WANTED, EPOCH)
    before = await roles(encoders)

    await encoders.serve(WANTED, LATER)

    assert before == {"old int8": SERVING, "wanted": COMING}
    first, second = await encoders.kept()
    assert (first.model, first.role, first.since) == (WANTED, SERVING, LATER)
    assert (second.model, second.role, second.since) == (OLD, RETIRED, LATER)


async def test_beginning_again_changes_nothing_and_takes_back_a_retirement(encoders: EncoderStore) -> None:
    await encoders.serve(OLD, EPOCH)
    await encoders.begin(WANTED, EPOCH)

    await encoders.begin(OLD, LATER)
    await encoders.begin(WANTED, LATER)
    unchanged = [(each.role, each.since) for each in await encoders.kept()]
    await encoders.retire(WANTED.name, LATER)
    retired = await roles(encoders)
    await encoders.begin(WANTED, LATER)

    assert unchanged == [(SERVING, EPOCH), (COMING, EPOCH)]
    assert retired == {"old int8": SERVING, "wanted": RETIRED}
    assert await roles(encoders) == {"old int8": SERVING, "wanted": COMING}


async def test_the_one_that_serves_is_neither_retired_nor_forgotten(encoders: EncoderStore) -> None:
    await encoders.serve(OLD, EPOCH)
    await encoders.begin(WANTED, EPOCH)

    await encoders.retire(OLD.name, LATER)
    await encoders.forget(OLD.name)
    await encoders.forget(WANTED.name)

    assert await roles(encoders) == {"old int8": SERVING, "wanted": COMING}


async def test_a_retired_one_is_forgotten(encoders: EncoderStore) -> None:
    await encoders.serve(OLD, EPOCH)
    await encoders.serve(WANTED, LATER)

    await encoders.forget(OLD.name)

    assert await roles(encoders) == {"wanted": SERVING}


async def test_it_is_known_whether_an_encoder_has_vectors(encoders: EncoderStore, database: Database) -> None:
    store = ArticleStore(database)
    await store.save([prepared("a", pieces=2)])
    await encoders.serve(OLD, EPOCH)
    await encoders.begin(WANTED, EPOCH)

    ids = [passage.id for passage in await store.unencoded(OLD.name, 9)]
    await store.store_vectors(OLD.name, ids, np.ones((2, 4), dtype=np.float32))

    assert [each.has_vectors for each in await encoders.kept()] == [True, False]

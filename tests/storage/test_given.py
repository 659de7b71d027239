from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.domain.changes import Given
from storage.domain.dialogue import ConversationId
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument
from storage.given import MOST_CHARACTERS, GivenStore
from storage.readers import ReaderStore
from tests.storage.examples import EPOCH

if TYPE_CHECKING:
    import bot.flows.ports

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
GROUP = ConversationId("telegram:-5")
PAGE = Document(text="Sechs Fähren wurden bestellt. 订购了六艘渡轮。", title="Fähren", url="https://one.example/a")


@pytest.fixture
def given(database: Database) -> GivenStore:
    port: bot.flows.ports.GivenDocuments = (made := GivenStore(database))
    assert port is made
    return made


def handed(document: Document = PAGE, reader: ReaderId = ADA, at: int = 0) -> Given:
    return Given(
        given=GivenDocument(reader=reader, conversation=GROUP, document=document, at=EPOCH + timedelta(days=at))
    )


async def test_the_last_document_of_a_reader_in_a_conversation_is_kept_for_them_alone(given: GivenStore) -> None:
    await given.keep(handed())
    await given.keep(handed(replace(PAGE, title=None, url=None), BEN))
    await given.keep(handed(replace(PAGE, text="Another."), at=1))

    held = await given.of(ADA, GROUP)

    assert held == handed(replace(PAGE, text="Another."), at=1).given
    assert await given.of(ADA, ConversationId("telegram:-5:12")) is None
    assert await given.of(BEN, GROUP) == handed(replace(PAGE, title=None, url=None), BEN).given
    assert held is not None
    assert held.id != handed().given.id


async def test_so_much_of_it_is_kept_as_can_be_asked_of(given: GivenStore) -> None:
    await given.keep(handed(Document(text="x" * (MOST_CHARACTERS + 5))))

    held = await given.of(ADA, GROUP)

    assert held is not None
    assert len(held.document.text) == MOST_CHARACTERS


async def test_what_was_given_long_ago_is_dropped(given: GivenStore) -> None:
    await given.keep(handed(at=1))
    await given.keep(handed(reader=BEN, at=3))

    assert await given.prune(EPOCH + timedelta(days=2)) == 1
    assert await given.of(ADA, GROUP) is None
    assert await given.of(BEN, GROUP) is not None


async def test_it_is_exported_and_forgotten_with_its_reader(database: Database, given: GivenStore) -> None:
    await given.keep(handed())
    await given.keep(handed(reader=BEN))
    readers = ReaderStore(database)

    (row,) = (await readers.export(ADA))["given_documents"]
    gone = await readers.forget(ADA)

    assert (row["text"], row["url"], row["conversation_id"]) == (PAGE.text, PAGE.url, GROUP)
    assert gone["given_documents"] == 1
    assert await given.of(ADA, GROUP) is None
    assert await given.of(BEN, GROUP) is not None

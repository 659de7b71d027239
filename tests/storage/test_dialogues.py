from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.dialogues import KEPT_TURNS, DialogueStore
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from tests.storage.examples import EPOCH

if TYPE_CHECKING:
    import bot.flows.ports

ADA = ReaderId("terminal:ada")
TALK, OTHER = ConversationId("terminal:ada"), ConversationId("telegram:1")


@pytest.fixture
def dialogues(database: Database) -> DialogueStore:
    port: bot.flows.ports.Dialogues = (made := DialogueStore(database))
    assert port is made
    return made


def turn(n: int) -> Turn:
    return Turn(
        question=f"问题 {n}?",
        standalone=f"Question {n}?",
        answer=f"Answer {n}. [1]",
        cited=(ArticleId("文章"), ArticleId('with "quotes"')),
        at=EPOCH + timedelta(minutes=n),
    )


async def test_history_is_the_last_turns_oldest_first(dialogues: DialogueStore) -> None:
    for n in range(4):
        await dialogues.record(TALK, ADA, turn(n))

    assert await dialogues.history(TALK, 3) == (turn(1), turn(2), turn(3))
    assert await dialogues.history(TALK, 0) == ()


async def test_turns_keep_their_order_when_the_clock_went_back(dialogues: DialogueStore) -> None:
    await dialogues.record(TALK, ADA, turn(5))
    await dialogues.record(TALK, ADA, turn(2))

    assert await dialogues.history(TALK, 5) == (turn(5), turn(2))


async def test_only_the_last_turns_of_a_conversation_are_kept(dialogues: DialogueStore) -> None:
    await dialogues.record(OTHER, ADA, turn(0))
    for n in range(KEPT_TURNS + 2):
        await dialogues.record(TALK, ADA, turn(n))

    assert await dialogues.history(TALK, 100) == tuple(turn(n) for n in range(2, KEPT_TURNS + 2))
    assert await dialogues.history(OTHER, 100) == (turn(0),)


async def test_what_was_answered_is_the_last_turns_of_all_conversations_that_cite(dialogues: DialogueStore) -> None:
    await dialogues.record(TALK, ADA, turn(1))
    await dialogues.record(OTHER, ADA, replace(turn(2), answer="", cited=()))
    await dialogues.record(OTHER, ADA, turn(3))
    await dialogues.record(TALK, ADA, turn(4))

    assert await dialogues.answered(2) == (turn(3), turn(4))
    assert await dialogues.answered(9) == (turn(1), turn(3), turn(4))


async def test_a_conversation_is_forgotten_whole_and_alone(dialogues: DialogueStore) -> None:
    await dialogues.record(TALK, ADA, turn(1))
    await dialogues.record(OTHER, ADA, turn(2))

    await dialogues.forget(TALK)
    await dialogues.forget(ConversationId("never was"))

    assert await dialogues.history(TALK, 5) == ()
    assert await dialogues.history(OTHER, 5) == (turn(2),)

"""What operators do in a chat, over real stores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messenger.answers.decisions import Decision
from bot.messenger.incoming.events import Asked, Commanded
from bot.messenger.operators.commands import COMMANDS
from bot.messenger.operators.gate import Rules
from bot.texts import languages, say
from storage.access import AccessStore
from storage.database import Database
from storage.domain.access import Listing, Source, Verdict
from storage.domain.people import ReaderId
from tests.bot.messenger.operators.test_gate import ADA, GROUP, NOON, ORIGIN, Bot, said
from tests.bot_api import telegram_html

RULES = Rules(admins=frozenset([ADA]))


async def told(bot: Bot, command: str, language: str = "en") -> str:
    name, _, argument = command.partition(" ")
    origin = replace(ORIGIN, language=language)
    decision = await bot.met(Commanded(origin=origin, command=name, argument=argument))
    return shown(decision)


def shown(decision: Decision) -> str:
    return "\n".join(telegram_html.parse(part).text for part in decision.parts)


async def test_an_operator_lets_somebody_in_turns_them_away_and_takes_it_back(database: Database) -> None:
    bot = Bot(database, replace(RULES, closed=True))
    ben = replace(ORIGIN, chat_id=8, reader=ReaderId("telegram:8"), username="ben_b")
    question = Asked(origin=ben, text="tides?")
    came: list[bool] = []

    for command in ("allow @Ben_B", "block 8", "unlist 8", "unlist @ben_b"):
        await told(bot, command)
        before = len(bot.let_through)
        await bot.met(question)
        came.append(len(bot.let_through) > before)

    assert came == [True, False, True, False]


async def test_what_is_said_names_whom_and_that_settings_stand(database: Database) -> None:
    bot = Bot(database, RULES)
    await bot.access.settle([Listing(who="telegram:8", verdict=Verdict.BLOCKED, source=Source.SETTINGS)], NOON)

    assert await told(bot, "allow -5") == say("en", "judged_allow", who="-5")
    assert await told(bot, "allow 8") == "\n".join((say("en", "judged_allow", who="8"), say("en", "judge_settings")))
    assert await told(bot, "block 8") == say("en", "judged_block", who="8")


@pytest.mark.parametrize("argument", ["", "ada", "7 8", "<b>", "@"])
async def test_who_is_nobody_changes_nothing(database: Database, argument: str) -> None:
    bot = Bot(database, RULES)

    assert await told(bot, f"block {argument}") == say("en", "judge_usage", command="block")
    assert await AccessStore(database).listed() == ()


async def test_operators_do_not_block_each_other(database: Database) -> None:
    bot = Bot(database, RULES)

    assert await told(bot, "block 7") == say("en", "judge_operator")
    assert await AccessStore(database).listed() == ()


async def test_the_lists_are_shown_with_where_each_is_from(database: Database) -> None:
    bot = Bot(database, RULES)
    await bot.access.settle([Listing(who="@eve_e", verdict=Verdict.BLOCKED, source=Source.SETTINGS)], NOON)
    await told(bot, "allow 8")

    lines = (await told(bot, "access")).splitlines()

    assert lines[0] == say("en", "access_open")
    assert [line.replace("\u2060", "") for line in lines if line.startswith("•")] == ["• 8", "• @eve_e (settings)"]


async def test_how_the_instance_is_doing_is_told_in_numbers(database: Database) -> None:
    bot = Bot(database, RULES, "one two")
    await bot.met(Asked(origin=ORIGIN, text="a secret question"))

    lines = await told(bot, "stats")

    assert "secret" not in lines
    assert "1 question" in lines
    assert "2 tokens" in lines


@pytest.mark.parametrize("command", COMMANDS)
async def test_to_anybody_else_and_among_others_there_are_no_such_commands(database: Database, command: str) -> None:
    bot = Bot(database, RULES)
    event = Commanded(origin=replace(ORIGIN, chat_id=8, reader=ReaderId("telegram:8")), command=command, argument="9")
    among = Commanded(origin=GROUP, command=command, argument="9")

    await bot.met(event)
    await bot.met(among)

    assert bot.let_through == [event, among]
    assert await AccessStore(database).listed() == ()


@pytest.mark.parametrize("language", languages())
async def test_help_tells_of_them_to_operators_alone(database: Database, language: str) -> None:
    bot = Bot(database, RULES)
    origin = replace(ORIGIN, language=language)
    help_ = Commanded(origin=origin, command="help", argument="")

    mine = await bot.met(help_)
    theirs = await bot.met(replace(help_, origin=replace(origin, chat_id=8, reader=ReaderId("telegram:8"))))
    among = await bot.met(replace(help_, origin=replace(GROUP, language=language)))

    assert all(f"/{command}" in said(mine) for command in COMMANDS)
    assert not any(f"/{command}" in said(decision) for decision in (theirs, among) for command in COMMANDS)

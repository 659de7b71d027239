from __future__ import annotations

import json

import pytest

from bot.messenger.operators.commands import COMMANDS as OPERATORS
from bot.messenger.operators.menu import ADMINS_COMMANDS, COMMANDS, GROUP_COMMANDS, introduce
from bot.messenger.paragraphs import render
from bot.messenger.wire.bot_api import BotApi
from bot.texts import catalogue, languages
from storage.domain.people import ReaderId
from tests.bot_api.server import TOKEN, Failure, FakeBotApi

# How long each may be in Telegram, in characters.
LONGEST_COMMAND, LONGEST_DESCRIPTION, LONGEST_SHORT = 256, 512, 120


async def introduced(api: FakeBotApi) -> list[tuple[str, str, str]]:
    """What was set, where and in which language."""
    bot = BotApi(token=TOKEN, base_url=api.url)
    await introduce(bot)
    await bot.close()
    return [(call.method, call.fields.get("scope", ""), call.fields.get("language_code", "")) for call in api.calls]


async def test_menus_and_descriptions_are_set_for_each_language_and_scope() -> None:
    async with FakeBotApi() as api:
        found = await introduced(api)

    scopes = [
        f'{{"type": "{scope}"}}'
        for scope in ("all_private_chats", "all_group_chats", "all_chat_administrators", "default")
    ]
    assert found == [
        (method, scope, language)
        for language in ("", "zh")
        for method, scope in (
            *(("setMyCommands", scope) for scope in scopes),
            ("setMyDescription", ""),
            ("setMyShortDescription", ""),
        )
    ]


async def test_what_is_refused_does_not_keep_the_rest_from_being_set(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeBotApi(fault=lambda method, _: Failure(status=400) if method == "setMyDescription" else None) as api:
        found = await introduced(api)

    assert [method for method, _, _ in found].count("setMyShortDescription") == len(languages())
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == ["not introduced"] * 2


@pytest.mark.parametrize("language", languages())
def test_whatever_is_set_is_as_long_as_it_may_be(language: str) -> None:
    said = catalogue(language)

    assert all(1 <= len(said[f"command_{name}"]) <= LONGEST_COMMAND for name in (*COMMANDS, *OPERATORS))
    assert len(said["bot_description"]) <= LONGEST_DESCRIPTION
    assert len(said["bot_short_description"]) <= LONGEST_SHORT


def test_among_others_the_menu_has_some_of_what_it_has_in_private() -> None:
    assert set(GROUP_COMMANDS) < set(ADMINS_COMMANDS) < set(COMMANDS)
    assert not {"settings", "follow", "lang", "export"} & set(GROUP_COMMANDS)
    assert "export" not in ADMINS_COMMANDS


@pytest.mark.parametrize("language", languages())
def test_whatever_is_in_a_menu_is_in_the_help_of_that_place(language: str) -> None:
    private, group = catalogue(language)["help"], catalogue(language)["help_group"]

    assert [name for name in COMMANDS if f"/{name}" not in private] == []
    assert [name for name in ADMINS_COMMANDS if name != "help" and f"/{name}" not in group] == []


@pytest.mark.parametrize("language", languages())
def test_whatever_is_said_at_length_is_one_message(language: str) -> None:
    said = catalogue(language)

    assert all(len(render.sentence(language, key)) == 1 for key in ("help", "help_group", "privacy", "start_group"))
    assert said["help"] != said["help_group"]


async def test_operators_have_a_menu_of_their_own_in_each_language() -> None:
    async with FakeBotApi() as api:
        bot = BotApi(token=TOKEN, base_url=api.url)
        await introduce(bot, [ReaderId("telegram:8"), ReaderId("telegram:7")])
        await bot.close()

    theirs = [call.fields for call in api.calls if '"chat"' in call.fields.get("scope", "")]
    chats = [(json.loads(fields["scope"])["chat_id"], fields.get("language_code", "")) for fields in theirs]
    assert chats == [(7, ""), (7, "zh"), (8, ""), (8, "zh")]
    for fields in theirs:
        assert [each["command"] for each in json.loads(fields["commands"])] == [*COMMANDS, *OPERATORS]

from __future__ import annotations

import pytest

from bot.terminal.commands import Ask, Do, Unknown, completions, read
from bot.terminal.known import COMMANDS


def test_a_line_without_a_slash_is_a_question() -> None:
    assert read("  who won? ", COMMANDS) == Ask(text="who won?")
    assert read("quit smoking", COMMANDS) == Ask(text="quit smoking")


@pytest.mark.parametrize("line", ["", "   ", "\n\t"])
def test_a_blank_line_is_nothing(line: str) -> None:
    assert read(line, COMMANDS) is None


@pytest.mark.parametrize(
    ("line", "name", "argument"),
    [
        ("/help", "help", ""),
        ("/HELP", "help", ""),
        ("／help", "help", ""),
        (" Quit ", "quit", ""),
        ("exit", "quit", ""),
        ("退出", "quit", ""),
        ("help", "help", ""),
        ("/open 2", "open", "2"),
        ("/add   https://a.example/feed  ", "add", "https://a.example/feed"),
        ("/add\thttps://a.example/feed", "add", "https://a.example/feed"),
        ("/add\nhttps://a.example/feed", "add", "https://a.example/feed"),
    ],
)
def test_commands_are_read_with_what_follows(line: str, name: str, argument: str) -> None:
    parsed = read(line, COMMANDS)

    assert isinstance(parsed, Do)
    assert (parsed.command.name, parsed.argument) == (name, argument)


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("/hlep", "help"),
        ("/source", "sources"),
        ("/lang en", "language"),
        ("/q", "quit"),
        ("/exit", "quit"),
        ("/unmute 2", "boost"),
    ],
)
def test_a_mistyped_command_is_told_its_nearest(line: str, nearest: str) -> None:
    parsed = read(line, COMMANDS)

    assert isinstance(parsed, Unknown)
    assert parsed.nearest is not None
    assert parsed.nearest.name == nearest


@pytest.mark.parametrize("line", ["/", "/zzzzzz", "/澜州"])
def test_a_command_near_to_none_has_no_nearest(line: str) -> None:
    parsed = read(line, COMMANDS)

    assert isinstance(parsed, Unknown)
    assert parsed.nearest is None


@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ("/la", ["/latest", "/language"]),
        ("/language ", ["en", "zh"]),
        ("/language z", ["zh"]),
        ("/open ", []),
        ("what about /l", []),
        ("", []),
    ],
)
def test_commands_complete_and_questions_do_not(before: str, offered: list[str]) -> None:
    assert completions(before, COMMANDS) == offered

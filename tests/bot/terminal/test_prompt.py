from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.terminal.commands import completions
from bot.terminal.keyboard import Key
from bot.terminal.known import COMMANDS
from bot.terminal.prompt import Prompt
from tests.bot.terminal.fakes import screen

ENTER = "\r"
TAB = "\t"
UP = "\x1b[A"
CTRL_C = "\x03"
CTRL_D = "\x04"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe:
        yield pipe


def prompt(keys: PipeInput, history: Path) -> Prompt:
    return Prompt(
        history=history,
        complete=lambda before: completions(before, COMMANDS),
        shorten=screen().shortened,
        keys=keys,
        output=DummyOutput(),
    )


async def test_what_is_typed_is_a_line(keys: PipeInput, tmp_path: Path) -> None:
    keys.send_text("who won? 澜州" + ENTER)

    assert await prompt(keys, tmp_path / "history").line() == "who won? 澜州"


async def test_a_paste_of_several_lines_is_one_line(keys: PipeInput, tmp_path: Path) -> None:
    keys.send_text("\x1b[200~one\ntwo\n\x1b[201~" + ENTER)

    line = await prompt(keys, tmp_path / "history").line()

    assert isinstance(line, str)
    assert line.split() == ["one", "two"]


async def test_a_long_paste_is_given_in_full_and_kept_short_on_the_screen_and_in_the_history(
    keys: PipeInput, tmp_path: Path
) -> None:
    pasted = "First line.\n" + "word " * 8_000
    keys.send_text(f"Look: \x1b[200~{pasted}\x1b[201~" + ENTER)

    line = await prompt(keys, tmp_path / "history").line()

    assert line == f"Look: {pasted}"
    history = (tmp_path / "history").read_text(encoding="utf-8")
    assert "Look: First line.… (40,000 more characters)" in history
    assert len(history) < 200


async def test_tab_completes_a_command(keys: PipeInput, tmp_path: Path) -> None:
    keys.send_text("/lan" + TAB + "z" + TAB + ENTER)

    line = await prompt(keys, tmp_path / "history").line()

    assert isinstance(line, str)
    assert line.startswith("/language")


async def test_ctrl_c_drops_the_line_and_ctrl_d_leaves(keys: PipeInput, tmp_path: Path) -> None:
    at = prompt(keys, tmp_path / "history")

    keys.send_text("half a" + CTRL_C)
    assert await at.line() is Key.CANCEL
    keys.send_text(CTRL_D)
    assert await at.line() is Key.LEAVE


async def test_lines_come_back_in_the_next_chat_and_are_their_owners_alone(keys: PipeInput, tmp_path: Path) -> None:
    history = tmp_path / "home" / "history"
    keys.send_text("who won?" + ENTER)
    await prompt(keys, history).line()

    keys.send_text(UP + ENTER)
    again = await prompt(keys, history).line()

    assert again == "who won?"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


async def test_lines_of_who_is_forgotten_do_not_come_back(keys: PipeInput, tmp_path: Path) -> None:
    history = tmp_path / "history"
    at = prompt(keys, history)
    keys.send_text("who won?" + ENTER)
    await at.line()

    history.unlink()
    at.forget()
    keys.send_text(UP + "what else?" + ENTER)
    line = await at.line()

    assert line == "what else?"
    assert "who won?" not in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


async def test_a_history_that_cannot_be_kept_does_not_stand_in_the_way(keys: PipeInput, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    keys.send_text("who won?" + ENTER)

    assert await prompt(keys, tmp_path / "home" / "history").line() == "who won?"


async def test_a_damaged_history_does_not_stand_in_the_way(keys: PipeInput, tmp_path: Path) -> None:
    (tmp_path / "history").write_bytes(b"\x00\xff+\n+\xfe\n")
    keys.send_text(UP + CTRL_C)

    assert await prompt(keys, tmp_path / "history").line() is Key.CANCEL


async def test_the_status_comes_and_goes(keys: PipeInput, tmp_path: Path) -> None:
    at = prompt(keys, tmp_path / "history")

    at.show_status("Reading the feeds")
    at.show_status(None)
    keys.send_text("q" + ENTER)

    assert await at.line() == "q"

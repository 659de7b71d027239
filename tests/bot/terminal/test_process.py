"""The chat as a real process: at a terminal, at a pipe, at neither."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from rich.cells import cell_len

pytest.importorskip("termios")

from tests.bot.terminal.pseudoterminal import ROOT, PseudoTerminal

CHAT = ("-m", "tests.bot.terminal.process")
ENTER = "\r"
UP = "\x1b[A"
CTRL_C = "\x03"
CTRL_D = "\x04"


def piped(home: Path, questions: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *CHAT, str(home)],
        input=questions,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


def test_a_conversation_at_a_terminal(tmp_path: Path) -> None:
    with PseudoTerminal(*CHAT, str(tmp_path)) as terminal:
        terminal.wait_for("1,204 articles from 25 sources")

        terminal.type("Did it rain?" + ENTER)
        at = terminal.wait_for("search 18 ms)")
        assert "It rained." in terminal.text
        assert "\x1b]8;" in terminal.raw  # titles can be clicked

        terminal.type("stuck" + ENTER)
        at = terminal.wait_for("It rained.", after=at)
        terminal.type(CTRL_C)
        at = terminal.wait_for("Stopped.", after=at)

        terminal.type("release" + ENTER)
        at = terminal.wait_for("The feeds are read; 7 articles came in. 1 of 2 feeds could not be read", after=at)

        terminal.type("half a line" + CTRL_C)
        at = terminal.wait_for("Ctrl-D or /quit leaves.", after=at)
        terminal.type(UP + UP + UP + ENTER)  # release, stuck, Did it rain?
        at = terminal.wait_for("search 18 ms)", after=at)
        terminal.type(CTRL_D)

        assert terminal.wait_for_end() == 0
        assert "Traceback" not in terminal.text


def test_the_language_of_the_reader(tmp_path: Path) -> None:
    with PseudoTerminal(*CHAT, str(tmp_path), "zh") as terminal:
        at = terminal.wait_for("1,204 篇文章")
        terminal.type("地铁什么时候开通" + ENTER)
        at = terminal.wait_for("截至 2026年11月12日", after=at)
        terminal.type("/quit" + ENTER)

        assert terminal.wait_for_end() == 0


def test_no_line_is_wider_than_a_narrow_terminal(tmp_path: Path) -> None:
    with PseudoTerminal(*CHAT, str(tmp_path), columns=40) as terminal:
        at = terminal.wait_for("/help")
        for line in ("地铁什么时候开通", "/sources", "/help"):
            terminal.type(line + ENTER)
            at = terminal.wait_for(f"› {line}", after=at)
        terminal.type(CTRL_D)
        terminal.wait_for_end()

    # What is drawn anew over itself begins at the left again, without a new line.
    lines = re.split(r"[\r\n]+", terminal.text)
    assert max(cell_len(line.rstrip()) for line in lines if "›" not in line) <= 40


def test_no_color_is_respected(tmp_path: Path) -> None:
    with PseudoTerminal(*CHAT, str(tmp_path), NO_COLOR="1") as terminal:
        terminal.wait_for("1,204 articles")
        terminal.type("Did it rain?" + ENTER)
        terminal.wait_for("search 18 ms)")
        terminal.type(CTRL_D)
        terminal.wait_for_end()

    for color in (*range(30, 38), *range(90, 98)):
        assert f"\x1b[{color}m" not in terminal.raw
        assert f";{color}m" not in terminal.raw


def test_piped_questions_get_plain_answers(tmp_path: Path) -> None:
    ended = piped(tmp_path, "Did it rain?\n\n/nonsense\n/open 2")

    assert ended.returncode == 0
    assert "\x1b" not in ended.stdout
    assert ended.stdout.startswith("› Did it rain?\nIt rained. [1] [2]\n")
    assert ended.stdout.endswith("› /open 2\nhttps://news.example/2\n\n")
    assert ended.stderr == ""


def test_an_empty_pipe_is_no_conversation(tmp_path: Path) -> None:
    ended = piped(tmp_path, "")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_terminal_that_cannot_show_chinese_gets_question_marks(tmp_path: Path) -> None:
    ended = piped(tmp_path, "地铁什么时候开通\n", PYTHONIOENCODING="ascii")

    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr
    assert "[1]" in ended.stdout


def test_an_output_that_goes_away_ends_the_chat(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, *CHAT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as chat:
        assert chat.stdin
        assert chat.stdout
        assert chat.stderr
        chat.stdin.write("Did it rain?\n")
        chat.stdin.flush()
        chat.stdout.readline()
        chat.stdout.close()
        with suppress(BrokenPipeError):
            chat.stdin.write("Did it rain?\n" * 100)
            chat.stdin.close()

        assert chat.wait(60) != 0
        assert "Traceback" not in chat.stderr.read()

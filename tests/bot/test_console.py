from __future__ import annotations

import io
import sys

import pytest

from bot.console import SPOKEN_EVERY_SECONDS, SpokenProgress, progress_bar


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_progress_off_a_terminal_is_a_plain_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = SpokenProgress(monotonic=clock)

    for done in range(1, 31):
        clock.now += SPOKEN_EVERY_SECONDS / 10
        progress("BBC News", done, 1_030)

    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.splitlines() == [f"tidings: {done} of 1,030 · BBC News" for done in (10, 20, 30)]


def test_quick_work_says_nothing_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar() as progress:
        progress("lexical", 1, 2)
        progress("lexical", 2, 2)

    assert capsys.readouterr().err == ""


def test_progress_names_indexes_and_passes_no_escape_codes_on(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    progress = SpokenProgress(monotonic=clock)

    for what in ("dense", "news\x1b[31m.jsonl"):
        clock.now += SPOKEN_EVERY_SECONDS
        progress(what, 4_096, None)

    assert capsys.readouterr().err.splitlines() == ["tidings: 4,096 · dense index", "tidings: 4,096 · news.jsonl"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_all_feeds_share_one_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with progress_bar() as progress:
        progress("BBC News", 1, 3)
        progress("Nature", 2, 3)

    last_frame = terminal.getvalue().rpartition("Nature")[0].rpartition("\n")[2]
    assert "2/3" in last_frame
    assert "BBC" not in last_frame

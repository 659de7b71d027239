from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from bot.terminal.screen import plain_console
from bot.terminal.wrapping import GLUE, Flow, wrapped

WORDS = st.lists(st.text(alphabet="ab澜州地铁，。（）“”[1]é🚇", min_size=1, max_size=24), min_size=1, max_size=12)


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in wrapped(Text(text), width)]


@given(WORDS, st.integers(min_value=4, max_value=40))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(words: list[str], width: int) -> None:
    text = " ".join(words)

    shown = lines(text, width)

    assert all(cell_len(line) <= width for line in shown)
    assert "".join(shown).replace(" ", "") == text.replace(" ", "")


def test_words_are_kept_whole() -> None:
    assert lines("one two three four", 9) == ["one two", "three", "four"]


def test_wide_characters_fill_the_line() -> None:
    assert lines("澜州地铁四号线开通", 8) == ["澜州地铁", "四号线开", "通"]


def test_closing_punctuation_never_begins_a_line_nor_opening_ends_one() -> None:
    shown = lines("他说，“今天地铁开通了。”大家（都）很高兴。", 10)

    assert not any(line[0] in "，。”）" for line in shown)
    assert not any(line[-1] in "“（" for line in shown)


def test_a_citation_mark_stays_with_its_sentence() -> None:
    assert lines("地铁今天开通了。[1] 大家很高兴。[2]", 16) == ["地铁今天开通", "了。[1] 大家很高", "兴。[2]"]
    assert lines(f"It rained in town.{GLUE}[1] It snowed.", 18) == ["It rained in", f"town.{GLUE}[1] It", "snowed."]


def test_an_address_longer_than_the_line_is_parted_anywhere() -> None:
    assert lines("https://news.example/a", 10) == ["https://ne", "ws.example", "/a"]


def test_no_text_is_one_empty_line() -> None:
    assert lines("", 10) == [""]


@given(WORDS, st.integers(min_value=10, max_value=40))
def test_text_that_grows_looks_like_text_that_was_there_at_once(words: list[str], width: int) -> None:
    out = io.StringIO()
    flow = Flow(plain_console(file=out, width=width, terminal=True))

    for number, word in enumerate(words):
        flow.add(Text(f" {word}" if number else word))
    flow.end()

    grown = [line.rstrip() for line in out.getvalue().split("\n")]
    assert grown == [*lines(" ".join(words), width), ""]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_flow_that_nothing_was_added_to_prints_nothing(*, terminal: bool) -> None:
    out = io.StringIO()

    Flow(plain_console(file=out, width=20, terminal=terminal)).end()

    assert out.getvalue() == ""


def test_off_a_terminal_nothing_is_wrapped() -> None:
    out = io.StringIO()
    flow = Flow(plain_console(file=out, width=10))

    flow.add(Text("one two three"))
    flow.add(Text(" four five six"))
    flow.end()

    assert out.getvalue() == "one two three four five six\n"

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal.clean import harmless, link, visible


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m alert", "red alert"),
        ("a\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\ b", "aclick b"),
        ("title \x1b]0;owned\x07 here", "title here"),
        ("clear\x1b[2J\x1b[H screen", "clear screen"),
        ("\x9b31mC1 control", "C1 control"),
        ("\x1bP1$r0m\x1b\\device string", "device string"),
        ("unended \x1b]0;keeps the rest", "unended 0;keeps the rest"),
        ("lone \x1b", "lone"),
        ("bell\x07 back\x08space nul\x00", "bell backspace nul"),
        ("over\rwritten", "over written"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("flip \u202edlrow", "flip dlrow"),
        ("isolate \u2066x\u2069", "isolate x"),
        ("half \ud800 pair", "half pair"),
        ("tag\U000e0041s", "tags"),
    ],
)
def test_hostile_text_becomes_harmless(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@pytest.mark.parametrize("harmless", ["澜州地铁4号线", "👩‍🚀 lands", "Straße № 5", "نیم‌فاصله", "a [b] {c} \\d"])
def test_harmless_text_stays_as_it_is(harmless: str) -> None:
    assert visible(harmless) == harmless


@given(st.text(alphabet=st.one_of(st.sampled_from("\x1b\x9b\x9d[];?m\x07\\Px \n"), st.characters())))
def test_no_control_character_ever_passes(text: str) -> None:
    shown = visible(text)

    assert all(character == " " or not character.isspace() for character in shown)
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://news.example/a?b=c&d=%20#e", "https://news.example/a?b=c&d=%20#e"),
        ("https://news.example/新闻", "https://news.example/新闻"),
        ("https://news.example/a b", "https://news.example/a%20b"),
        ('https://news.example/"quoted"', "https://news.example/%22quoted%22"),
        ("https://news.example/\x1b\\x", "https://news.example/x"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("/relative", None),
        ("https://", None),
        ("https://[broken", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(url: str | None, target: str | None) -> None:
    assert link(url) == target


def test_what_a_command_prints_keeps_its_lines_and_columns_and_nothing_that_drives_a_terminal() -> None:
    text = "  1  ok\tThe\x1b[31m Times\x1b]0;x\x07\r\n\u202e  2\x00"

    assert harmless(text) == "  1  ok\tThe Times \n  2"

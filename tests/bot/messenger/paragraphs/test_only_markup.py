"""Telegram's HTML is made in one place, from structure: nowhere else is there any to get wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.messenger
from bot.texts import catalogue, languages

SOURCES = sorted(Path(bot.messenger.__file__).parent.rglob("*.py"))
MAKES_IT, READS_IT_SO = {"markup.py"}, {"decisions.py", "outbox.py"}
_MARKUP = re.compile(r"</?(?:b|i|u|s|a|em|strong|code|pre|span|blockquote|tg-[a-z]+)\b[^>]*>|&(?:lt|gt|amp|quot|#\d+);")


def strings(source: Path) -> Iterator[str]:
    """The strings in a module, but for those that say what it is about."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


@pytest.mark.parametrize("source", [each for each in SOURCES if each.name not in MAKES_IT], ids=lambda each: each.name)
def test_no_markup_is_written_by_hand(source: Path) -> None:
    found = list(strings(source))

    assert [text for text in found if _MARKUP.search(text)] == []
    assert ("parse_mode" in found) <= (source.name in READS_IT_SO)
    assert "import html" not in source.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", languages())
def test_no_sentence_has_any(language: str) -> None:
    assert {key: text for key, text in catalogue(language).items() if _MARKUP.search(text)} == {}


def test_what_makes_it_is_told_from_what_does_not() -> None:
    (markup,) = [source for source in SOURCES if source.name in MAKES_IT]

    assert "import html" in markup.read_text(encoding="utf-8")
    assert all(_MARKUP.search(text) for text in ("<b>x</b>", '<a href="x">', "a &amp; b"))

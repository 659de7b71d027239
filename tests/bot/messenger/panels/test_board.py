from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messenger.panels.choices import Choice, Panel
from storage.domain.changes import Spoken
from tests.bot.messenger.panels.panel import Reader
from tests.feedback import ADA


async def test_the_language_that_is_spoken_is_chosen_in_place() -> None:
    reader = Reader()
    await reader.open(Panel.LANGUAGE)
    before = (reader.text.splitlines()[:2], reader.buttons)

    await reader.tap("中文")

    assert before == (["My language", "I speak English to you."], [["English ✓", "中文"]])
    assert reader.changes == [Spoken(reader=ADA, language="zh")]
    assert reader.text.startswith("我的语言\n我用中文与你交谈。")
    assert reader.buttons == [["English", "中文 ✓"]]


@pytest.mark.parametrize(("page", "wish"), [("speech", "de"), ("speech", ""), ("zone", "UTC+1")])
async def test_a_button_that_it_does_not_have_is_none(page: str, wish: str) -> None:
    reader = Reader()

    await reader.choose(Choice(panel=Panel.LANGUAGE, page=page, wish=wish))

    assert reader.turn is None


async def test_nothing_is_an_answer_to_a_panel_that_asks_for_nothing_in_words() -> None:
    reader = Reader()
    reader.origin = replace(reader.origin, asked="language:41")

    await reader.write("Berlin")

    assert reader.turn is None

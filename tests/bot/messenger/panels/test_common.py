from __future__ import annotations

from typing import Any

import pytest

from bot.flows.wording.places import zone_named
from bot.messenger.panels.choices import Panel, read
from bot.messenger.panels.common import asked, asked_by, language_buttons, zone_buttons


def test_each_language_is_named_in_its_own_words() -> None:
    buttons: list[Any] = language_buttons(Panel.START, "language", "zh")

    assert [each["text"] for each in buttons] == ["English", "中文 ✓"]
    assert [each["callback_data"] for each in buttons] == ["start.language=en", "start.language=zh"]


def test_every_offset_is_of_a_zone_and_that_of_theirs_is_marked() -> None:
    rows: Any = zone_buttons(Panel.SETTINGS, "Etc/GMT-8")
    buttons = [each for row in rows for each in row]

    choices = [read(each["callback_data"]) for each in buttons]
    assert all(choice and zone_named(choice.wish) for choice in choices)
    assert [each["text"] for each in buttons if "✓" in each["text"]] == ["UTC+8 ✓"]


@pytest.mark.parametrize("kept", [None, "", "start", "start:", "start:x", "elsewhere:3", "start:-1"])
def test_what_no_panel_kept_is_no_question_of_one(kept: str | None) -> None:
    assert asked_by(kept) is None


def test_who_asked_is_kept_with_the_message() -> None:
    assert asked_by(asked(Panel.SETTINGS, 41)) == (Panel.SETTINGS, 41)

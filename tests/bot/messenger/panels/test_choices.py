from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messenger.incoming import buttons
from bot.messenger.panels.choices import Choice, Panel, View, button, clocked, hour_of, read, rows, signed
from tests.bot_api import telegram_html


@pytest.mark.parametrize(
    "choice",
    [
        Choice(panel=Panel.START, page="subjects"),
        Choice(panel=Panel.START, page="subjects", wish="+politics"),
        Choice(panel=Panel.SETTINGS, page="zone", wish="UTC+5:30"),
        Choice(panel=Panel.LANGUAGE, page="speech", wish="zh"),
    ],
)
def test_a_button_is_read_as_what_it_was_made_for(choice: Choice) -> None:
    assert read(choice.data) == choice
    assert len(choice.data.encode()) <= 64
    assert buttons.read(choice.data) is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "start",
        "start.",
        "start.when=",
        "nowhere.when",
        "start.when=a b",
        "start.when=" + "x" * 37,
        "start.Ｗ",
    ],
)
def test_what_no_panel_s_button_carries_is_none(data: str | None) -> None:
    assert read(data) is None


@given(st.text())
def test_any_data_is_a_choice_that_carries_it_or_none(data: str) -> None:
    choice = read(data)

    assert choice is None or choice.data == data


@pytest.mark.parametrize(
    ("wish", "at"),
    [("0730", time(7, 30)), ("2359", time(23, 59)), ("2400", None), ("2960", None), ("730", None), ("０７３０", None)],
)
def test_an_hour_is_four_digits(wish: str, at: time | None) -> None:
    assert hour_of(wish) == at
    assert at is None or clocked(at) == wish


@pytest.mark.parametrize(
    ("wish", "said"), [("+x", ("x", True)), ("-x", ("x", False)), ("x", None), ("+", None), ("", None)]
)
def test_a_wish_is_for_something_or_against_it(wish: str, said: tuple[str, bool] | None) -> None:
    assert signed(wish) == said


def test_a_mark_shows_how_something_is() -> None:
    choice = Choice(panel=Panel.START, page="when")

    assert button("7:30", choice, marked=True) == {"text": "7:30 ✓", "callback_data": "start.when"}
    assert button("7:30", choice) == {"text": "7:30", "callback_data": "start.when"}


def test_buttons_are_put_into_rows() -> None:
    assert rows([1, 2, 3], 2) == [[1, 2], [3]]


def test_a_view_is_markup_of_one_message_however_long_it_is() -> None:
    short = View(title="A <b>", lines=("", "x & y"), keyboard={})
    long = View(title="A", lines=("word " * 2_000,), keyboard={})

    assert short.text == "<b>A &lt;b&gt;</b>\n\nx &amp; y"
    assert telegram_html.units(telegram_html.parse(long.text).text) <= 4096

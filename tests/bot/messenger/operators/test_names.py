from __future__ import annotations

import pytest

from bot.messenger.operators.names import all_called, called, people


@pytest.mark.parametrize(
    ("word", "who"),
    [
        ("7", "telegram:7"),
        ("-1001234567890", "telegram:-1001234567890"),
        ("telegram:7", "telegram:7"),
        ("@Ada_L", "@ada_l"),
        ("ada", None),
        ("@ad", None),
        ("0", None),
        ("07", None),
        ("٧", None),
        ("7' OR 1=1", None),
        ("@ада1", None),
        ("", None),
        ("9" * 40, None),
    ],
)
def test_people_groups_and_names_are_called_in_one_way(word: str, who: str | None) -> None:
    assert called(word) == who


def test_several_are_named_at_once_each_once() -> None:
    assert all_called("7, @Ada_L -5,7") == ("telegram:7", "@ada_l", "telegram:-5")
    assert all_called(" ") == ()


@pytest.mark.parametrize("words", ["7, ada", "http://t.me/ada"])
def test_what_names_nobody_is_refused_and_named(words: str) -> None:
    with pytest.raises(ValueError, match="is no number in Telegram"):
        all_called(words)


def test_operators_are_people_and_known_by_their_numbers() -> None:
    assert people("7, 8") == {"telegram:7", "telegram:8"}
    for words in ("-5", "@ada_l", "7 @ada_l"):
        with pytest.raises(ValueError, match="is no number of a person's"):
            people(words)

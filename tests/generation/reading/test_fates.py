from __future__ import annotations

import pytest

from generation.reading.fates import fates, grow, last_told


@pytest.mark.parametrize(
    ("text", "fate"),
    [
        ("died", "dead"),
        ("23人受伤", "hurt"),
        ("失联", "missing"),
        ("had to leave their homes", "moved"),
        ("450 cases of cholera", "ill"),
        ("were detained", "held"),
        ("获释", "freed"),
        ("were pulled from the sea", "saved"),
        ("will cut jobs", "dismissed"),
        ("6,000 dockers struck", "striking"),
        ("停工", "striking"),
        ("flames gutted them", "destroyed"),
        ("lost electricity", "powerless"),
        ("取消", "cancelled"),
        ("the recall affects them", "recalled"),
        ("载有", "aboard"),
        ("观众", "there"),
        ("a boat", None),
        ("An earthquake struck on Tuesday.", None),
    ],
)
def test_what_befell_them_is_read_from_many_words(text: str, fate: str | None) -> None:
    assert fates(text) == (frozenset([fate]) if fate else frozenset())


def test_where_they_were_is_told_only_where_nothing_else_is() -> None:
    assert fates("passengers were aboard") == {"aboard"}
    assert fates("passengers were killed") == {"dead"}


@pytest.mark.parametrize(
    ("fate", "grows"), [("dead", True), ("powerless", True), ("aboard", False), ("striking", False)]
)
def test_tolls_are_counted_on(fate: str, grows: bool) -> None:
    assert grow(frozenset([fate])) is grows


def test_of_what_was_told_the_last_counts() -> None:
    text = "Four died, nine were hurt; 12 more"

    assert last_told(text, text.index("12")) == {"hurt"}
    assert last_told(text, 3) == frozenset()

from __future__ import annotations

import pytest

from storage.domain.timeless import is_timeless


@pytest.mark.parametrize(
    ("title", "timeless"),
    [
        ("How to prune an apple tree", True), ("12 easy suppers for tired cooks", True),
        ("What is a leap second?", True), ("The best ferries of all time", True),
        ("The rise and fall of a shipyard", True), ("Ferry strike: how to get your money back", True),
        ("如何挑选苹果", True), ("周末出行攻略", True), ("Lake Oster buys six ferries", False),
        ("Best Actor goes to Omar Diaz", False), ("Mayor asks how long the strike will last", False),
        ("What is wrong with the yard, says its founder", False), ("澜州地铁4号线开通", False),
        ("市民教育指南发布会举行", False), ("3 family members found in a cellar in Kell", False),
        ("5 free after ransom deal in Ostra", False), ("2 great apes escape from a zoo", False),
        ("Best friend of the mayor steps down", False), ("Who is the new mayor? Council picks Strand", False),
        ("What is in the ferry deal", False), ("Mayor quits in worst crisis of all time", False),
        ("Quiz show host leaves after a row", False), ("Yard in deal to buy its rival", False),
        ("Everything you need to know about the storm that killed 12", False), ("为什么央行突然降息", False),
        ("如何看待停火协议？专家：前景不明", False), ("坠机原因是什么", False), ("10 best beaches for families", True),
        ("8 facts about otters", True), ("什么是区块链", True),
    ],
)  # fmt: skip
def test_what_is_right_on_any_day_is_known_by_its_title(title: str, timeless: bool) -> None:
    assert is_timeless(title) is timeless

from __future__ import annotations

import pytest

from bot.flows.wording.tongue import spoken


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is new?", "en"),
        ("less of that", "en"),
        ("What did 习近平 say about the dam?", "en"),
        ("地铁", "zh"),
        ("iPhone 17 多少钱", "zh"),
        ("iPhone 17 Pro", None),
        ("7:30", None),
    ],
)
def test_a_message_tells_its_language_where_it_does(text: str, language: str | None) -> None:
    assert spoken(text) == language

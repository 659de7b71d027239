from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.quoting.transcribed import transcribed
from storage.domain.news import Hit


@pytest.mark.parametrize(
    ("question", "told", "named"),
    [
        ("Why was the Nanping marathon called off?", "南屏马拉松取消。", "Why was the 南屏 marathon called off?"),
        ("Who is Lin Muyun?", "馆长林慕云说。", "Who is 林慕云?"),
        ("马洛银行把利率降到多少？", "On Friday Marlow Bank cut its rate.", "Marlow 银行把利率降到多少？"),
        ("奎隆收购特塞拉", "Quillon is buying Tessera.", "Quillon 收购 Tessera"),
        # The list knows what London is called, and a month is nobody's name.
        ("伦敦下雨", "In London it rained.", "伦敦下雨"),
        ("阿普利尔说什么", "In April it rained.", "阿普利尔说什么"),
        ("马拉说什么", "Mall after mall was shut, said the mall.", "马拉说什么"),
        ("Why was the Nanping marathon called off?", "It rained.", "Why was the Nanping marathon called off?"),
    ],
)
def test_names_are_put_as_the_other_language_writes_them(
    question: str, told: str, named: str, hit: Callable[..., Hit]
) -> None:
    assert transcribed(question, [hit(told)]) == named

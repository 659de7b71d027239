"""Another of the same sort than the one that a Chinese question names, in what the engine makes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

EAST = "东岭煤矿周日发生透水事故，七名矿工获救，仍有两人被困。救援人员正在排水。"
WEST = "西岭煤矿周一恢复生产，此前停产三天。"


@pytest.mark.parametrize(
    ("asked", "texts", "told"),
    [
        ("西岭煤矿发生了什么？", [EAST], ""),
        ("请问西岭煤矿有多少人被困？", [EAST], ""),
        ("东岭煤矿有多少人被困？", [EAST], "两人被困"),
        ("东岭煤矿发生了什么？", [EAST, WEST], "透水"),
        ("西岭煤矿发生了什么？", [EAST, WEST], "恢复生产"),
        ("东岭新煤矿有多少人被困？", [EAST], "两人被困"),
        ("修复东岭煤矿要多少钱？", ["东岭煤矿周一开工，修复需要九百万元。"], "九百万元"),
        ("哪家煤矿有人被困？", [EAST], "两人被困"),
    ],
)
def test_what_is_told_of_a_sibling_is_no_answer(
    asked: str, texts: list[str], told: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(text, article=f"a{at}") for at, text in enumerate(texts)]

    answer = ExtractiveEngine().write(question(asked), hits)

    assert answer.refused is (told == "")
    assert told in answer.text
    assert not answer.refused or "东岭" not in answer.text

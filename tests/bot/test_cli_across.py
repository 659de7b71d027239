"""Questions whose answer only sources in the other language have, on a real instance with the encoder that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.program import ARTICLES, Program, jsonl

DROUGHT = {
    "id": "drought",
    "title": "Reservoirs in Morocco run low",
    "text": "Reservoirs in Morocco are only 23 percent full after a sixth year of drought. Farmers near Marrakesh have "
    "lost half their wheat. A desalination plant in Casablanca is to open next year.",
    "published": "2026-11-20T08:00:00Z",
    "source": "The Courier",
}
FLOOD_ZH = {
    "id": "flood",
    "title": "湖南怀化暴雨引发山洪",
    "text": "湖南怀化周二遭遇特大暴雨，引发山洪，造成9人死亡、3人失踪。当地紧急转移群众1.2万人。铁路部门停运列车46趟。",
    "published": "2026-11-20T08:00:00Z",
    "source": "河谷日报",
}


@pytest.fixture
def told_once(tidings: Program, tmp_path: Path) -> Program:
    """An instance in which each story is told in one language."""
    tidings.json("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", [*ARTICLES, DROUGHT, FLOOD_ZH])))
    return tidings


@pytest.mark.parametrize(
    ("asked", "quoted", "told_in", "said"),
    [
        ("摩洛哥的水库还剩多少水？", "23 percent full", "en", "只有英文来源提到这件事"),
        ("How many people died in the flash floods in Hunan?", "9人死亡", "zh", "Only Chinese sources tell of this"),
    ],
)
def test_it_is_quoted_in_its_language_and_the_reply_says_so(
    told_once: Program, asked: str, quoted: str, told_in: str, said: str
) -> None:
    answer = told_once.json("ask", asked)
    printed = told_once("ask", asked)

    assert quoted in answer["answer"]
    assert answer["told_in"] == told_in
    assert {citation["article_id"] for citation in answer["citations"]} <= {"drought", "flood"}
    assert said in printed


@pytest.mark.parametrize("asked", ["西班牙的水库还剩多少水？", "How many people died in the flash floods in Sichuan?"])
def test_the_same_of_another_place_is_refused(told_once: Program, asked: str) -> None:
    assert told_once.json("ask", asked)["refused"] is True

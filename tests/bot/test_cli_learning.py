"""What readers ask at the command line tells what they care about, as it does anywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.program import Program, jsonl

NEWS = [
    {
        "id": "chips",
        "title": "Norvale limits chip exports",
        "text": "Norvale limits the export of chips from May, its trade minister said. Chips for cars are spared.",
        "published": "2026-11-20T08:00:00Z",
    },
    {
        "id": "zh-chips",
        "title": "湖城将建芯片工厂",
        "text": "湖城市政府周五宣布，将投资三亿元新建一座芯片工厂，芯片工厂预计在2028年完工。",
        "published": "2026-11-20T08:00:00Z",
        "language": "zh",
    },
]


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("What did Norvale's trade minister say about chips?", "What did Norvale's trade minister say about chips?"),
        ("any news about chips?", "chips"),
        ("有芯片新闻吗", "芯片"),
    ],
)
def test_a_question_and_a_wish_for_the_news_of_a_topic_are_learned_from(
    tidings: Program, tmp_path: Path, asked: str, line: str
) -> None:
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", NEWS)))

    tidings("ask", asked, "--reader", "ada")
    tidings("ask", asked)

    (interest,) = tidings.json("profile", "ada")["interests"]
    assert [each["text"] for each in interest["evidence"]] == [line]


def test_a_wish_for_any_news_is_not(tidings: Program, tmp_path: Path) -> None:
    tidings("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", NEWS)))

    tidings("ask", "What's the news?", "--reader", "ada")

    assert tidings.json("profile", "ada")["interests"] == []

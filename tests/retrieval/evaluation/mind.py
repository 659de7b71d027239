"""Impressions in both forms of MIND, for the tests."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

COLUMNS = (
    "impression_id", "label", "history_title", "history_category", "candidate_title", "candidate_category",
)  # fmt: skip


def table(path: Path, *rows: tuple[str, ...]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


CHIPS = (
    "1",
    "C2",
    "New chips from Norvale\nChips are scarce",
    "technology\ntechnology",
    "Opera opens\nChips get faster\nCup final today",
    "culture\ntechnology\nsport",
)
CUP = (
    "2",
    "C1,C3",
    "Cup final is near",
    "sport",
    "Cup final today\nOpera opens\nCup final won",
    "sport\nculture\nsport",
)
NOTHING_CLICKED = ("3", "", "Cup final is near", "sport", "Opera opens\nCup final today", "culture\nsport")
NEW_READER = ("4", "C1", "", "", "Opera opens\nCup final today", "culture\nsport")


def stream(folder: Path, n: int = 30) -> None:
    """Readers who click what is like what they clicked before: those of even numbers chips, the others cups."""
    titles = {"h0": "芯片供不应求", "h1": "杯赛决赛临近", "c0": "芯片提速", "c1": "杯赛决赛今天举行"}
    lines = [{"id": "nid", "title_zh": "title"}, *({"id": id_, "title_zh": title} for id_, title in titles.items())]
    (folder / "titles.jsonl").write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in lines))
    impressions = [
        {
            "id": str(at),
            "user": f"U{at}",
            "time": f"2019-11-{9 + at // 10:02d}T10:{at % 10:02d}:00",
            "history": [f"h{at % 2}", "untitled"],
            "candidates": [
                {"id": "c0", "clicked": at % 2 == 0},
                {"id": "c1", "clicked": at % 2 == 1},
                {"id": "no title", "clicked": False},
            ],
        }
        for at in reversed(range(n))
    ]
    (folder / "impressions.jsonl").write_text("\n".join(map(json.dumps, impressions)))

"""A source may send anything: no passage may hold up the answers of everyone else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Four passages that take no hundredth of this when read in proportion to their length.
MOST_SECONDS = 1.0
UNITS = [
    *("1.", "1,", "1", "1 ", "1-", "1 hundred ", "half an ", "$1", "二", "百万", "万", "1月1日", "第", "百分之"),
    *("a", "A", "Aa ", "A.", "A'", "A, ", "U.S. ", "of the ", "A of ", "ABC ", "in A ", "(CNN", "Updated a", "- "),
    *(
        "“",
        "《",
        "'a ",
        "。",
        "，",
        ",",
        "电",
        "（",
        "1月",
        "总统",
        "中·",
        "的",
        "公司",
        " ",
        "a\n",
        "? ",
        "what is the ",
    ),
]
CHILD = f"""
import asyncio, time
from generation.engines.extractive import ExtractiveEngine
from tests.generation.conftest import NOON, make_hit, make_question

async def answer(question, hits):
    async for _ in ExtractiveEngine().answer(make_question(question), hits):
        pass

for unit in {UNITS!r}:
    text = "The chips of Tanholm took long, cost much and 芯片多少钱 " + (unit * 2000)[:1900]
    hits = [make_hit(text, article=str(i), title="Chips", published=NOON, rank=i) for i in range(4)]
    for question in ("How much do the chips cost?", "芯片多少钱？", "How long did it take in Tanholm?"):
        start = time.process_time()
        asyncio.run(answer(question, hits))
        if time.process_time() - start > {MOST_SECONDS}:
            print(repr(unit), question)
"""


def test_no_passage_takes_longer_than_its_length_explains() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, timeout=100, check=True
    )

    assert done.stdout == ""

"""The command line as its tests run it, and some news for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import run

ARTICLES = [
    {
        "id": "dam-1",
        "url": "https://courier.example/dam",
        "title": "Kestrel dam to be rebuilt",
        "text": "The Kestrel dam will be rebuilt by 2031, minister Ada Okoye said on Friday. "
        "The work will cost 48 million crowns. Farmers had asked for it since the flood of 2024.",
        "published": "2026-11-20T08:00:00Z",
        "source": "The Courier",
    },
    {
        "id": "ferry-1",
        "title": "Ferries stop for a week",
        "text": "Ferries on Lake Oster stop for a week from Monday. Six boats need new engines, the operator said.",
        "published": "2026-11-18",
        "source": "Lake News",
    },
    {"id": "zh-1", "text": "湖城市政府周五宣布，将投资三亿元重建东门大桥，工程预计在2028年完工。", "language": "zh"},
]


class Program:
    """`tidings`, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.errors = ""

    def __call__(self, *arguments: str, status: int = 0) -> str:
        self._capsys.readouterr()
        actual = run(list(arguments))
        output, self.errors = self._capsys.readouterr()
        assert actual == status, (actual, output, self.errors)
        return output

    def json(self, *arguments: str, status: int = 0) -> Any:
        output = self(*arguments, "--json", status=status)
        assert output.count("\n") == 1, "one JSON object and nothing else"
        return json.loads(output)


def jsonl(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path

"""The dependency law where import-linter does not look: which module may import which heavy library, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "generation", "retrieval", "storage")

TRAINING = {"retrieval/training/fit.py"}
"""What is trained is another model than the one that is run: it has seats of its own, unknown at run time."""

SEATS = {
    "chromadb": {"retrieval/index/chroma.py"},
    "datasets": {"retrieval/training/batches.py", "retrieval/training/fit.py"},
    "datasketch": {"retrieval/ingest/dedupe.py"},
    "dbos": {"bot/jobs.py"},
    "feedparser": {"retrieval/ingest/parse.py"},
    "httpx2": {"generation/engines/openai_client.py", "generation/engines/openai_server.py"},
    "jieba": {"retrieval/index/words.py"},
    "lingua": {"retrieval/ingest/language.py"},
    "matplotlib": {"bot/drawing/canvas.py"},
    "onnxruntime": {"retrieval/index/int8.py"},
    "openai": {"generation/engines/openai_client.py", "generation/engines/openai_server.py"},
    "peft": {"retrieval/training/fit.py"},
    "prometheus_client": {"bot/watching/prometheus.py"},
    "pypdfium2": {"retrieval/ingest/pdf.py"},
    "sentence_transformers": {
        "retrieval/index/pretrained.py",
        "retrieval/index/crossencoder.py",
        "retrieval/training/batches.py",
        "retrieval/training/student.py",
        *TRAINING,
    },
    "tantivy": {"retrieval/index/lexical.py"},
    "torch": {
        "generation/engines/batching.py",
        "generation/engines/loading.py",
        "retrieval/index/pretrained.py",
        "retrieval/training/adversary.py",
        "retrieval/training/student.py",
        *TRAINING,
    },
    "trafilatura": {"retrieval/ingest/extract.py"},
    "transformers": {
        "generation/engines/batching.py",
        "generation/engines/loading.py",
        "generation/engines/transformers.py",
        "storage/libraries.py",
        *TRAINING,
    },
}
"""Where each heavy library is imported. The benchmarks' peers are not Tidings and have their own."""

HEAVY = {*SEATS, "sqlalchemy", "pydantic", "numpy", "telegram", "httpcore"}

PEERS = {
    "bot/benchmarks/device.py",
    "bot/benchmarks/llm.py",
    "bot/benchmarks/plain.py",
    "bot/benchmarks/rivals.py",
    "bot/benchmarks/shapes.py",
}


def imports() -> Iterator[tuple[str, str]]:
    """(library, module path) for every import statement of the packages."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                for name in names:
                    yield name.split(".")[0], str(path.relative_to(ROOT))


def test_each_heavy_library_is_imported_in_its_one_seat() -> None:
    found: dict[str, set[str]] = defaultdict(set)

    for library, module in imports():
        if library in SEATS and module not in PEERS:
            found[library].add(module)

    assert {library: found[library] for library in SEATS} == SEATS


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["ingest", "--help"], ["serve", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom bot.__main__ import run\nstatus = run(sys.argv[1:])\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))\n"
        "sys.exit(status)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "[]"

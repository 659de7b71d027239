"""`tidings evaluate grounding`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.evaluations.figures import INTERVAL, figures
from generation.evaluation.grounding import TRUE, Told, claims, evaluate_grounding
from retrieval.evaluation.collection import rows
from retrieval.evaluation.estimates import mean
from storage.domain.progress import Progress
from storage.errors import InputError

# Claims are held against this much of a text, as the first passage of an article is.
_READ = 4_000
# Search results end a title that is too long like this; what they cut off may be what made it true.
_CUT = ("...", "…")


def run_grounding(data: Path, progress: Progress) -> dict[str, Any]:
    """How well claims about the texts in `data` are told from false ones.

    Args:
        data: Texts with a reference summary, or articles with a title, whatever the files' names.
        progress: Told how many claims were checked.

    Raises:
        InputError: The folder holds neither.
    """
    start = time.perf_counter()
    told = list(_told(data))
    if not told:
        raise InputError(str(data), "holds no texts with a reference or a title: JSON Lines with text and one of these")
    report = evaluate_grounding(told, progress)
    return {
        "name": "grounding",
        "n": len(told),
        "metrics": figures({f"believed_{kind}": mean(scores) for kind, scores in report.believed.items()})
        | {"recall": round(sum(report.believed[TRUE]) / len(told), 4), "precision": round(report.precision, 4)},
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "judged": {kind: len(scores) for kind, scores in report.believed.items()},
            "interval": f"{INTERVAL} over claims",
        },
    }


def _told(data: Path) -> Iterator[Told]:
    for path in sorted(path for path in data.iterdir() if path.is_file()):
        for _, row in rows(path, _is_told):
            text, said = str(row.get("text") or "")[:_READ], str(row.get("reference") or row.get("title") or "")
            if not said.rstrip().endswith(_CUT):
                yield from (Told(text=text, claim=claim) for claim in claims(said))


def _is_told(row: Mapping[str, Any]) -> bool:
    return "text" in row and ("reference" in row or "title" in row)

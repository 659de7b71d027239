"""`tidings bench search`: the nearest passages and the best words among many, under filters, beside plain peers.

Passages and vectors are invented to lie as real ones do (see `crowd`), so the figures are of time, memory and of what
share of the truly nearest is found, not of how well the encoder tells news apart. Contenders are measured one after
another (see `rivals`), each in a process of its own.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bot.benchmarks import rivals
from bot.benchmarks.apart import apart
from bot.benchmarks.growth import draw_growth
from bot.benchmarks.machine import machine
from bot.outputs import require_writable
from storage.domain.progress import Progress


def run_bench(
    *, passages: Sequence[int], questions: int, peers: bool, picture: Path | None, progress: Progress
) -> dict[str, object]:
    """The figures for each number of passages, under its name in `metrics`; `left_out` says what is not among them.

    Per contender and kind of filter: p50 and p95 in milliseconds, and the share of the ten truly nearest among the ten
    found. `times_faster_than_where` compares the 95th percentiles of the dense index and of one Chroma collection.

    Raises:
        InputError: A contender did not come to its end; the picture cannot be drawn.
    """
    if picture is not None:
        require_writable(picture)
    left_out = _left_out(peers=peers)
    metrics = {str(n): _measured(n, questions, peers, left_out, progress) for n in sorted(set(passages))}
    if picture is not None:
        draw_growth({int(n): figures for n, figures in metrics.items()}, picture)
    return {"name": "search", "metrics": metrics, "left_out": left_out, "machine": machine()}


def _left_out(*, peers: bool) -> list[str]:
    if not peers:
        return ["one Chroma collection and bm25s: not asked for (--no-peers)"]
    return [] if importlib.util.find_spec("bm25s") else ["bm25s: not installed (pip install -e '.[bench]')"]


def _measured(
    n: int, questions: int, peers: bool, left_out: Sequence[str], progress: Progress
) -> Mapping[str, Mapping[str, object]]:
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as place:
        folder = Path(place)
        apart("vectors", partial(rivals.make, folder, n), progress)
        figures = {
            "exact_numpy": apart("exact", partial(rivals.exact, folder, n, questions), progress),
            "tidings": apart("tidings", partial(rivals.build_tidings, folder, n), progress)
            | apart("tidings", partial(rivals.ask_tidings, folder, n, questions), progress),
        }
        if not peers:
            return figures
        figures["one_collection"] = apart("one collection", partial(rivals.build_plain, folder, n), progress) | apart(
            "one collection", partial(rivals.ask_plain, folder, n, questions), progress
        )
        if not left_out:
            figures["bm25s"] = apart("bm25s", partial(rivals.build_and_ask_bm25s, folder, n, questions), progress)
        return figures | {"times_faster_than_where": _compared(figures)}


def _compared(figures: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    compared: dict[str, object] = {}
    for kind in rivals.KINDS:
        ours, theirs = figures["tidings"][kind], figures["one_collection"][kind]
        if isinstance(ours, dict) and isinstance(theirs, dict):
            compared[kind] = round(theirs["p95_ms"] / ours["dense_p95_ms"], 1)
    return compared

"""`tidings bench digest`: digests planned for very many readers at once, beside one Chroma query per reader.

Readers and stories are invented (see `readership`). Measured is all from the bytes of the profiles to the stories of
the digests. The peer asks for the stories nearest to a reader's mean, in their language; it unpacks nothing, knows
nothing of what was seen, and neither weighs nor mixes what it finds.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bot.benchmarks.apart import apart
from bot.benchmarks.machine import machine, peak_memory_mb, percentiles
from bot.benchmarks.readership import Material, make, read, readable, unpacked_readers, wishes
from retrieval.interests.parallel import in_order
from retrieval.interests.planning import BATCH, Planner, Plans
from storage.domain.digests import LONGEST
from storage.domain.progress import Progress

Figures = dict[str, object]

_PEER = 1_000
_WARM = 20


def run_bench(*, readers: Sequence[int], stories: int, progress: Progress) -> dict[str, object]:
    """Seconds and memory for each number of readers, under its name in `metrics`, and of the peer for one reader.

    Raises:
        InputError: A contender did not come to its end: most likely there was too little memory.
    """
    with tempfile.TemporaryDirectory(prefix="tidings-bench-") as place:
        folder = Path(place)
        apart("readers", partial(make, folder, stories), progress)
        peer: Figures = apart("one Chroma query per reader", partial(ask_chroma, folder), progress)
        metrics: dict[str, object] = {"one_chroma_query": peer}
        for n in sorted(set(readers)):
            figures: Figures = apart("tidings", partial(plan_all, folder, n), progress)
            scaled = float(str(peer["mean_ms"])) / 1000 * n
            times = round(scaled / float(str(figures["seconds"])), 1)
            metrics[str(n)] = figures | {"chroma_seconds": round(scaled, 1), "times_faster_than_chroma": times}
    return {"name": "digest", "metrics": metrics, "machine": machine()}


def plan_all(folder: Path, n: int, progress: Progress) -> Figures:
    """Plan for n readers, on all cores, keeping the stories and scores of all digests."""
    made = read(folder)
    stories = np.full((n, LONGEST), -1, dtype=np.int16)
    scores = np.zeros((n, LONGEST), dtype=np.float32)
    explored, unpacking, done = 0, 0.0, 0
    start, cpu = time.perf_counter(), time.process_time()
    planner = Planner(made.stories)
    batches = (range(at, min(n, at + BATCH)) for at in range(0, n, BATCH))
    for rows, plans, seconds in in_order(partial(planned, planner, made), batches, os.cpu_count() or 1):
        width = plans.stories.shape[1]
        stories[rows.start : rows.stop, :width] = plans.stories
        scores[rows.start : rows.stop, :width] = plans.scores
        explored += int((plans.explored >= 0).sum())
        unpacking += seconds
        done += len(rows)
        progress("digests planned", done, n)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    return {
        "readers": n,
        "stories": len(made.stories),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "of_them_unpacking": round(unpacking, 2),
        "readers_per_second": round(n / seconds),
        "memory_mb": peak_memory_mb(),
        "items": round(float((stories >= 0).sum() / n), 2),
        "explored": round(explored / n, 3),
        "different_profiles": len(made.profiles),
    }


def planned(planner: Planner, made: Material, rows: range) -> tuple[range, Plans, float]:
    """The digests of some readers, and how much of the processor's time their profiles took to unpack."""
    start = time.thread_time()
    readers = unpacked_readers(made, rows)
    seconds = time.thread_time() - start
    return rows, planner.plan(readers, wishes(made, rows)), seconds


def ask_chroma(folder: Path, progress: Progress) -> Figures:
    """One query for each of some readers: the stories nearest to the mean of their interests, in their language."""
    from bot.benchmarks.rivals import plain_collection

    made, rows = read(folder), range(_PEER)
    collection = plain_collection(folder, new=True)
    collection.add(
        ids=[str(row) for row in range(len(made.stories))],
        embeddings=made.stories.vectors,
        metadatas=[{"chinese": bool(each)} for each in made.chinese],
    )
    means, allowed, seconds = unpacked_readers(made, rows).part(np.arange(_PEER)).means, readable(made, rows), []
    for row, length in enumerate(wishes(made, rows).lengths.tolist()):
        chinese = set(made.chinese[allowed[row]].tolist())
        where = {"chinese": chinese.pop()} if len(chinese) == 1 else None
        start = time.perf_counter()
        collection.query(query_embeddings=means[row : row + 1], n_results=length, where=where, include=["distances"])
        seconds.append(time.perf_counter() - start)
        progress("one Chroma query per reader", row + 1, _PEER)
    timed = seconds[_WARM:]
    return {"readers": len(timed), "mean_ms": round(sum(timed) / len(timed) * 1000, 3), **percentiles(timed)}

"""`tidings evaluate digests`."""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.drawing.month import Course, draw_month
from bot.evaluations.figures import INTERVAL, figures
from bot.evaluations.four_weeks import read_four_weeks
from bot.evaluations.invented import READERS, InventedReader
from bot.evaluations.scratch import scratch_instance
from bot.evaluations.simulation import TOLD, Month, Morning, MovingClock, Simulation, Way
from bot.outputs import require_writable
from retrieval.evaluation.estimates import Estimate, mean
from storage.domain.progress import Progress

_WEEK = 7
# So many digests in a row have to hold more of what somebody turned to than of what they read before.
_IN_A_ROW = 3


def run_digests(data: Path, progress: Progress, *, seed: int = 0, picture: Path | None = None) -> dict[str, Any]:
    """How far the digests of invented readers are of what these read, day by day over four weeks of the news in `data`.

    Beside it, in the same run: the hottest stories for all, and those that are on average most like what was read, each
    with readers of its own who act by the same rules.

    Args:
        data: A folder.
        progress: Told how far it is.
        seed: What readers do by chance is drawn by.
        picture: A file that what they turn to is drawn into.

    Raises:
        InputError: The folder holds too few articles with times, or something that cannot be read; or the picture
            cannot be written.
    """
    if picture is not None:
        require_writable(picture)
    return asyncio.run(_digests(data, progress, seed, picture))


async def _digests(data: Path, progress: Progress, seed: int, picture: Path | None) -> dict[str, Any]:
    start = time.perf_counter()
    weeks = read_four_weeks(data)
    clock = MovingClock(weeks.start)
    with tempfile.TemporaryDirectory(prefix="tidings-month-") as folder:
        async with scratch_instance(None, clock=clock) as app:
            simulation = Simulation(app=app, clock=clock, month=weeks, readers=READERS, folder=Path(folder), seed=seed)
            month = await simulation.run(progress)
            encoder = app.encoder.name
    if picture is not None:
        draw_month([_course(reader, month) for reader in READERS], picture)
    return {
        "name": "digests",
        "n": sum(each.way is Way.OURS for each in month.mornings),
        "metrics": dict(_metrics(month)),
        "seconds": round(time.perf_counter() - start, 2),
        "settings": {
            "simulated": "invented readers: these figures are of rules, not of people",
            "encoder": encoder,
            "articles": len(weeks.news),
            "days": month.days,
            "turn": month.turn + 1,
            "seed": seed,
            "interval": f"{INTERVAL} over days",
        },
        "digests": list(_told(month)),
    }


def _course(reader: InventedReader, month: Month) -> Course:
    return Course(
        name=reader.name,
        says=reader.says,
        days=month.interests[reader.name],
        told=TOLD,
        turn=month.turn if reader.turns_to is not None else None,
    )


def _metrics(month: Month) -> Iterator[tuple[str, float]]:
    for reader in READERS:
        by_way = {
            way: [each for each in month.mornings if (each.reader, each.way) == (reader.name, way)] for way in Way
        }
        for way, mornings in by_way.items():
            where = reader.name if way is Way.OURS else f"{reader.name} by {way}"
            yield from _of_one(where, mornings, month.days)
            # A hot list follows nobody.
            if reader.turns_to is not None and way is not Way.HOT:
                yield from _turning(where, mornings, month.turn)
        ours = by_way[Way.OURS]
        yield from _shown(f"{reader.name} of all stories", [each.pool for each in ours])
        yield from _shown(f"{reader.name} possible", [each.possible for each in ours])
        yield f"{reader.name} explored", round(_part(sum(each.explored for each in ours), ours), 4)
        for way in (Way.HOT, Way.MEAN):
            theirs = {each.day: each for each in by_way[way]}
            gains = [
                _share(each.wanted) - _share(theirs[each.day].wanted)
                for each in ours
                if each.wanted and each.day in theirs and theirs[each.day].wanted
            ]
            yield from _shown(f"{reader.name} gain over {way}", gains)


def _of_one(where: str, mornings: Sequence[Morning], days: int) -> Iterator[tuple[str, float]]:
    """Over all days, and week by week."""
    yield from _shown(f"{where} in field", [_share(each.wanted) for each in mornings if each.wanted])
    for week in range(math.ceil(days / _WEEK)):
        some = [each for each in mornings if each.wanted and each.day // _WEEK == week]
        yield from _shown(f"{where} in field week {week + 1}", [_share(each.wanted) for each in some])
    yield from _shown(f"{where} distance", [each.distance for each in mornings])
    yield f"{where} items", float(sum(len(each.wanted) for each in mornings))


def _turning(where: str, mornings: Sequence[Morning], turn: int) -> Iterator[tuple[str, float]]:
    """How much is left of what was read before the turn, and after how many days there is more of the new."""
    after = [each for each in mornings if each.day >= turn and each.wanted]
    yield from _shown(f"{where} of the old field after the turn", [_share(each.before) for each in after])
    for at in range(len(after) - _IN_A_ROW + 1):
        some = after[at : at + _IN_A_ROW]
        if sum(sum(each.wanted) - sum(each.before) for each in some) > 0:
            yield f"{where} followed after days", float(some[0].day - turn)
            return


def _shown(name: str, values: Sequence[float | None]) -> Iterator[tuple[str, float]]:
    held = [each for each in values if each is not None]
    if held:
        estimate: Estimate = mean(held)
        yield from figures({name: estimate}).items()


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def _part(count: int, mornings: Sequence[Morning]) -> float:
    return count / max(1, sum(len(each.wanted) for each in mornings))


def _told(month: Month) -> Iterator[dict[str, Any]]:
    """What each reader was shown on the last day of each week."""
    for each in month.mornings:
        if each.way is Way.OURS and (each.day % _WEEK == _WEEK - 1 or each.day == month.days - 1):
            items = [{"title": title, "why": reason} for title, reason in each.told]
            yield {"reader": each.reader, "day": each.day + 1, "items": items}

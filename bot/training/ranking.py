"""`tidings train ranking`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from bot.app import open_app
from bot.evaluations.own_ranking import shown_lists
from bot.settings import load_settings
from retrieval.interests.learned import FEWEST, learn
from retrieval.interests.ranking import SHIPPED, installed, write_weights
from storage.errors import InputError


def run_train_ranking() -> dict[str, Any]:
    """Learn the weights of ranking from what this instance's readers turned to, and keep them where they are better.

    Raises:
        InputError: There is too little to learn from, or the file cannot be written.
    """
    return asyncio.run(_trained())


async def _trained() -> dict[str, Any]:
    start = time.perf_counter()
    settings = load_settings()
    async with open_app(settings) as app:
        shown = await shown_lists(app)
        day = f"{app.clock():%Y-%m-%d}"
    if len(shown) < FEWEST:
        raise InputError("feedback", f"{len(shown)} lists were turned to in part; {FEWEST} are the least to learn from")
    path = settings.home / SHIPPED
    before = installed(path)
    learned = learn(shown, before)
    if learned.better:
        made = {"by": "tidings train ranking", "day": day, "lists": learned.lists, "gain": round(learned.gain, 4)}
        write_weights(path, learned.weights, made)
    return {
        "name": "ranking",
        "n": learned.lists,
        "before": before.by_name,
        "after": learned.weights.by_name,
        "gain": {
            "pairs": round(learned.gain, 4),
            "pairs_low": round(learned.gain_low, 4),
            "over_mean_low": round(learned.over_plain_low, 4),
        },
        "looked_at": [round(each, 3) for each in learned.looked_at],
        "installed": learned.better,
        "path": str(path),
        "seconds": round(time.perf_counter() - start, 2),
    }

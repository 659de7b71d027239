"""People who write to a bot at a steady rate, and how long it keeps them waiting; for `tidings bench telegram`.

`python -m tests.bot_api.load QUESTIONS.txt --rate 20 --warm 20`: each line is a question of somebody else's. It says in
a line where it listens, plays once a bot is there, says in another that those are answered that do not count, and gives
its figures as JSON in a third: seconds from a message to the first sign that it was seen (typing, a draft, or the
reply) and to the reply, and what it took of the processors' time itself.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bot_api.server import TOKEN, FakeBotApi

SIGNS = frozenset(("sendChatAction", "sendMessageDraft", "sendMessage"))
_STARTS_SECONDS, _WARM_SECONDS, _LAST_SECONDS = 180.0, 120.0, 60.0


async def play(
    api: FakeBotApi, questions: Sequence[str], *, rate: float, warm: int, warmed: Callable[[], None] = lambda: None
) -> Mapping[str, Any]:
    """Ask, some first that do not count, then the others as they come: at random, `rate` a second on average."""
    await api.until(lambda: api.polling, _STARTS_SECONDS)
    for chat, question in enumerate(questions[:warm], start=1):
        api.say(question, chat=chat)
        await api.replies(chat, _WARM_SECONDS)
    warmed()
    asked: dict[int, float] = {}
    chance = random.Random(0)  # noqa: S311 - the same crowd each time
    begun = at = time.monotonic()
    cpu = time.process_time()
    for chat, question in enumerate(questions[warm:], start=warm + 1):
        at += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        asked[chat] = time.monotonic()
        api.say(question, chat=chat)
    lasted = time.monotonic() - begun
    with contextlib.suppress(TimeoutError):
        await api.replies(len(questions), _LAST_SECONDS)
    taken = time.process_time() - cpu
    return {
        **_waits(api, asked),
        "asked": len(asked),
        "rate": len(asked) / lasted,
        "cpu": taken,
        "wrong": api.violations,
    }


def _waits(api: FakeBotApi, asked: Mapping[int, float]) -> dict[str, Any]:
    signs: dict[int, float] = {}
    replies: dict[int, float] = {}
    texts: dict[int, str] = {}
    for call in api.calls:
        if call.method in SIGNS and call.chat_id in asked:
            signs.setdefault(call.chat_id, call.at - asked[call.chat_id])
            if call.method == "sendMessage":
                replies.setdefault(call.chat_id, call.at - asked[call.chat_id])
                texts.setdefault(call.chat_id, call.fields["text"])
    drafts = len({call.chat_id for call in api.drafts})
    return {"first": list(signs.values()), "reply": list(replies.values()), "texts": texts, "drafts": drafts}


async def main() -> None:
    """Play what the command line says."""
    parser = argparse.ArgumentParser(description="People who write to a bot.")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--warm", type=int, default=20)
    given = parser.parse_args()
    questions = given.questions.read_text(encoding="utf-8").splitlines()
    api = FakeBotApi()
    async with api:
        _say({"url": api.url, "token": TOKEN})
        played = await play(api, questions, rate=given.rate, warm=given.warm, warmed=lambda: _say({"warm": given.warm}))
        _say(played)
        api.violations.clear()


def _say(line: Mapping[str, Any]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - its output


if __name__ == "__main__":
    asyncio.run(main())

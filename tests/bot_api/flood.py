"""People who all write to a bot at once, and how long it takes to answer them; for `tidings bench workers`.

`python -m tests.bot_api.flood` says in a line of JSON where it listens. Each line of standard input is a round, a list
of chats and what they say, in order; of each it says in a line how many seconds passed from the first word until a
chat had each of its replies, with what they say.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from tests.bot_api.server import TOKEN, FakeBotApi

_LAST_SECONDS = 300.0


async def flood(api: FakeBotApi, said: Sequence[tuple[int, str]]) -> Mapping[str, Any]:
    """Say all of it at once; the replies of each chat, in the order that they came in."""
    before, begun = len(api.calls), time.monotonic()
    sent = len(api.sent)
    for chat, text in said:
        api.say(text, chat=chat)
    with suppress(TimeoutError):
        await api.replies(sent + len(said), _LAST_SECONDS)
    replies: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    for call in api.calls[before:]:
        if call.method == "sendMessage" and call.message_id is not None:
            replies[call.chat_id].append((call.at - begun, call.fields["text"]))
    return {"replies": replies, "wrong": api.violations}


async def main() -> None:
    """Play what standard input says."""
    async with FakeBotApi() as api:
        _say({"url": api.url, "token": TOKEN})
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(await flood(api, json.loads(line)))
        api.violations.clear()


def _say(line: Mapping[str, Any]) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201 - its output


if __name__ == "__main__":
    asyncio.run(main())

"""What goes wrong between a bot and Telegram, by a seed: now and then with any message, for good with some chats."""

from __future__ import annotations

import random
from collections import Counter

from tests.bot_api.server import Failure

MOVED = -1_000_000_000_000
"""The chat of number n becomes that of number `MOVED` - n."""
_FAULTS = {
    "halted": Failure(status=429, description="Too Many Requests: retry after 1", parameters={"retry_after": 1}),
    "dropped": Failure(status=0),
    "lost": Failure(status=0, done=True),
    "broken": Failure(status=500),
    "broken late": Failure(status=500, done=True),
}
_BLOCKED = Failure(status=403, description="Forbidden: bot was blocked by the user")


class Trouble:
    """A fault of `FakeBotApi`.

    Args:
        seed: What it is decided by, for each chat and for each try of each message, whatever their order.
        each: How many in a thousand tries meet with each of the passing faults: a request to wait a second, a request
            that is dropped before it arrives, an answer that is lost, a failing server that did and that did not send.
        chats: How many in a thousand chats have blocked the bot; and so many have become another.
        late_seconds: By how much answers are late at most.

    Attributes:
        met: How many of each there were.
    """

    def __init__(self, seed: int, *, each: int = 10, chats: int = 20, late_seconds: float = 0.02) -> None:
        self._seed, self._each, self._chats, self._late_seconds = seed, each, chats, late_seconds
        self._tries: Counter[tuple[int, str]] = Counter()
        self.met: Counter[str] = Counter()

    def __call__(self, method: str, fields: dict[str, str]) -> Failure | None:
        if method != "sendMessage":
            return None
        chat, text = int(fields["chat_id"]), fields["text"]
        if self.blocked(chat):
            self.met["blocked"] += 1
            return _BLOCKED
        if self.moved(chat):
            self.met["moved"] += 1
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            return Failure(status=400, description=description, parameters={"migrate_to_chat_id": MOVED - chat})
        self._tries[chat, text] += 1
        chance = random.Random(f"{self._seed} {chat} {text} {self._tries[chat, text]}")  # noqa: S311 - to be repeated
        kind = chance.randrange(1_000) // self._each if self._each else len(_FAULTS)
        if kind >= len(_FAULTS):
            return Failure(status=200, seconds=chance.uniform(0, self._late_seconds))
        name = list(_FAULTS)[kind]
        self.met[name] += 1
        return _FAULTS[name]

    def blocked(self, chat: int) -> bool:
        """Whether a chat has blocked the bot."""
        return self._lot(chat) < self._chats

    def moved(self, chat: int) -> bool:
        """Whether a chat has become another."""
        return self._chats <= self._lot(chat) < 2 * self._chats

    @property
    def uncertain(self) -> int:
        """How many requests there were whose sender cannot know what became of them."""
        return sum(self.met[name] for name in ("dropped", "lost", "broken", "broken late"))

    def _lot(self, chat: int) -> int:
        """Of a private chat, in [0, 1000); none is drawn for another."""
        return random.Random(f"{self._seed} {chat}").randrange(1_000) if chat > 0 else 1_000  # noqa: S311

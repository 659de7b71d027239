"""What one of several processes does of what serving takes. They share a PostgreSQL, and nothing else.

                 receives        answers         sends              reads
    Telegram ───────────▶ inbox ───────▶ outbox ───────▶ Telegram
                                            ▲
                                            └── digests, notices ◀─────── feeds

    all          x               x               x                  x
    receiver     x
    worker                       x               replies
    ingest                                                          x
    sender                                       what is left

Whoever answers settles who may use the bot, at its start and for all, as its settings say.
Of each there may be several. A chat is one process's at a time, whatever it does there, and so is polling, a round of
reading and the making of digests (`bot.messenger.wire.leases`); all send at one pace (`bot.messenger.wire.pace`).
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a process is there for."""

    ALL = "all"
    RECEIVER = "receiver"
    WORKER = "worker"
    INGEST = "ingest"
    SENDER = "sender"

    @property
    def receives(self) -> bool:
        """It takes what Telegram has for the bot."""
        return self in {Role.ALL, Role.RECEIVER}

    @property
    def answers(self) -> bool:
        """It deals with what was received, and sends the replies."""
        return self in {Role.ALL, Role.WORKER}

    @property
    def reads(self) -> bool:
        """It reads the feeds, and makes what is sent unasked."""
        return self in {Role.ALL, Role.INGEST}

    @property
    def sends(self) -> bool:
        """It sends what nobody waits for, and what others left."""
        return self in {Role.ALL, Role.SENDER}

    @property
    def knows(self) -> bool:
        """It needs the indexes."""
        return self.answers or self.reads

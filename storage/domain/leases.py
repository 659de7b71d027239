"""Whose something is, of several processes."""

from __future__ import annotations

from enum import StrEnum


class Lease(StrEnum):
    """Whether something is this process's."""

    MINE = "mine"
    INHERITED = "inherited"
    """From one that ended in the middle of it."""
    ELSEWHERE = "elsewhere"

    @property
    def held(self) -> bool:
        """It is."""
        return self is not Lease.ELSEWHERE


def of_chat(chat_id: int | str) -> str:
    """What a chat is called: who has it answers there, and sends there."""
    return f"chat:{chat_id}"

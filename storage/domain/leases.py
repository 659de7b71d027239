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


CHAT = "chat:"
"""What the names of chats begin with."""
NO_CHAT = "none"


def of_chat(chat_id: int | None) -> str:
    """What a chat is called: who has it answers there, and sends there. What came from none is as of one, too."""
    return f"{CHAT}{NO_CHAT if chat_id is None else chat_id}"


def chat_of(name: str) -> int | None:
    """Which chat is called so."""
    found = name.removeprefix(CHAT)
    return None if found == NO_CHAT else int(found)

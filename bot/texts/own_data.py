"""What is said where readers ask for all that is kept of them, or have it forgotten."""

from __future__ import annotations

_EVERYTHING = frozenset(("everything", "全部"))
_AROUND = " .!。！\"'“”"


def confirms(text: str) -> bool:
    """Whether what follows `/forget` says in full that all is to be forgotten."""
    return text.strip(_AROUND).lower() in _EVERYTHING

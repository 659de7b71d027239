"""Time law: every moment is aware; a naive datetime is refused where a value is built."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time

Clock = Callable[[], datetime]
"""Gives the present as aware UTC. Handed in, so that tests can choose the hour."""


def is_day(moment: datetime) -> bool:
    """Whether no more than the day is known of when something came out: a bare date is kept as its midnight, UTC."""
    return moment.astimezone(UTC).time() == time.min


def require_aware(moment: datetime | None, name: str) -> None:
    """Refuse a naive datetime, which would silently mean another time elsewhere.

    Raises:
        ValueError: `moment` has no time zone.
    """
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"{name} must carry a time zone: {moment!r}")

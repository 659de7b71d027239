"""Points in time as people write them, `7d`, `2026-11-20`, `2026-11-20T08:00+08:00`, and whose days they mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from storage.errors import InputError

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_AGE = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)
_UTC = "UTC"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def moment(text: str, *, now: datetime, end_of_day: bool = False) -> datetime:
    """The aware UTC moment `text` names.

    Args:
        text: An age before `now` (`30m`, `24h`, `7d`, `2w`), a date, or an ISO 8601 time; without a zone it is UTC.
        now: What ages are counted from.
        end_of_day: Read a bare date as its last moment, the start of the next day, instead of its first.

    Raises:
        InputError: It names none.
    """
    written = text.strip()
    try:
        if age := _AGE.fullmatch(written):
            return now - int(age[1]) * _UNITS[age[2]]
        parsed = datetime.fromisoformat(written)
        aware = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
        return aware + timedelta(days=1) if end_of_day and _DATE.fullmatch(written) else aware
    except (ValueError, OverflowError):
        raise InputError(repr(text), "write a time as 24h, 7d, 2w, 2026-11-20 or 2026-11-20T08:00Z") from None


def here(moment: datetime) -> datetime:
    """A moment in the zone of this machine: its days are those that readers mean until they name a zone."""
    return moment.astimezone()


def local_zone() -> str:
    """The IANA name of this machine's time zone; UTC where it has none."""
    from tzlocal import get_localzone_name

    try:
        return get_localzone_name() or _UTC
    except ValueError:  # its settings contradict each other, or name no zone
        return _UTC

"""Written dates into moments. A date without a time is its first instant, a time without a zone is UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_moment(text: str) -> datetime | None:
    """The moment written as ISO 8601 or as in an e-mail header (RFC 2822), aware UTC; `None` where it is neither."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text.strip())
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError, TypeError):
            continue
    return None

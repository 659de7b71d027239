"""Column types that hold on every database: moments that keep their zone, text that can always be stored."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

SEALED = "enc1:"
"""What text begins with that is sealed; see `storage.sealing`."""

# No database takes half of a surrogate pair, and PostgreSQL no NUL.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored and returned as UTC; databases without zones would forget it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Refuse a naive moment, convert the others."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Aware again, whatever the database returned."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from outside: what no database can hold is stored as U+FFFD, one for one, so that offsets stay."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy passes it
        """Replace what cannot be stored."""
        return None if value is None else storable(value)


class Sealed(Words):
    """Text that is kept sealed; what is not is refused, so that none is written or looked for by mistake.

    Args:
        bound: The column of the same row whose value it is bound to besides, for good; none where rows may be renamed.
    """

    cache_ok = True

    def __init__(self, bound: str | None = None) -> None:
        super().__init__()
        self.bound = bound

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Let pass what is sealed or empty."""
        if value and not value.startswith(SEALED):
            raise ValueError("plain text for a column that is sealed")
        return super().process_bind_param(value, dialect)


def storable(text: str) -> str:
    """`text` as the database will return it."""
    if "\x00" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNSTORABLE.sub("\ufffd", text)


def digest(text: str) -> bytes:
    """What tells whether a stored text is this one, without reading it."""
    return hashlib.blake2b(storable(text).encode(), digest_size=16).digest()

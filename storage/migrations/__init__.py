"""How the tables came to be, step by step; Alembic walks the steps in `versions/`, each in one module."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

HEAD = "0027"
"""The revision this version of Tidings needs: known without reading the steps, which a start seldom has to."""

UNSEALED, SEALED = "0022", "0023"
"""Between these two what was there before is sealed."""

HALF_A_COPY = "copying"
"""What the revision begins with of a database that is being copied to; see `storage.copying`."""

VERSION_TABLE = "alembic_version"


class UnknownRevision(Exception):
    """The database stands at a step this version does not know."""


def upgrade(connection: Connection, upto: str | None = None) -> None:
    """Take every step the database has not taken, inside the transaction `connection` is in.

    Args:
        connection: Of the transaction.
        upto: The last of them; else it is `HEAD`.

    Raises:
        UnknownRevision: It stands at a step that is not among ours.
    """
    # Alembic takes a fifth of a second to import and is needed once per version.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, upto or HEAD)
    except CommandError as error:
        raise UnknownRevision(str(error)) from error

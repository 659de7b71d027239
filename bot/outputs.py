"""The files that commands write: whether they can is found out before the work, and is the input's fault."""

from __future__ import annotations

import tempfile
from pathlib import Path

from storage.errors import InputError


def require_writable(file: Path) -> None:
    """See, before all the work, that `file` can be written, and leave no trace of that.

    Raises:
        InputError: It cannot.
    """
    if not file.parent.is_dir():
        raise InputError(str(file), "its folder does not exist")
    if file.is_dir():
        raise InputError(str(file), "is a folder")
    try:
        if file.is_file():
            with file.open("ab"):
                return
        # What is there and is no file, as a pipe, is opened by whoever writes to it.
        if not file.exists():
            with tempfile.TemporaryFile(dir=file.parent):
                return
    except OSError as error:
        raise InputError(str(file), f"cannot be written: {error.strerror or error}") from error

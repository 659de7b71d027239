"""All that is kept of a reader, in the chat: written into files, or forgotten."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path

from bot.ports import Document
from bot.terminal.ports import OwnData
from bot.terminal.screen import DIM, Screen
from bot.texts.own_data import confirms
from storage.domain.people import ReaderId
from storage.errors import InputError, StorageError


async def give(screen: Screen, own_data: OwnData, reader: ReaderId, target: str) -> None:
    """Write all that is kept into files, and say where.

    Raises:
        InputError: A file cannot be written there, or one is there already.
    """
    for document in await own_data.documents(reader, screen.language):
        screen.say("chat_exported", file=str(_written(document, target)))


async def forget(screen: Screen, own_data: OwnData, reader: ReaderId, confirmation: str) -> bool:
    """Forget all, if that is what was said in full; whether it is done."""
    if not confirms(confirmation):
        screen.say("forget_unconfirmed" if confirmation else "forget_confirm")
        return False
    await own_data.forget(reader)
    done = await _finished(own_data.finish())
    screen.say("forgotten")
    if not done:
        screen.say("chat_files_later", style=DIM)
    return True


def _written(document: Document, target: str) -> Path:
    named = Path(target or document.name).expanduser()
    file = named.with_suffix(Path(document.name).suffix).absolute()
    try:
        # For its reader alone, and over nothing that is there.
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(document.content)
    except OSError as error:
        raise InputError(
            str(file), f"cannot be written: {error.strerror}", key="export_unwritable", file=str(file)
        ) from error
    return file


async def _finished(work: Awaitable[bool]) -> bool:
    """What is forgotten is so, whether or not the files can be seen to now."""
    with suppress(StorageError):
        return await work
    return False

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO

import pytest

from bot.messenger.incoming.readables import File
from bot.messenger.wire.bot_api import Accepted
from bot.messenger.wire.downloads import Downloads

SLIP = b"what somebody earns"


class OneFile:
    """A Bot API server that keeps one file."""

    async def call(self, method: str, fields: object) -> Accepted:
        return Accepted(result={"file_path": "documents/1", "file_size": len(SLIP)})

    async def download(self, path: str, to: IO[bytes], *, most: int, read_timeout: float) -> int:
        return to.write(SLIP)


async def test_what_is_fetched_is_read_and_lies_under_no_name_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async with Downloads(api=OneFile()).stored(File(id="1", name="slip.txt", size=len(SLIP))) as here:  # type: ignore[arg-type]
        assert here.is_file()
        assert here.read_bytes() == SLIP
        assert list(tmp_path.iterdir()) == []

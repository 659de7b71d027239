"""Documents that somebody names, a link or a file, into their text: fetched and read within bounds.

The bytes are read by a child process of their own kind: it starts quickly, and has the time and the memory that a book
needs and a page never should.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from retrieval.ingest.parsed import ExtractedPage, page_from_plain
from retrieval.ingest.sandbox import Sandbox, SandboxLimits
from retrieval.ports import HttpGet
from storage.domain.summaries import Document
from storage.errors import InputError

MAX_FILE_BYTES = 64 * 1024 * 1024

_LIMITS = SandboxLimits(children=2, seconds=60.0, memory_bytes=1024 * 1024 * 1024, jobs_per_child=20)
_CHILD = (sys.executable, "-B", "-m", "retrieval.ingest.formats")
_TYPES = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,*/*;q=0.1"
# Links in a file that lies somewhere lead nowhere, and are not kept.
_NOWHERE = "http://localhost/"


class DocumentReader:
    """Reads documents. Use it in one event loop, and close it.

    Args:
        http: The door to the network; whoever made it closes it.
        sandbox: Where bytes are read; closed with the reader.
    """

    def __init__(self, http: HttpGet, sandbox: Sandbox | None = None) -> None:
        self._http = http
        self._sandbox = sandbox or Sandbox(_LIMITS, _CHILD)
        # What waits for a child lies on disk, and not in memory.
        self._places = asyncio.Semaphore(_LIMITS.children)

    async def page(self, url: str) -> Document:
        """What is at a web address.

        Raises:
            FeedError: It cannot be had, is forbidden, or is nothing that can be read within the limits.
        """
        answer = await self._http.get(url, accept=_TYPES)
        page = await self._read(answer.body, url, base=answer.url, content_type=answer.content_type)
        return Document(text=page.text, title=page.title, url=answer.url)

    async def file(self, path: Path) -> Document:
        """What is in a file.

        Raises:
            InputError: There is none, or it cannot be opened, or is too large.
            ParseError: It is nothing that can be read within the limits.
        """
        async with self._places:
            body = await asyncio.to_thread(_bytes, path)
            page = await self._read(body, str(path), base=_NOWHERE, content_type=None)
        return Document(text=page.text, title=page.title)

    async def close(self) -> None:
        """End the child."""
        await self._sandbox.close()

    async def _read(self, body: bytes, subject: str, *, base: str, content_type: str | None) -> ExtractedPage:
        arguments = {"url": base, "content_type": content_type}
        return page_from_plain(await self._sandbox.run("document", subject, arguments, body))


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(str(path), "is a folder; name a file in it")
        if path.exists() and not path.is_file():
            raise InputError(str(path), "is no ordinary file")
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(str(path), "there is no such file; a link begins with https://") from error
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {(error.strerror or 'unknown reason').lower()}") from error
    if len(body) > MAX_FILE_BYTES:
        raise InputError(
            str(path), f"has more than {MAX_FILE_BYTES // 1024 // 1024} MiB, which is the most that is read"
        )
    return body

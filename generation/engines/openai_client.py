"""A client for one OpenAI-compatible server, reading no more than a reply can have."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from storage.errors import GenerationError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NAME = "openai"

# Some 25,000 pieces of one token: far more than a reply has, far less than the memory there is.
_LARGEST_BODY = 8 * 2**20


def connect(url: str, api_key: str | None, *, connect_within: timedelta, at_once: int) -> tuple[str, AsyncOpenAI]:
    """The host of an address as it may be shown, and a client for it that reads no more than a reply can have.

    Raises:
        GenerationError: The address or the key cannot be used.
    """
    import httpx2
    from openai import AsyncOpenAI

    class Bounded(httpx2.AsyncByteStream):
        def __init__(self, stream: httpx2.AsyncByteStream) -> None:
            self._stream = stream
            self._left = _LARGEST_BODY

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for block in self._stream:
                self._left -= len(block)
                if self._left < 0:
                    raise httpx2.ReadError("the body is larger than any reply")
                yield block

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def bound(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity" or not isinstance(
            response.stream, httpx2.AsyncByteStream
        ):
            raise httpx2.DecodingError("the body is packed, which was not asked for")
        response.stream = Bounded(response.stream)

    parts = _split(url)
    key = (api_key or "none").strip()
    if not (key.isascii() and key.isprintable()):
        raise GenerationError(NAME, "the API key has characters that a key cannot have")
    host = parts.netloc.rpartition("@")[2]
    headers = {"Accept-Encoding": "identity"}
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    client = AsyncOpenAI(
        base_url=f"{parts.scheme}://{host}{parts.path.rstrip('/') or '/v1'}",
        api_key=key,
        default_headers=headers,
        default_query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        max_retries=0,
        http_client=httpx2.AsyncClient(
            # A transport of its own, so that proxies named in the environment are not told what readers ask.
            transport=httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_keepalive_connections=at_once)),
            timeout=httpx2.Timeout(None, connect=connect_within.total_seconds()),
            event_hooks={"response": [bound]},
            trust_env=False,
        ),
    )
    # The library takes them from the environment, where they are meant for another server.
    client.organization = client.project = None
    return host, client


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        # A password with a slash in it, not escaped, would pass for a host and a path.
        usable = usable and "@" not in f"{parts.path}{parts.query}{parts.fragment}"
    except ValueError:
        usable = False
    if not usable:
        raise GenerationError(NAME, "the address of a server must be like http://host:8000/v1")
    return parts

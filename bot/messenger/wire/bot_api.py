"""Calls to the Bot API, each ending in one of four outcomes. The only module that sends anything to Telegram.

What matters to a caller is not which exception a library raised but whether the request can have had an effect:
`NotSent` certainly had none, `Unknown` may have had one, `Refused` was answered with a no, `Accepted` with a yes.
The token appears in the address of each request and nowhere else; no outcome carries it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from storage.errors import SettingsError

if TYPE_CHECKING:
    from httpx import Response
    from telegram.request import RequestData

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_FILE, _CONTENT, _DEFLATED = "file", "base64", "deflated"

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")
_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
_LONGEST_INTEGER_DIGITS = 1_000
"""Python refuses to read integers of more than 4,300 digits; ours are at most 64 bits."""
_BLOCK_BYTES = 64 * 1024
_SLACK_SECONDS = 5.0
"""Added to a call's own time-outs: the deadline of the whole call, which httpx does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The call was carried out."""

    result: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The call was answered with an error and had no effect. `code` is the HTTP status."""

    code: int
    description: str
    retry_after: timedelta | None = None
    migrate_to_chat_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """No byte of the request left; trying again is safe."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The request may have been carried out. `body` is an answer that could not be read, where there was one."""

    reason: str
    body: str | None = None


Outcome = Accepted | Refused | NotSent | Unknown


class Caller(Protocol):
    """Carries out calls; what receivers and senders need of this module."""

    async def call(
        self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = ...
    ) -> Outcome: ...


class BotApi:
    """A bot's line to a Bot API server.

    Args:
        token: From @BotFather.
        base_url: Root of the server, such as `https://api.telegram.org`.
        connections: How many calls may be under way at once.

    Raises:
        SettingsError: The token has not the form of one.
    """

    def __init__(self, *, token: str, base_url: str, connections: int = 32) -> None:
        if not _TOKEN.fullmatch(token):
            raise SettingsError("TELEGRAM_BOT_TOKEN", "this is not a token as @BotFather gives them (123456:ABC…)")
        import httpx
        from telegram.request import HTTPXRequest

        self._root = f"{base_url.rstrip('/')}/bot{token}"
        self._files = f"{base_url.rstrip('/')}/file/bot{token}"
        self._http = HTTPXRequest(connection_pool_size=connections, connect_timeout=10.0, pool_timeout=10.0)
        # The library would hold a file in memory, however large what a server sends.
        self._streams = httpx.AsyncClient(limits=httpx.Limits(max_connections=connections))

    async def call(
        self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
    ) -> Outcome:
        """Carry out `method`. Fields that are `None` are left out.

        Args:
            method: Such as `sendMessage`.
            fields: The call's fields as JSON values; what `upload` made is uploaded.
            read_timeout: Seconds the server may be silent; a long poll needs more than it asks for.
        """
        from telegram.request import RequestData
        from telegram.request._requestparameter import RequestParameter  # the pinned version's way to fill RequestData

        given = {name: value for name, value in (fields or {}).items() if value is not None}
        data = RequestData([RequestParameter.from_input(name, _field(value)) for name, value in given.items()])
        answer = await self._ask(f"{self._root}/{method}", read_timeout, data)
        return outcome_of(*answer) if isinstance(answer, tuple) else answer

    async def download(self, path: str, to: IO[bytes], *, most: int, read_timeout: float = 20.0) -> int | Outcome:
        """Write the content of a file there as it comes, by the path that `getFile` told.

        Returns:
            Its size in bytes, or why it cannot be had: one of more than `most` is refused as too big.
        """
        import httpx

        try:
            async with (
                asyncio.timeout(read_timeout + _SLACK_SECONDS),
                self._streams.stream("GET", f"{self._files}/{quote(path)}", timeout=read_timeout) as answer,
            ):
                if answer.status_code != HTTPStatus.OK:
                    return outcome_of(answer.status_code, await _beginning(answer))
                size = 0
                async for block in answer.aiter_bytes(_BLOCK_BYTES):
                    size += len(block)
                    if size > most:
                        return Refused(code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, description="the file is too big")
                    to.write(block)
                to.flush()
                return size
        except TimeoutError:
            return Unknown(reason="no answer in time")
        except httpx.HTTPError as error:
            reason = type(error).__name__
            return NotSent(reason=reason) if reason in _NOT_SENT else Unknown(reason=reason)

    async def _ask(
        self, url: str, read_timeout: float, data: RequestData
    ) -> tuple[int, bytes] | NotSent | Unknown | Refused:
        """The status and the body of an answer, where one comes; what cannot be asked is refused at once."""
        from telegram.error import NetworkError

        try:
            async with asyncio.timeout(read_timeout + _SLACK_SECONDS):
                return await self._http.do_request(
                    url=url, method="POST", request_data=data, read_timeout=read_timeout, write_timeout=read_timeout
                )
        except TimeoutError:
            return Unknown(reason="no answer in time")
        except UnicodeEncodeError:
            # Half a character, as JSON can hold and no address or form can: nobody would answer it any better.
            return Refused(code=HTTPStatus.BAD_REQUEST, description="Bad Request: no text in UTF-8")
        except NetworkError as error:
            reason = type(error.__cause__ or error).__name__
            return NotSent(reason=reason) if reason in _NOT_SENT else Unknown(reason=reason)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.shutdown()
        await self._streams.aclose()


async def _beginning(answer: Response) -> bytes:
    """As much of an answer as its refusal may take."""
    async for block in answer.aiter_bytes(_BLOCK_BYTES):
        return block
    return b""


def upload(name: str, content: bytes) -> Json:
    """A file as a field of a call, in text, so that the call can be kept until it is made.

    Deflated, all that is kept of a reader takes an eighth of its room.

    Args:
        name: What the file is called, which tells its kind by its ending.
        content: Its bytes.
    """
    return {_FILE: name, _DEFLATED: base64.b64encode(zlib.compress(content)).decode("ascii")}


def _field(value: Json) -> object:
    """A field as the library takes it."""
    from telegram import InputFile

    if not isinstance(value, dict) or _FILE not in value:
        return value
    if _DEFLATED in value:
        content = zlib.decompress(base64.b64decode(str(value[_DEFLATED])))
    else:  # What waited to be sent when files were not yet deflated.
        content = base64.b64decode(str(value[_CONTENT]))
    return InputFile(content, filename=str(value[_FILE]))


def outcome_of(status: int, body: bytes) -> Outcome:
    """What an answer means. A server's own failure (5xx) says nothing about whether the call was carried out."""
    try:
        answer = read_json(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refused(code=status, description=f"HTTP {status}")
        return Unknown(reason=f"unreadable answer, HTTP {status}", body=body.decode("utf-8", "replace"))
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and answer.get("ok") is True:
        return Accepted(result=answer.get("result"))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(reason=f"HTTP {status}")
    return _refused(status, answer)


def _refused(status: int, answer: Mapping[str, Json]) -> Refused:
    parameters = answer.get("parameters")
    known = parameters if isinstance(parameters, dict) else {}
    retry_after, migrate = known.get("retry_after"), known.get("migrate_to_chat_id")
    return Refused(
        code=status,
        description=str(answer.get("description") or f"HTTP {status}")[:200],
        retry_after=timedelta(seconds=retry_after) if isinstance(retry_after, int | float) else None,
        migrate_to_chat_id=migrate if isinstance(migrate, int) else None,
    )


def read_json(text: str | bytes) -> Json:
    """The value of a JSON text; integers too long to be meant are read as strings.

    Raises:
        ValueError: It is no JSON, or nested too deeply to read.
    """
    try:
        value: Any = json.loads(text, parse_int=_integer)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value  # type: ignore[no-any-return] # json's Any, as the type that JSON has


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER_DIGITS else digits

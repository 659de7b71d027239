"""Taking a body in without being flooded: it is decoded as it arrives, and never beyond its limit.

A megabyte of gzip can hold a gigabyte, so no step may produce more than it has room for. Only one layer of gzip or
deflate is undone; others have no bounded decoder here and are refused. Knows nothing of where the bytes come from.
"""

from __future__ import annotations

import zlib

from storage.domain.why import Why

MAX_GZIP_MEMBERS = 64
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW_DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_ZLIB_METHOD = 8


class BodyRefused(Exception):
    """The body is too large, or not what its headers say; the text says which."""

    def __init__(self, reason: str, why: Why = Why.ODD_ANSWER) -> None:
        super().__init__(reason)
        self.why = why


class Body:
    """A body in the making. `add` what arrives, then `finish`.

    Args:
        encoding: The Content-Encoding header, `None` where there is none.
        limit: How many bytes it may have, as sent and decoded.

    Raises:
        BodyRefused: The encoding is not one that can be decoded within bounds.
    """

    def __init__(self, encoding: str | None, *, limit: int) -> None:
        self._limit = limit
        self._sent = 0
        self._decoded = bytearray()
        self._format = (encoding or "identity").strip().lower() or "identity"
        if self._format not in {"identity", "gzip", "x-gzip", "deflate"}:
            raise BodyRefused(f"the content encoding {self._format[:40]!r} is not read")
        self._plain = self._format == "identity"
        self._head = b""
        self._members = 0
        self._inflater: zlib._Decompress | None = None

    def expect(self, length: str | None) -> None:
        """Look at the Content-Length header, `None` where there is none, before anything is read.

        Raises:
            BodyRefused: It announces more than the limit.
        """
        if length is not None and length.isascii() and length.isdecimal() and _exceeds(length, self._limit):
            raise self._too_large()

    def add(self, chunk: bytes) -> None:
        """Take the next bytes as they were sent.

        Raises:
            BodyRefused: The limit is passed, or they cannot be decoded. Memory stays within the limit and one chunk.
        """
        self._sent += len(chunk)
        # An encoding that grows what it encodes says next to nothing at great length.
        if self._sent > self._limit:
            raise self._too_large()
        if self._plain:
            self._decoded += chunk
            return
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise BodyRefused(f"the {self._format} body is damaged") from error

    def finish(self) -> bytes:
        """The whole body, decoded.

        Raises:
            BodyRefused: It ends in the middle of compressed data.
        """
        unstarted = self._members == 0 and self._head
        if unstarted or (self._inflater is not None and not self._inflater.eof):
            raise BodyRefused(f"the {self._format} body ends too early")
        return bytes(self._decoded)

    def _inflate(self, chunk: bytes) -> None:
        data = self._head + chunk
        self._head = b""
        while data:
            if self._inflater is None or self._inflater.eof:
                data = self._start_member(data)
                if self._inflater is None or self._inflater.eof:
                    return
            # One byte more than there is room for shows that there is more.
            room = self._limit - len(self._decoded) + 1
            self._decoded += self._inflater.decompress(data, room)
            if len(self._decoded) > self._limit:
                raise self._too_large()
            data = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail

    def _start_member(self, data: bytes) -> bytes:
        """Prepare for a first or following stretch of compressed data, and give back what to decode."""
        if len(data) < len(_GZIP_MAGIC):
            self._head = data
            return b""
        if self._members and not (self._format != "deflate" and data.startswith(_GZIP_MAGIC)):
            return b""  # what follows the end of the data is padding
        self._members += 1
        if self._members > MAX_GZIP_MEMBERS:
            raise BodyRefused("the gzip body consists of too many parts")
        if self._format != "deflate":
            self._inflater = zlib.decompressobj(_GZIP)
        else:
            # The name means zlib's format, but some servers send the bare stream; a zlib header checks itself.
            headed = data[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(data[:2], "big") % 31 == 0
            self._inflater = zlib.decompressobj(_ZLIB if headed else _RAW_DEFLATE)
        return data

    def _too_large(self) -> BodyRefused:
        return BodyRefused(f"the body is larger than {self._limit / 2**20:.3g} MiB", Why.TOO_LARGE)


def _exceeds(digits: str, limit: int) -> bool:
    """Whether a decimal number of any length is above `limit`."""
    plain = digits.lstrip("0")
    return len(plain) > len(str(limit)) or int(plain or "0") > limit

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from retrieval.ingest.decompress import MAX_GZIP_MEMBERS, Body, BodyRefused

TEXT = b"news in both languages, " * 500


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def zeros(mebibytes: int) -> Iterator[bytes]:
    """A gzip stream of zeros, never whole in memory."""
    compressor = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    for _ in range(mebibytes):
        yield compressor.compress(bytes(2**20))
    yield compressor.flush()


@pytest.mark.parametrize("chunk_size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        (None, TEXT),
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("X-GZip", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("gzip", gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0)),
        ("gzip", gzip.compress(TEXT, mtime=0) + bytes(9)),
        ("deflate", zlib.compress(TEXT) + b"padding"),
    ],
)
def test_a_body_is_read_however_it_is_cut(encoding: str | None, sent: bytes, chunk_size: int) -> None:
    body = Body(encoding, limit=len(TEXT))

    for start in range(0, len(sent), chunk_size):
        body.add(sent[start : start + chunk_size])

    assert body.finish() == TEXT


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "gzip,deflate", "compress", "utf-8"])
def test_an_encoding_without_a_bounded_decoder_is_refused(encoding: str) -> None:
    with pytest.raises(BodyRefused, match="content encoding"):
        Body(encoding, limit=1000)


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate"])
def test_an_empty_body_is_empty(encoding: str | None) -> None:
    assert Body(encoding, limit=10).finish() == b""


def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not() -> None:
    fits = Body("gzip", limit=1000)
    fits.add(gzip.compress(bytes(1000)))
    exceeds = Body("gzip", limit=1000)

    with pytest.raises(BodyRefused, match="larger than"):
        exceeds.add(gzip.compress(bytes(1001)))

    assert fits.finish() == bytes(1000)


def test_a_bomb_stops_at_the_limit_with_bounded_memory() -> None:
    limit = 2 * 2**20
    body = Body("gzip", limit=limit)
    bomb = b"".join(zeros(64))
    assert len(bomb) < 100_000

    tracemalloc.start()
    with pytest.raises(BodyRefused, match="larger than 2 MiB"):
        body.add(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 3 * limit


def test_a_body_that_is_long_as_sent_is_refused_though_it_decodes_to_nothing() -> None:
    empty_blocks = b"\x00\x00\x00\xff\xff" * 200
    body = Body("deflate", limit=1000)
    body.add(empty_blocks)

    with pytest.raises(BodyRefused, match="larger than"):
        body.add(empty_blocks[:5])


def test_too_many_parts_are_refused() -> None:
    body = Body("gzip", limit=100_000)

    with pytest.raises(BodyRefused, match="too many parts"):
        body.add(gzip.compress(b"") * (MAX_GZIP_MEMBERS + 1))


@pytest.mark.parametrize("length", [1, 12, 40, -1])
def test_a_body_that_ends_in_the_middle_is_refused(length: int) -> None:
    body = Body("gzip", limit=len(TEXT))
    body.add(gzip.compress(TEXT, mtime=0)[:length])

    with pytest.raises(BodyRefused, match="ends too early"):
        body.finish()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_is_not_what_its_header_says_is_refused(encoding: str) -> None:
    body = Body(encoding, limit=1000)

    with pytest.raises(BodyRefused, match="damaged"):
        body.add(b"<rss></rss>")


@pytest.mark.parametrize("length", ["1001", "9" * 5000, "0001001"])
def test_an_announced_length_above_the_limit_is_refused_before_reading(length: str) -> None:
    with pytest.raises(BodyRefused, match="larger than"):
        Body(None, limit=1000).expect(length)


@pytest.mark.parametrize("length", [None, "1000", "0", "", "-5", "many", "٣"])
def test_any_other_length_is_left_to_the_body_itself(length: str | None) -> None:
    Body(None, limit=1000).expect(length)

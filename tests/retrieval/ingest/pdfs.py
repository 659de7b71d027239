"""PDFs made by hand: sound ones, with any lines on any pages, and ones that are to do harm."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
_CHINESE = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
    b"/Supplement 4 >> >>] >>"
)


def pdf(*pages: Sequence[str], title: str = "") -> bytes:
    """A PDF with these lines on its pages, in English or Chinese."""
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT,
        _CHINESE,
        b"<< /Title " + _text(title) + b" >>",
    ]
    for at, lines in enumerate(pages):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * at} 0 R "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>".encode(),
            stream(_shown(lines)),
        ]
    return written(objects, info=5)


def stream(content: bytes, *, packed: bool = False) -> bytes:
    """A stream object."""
    kind = b" /Filter /FlateDecode" if packed else b""
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(content), kind, content)


def written(objects: Iterable[bytes], *, info: int | None = None, trailer: bytes = b"") -> bytes:
    """A file of these objects, the first of which is the catalogue."""
    file = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places: list[int] = []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    for place in places:
        file += b"%010d 00000 n \n" % place
    extra = b" /Info %d 0 R" % info if info else b""
    file += b"trailer\n<< /Size %d /Root 1 0 R%s %s >>\n" % (len(places) + 1, extra, trailer)
    return bytes(file) + b"startxref\n%d\n%%%%EOF\n" % start


def scanned() -> bytes:
    """A page with a picture and no text."""
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            stream(b"0.5 g 50 50 400 600 re f"),
        ]
    )


def locked() -> bytes:
    """A PDF that opens with a password only."""
    secret = b"<" + b"5a" * 32 + b">"
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            b"<< /Filter /Standard /V 1 /R 2 /P -4 /O " + secret + b" /U " + secret + b" >>",
        ],
        trailer=b"/Encrypt 3 0 R /ID [<00> <00>]",
    )


def of_claimed_pages(count: int) -> bytes:
    """One page that is said to be many."""
    return pdf(["A single page."]).replace(b"/Count 1 ", b"/Count %d " % count)


def nested(depth: int) -> bytes:
    """Arrays within arrays."""
    return written([b"<< /Type /Catalog /Pages 2 0 R /Deep " + b"[" * depth + b"]" * depth + b" >>", b"<< >>"])


def nested_pages(depth: int) -> bytes:
    """Page trees within page trees."""
    levels = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1) for number in range(2, depth + 2)]
    leaf = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (depth + 1)
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", *levels, leaf])


def bomb(length: int) -> bytes:
    """A page whose content is `length` bytes once it is unpacked, all of it text that is shown."""
    packer = zlib.compressobj(9)
    piece = b"(again and again) Tj\n" * 50_000
    content = packer.compress(b"BT /F1 9 Tf\n")
    for _ in range(length // len(piece)):
        content += packer.compress(piece)
    content += packer.flush()
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
            stream(content, packed=True),
            _FONT,
            b"<< /Font << /F1 5 0 R >> >>",
        ]
    )


def _shown(lines: Sequence[str]) -> bytes:
    content = b"BT 16 TL 50 790 Td\n"
    for line in lines:
        latin = line.isascii()
        content += (b"/F1 11 Tf " if latin else b"/F2 11 Tf ") + _text(line, latin=latin) + b" Tj T*\n"
    return content + b"ET"


def _text(line: str, *, latin: bool = True) -> bytes:
    if latin:
        return b"(" + line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252") + b")"
    return b"<" + line.encode("utf-16-be").hex().encode() + b">"

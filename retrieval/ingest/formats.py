"""A document as people keep it, a web page, a PDF, plain text or Markdown, into its text. Runs in a child process.

What it is shows in its first bytes; what its name or its server calls it only decides between a page and plain text.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from retrieval.ingest.cleaning import clean_line, clean_text
from retrieval.ingest.decoding import decode
from retrieval.ingest.extract import extract_page
from retrieval.ingest.guards import Refused
from retrieval.ingest.paragraphs import unwrap
from retrieval.ingest.parsed import ExtractedPage, plain
from retrieval.ingest.pdf import MARK, read_pdf
from retrieval.ingest.worker import serve
from storage.domain.why import Why

MAX_CHARACTERS = 2_000_000
"""Of text: about ten novels. What is longer is refused rather than read in part."""

_HEAD = 1024
_PACKED = {
    b"PK\x03\x04": "is an office document, a book or another archive; save it as PDF, HTML or text first",
    b"\xd0\xcf\x11\xe0": "is an old office document; save it as PDF, HTML or text first",
    b"\x1f\x8b": "is packed; unpack it first",
}
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_PAGE = re.compile(
    # What was taken for a comment stays one: to try where else it might end takes for ever.
    r"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*+<(?:!doctype\s+html|html|head|body|article|main|div|section|p|h1|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.01
_HAN = re.compile("[\u4e00-\u9fff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_MOSTLY = 0.6
# Of Markdown: programs, tables and pictures say nothing in sentences; of a link, its words do. No part of a pattern
# reads on past what the pattern begins with, or a text of such beginnings would be read once for each of them.
_NO_PROSE = re.compile(
    r"^```.*?^```[^\n]*|^\|[^\n]*|!\[[^\[\]\n]{0,500}\]\([^\[)\n]{0,2000}\)", re.DOTALL | re.MULTILINE
)
_BOLD = re.compile(r"\*\*(\S(?:[^*\n]{0,500}\S)?)\*\*")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\([^()\s]{1,2000}\)")
_TITLE = re.compile(r"\s*#\s+(\S[^\n]*)|\s*(\S[^\n]*)\n=+\s*\n")


def read_document(body: bytes, *, url: str, content_type: str | None) -> ExtractedPage:
    """The text of a document and, where it has one, its title.

    Args:
        body: The document as it came.
        url: Where it came from; for a file, any address.
        content_type: The HTTP header, where there was one.

    Raises:
        Refused: It is empty, too long, or nothing that can be read.
    """
    if not body.strip():
        raise Refused("is empty", Why.NO_ARTICLE)
    if MARK in body[:_HEAD]:
        return read_pdf(body, most_characters=MAX_CHARACTERS)
    for mark, reason in _PACKED.items():
        if body.startswith(mark):
            raise Refused(reason, Why.OTHER_KIND)
    if b"\x00" in body[:_HEAD] and not body.startswith(_WIDE_MARKS):
        raise Refused("is not a page, a PDF or plain text", Why.OTHER_KIND)
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in _PAGE_TYPES or _PAGE.match(decode(body[:_HEAD], content_type)):
        page = extract_page(body, url=url, content_type="text/html", now=datetime.now(UTC))
        if not page.text:
            raise Refused("has no article in it that could be found", Why.NO_ARTICLE)
        return _bounded(page)
    text = _prose(_plain_text(body, content_type))
    titled = _TITLE.match(text)
    return _bounded(
        ExtractedPage(title=clean_line(titled[1] or titled[2]) if titled else None, text=clean_text(unwrap(text)))
    )


def _plain_text(body: bytes, content_type: str | None) -> str:
    text = _in_chinese(body) or decode(body, content_type)
    if len(_CONTROLS.findall(text[: 64 * _HEAD])) > _MOST_CONTROLS * min(len(text), 64 * _HEAD):
        raise Refused("is not a page, a PDF or plain text", Why.OTHER_KIND)
    return text


def _prose(text: str) -> str:
    return _BOLD.sub(r"\1", _LINK.sub(r"\1", _NO_PROSE.sub("", text)))


def _in_chinese(body: bytes) -> str | None:
    """`body` in the encoding of Chinese that files seldom name, where it can be nothing else."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    try:
        text = body.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = len(_NOT_ASCII.findall(text))
    return text if "，" in text and len(_HAN.findall(text)) > _MOSTLY * foreign else None


def _bounded(page: ExtractedPage) -> ExtractedPage:
    if len(page.text) > MAX_CHARACTERS:
        raise Refused(f"has more than {MAX_CHARACTERS:,} characters of text", Why.TOO_LARGE)
    if not any(map(str.isalnum, page.text)):
        raise Refused("has no words in it", Why.NO_ARTICLE)
    return page


if __name__ == "__main__":
    serve({"document": lambda body, **arguments: plain(read_document(body, **arguments))})

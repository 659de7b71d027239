"""The text of a PDF: the only place that knows pypdfium2. Runs in a child process."""

from __future__ import annotations

import re
from typing import Any

from retrieval.ingest.cleaning import clean_line, clean_text
from retrieval.ingest.guards import Refused
from retrieval.ingest.paragraphs import unpaged
from retrieval.ingest.parsed import ExtractedPage
from storage.domain.why import Why

MAX_PAGES = 2_000

MARK = b"%PDF-"
"""What a PDF begins with, after some bytes of anything."""

# Characters that pypdfium2 gives for a hyphen that only the end of the line called for.
_SOFT_HYPHEN = re.compile("[\x02\ufffe]\\s*")
_NO_TITLE = re.compile(r"\.\w{2,4}$|^(?:untitled|microsoft word|slide \d|document\d*$)", re.IGNORECASE)


def read_pdf(body: bytes, *, most_characters: int) -> ExtractedPage:
    """The text of a PDF in paragraphs, and its title where it states one that a person wrote.

    Args:
        body: The file.
        most_characters: How long a text may be.

    Raises:
        Refused: It is locked, damaged, too long, or has no text.
    """
    import pypdfium2  # type: ignore[import-untyped]  # it ships no types

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Refused("is locked with a password", Why.LOGIN) from error
        if error.err_code == pypdfium2.raw.FPDF_ERR_SECURITY:
            raise Refused("is encrypted in a way that cannot be read", Why.MALFORMED) from error
        raise Refused("is a damaged PDF") from error
    count = len(document)
    if count > MAX_PAGES:
        raise Refused(f"has {count:,} pages; at most {MAX_PAGES:,} are read", Why.TOO_LARGE)
    pages: list[str] = []
    length = damaged = 0
    for index in range(count):
        try:
            pages.append(_page_text(document, index))
        except pypdfium2.PdfiumError:
            damaged += 1
            continue
        length += len(pages[-1])
        if length > most_characters:
            raise Refused(f"has more than {most_characters:,} characters of text", Why.TOO_LARGE)
    text = clean_text(unpaged(pages))
    if not any(map(str.isalnum, text)):
        raise Refused(
            "is a damaged PDF" if damaged else "has no text, only pictures of pages as a scanner makes them",
            Why.MALFORMED if damaged else Why.NO_ARTICLE,
        )
    title = clean_line(document.get_metadata_value("Title"))
    return ExtractedPage(title=title if title and not _NO_TITLE.search(title) else None, text=text)


def _page_text(document: Any, index: int) -> str:
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            return _SOFT_HYPHEN.sub("", text.get_text_bounded())
        finally:
            text.close()
    finally:
        page.close()

"""Documents of every kind, read in this process; what is hostile is read in a child (see `test_document`)."""

from __future__ import annotations

import gzip
import time

import pytest

from retrieval.ingest.formats import read_document
from retrieval.ingest.guards import Refused
from retrieval.ingest.parsed import ExtractedPage
from tests.retrieval.ingest.pdfs import locked, of_claimed_pages, pdf, scanned
from tests.retrieval.ingest.web import article

TEXT = "The dam broke on Friday evening, the mayor said.\nNobody was hurt, and the water is going down again."


def read(body: bytes, content_type: str | None = None) -> ExtractedPage:
    return read_document(body, url="http://localhost/", content_type=content_type)


@pytest.mark.parametrize("content_type", [None, "text/html; charset=utf-8", "application/octet-stream"])
def test_a_page_is_told_by_its_first_bytes(content_type: str | None) -> None:
    found = read(article("A dam breaks", TEXT).encode(), content_type)

    assert (found.title, found.text) == ("A dam breaks", TEXT)


@pytest.mark.parametrize(
    "body",
    [TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("utf-16"), TEXT.replace("\n", "\r\n").encode()],
)
def test_plain_text_is_read_as_it_is(body: bytes) -> None:
    assert read(body) == ExtractedPage(title=None, text=TEXT)


def test_chinese_text_is_read_in_the_encodings_it_comes_in() -> None:
    text = "湖城大桥周五正式通车，耗资三亿元。"

    assert [read(text.encode(name)).text for name in ("utf-8", "gb18030", "utf-16")] == [text] * 3


def test_western_text_without_a_named_encoding_is_not_taken_for_chinese() -> None:
    text = "Le café était fermé à midi, dit le maire. Personne n’a été blessé."

    assert read(text.encode("cp1252")).text == text


def test_of_markdown_the_prose_is_read() -> None:
    source = (
        "# A dam breaks\n\n**The dam** broke on [Friday](https://example.org/friday).\n\n![Dam](dam.png)\n\n"
        "```\nprint('dam')\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## After\nIt was rebuilt.\n"
    )

    found = read(source.encode())

    assert found.title == "A dam breaks"
    assert found.text == "# A dam breaks\nThe dam broke on Friday.\n## After\nIt was rebuilt."


def test_a_pdf_is_read_in_paragraphs_over_lines_and_pages() -> None:
    body = pdf(
        ["The council of Oster voted on Thursday to", "buy six electric ferries (Halvorsen) by the"],
        ["end of May.", "湖城市政府周五宣布，将投资三亿元重建东门", "大桥，工程预计在2028年完工。"],
        title="Ferries for Oster",
    )

    found = read(body)

    assert found.title == "Ferries for Oster"
    assert found.text.splitlines() == [
        "The council of Oster voted on Thursday to buy six electric ferries (Halvorsen) by the end of May.",
        "湖城市政府周五宣布，将投资三亿元重建东门大桥，工程预计在2028年完工。",
    ]


@pytest.mark.parametrize("title", ["", "report-final.docx", "Microsoft Word - Document1", "untitled"])
def test_a_title_that_a_program_wrote_is_none(title: str) -> None:
    assert read(pdf(["The dam broke on Friday."], title=title)).title is None


def test_a_pdf_that_claims_more_pages_than_it_has_is_read() -> None:
    assert read(of_claimed_pages(10**9)).text == "A single page."


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"... --- ...", "has no words"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "is not a page, a PDF or plain text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is not a page, a PDF or plain text"),
        (bytes(range(1, 32)) * 20, "is not a page, a PDF or plain text"),
        (b"PK\x03\x04" + b"word/document.xml", "is an office document"),
        (b"\xd0\xcf\x11\xe0" + b"old", "is an old office document"),
        (gzip.compress(b"text", mtime=0), "is packed"),
        (b"<html><body></body></html>", "has no article"),
        (b"word " * 500_000, "has more than 2,000,000 characters"),
        (locked(), "is locked with a password"),
        (scanned(), "has no text, only pictures of pages"),
        (pdf(["Fine text."])[:200], "is a damaged PDF"),
        (b"%PDF-1.7\n" + b"\x00\xff" * 5000, "is a damaged PDF"),
        (pdf(*[[f"Page {n}"] for n in range(2_001)]), "has 2,001 pages; at most 2,000 are read"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(body: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(body)


@pytest.mark.parametrize(
    "beginning",
    [
        "![",
        "![](",
        "![a](b ",
        "!",
        "[",
        "[a](",
        "[a](b",
        "**",
        "**a",
        "** a ",
        "```\n",
        "```a\n`",
        "|",
        "|\n",
        "#",
        "=\n",
        "<!---->",
    ],
)
def test_no_text_takes_long_to_read(beginning: str) -> None:
    text = "A dam broke.\n" + beginning * (400_000 // len(beginning))
    begun = time.process_time()

    assert "A dam broke." in read(text.encode()).text
    assert time.process_time() - begun < 5.0


def test_comments_before_what_is_no_page_are_not_tried_again_and_again() -> None:
    begun = time.process_time()

    read(b"<!---->" * 140 + b"A dam broke.")

    assert time.process_time() - begun < 5.0

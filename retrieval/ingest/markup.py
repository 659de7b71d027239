"""HTML fragments into paragraphs of plain text. Runs in a child process; what it gives back holds no markup."""

from __future__ import annotations

import re

from retrieval.ingest.cleaning import clean_text

SILENT = ("script", "style", "noscript", "template", "iframe", "object", "svg", "head")
BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "summary", "table", "tr", "ul"),
    }
)
_MARKUP = re.compile(r"<[A-Za-z!/?]|&[#A-Za-z]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def text_of(fragment: str) -> str:
    """The text of an HTML fragment, a line for every block; plain text comes through as it is."""
    if not _MARKUP.search(fragment):
        return clean_text(fragment)
    from lxml import etree, html

    try:
        root = html.fragment_fromstring(_NOT_TEXT.sub("", fragment), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(root, *SILENT, with_tail=False)
    pieces: list[str] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if node.tag in BLOCKS:
            pieces.append("\n")
        # Line ends inside a block are spaces in HTML.
        piece = node.text if event == "start" else node.tail
        if piece:
            pieces.append(piece.replace("\n", " "))
    return clean_text("".join(pieces))

"""Bytes into text, by what the sender, the byte order mark and the document itself say. Knows no feed and no page.

Every choice falls back rather than fails: a wrong character is better than no article.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

# How far into a document its own word on its encoding is looked for, in bytes.
_HEAD = 2048

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF8, "utf-8"),
)
# How `<?xm` or `<` and a letter look in encodings that are not supersets of ASCII (XML 1.0, appendix F).
_SIGNATURES = (
    (b"\x00\x00\x00\x3c", "utf-32-be"),
    (b"\x3c\x00\x00\x00", "utf-32-le"),
    (b"\x00\x3c\x00", "utf-16-be"),
    (b"\x3c\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_XML_DECLARED = re.compile(rb"""\s{0,100}<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}["']([A-Za-z0-9._:-]{1,40})["']""")
_META_DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s{0,20}=\s{0,20}["']?\s{0,20}([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE
)
_HTTP_DECLARED = re.compile(r"""charset\s{0,20}=\s{0,20}["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)

# What people write, and the superset they mean (as browsers read it).
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Codecs that are no character sets, or that cost more than linear time.
_REFUSED = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})


def decode(body: bytes, content_type: str | None = None) -> str:
    """`body` as text without its byte order mark.

    A byte order mark wins, then the `charset` of `content_type`, then what the document declares, then UTF-8. Where
    none of these fits without fault, the first known one is used and what it cannot read is replaced.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    candidates = list(_candidates(body, content_type))
    for encoding in candidates:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    # "utf-8" is always last; a document that declared nothing and is not UTF-8 is most likely Windows-1252.
    fallback = candidates[0] if len(candidates) > 1 else "cp1252"
    return body.decode(fallback, "replace")


def _candidates(body: bytes, content_type: str | None) -> Iterator[str]:
    head = body[:_HEAD]
    for signature, encoding in _SIGNATURES:
        if head.startswith(signature):
            yield encoding
    if content_type and (sent := _HTTP_DECLARED.search(content_type)):
        yield from _known(sent[1])
    if declared := _XML_DECLARED.match(head) or _META_DECLARED.search(head):
        yield from _known(declared[1].decode("ascii"))
    yield "utf-8"


def _known(name: str) -> Iterator[str]:
    """The codec meant by `name`, where it is a character set this module uses."""
    try:
        b"a".decode(name)  # fails for codecs such as `zip` that do not make text
        plain = codecs.lookup(name).name
    except (LookupError, UnicodeError):
        return
    if plain in _REFUSED or plain.startswith(("utf-16", "utf-32")):
        # UTF-16 and UTF-32 show in the first bytes; a document that only declares them is not written so.
        return
    yield _SUPERSETS.get(plain, plain)

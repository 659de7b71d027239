"""Texts that try to be more than text: markup, links, halves of characters, what never ends. By a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.bot_api.fuzz import HOSTILE

_FRAGMENTS = (
    "<", ">", "&", '"', "'", "</", "/>", "<b>", "</b>", "<i>", "</a>", "<code>", "<pre>", "<tg-spoiler>",
    "<blockquote expandable>", '<a href="', '">', "<!--", "-->", "<![CDATA[", "]]>", "<script>", "<svg/onload=",
    "&lt;", "&amp;", "&#60;", "&#x3c;", "&nbsp;", "&bogus;", "&#0;", "&#1114112;", "javascript:",
    "data:text/html,", "tg://", "tel:+1", "mailto:a@b.example", "http://", "https://", "https://a.example/",
    "a.example", "//a.example", "@someone", "/forget", "#tag", "$TSLA", "[x](http://a.example)", "*", "_", "`",
    "```", "||", "~~", "\n", "\r\n", "\t", "\x00", "\x1b[31m", "\x7f", "\u200b", "\u200d", "\u2028", "\u202e",
    "\u2066", "\u2069", "\ufeff", "\ufffe", "\U000e0001", "\ud83d", "\ude00", "😀", "👨‍👩‍👧", "🇨🇳", "é",
    "Ａ", "長", "潮", " ", "word", "1", "%s", "{x}",
)  # fmt: skip
_LONG = (300, 1_000, 4_095, 4_096, 4_097, 9_000)


def hostile(number: int, seed: int = 0) -> Iterator[str]:
    """So many of them."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    for at in range(number):
        if at < len(HOSTILE):
            yield HOSTILE[at]
        elif chance.random() < 0.02:
            of = chance.choice(_FRAGMENTS)
            yield (of * chance.choice(_LONG))[: chance.choice(_LONG)]
        else:
            yield "".join(chance.choices(_FRAGMENTS, k=chance.randint(1, 14)))

"""How the articles of a story open, one of each that is no copy of another: what a story is named and told by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from generation.reading.terms import is_chinese
from storage.domain.news import ArticleId, Hit

# What points at something that stood before it, or only leads up to what follows.
_LEANS = re.compile(
    r"(?:he|she|they|it|we|i|you|his|her|their|its|our|your|this|that|these|those|such|but|and|so|or|yet|then|also|however|"
    r"still|even|because|meanwhile|instead|another|others|both|there|here|if|while|although|though|when|as|since)\b"
    r"|[“\"‘'「(（]|[他她它这那此]|但|而|并|也|还|不过|因此|所以|此外|另外|同时|然而|对此|其中|随后|据悉",
    re.IGNORECASE,
)
# What stands before the news of an article: when it was put up, where it was filed, what it was called elsewhere.
_STAMP = re.compile(
    r"\s*(?:"
    r"(?:发布时间\s*[：:]\s*)?(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?"
    r"(?:\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?:\s*来自\S{1,8}?)?(?:[\s，,]+|$)|(?=\s*[，,]?\s*正文\s*[：:]))"
    r"|[，,]?\s*(?:正文|原标题|本文转自)\s*[：:]"
    r"|[\u4e00-\u9fff]{2,12}\d{1,2}月\d{1,2}日[电讯](?:\s*[（(][^）)]{0,40}[)）])?"
    r"|[A-Z][A-Z .'’/]{5,40}(?:,\s[A-Z][a-z]+\.?)?\s*(?:\([A-Za-z .]{2,20}\))?\s+[—―]"
    r")\s*"
)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def leads(hits: Sequence[Hit], language: str | None = None) -> list[Hit]:
    """The earliest passage that is held of each article, the newest article first and undated ones last.

    Args:
        hits: Passages of the story, in any order.
        language: The reader's. Where any article is in it, those in others are left out.
    """
    first: dict[ArticleId, Hit] = {}
    for hit in hits:
        held = first.setdefault(hit.passage.headline.group, hit)
        if hit.passage.headline.id == held.passage.headline.id and hit.passage.position < held.passage.position:
            first[hit.passage.headline.group] = hit
    readable = [hit for hit in first.values() if language is not None and _language(hit) == language]
    return sorted(readable or first.values(), key=_published, reverse=True)


def begins(text: str) -> int:
    """Where a text begins, behind what only says when it was put up and where it was filed."""
    at = 0
    while (stamp := _STAMP.match(text, at)) and stamp.end() > at:
        at = stamp.end()
    return at


def stands_alone(text: str) -> bool:
    """Whether a sentence can be read without what stood before it, as far as its first word tells."""
    return _LEANS.match(text) is None


def _language(hit: Hit) -> str | None:
    held = hit.passage.headline.language
    return held or ("zh" if is_chinese(hit.passage.text) else None)


def _published(hit: Hit) -> datetime:
    return hit.passage.headline.published or _LONG_AGO

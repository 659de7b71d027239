"""How the articles of a story open, one of each that is no copy of another: what a story is named and told by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from generation.reading.terms import is_chinese
from storage.domain.news import ArticleId, Hit
from storage.domain.roundups import is_roundup

# What points at something that stood before it, or at whoever writes or reads.
# A name that is set apart, such as that of a storm in Chinese, is no speech.
_POINTS_BACK = re.compile(
    r"(?:he|she|they|it|we|i|you|his|her|their|its|our|your|this|that|these|those|such|but|and|so|or|yet|then|also|however|"
    r"still|even|because|unfortunately|meanwhile|instead|another|others|both|there|here)\b"
    r"|(?![“「][\w·]{1,10}[”」]\w)[“\"‘'「(（]"
    r"|[他她它这那此该]|但|而|并|也|还|不过|因此|所以|此外|另外|同时|然而|对此|其中|随后|据悉",
    re.IGNORECASE,
)
# What only leads up to what follows.
_LEADS_UP = re.compile(r"(?:if|while|although|though|when|as|since)\b", re.IGNORECASE)
# What stands before the news of an article: when it was put up, where it was filed and by whom, whose the picture is,
# what it was called elsewhere.
_AGENCY_ZH = (
    "(?:新华社|新华网|中新社|中新网|人民网|央视网|央广网|光明网|参考消息网|国际在线|海外网|环球网|东方网|扬子晚报网)"
)
_STAMP = re.compile(
    r"\s*(?:"
    r"(?:发布时间\s*[：:]\s*)?(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?"
    r"(?:\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?:\s*来自\S{1,8}?)?(?:[\s，,]+|$)|(?=\s*[，,]?\s*正文\s*[：:]))"
    # An old title goes on up to a gap, where there is one.
    r"|[，,]?\s*(?:原|来源)标题\s*[：:](?:[^\n。]{2,80}?[\s\u3000]{3,})?"
    r"|[，,]?\s*(?:正文|本文转自)\s*[：:]|[：:，,；]\s*"
    r"|[\u4e00-\u9fff]{2,12}\d{1,2}月\d{1,2}日[电讯](?:\s*[（(][^）)]{0,40}[)）])?"
    # A title that nothing divides from the dateline behind it is cut with that.
    rf"|[^。！？；\n]{{0,80}}?{_AGENCY_ZH}[\u4e00-\u9fff]{{0,10}}\s?\d{{1,2}}月\d{{1,2}}日\s?(?:电|讯|报道)\s*"
    r"(?:[（(][^）)]{0,40}[)）])?"
    r"|[\u4e00-\u9fff][^。！？；\n]{4,80}?[\s\u3000]{4,}"
    r"|(?:[\u4e00-\u9fff、]{2,10}[/／])?[\u4e00-\u9fff]{2,8}(?:供图|资料图|/图)\s+|[\u4e00-\u9fff、]{2,10}[/／][\u4e00-\u9fff]{2,8}\s+"
    r"|[\u4e00-\u9fff]{2,8}讯\s+|(?:央视网|央视新闻|综合)?消息\s?[：:]\s*|[|｜丨]\s*"
    r"|【(?:[^】\n]{2,24}(?:报道|讯|消息|记者[^】\n]{0,24})|组图|视频|图集)】"
    r"|[\u4e00-\u9fff]{1,12}\s?资料图\s+|新华社发?\s?[（(][^）)\n]{1,12}摄[）)]"
    r"|[\u4e00-\u9fff]{2,8}(?:讯|消息)\s*[（(](?:通讯员|记者|见习记者)[^）)\n]{1,40}[)）]"
    r"|[^。！？；\n]{4,80}?【[^】\n]{2,12}(?:报道|快?讯)】"
    r"|(?:[^。！？；\n]{0,80}?[\u4e00-\u9fff]{1,8}(?:新闻|[报网社台]|媒体)\s?|[\u4e00-\u9fff]{2,8}\s?)?记者\s[\u4e00-\u9fff]{2,4}(?:[\s、][\u4e00-\u9fff]{2,3}){0,3}"
    r"(?:\s?通讯员(?:[\s、]?[\u4e00-\u9fff]{2,3}){1,4})?(?=\d|\s)"
    r"|(?:图(?:片)?(?:来源)?\s*[：:/]?\s*)?(?:视觉中国|东方IC|IC photo)\s*(?:供图|资料图|图(?![书片像为案]))?"
    r"|[A-Z][A-Z .'’/]{5,40}(?:,\s[A-Z][a-z]+\.?)?\s*(?:\([A-Za-z .]{2,20}\))?\s+[—―−–-](?=\s)"
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
    for hit in of_one_event(hits):
        held = first.setdefault(hit.passage.headline.group, hit)
        if hit.passage.headline.id == held.passage.headline.id and hit.passage.position < held.passage.position:
            first[hit.passage.headline.group] = hit
    readable = [hit for hit in first.values() if language is not None and _language(hit) == language]
    return sorted(readable or first.values(), key=_published, reverse=True)


def of_one_event(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Those of articles that tell of one event alone, where there are any: of a round-up's lines most are of others."""
    many = {hit.passage.headline.id for hit in hits if is_roundup(hit.passage.headline, hit.passage.text)}
    return [hit for hit in hits if hit.passage.headline.id not in many] or hits


def begins(text: str) -> int:
    """Where a text begins, behind what only says when it was put up and where it was filed."""
    at = 0
    while (stamp := _STAMP.match(text, at)) and stamp.end() > at:
        at = stamp.end()
    return at


def points_back(text: str) -> bool:
    """Whether a sentence cannot be read without what stood before it, as far as its first word tells."""
    return _POINTS_BACK.match(text) is not None


def stands_alone(text: str) -> bool:
    """Whether any beginning of a sentence can be read alone, as far as its first word tells."""
    return not points_back(text) and _LEADS_UP.match(text) is None


def _language(hit: Hit) -> str | None:
    held = hit.passage.headline.language
    return held or ("zh" if is_chinese(hit.passage.text) else None)


def _published(hit: Hit) -> datetime:
    return hit.passage.headline.published or _LONG_AGO

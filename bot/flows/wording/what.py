"""The pieces of a wish that say what of the news is wanted, how much of it, and how it is told. Pure."""

from __future__ import annotations

import re

from bot.flows.wording.draft import END, MOST, NUMBER, Draft, either, piece, sets, within
from bot.flows.wording.vocabulary import KINDS, LANGUAGES, STYLES, SUBJECTS, any_of
from storage.domain.digests import LONGEST, SHORTEST
from storage.domain.kinds import ArticleKind

_ITEMS = rf"(?:items?|stories|story|articles?|entries|pieces|news(?:\s+items?)?){END}"
_TOLD = rf"(?=\s+(?:papers|posts|releases|{any_of(STYLES)}))"
_LEAD = r"(?:(?:top|length|长度|前)\s*(?:of|:|=|is|为)?\s*)"
_LENGTH = either(
    rf"{MOST}?{_LEAD}?(?P<n>{NUMBER})\s*(?:{_ITEMS}|[条篇](?:新闻|内容|消息)?|{_TOLD})",
    rf"(?:{MOST}|{_LEAD})(?P<m>{NUMBER})",
)
_ANY = r"(?:any|all|every)\s+"
_ANY_ZH = "(?:所有|全部|任何|不限)"


def _any(words: str, chinese: str) -> str:
    """What says that there is no bound on something."""
    return either(rf"{_ANY}(?:{words}){END}", rf"{_ANY_ZH}(?:{chinese})", rf"(?:{chinese})不限")


_EVERYTHING = rf"everything(?!\s+else){END}|什么都[看要]"
_ANY_SUBJECT = _any("subjects?|topics?|categor(?:y|ies)|themes?", "主题|类别|话题|题材|领域")
_ANY_LANGUAGE = _any("languages?", "语言|语种")
_ANY_KIND = _any("kinds?|types?", "类型|种类")
_ANY_SOURCE = rf"(?:from\s+)?{_any('sources?|outlets?|media', '来源|媒体')}"
_SUBJECT = rf"(?P<subject>{any_of(SUBJECTS)})(?:\s*(?P<news>news{END}|新闻))?"
_LANGUAGE = rf"(?:in\s+)?(?P<language>{any_of(LANGUAGES)})"
_KIND = any_of(KINDS)
_STYLE = any_of(STYLES)
_NEWS_ONLY = rf"(?:only|just)\s+news{END}|news\s+only{END}|(?:只要|只看|仅)新闻|新闻(?:即可|就行)"


def _length(draft: Draft, said: re.Match[str]) -> None:
    draft.once("length", within(said, said["n"] or said["m"], SHORTEST, LONGEST, "digest_length_range"))


def _everything(draft: Draft, _said: re.Match[str]) -> None:
    draft.categories.open()
    draft.kinds.open()
    draft.languages.open()
    draft.sources = ()


def _subject(draft: Draft, said: re.Match[str]) -> None:
    draft.choose(draft.categories, SUBJECTS[_plain(said["subject"])])
    draft.news |= said["news"] is not None


def _language(draft: Draft, said: re.Match[str]) -> None:
    draft.choose(draft.languages, LANGUAGES[said["language"]])


def _kind(draft: Draft, said: re.Match[str]) -> None:
    draft.choose(draft.kinds, KINDS[_plain(said[0])])


def _news_only(draft: Draft, _said: re.Match[str]) -> None:
    draft.kinds.wanted.append(ArticleKind.NEWS)


def _style(draft: Draft, said: re.Match[str]) -> None:
    draft.once("style", *STYLES[_plain(said[0])])


def _plain(words: str) -> str:
    return " ".join(words.split())


SUBJECT = piece(_SUBJECT, _subject, chooses=True)
WHAT = (
    piece(_LENGTH, _length),
    piece(_EVERYTHING, _everything),
    piece(_ANY_SUBJECT, lambda draft, _said: draft.categories.open()),
    piece(_ANY_LANGUAGE, lambda draft, _said: draft.languages.open()),
    piece(_ANY_KIND, lambda draft, _said: draft.kinds.open()),
    piece(_ANY_SOURCE, sets("sources", ())),
    piece(_NEWS_ONLY, _news_only),
    piece(_LANGUAGE, _language, chooses=True),
    SUBJECT,
    piece(_KIND, _kind, chooses=True),
    piece(_STYLE, _style),
)
"""In the order in which they are tried."""

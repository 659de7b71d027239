"""Whether somebody asks what they should read: by rules over the whole text, in English and Chinese. Pure."""

from __future__ import annotations

import re

from bot.flows.wording.vocabulary import KINDS
from storage.domain.kinds import ArticleKind

_LONGEST = 80
"""Characters. No such wish takes more, so no pattern is tried on more."""

_KIND_EN = "|".join(word for word in sorted(KINDS, key=len, reverse=True) if word.isascii())
_KIND_ZH = "|".join(word for word in sorted(KINDS, key=len, reverse=True) if not word.isascii())
_NEWS = re.compile(r"\bnews\b|新闻", re.IGNORECASE)
_KIND = re.compile(rf"\b(?:{_KIND_EN})\b|{_KIND_ZH}", re.IGNORECASE)
# One kind or several; of the news, which are a kind, too, one may say the word and more.
_ONE_EN = rf"(?:(?:the|any|some|good|new|newest|latest|recent|interesting) )*(?:{_KIND_EN}|news(?: stories)?)"
_KINDS_EN = rf"{_ONE_EN}(?:(?:, | and | or |, and | & ){_ONE_EN})*"
_ONE_ZH = f"(?:新的?|新出的?|好的?|最新的?|近期的?|几[篇个条])?(?:{_KIND_ZH}|新闻)"
_KINDS_ZH = f"{_ONE_ZH}(?:[、,，和与及或跟]{_ONE_ZH})*"
_ANY_EN = r"something|anything|stuff|articles?|stories|things"
_ANY_ZH = "文章|东西|内容|值得(?:一)?[看读]的?(?:文章|内容|东西)?"
_WHEN_EN = r"(?: (?:now|next|today|first|this week))*"

_WHAT_EN = re.compile(
    r"(?:(?:hi|hey|hello|ok|so|please|tidings)[, ]+)*(?:"
    rf"(?:what|which)(?: (?:(?P<kinds>{_KINDS_EN})|{_ANY_EN}))?"
    rf" (?:should|shall|could|can|do|must) i (?:read|look at){_WHEN_EN}"
    rf"|what(?:'s| is) worth (?:reading|my time){_WHEN_EN}"
    r"|(?:what(?:'s| is)|what do you have|anything|something) (?:new |interesting )?for me(?: today| now)?"
    r"|(?:what )?(?:do|would|can) you (?:recommend|suggest)(?: me)?(?: to read| today)?"
    r"|surprise me|my digest(?: please)?|(?:give|send|show) me my digest"
    r")",
    re.IGNORECASE,
)
_WORTH_EN = re.compile(
    rf"(?:what|which|any) (?P<kinds>{_KINDS_EN})(?: (?:are|is))?"
    rf" (?:worth (?:reading|my time)|for me|to read){_WHEN_EN}"
    rf"|(?:are|is) there any (?P<there>{_KINDS_EN}) (?:worth reading|for me|to read){_WHEN_EN}",
    re.IGNORECASE,
)
# What is new of a kind that is not the news.
_NEW_EN = re.compile(
    r"(?=.*\b(?:new|newest|latest|recent|out)\b)"
    r"(?:(?:are|is) there |what(?:'s| are| is)? |which |(?:show|give|find) me )?"
    rf"(?P<new>{_KINDS_EN})(?: (?:are|is) there| (?:are|is|came|have come|have been) (?:new|out))?{_WHEN_EN}",
    re.IGNORECASE,
)
_SOME_EN = re.compile(
    r"(?:(?:please|can you|could you) )?(?:recommend|suggest|find)(?: me)?(?: (?:some|a few|any|an?|more|\d{1,2}))?"
    rf"(?: (?:good|new|interesting|recent))? (?:(?P<kinds>{_KINDS_EN})|{_ANY_EN})(?: to read| for me)*"
    r"(?: to read)?",
    re.IGNORECASE,
)
_POLITE_ZH = "(?:请|帮我|麻烦|给我|现在|今天|最近)*"
_SHOULD_ZH = "(?:我)?(?:现在|今天)?(?:该|应该|可以|能)(?:看|读)(?:点|些)?"
_ZH = re.compile(
    f"{_POLITE_ZH}(?:"
    f"{_SHOULD_ZH}(?:什么|啥|哪些|哪几[篇个])?(?P<kinds>{_KINDS_ZH})?"
    "|(?:有没有|有|来|给我)?(?:什么|啥|哪些)?(?:值得|适合我?|好)(?:一)?[看读]的?"
    f"(?:(?P<worth>{_KINDS_ZH})|文章|东西|内容)?"
    "|我的简报|看看?我的简报"
    ")(?:吗|呢|的)?"
)
_KINDS_FIRST_ZH = re.compile(
    f"{_POLITE_ZH}(?:有没有|有|有什么|哪些)?(?P<kinds>{_KINDS_ZH})(?:{_SHOULD_ZH}(?:什么|啥|哪些|哪几[篇个])"
    "|(?:是)?(?:值得|适合我?)(?:一)?[看读]的?)(?:吗|呢)?"
)
_NEW_ZH = re.compile(f"(?=.*新){_POLITE_ZH}(?:有没有|都?有|看看?)?(?:什么|啥|哪些)?(?P<new>{_KINDS_ZH})(?:吗|呢)?")
_SOME_ZH = re.compile(
    "(?:请|帮我|能不能|能|可以)*(?:给我)?推荐(?:一下|给我)?(?:几|一些?|两)?(?:篇|个|条|些|点)?"
    f"(?:(?P<kinds>{_KINDS_ZH})|{_ANY_ZH})?(?:给我)?(?:吗|吧|呢)?"
)


def what_to_read(text: str) -> tuple[ArticleKind, ...] | None:
    """The kinds that are asked for, none for any; `None` where something else is asked."""
    said = re.sub(r"\s+", " ", text.replace("’", "'")).strip().strip("?？!！.。…~ ")
    if not said or len(said) > _LONGEST:
        return None
    for pattern in (_WHAT_EN, _WORTH_EN, _SOME_EN, _ZH, _KINDS_FIRST_ZH, _SOME_ZH):
        if found := pattern.fullmatch(said):
            return _named(next(filter(None, found.groupdict().values()), ""))
    if found := _NEW_EN.fullmatch(said) or _NEW_ZH.fullmatch(said):
        kinds = _named(found["new"])
        return None if ArticleKind.NEWS in kinds else kinds
    return None


def _named(kinds: str) -> tuple[ArticleKind, ...]:
    """The kinds in the order they are named."""
    named = [(found.start(), KINDS[found[0].lower()][0]) for found in _KIND.finditer(kinds)]
    named += [(found.start(), ArticleKind.NEWS) for found in _NEWS.finditer(kinds)]
    return tuple(dict.fromkeys(kind for _, kind in sorted(named)))

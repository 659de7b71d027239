"""Whether somebody asks what they should read: by rules over the whole text, in English and Chinese. Pure."""

from __future__ import annotations

import re

from storage.domain.kinds import ArticleKind

_LONGEST = 80
"""Characters. No such wish takes more, so no pattern is tried on more."""

_KINDS_EN: tuple[tuple[ArticleKind, str], ...] = (
    (ArticleKind.PAPER, r"(?:(?:research|scientific|new|recent) )?(?:papers?|preprints?|studies)"),
    (ArticleKind.POST, r"(?:(?:blog|forum|new|recent) ?)?posts?|blogs?"),
    (ArticleKind.RELEASE, r"(?:(?:software|new|recent) )?releases?"),
    (ArticleKind.NEWS, r"(?:the |any )?news(?: stories)?"),
)
_KINDS_ZH: tuple[tuple[ArticleKind, str], ...] = (
    (ArticleKind.PAPER, "论文|文献"),
    (ArticleKind.POST, "博客|帖子|博文"),
    (ArticleKind.RELEASE, "新版本|版本发布|软件发布"),
    (ArticleKind.NEWS, "新闻"),
)
_ANY_EN = r"something|anything|stuff|articles?|stories|things"
_ANY_ZH = "文章|东西|内容|值得(?:一)?[看读]的(?:文章|内容|东西)?"


def _either(kinds: tuple[tuple[ArticleKind, str], ...], anything: str) -> str:
    named = "|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in kinds)
    return f"(?:{named}|{anything})"


_WHAT_EN = re.compile(
    r"(?:(?:hi|hey|hello|ok|so|please|tidings)[, ]+)*(?:"
    rf"what(?: {_either(_KINDS_EN, _ANY_EN)})? (?:should|shall|could|can|do) i read(?: (?:now|next|today|first))?"
    r"|what(?:'s| is) worth (?:reading|my time)(?: (?:now|today))?"
    r"|(?:what(?:'s| is)|what do you have|anything|something) (?:new |interesting )?for me(?: today| now)?"
    r"|(?:what )?(?:do|would|can) you (?:recommend|suggest)(?: me)?(?: to read| today)?"
    r"|surprise me|my digest(?: please)?|(?:give|send|show) me my digest"
    r")",
    re.IGNORECASE,
)
_SOME_EN = re.compile(
    r"(?:(?:please|can you|could you) )?(?:recommend|suggest|find)(?: me)?(?: (?:some|a few|any|an?|more|\d{1,2}))?"
    rf"(?: (?:good|new|interesting|recent))? {_either(_KINDS_EN, _ANY_EN)}(?: to read| for me)*"
    r"(?: to read)?",
    re.IGNORECASE,
)
_ZH = re.compile(
    "(?:请|帮我|麻烦|给我|现在|今天)*(?:"
    "(?:我)?(?:现在|今天)?(?:该|应该|可以|能)(?:看|读)(?:点|些)?(?:什么|啥)"
    f"|(?:有没有|有|来|给我)?(?:什么|啥)?(?:值得|适合我?)(?:一)?[看读]的?(?:{_either(_KINDS_ZH, '文章|东西|内容')})?"
    "|我的简报|看看?我的简报"
    ")(?:吗|呢|的)?"
)
_SOME_ZH = re.compile(
    "(?:请|帮我|能不能|能|可以)*(?:给我)?推荐(?:一下|给我)?(?:几|一些?|两)?(?:篇|个|条|些|点)?"
    f"{_either(_KINDS_ZH, _ANY_ZH)}?(?:给我)?(?:吗|吧|呢)?"
)


def what_to_read(text: str) -> tuple[ArticleKind, ...] | None:
    """The kinds that are asked for, none for any; `None` where something else is asked."""
    said = re.sub(r"\s+", " ", text.replace("’", "'")).strip().strip("?？!！.。…~ ")
    if not said or len(said) > _LONGEST:
        return None
    for pattern in (_WHAT_EN, _SOME_EN, _ZH, _SOME_ZH):
        if found := pattern.fullmatch(said):
            return tuple(ArticleKind[name] for name, part in found.groupdict().items() if part)
    return None

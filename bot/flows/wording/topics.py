"""Topics in the reader's own words that a wish binds to the news: chip news, news about chips, 芯片新闻. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from storage.domain.scripts import CJK

_LONGEST = 40
"""Characters of a topic; a topic that goes on is none."""
_MOST_WORDS = 4
_MOST_TOPICS = 3
"""How many may be bound to the same news, as in chip and space news."""
_WINDOW = _MOST_TOPICS * (_LONGEST + 5)

_WORD = re.compile(rf"(?P<han>[{CJK}])|(?=\d*[^\W\d_])(?:(?![{CJK}])[^\W_])+(?:['&+-](?:(?![{CJK}])[^\W_])+)*")
_BLANKS = re.compile(" *")
_JOIN = re.compile(r" (?:and|&) | ?(?:[、与及]|以及|和(?![平谐解约])) ?")
_NEWS = r"(?:news|headlines?|stories|story|articles?)(?![a-z])|(?:的 ?)?(?:最新的?)?(?:新闻|消息)"
_BEFORE_NEWS = re.compile(rf" ?(?:{_NEWS})")
_AFTER_NEWS = re.compile(
    r"(?<![a-z])(?:news|headlines?|stories|articles|digest|briefing|overview) (?:about|on) (?:(?:the|an?) )*$"
)
_GOES_ON = re.compile(r"(?:(?<![a-z])and|&) (?:(?:the|an?) )*$")
# Words that name nothing: what is said with them is said of the wish, or is a question.
_NO_TOPIC = re.compile(
    r"(?:who|whom|whose|what|when|where|why|which|how|whether|if|is|are|was|were|be|been|does|did|do|has|have|had|will"
    r"|can|could|should|may|might|must|said|says?|this|these|those|that|they|he|she|him|her|his|their|you|your|our"
    r"|stop|start|cancel|pause|disable|mute|hide|skip|remove|drop|add|hate|never|nothing|none|no|not|nor|from|into|off"
    r"|more|less|fewer|most|much|many|some|any|all|same|other|another|enough|too|very|good|bad|better|best|worst|fake"
    r"|top|main|major|big|biggest|hot|hottest|trending|breaking|important|interesting|recent|current|today|today's"
    r"|tomorrow|yesterday|morning|afternoon|evening|night|local|general|usual|normal|real|quick|zone|tz|news|hours?"
    r"|minutes?|seconds?|weeks?|weekly|months?|monthly|years?|hourly)(?![a-z])"
    "|[我你您他她它们给发送推请想要看听读不别没无多少吗呢谁哪]|新闻|消息|早上|上午|中午|下午|傍晚|晚上|收到|一份"
    "|只有|关于|有关|什么|发生|怎么|告诉|通知|讨厌|小时|分钟|(?<=发)(?:动机|[布展明电改射现表行])"
)
# What stands before is half a word more often than it says nothing by itself, as in 就业形势.
_HALF_A_WORD = re.compile("[成为在用了是就都也再改到]$")


def follows_news(said: str, at: int) -> bool:
    """Whether what stands there is what news are about, as in news about chips."""
    return _AFTER_NEWS.search(said, max(0, at - _WINDOW), at) is not None


def goes_on(said: str, at: int) -> bool:
    """Whether it is joined to what stands before."""
    return _GOES_ON.search(said, max(0, at - _WINDOW), at) is not None


def topic_end(said: str, at: int, ends: Callable[[int, bool], bool], *, bound: bool) -> int | None:
    """Where a topic that begins there ends; `None` where none does.

    Args:
        said: The wish in small letters.
        at: Where it would begin.
        ends: Whether something else begins at a place, where a word of letters does or (`False`) a Chinese character.
        bound: Whether it is bound to the news by what stands before it, and need not be by what comes.
    """
    if not bound and not any(_BEFORE_NEWS.finditer(said, at, at + _WINDOW)):
        return None
    end = _end(said, at, ends)
    if end is None or bound:
        return end
    until: int | None = end
    for _ in range(_MOST_TOPICS):
        if until is None:
            return None
        if _BEFORE_NEWS.match(said, until):
            return end
        join = _JOIN.match(said, until)
        until = _end(said, join.end(), ends) if join else None
    return None


def _end(said: str, begin: int, ends: Callable[[int, bool], bool]) -> int | None:
    """Where the words that begin there end: before what says something else, but not before yet another word."""
    if _HALF_A_WORD.search(said, max(0, begin - 1), begin):
        return None
    end, at, words = None, begin, 0
    while (word := _WORD.match(said, at)) and not _BEFORE_NEWS.match(said, at):
        if ends(at, word["han"] is None) or _NO_TOPIC.match(said, at):
            break
        if word["han"] and _JOIN.match(said, at):
            break
        words += word["han"] is None
        end = word.end()
        if words > _MOST_WORDS or end - begin > _LONGEST:
            return None
        blanks = _BLANKS.match(said, end)
        at = blanks.end() if blanks else end
    # A single character is half a word.
    return end if end is not None and end - begin > 1 else None

"""Whether somebody says what they care about, or how they want their digests, rather than ask: by rules, cautiously.

Only what opens like that and is no question is taken for it. Pure.
"""

from __future__ import annotations

import re

_LONGEST = 160
"""Characters. What is longer says more than that."""

_CARING = re.compile(
    r"(?:(?:hi|hey|hello|ok|well|actually|please)[, ]+)*(?:"
    r"i(?:'m| am) (?:really |very |also |mostly |not )?(?:interested in|into|keen on|a fan of) "
    r"|i (?:really |also |mostly )?(?:care about|follow|like to read about|want to read about|want to hear about) "
    r"|i (?:do not|don't|no longer) (?:really )?"
    r"(?:care about|follow|like|want to (?:hear|read|know)(?: anything| more)? about) "
    r"|no (?!(?:more )?digests?\b)(?:more )?(?:(?:news|stories) (?:about|on) )?[^?？]{2,40},? please$"
    r"|no more (?:news|stories) (?:about|on) "
    r"|我(?:也|很|最|又|重新|主要|平时)?(?:关注|关心|喜欢看|爱看|想看|不想看|不要看|不关心|不关注|不想再看)"
    r"|我对.{1,30}(?:感兴趣|没兴趣|不感兴趣)$"
    r")",
    re.IGNORECASE,
)
_WISHING = re.compile(
    r"(?:(?:hi|hey|hello|ok|please|can you|could you)[, ]+)*(?:"
    r"(?:send|give|bring) me (?:a |the |my |some )?(?:daily |morning |evening )?"
    r"(?:digests?|briefings?|news|summary|summaries|headlines)\b.*"
    r"\b(?:every|daily|each|weekdays?|weekends?|at \d|at (?:noon|one|two|three|four|five|six|seven|eight|nine|ten)\b)"
    r"|(?:stop|end|pause|cancel|turn off|no more) (?:sending )?(?:me )?(?:the |my )?digests?\b"
    r"|(?:请)?(?:每天|每日|每周|工作日|周末|每个?早上|每个?晚上).{0,20}(?:发|推送|给我)"
    r"|(?:请)?(?:停止|取消|关闭|别再|不要再)(?:发送?|推送)?(?:简报|新闻简报|digest)"
    r")",
    re.IGNORECASE,
)


def said_to_do(text: str) -> str | None:
    """The command that does what is said, with all of it as its argument; `None` where it may be a question."""
    if tells_of_interests(text):
        return "interests"
    return "digest" if wishes_for_digests(text) else None


def tells_of_interests(text: str) -> bool:
    """Whether it says what its writer cares about, or does not."""
    return _opens_with(_CARING, text)


def wishes_for_digests(text: str) -> bool:
    """Whether it says when or how its writer wants digests, or that they want none."""
    return _opens_with(_WISHING, text)


def _opens_with(pattern: re.Pattern[str], text: str) -> bool:
    said = re.sub(r"\s+", " ", text.replace("’", "'")).strip()
    return len(said) <= _LONGEST and not said.endswith(("?", "？")) and pattern.match(said) is not None

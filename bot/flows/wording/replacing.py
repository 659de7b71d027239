"""An hour that is to come in place of another, the rest left as it is: move 7:30 to 8, 把7点半改成8点. Pure."""

from __future__ import annotations

import re
from datetime import time

from bot.flows.wording.draft import Draft, Unclear, piece
from bot.flows.wording.hours import BARE_HOUR, HOUR, OF_THINGS, hour_of, no_such_hour

_NO_UNIT = r"(?!\s*(?:[:.]\s*\d|[条篇家次个]|headlines|" + OF_THINGS + "))"
_ONE = r"(?:\s+(?:ones?|digests?|edition|slot|briefing|newsletter)(?![a-z]))?"
_ANY_HOUR = rf"(?:{HOUR}|{BARE_HOUR}){_NO_UNIT}"
_THE = r"(?:(?:the|my|at|it|me|them|digests?|time|times|in|on)\s+)*"


def _hours(name: str, one: str) -> str:
    """Hours one after the other, as a group of that name. Each is read in one way alone: there are many to try."""
    return rf"(?P<{name}>(?>{one})(?:\s*(?:、|[和及与&]|and\s)\s*(?:at\s+|the\s+)?(?>{one})){{0,7}})"


_TO = r"\s*(?:(?:back|forward|up|over)\s+)?(?:to|with|by|for|into|->|=>|→)\s*"
_SEND = r"(?:(?:please|send|deliver|give|make|have|put|it|me|them|the|my|digests?|at|rather|only)\s+)*"
_NO_LONGER = (
    r"(?:not|no\s+longer|no\s+more|never|drop|skip|remove|cancel|"
    r"(?:don't|do\s+not)(?:\s+(?:send|want|show|need)(?:\s+(?:me|it|them|anything|digests?))*)?)"
)
_CHANGE = (
    "(?:change|move|shift|switch|swap|reschedule|push|bring|replace|postpone|delay|put|set)"
    rf"\s+{_THE}(?:from\s+)?{_THE}"
)
_OLD, _NEW = _hours("old", _ANY_HOUR), rf"{_THE}(?P<new>{_ANY_HOUR})"
_OLD_EN = rf"{_THE}{_OLD}{_ONE}"
_SAID_BEFORE_ZH = "的?(?:那?(?:一?[个次份条]))?的?(?:简报|日报|早报|晚报|推送|新闻)?"
_OLD_ZH = rf"(?:[把将]\s*)?从?(?:原来|原本|之前)?的?{_hours('old', HOUR)}{_SAID_BEFORE_ZH}"
_NEW_ZH = rf"\s*(?P<new>{_ANY_HOUR})"
_CHANGED_ZH = "(?:往?[前后]?(?:更改|更换|调整|推迟|提前|延后|延迟|改|换|挪|移|调|变)(?:成|到|为|至|在|作)?)"
_NOT_ZH = "(?:不要|不在|不是|不再|别在?|取消|去掉|删掉|删除)"

_IS_TO_BE = r"(?:should\s+(?:be|come)|becomes|(?:changes?|changed|moves?|moved)\s+to)(?![a-z])"

_REPLACES = (
    rf"{_CHANGE}{_OLD}{_ONE}{_TO}{_NEW}",
    rf"make\s+(?:the|my)\s+{_OLD}{_ONE}\s+(?:into\s+|at\s+)?{_NEW}",
    rf"(?:the\s+|my\s+)?{_hours('old', HOUR)}{_ONE}\s*(?:->|=>|→|\s{_IS_TO_BE})\s*{_NEW}",
    rf"(?:(?:instead|in\s+place)\s+of|rather\s+than)\s+{_OLD_EN}\s*(?:,\s*|\s){_SEND}{_NEW}",
    rf"{_NO_LONGER}\s+{_OLD_EN}(?:\s+any\s?more)?\s*,?\s*but\s+{_SEND}{_NEW}",
    rf"{_NO_LONGER}\s+{_OLD_EN}(?:\s+any\s?more)?\s*,\s*{_SEND}{_NEW}\s+instead(?![a-z])",
    rf"{_OLD_ZH}\s*都?{_CHANGED_ZH}{_NEW_ZH}",
    rf"{_NOT_ZH}\s*{_OLD_ZH}了?\s*,?\s*(?:而是|而要|要|{_CHANGED_ZH})[在是要]?{_NEW_ZH}",
    rf"{_OLD_ZH}\s*(?:不要|取消|不发|别发|去掉|删掉)了?\s*,?\s*(?:而是|{_CHANGED_ZH}){_NEW_ZH}",
    rf"[用以]?(?P<new>{_ANY_HOUR})\s*来?(?:代替|取代|替代|替换|换掉|而不是)\s*{_OLD_ZH}",
)

_HOURS = re.compile(f"{HOUR}|{BARE_HOUR}")
_HALF_EN = re.compile(r"[ap]\.?m\.?|in\s+the\s+(?:morning|afternoon|evening)|at\s+night|noon|midday|midnight")
_LATER_EN = re.compile(r"p\.?m\.?|in\s+the\s+(?:afternoon|evening)|at\s+night")
_PART_ZH = re.compile("凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|半夜|早|晚|正午|午夜")
_NOON = 12

CHANGING = re.compile(r"(?:change|move|shift|to)(?![a-z])|[改换挪调]")
"""Stands between two hours where one is to come in place of the other, however that is put."""


def _hour(words: str) -> time:
    found = hour_of(words.strip())
    if found is None:
        raise no_such_hour(words)
    return found


def _new_hour(words: str, old: str) -> time:
    """The hour that is said, in the part of the day of the old one where it names none: 晚上7点改成8点."""
    new = _hour(words)
    if new.hour > _NOON or _PART_ZH.search(words) or _HALF_EN.search(words):
        return new
    if part := _PART_ZH.search(old):
        return hour_of(part[0] + words.strip()) or new
    if not _LATER_EN.search(old):
        return new
    if new.hour == _NOON:
        raise Unclear
    return new.replace(hour=new.hour + _NOON)


def _replace(draft: Draft, said: re.Match[str]) -> None:
    old = [_hour(found[0]) for found in _HOURS.finditer(said["old"])]
    new = _new_hour(said["new"], said["old"])
    if draft.negated or new in old:
        raise Unclear
    draft.days_of_hours(draft.run)
    draft.end_run()
    draft.times.unwanted.extend(old)
    draft.times.added.append(new)
    draft.replaced = True


REPLACING = tuple(piece(pattern, _replace, about="times", chooses=True) for pattern in _REPLACES)
"""In the order in which they are tried, before what reads an hour alone."""

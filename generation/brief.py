"""A story at a glance: what went before, what became known when, what is agreed, what differs, and what is open.

Every line is a sentence of a source, word for word. A topic that several stories share is told by the one that fits
best, and the others are named; one that no story is about is refused, with the nearest stories.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from generation.briefing.lines import Line, Lines, lines
from generation.briefing.stories import Story, headlines, stories
from generation.citations import Citations
from generation.headlines import headline
from generation.quoting import refusal
from generation.quoting.outlets import differ, independent
from generation.quoting.select import read_hits
from generation.reading import inquiry
from generation.reading.counts import Count, differing, of_shocks
from generation.reading.fates import grow
from generation.reading.polarity import denial_differs, opposed
from generation.reading.terms import is_chinese
from generation.reading.unsettled import unsettled
from storage.domain.dialogue import Sentence
from storage.domain.news import Hit
from storage.domain.stories import Brief, Difference, Moment

MOST_BACKGROUND, MOST_MOMENTS, MOST_AGREED, MOST_DIFFERENCES, MOST_OPEN = 3, 10, 5, 4, 3

# What says this much of the same is the same. What says this much, with another figure of what befell somebody, is
# another account of it; pairs of Chinese characters straddle words, so that two texts on one thing share fewer of them.
_SAME, _TOLL, _TOLL_ZH = 0.6, 0.2, 0.08
# Of anything else a story of many lines counts too many things for that: two lines must have this much in common.
_ACCOUNT, _MANY_LINES = 0.45, 8
# Of one thing, the one account is no more than so many times the other.
_MOST_APART = 3.0
# A line of the timeline must say at least this much that no line before it said.
_NEW = 0.5
_A_DAY = 2
# What was open longer than this before the newest report may have been settled since.
_OPEN_FOR = timedelta(days=2)
# Words that look back by themselves; "since Tuesday", "has been arrested" and "earlier this week" tell of the story.
_BEFORE = re.compile(
    r"\b(?:(?:for|over) (?:(?:the )?(?:past|last) (?:\w+ )?)?(?:years|decades|centuries|generations)|for months"
    r"|last (?:year|month|spring|summer|autumn|winter)|earlier this (?:year|month)|previously|used to|founded|began in"
    r"|dates? back|(?:years|months|decades|a year) ago|history|since (?:the (?:war|revolution|(?:19|20)\d0s)|last))\b"
    r"|此前|自[^，。]{1,16}以来|去年|曾经?|早在|历史(?!新高|新低|性|最)|多年",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(
    r"\b(?:in|since|from|until|after|before|of|by)(?: (?:early|late|[A-Z][a-z]+))? ((?:19|20)\d\d)\b|((?:19|20)\d\d)年",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\s*\w{1,16}://\S+\s*")


def brief(topic: str, hits: Sequence[Hit], now: datetime) -> Brief:
    """What `hits` tell of a topic.

    Args:
        topic: In any words; an address is none.
        hits: Passages, best first, several of each article.
        now: When it is asked for.
    """
    reading = read_hits(inquiry.read(topic), hits, now)
    found = [] if _ADDRESS.fullmatch(topic) else stories(reading)
    # What has no line that can be read alone is no story that can be told.
    told = next(((story, held) for story in found if (held := list(lines(reading, story)))), None)
    if told is None:
        return Brief(title=topic, nearest=refusal.nearest(reading))
    best, held = told
    title = headline([line.hit for line in held]).text or topic
    others = headlines(reading, [story for story in found if story is not best])
    return replace(_glance(title, Lines(held)), others=tuple(each for each in others if each.title != title))


def of_story(title: str, hits: Sequence[Hit], now: datetime) -> Brief:
    """What `hits` tell, all of them of the story of that title.

    Args:
        title: What the story is called.
        hits: How its articles open, the newest first.
        now: When it is asked for.
    """
    reading = read_hits(inquiry.read(title), hits, now)
    return _glance(title, Lines(list(lines(reading, Story(hits=tuple(range(len(hits))), about=1.0)))))


def _glance(title: str, story: Lines) -> Brief:
    cited = Citations()

    def said(line: Line, *others: Line) -> Sentence:
        numbers = dict.fromkeys(cited.number(each.text, each.hit) for each in (line, *others))
        return Sentence(text=line.text, citations=tuple(numbers))

    groups = _agreeing(story)
    timeline = _timeline(story.whole)
    shown = {line.text for line in timeline} | {group[0].text for group in groups}
    return Brief(
        background=tuple(said(line) for line in _background(story, shown)),
        timeline=tuple(
            Moment(at=line.published, sentence=said(line)) for line in timeline if line.published is not None
        ),
        agreed=tuple(said(*group) for group in groups),
        differs=tuple(Difference(accounts=tuple(map(said, accounts))) for accounts in _differing(story)),
        unsettled=tuple(said(line) for line in _unsettled(story, shown)),
        citations=cited.all(),
        title=title,
    )


def _agreeing(story: Lines) -> list[list[Line]]:
    """Groups of lines of different outlets that say the same, the most widely said first; the best of each in front."""
    lines = story.whole
    groups: list[list[Line]] = []
    taken: set[int] = set()
    for i in sorted(range(len(lines)), key=lambda i: -lines[i].about):
        if i in taken:
            continue
        group = [lines[i]]
        for j, other in enumerate(lines):
            apart = all(independent(other.hit, each.hit) for each in group)
            if j not in taken and apart and story.shared(lines[i], other) >= _SAME and not _opposed(lines[i], other):
                group.append(other)
                taken.add(j)
        if len(group) > 1:
            taken.add(i)
            groups.append(group)
    groups.sort(key=lambda group: (-len(group), -group[0].about))
    return groups[:MOST_AGREED]


def _opposed(shown: Line, other: Line) -> bool:
    """Whether another line denies or turns round what the shown one says, or does not bear out a number of it."""
    given = other.account.counts
    borne_out = all(any(count.room.shared(each.room) for each in given) for count in shown.account.counts)
    return _turned(shown, other) or not borne_out


def _turned(one: Line, other: Line) -> bool:
    """Whether one of two lines denies or turns round what the other says."""
    return denial_differs(one.text, other.text) or opposed(one.text, other.text)


def _differing(story: Lines) -> list[list[Line]]:
    """Pairs of accounts of the same thing with other figures, those first that have most in common."""
    lines = story.counting
    known = [line.account for line in lines]
    many = len(lines) > _MANY_LINES
    pairs = [
        (share, i, j)
        for i, one in enumerate(lines)
        for j, other in enumerate(lines[:i])
        if _of_one_thing(one, other, share := story.shared(one, other), many)
        and not _turned(one, other)
        and differ(one.account, other.account, known)
    ]
    found: list[list[Line]] = []
    used: set[int] = set()
    for _, i, j in sorted(pairs, reverse=True):
        if not used & {i, j}:
            used |= {i, j}
            found.append(sorted((lines[i], lines[j]), key=_newness, reverse=True))
    return found[:MOST_DIFFERENCES]


def _of_one_thing(one: Line, other: Line, share: float, many: bool) -> bool:
    """Whether two lines that have so much in common, of many or not, give other figures of one thing.

    A story tells of one earthquake, whatever else is said beside its magnitude.
    """
    alike = share >= (_TOLL_ZH if is_chinese(one.text) else _TOLL)
    return any(
        of_shocks(mine, theirs) or (alike and _rivals(mine, theirs, not many or share >= _ACCOUNT))
        for mine, theirs in differing(one.account.counts, other.account.counts)
    )


def _rivals(one: Count, other: Count, alike: bool) -> bool:
    """Whether two figures, of lines that say much the same (`alike`) or not, are two accounts of one thing.

    Of a toll that is told by what befell whom. How long something takes is said of too many things, and what differs by
    a multiple is of two.
    """
    least, most = sorted(abs(each.figure.value) for each in (one, other))
    if most > _MOST_APART * least or "time" in {one.counted.kind, other.counted.kind}:
        return False
    # Of one day many are arrested, here and there.
    return alike or grow((one.fates & other.fates) - {"held"})


def _newness(line: Line) -> float:
    return line.published.timestamp() if line.published else 0.0


def _timeline(lines: Sequence[Line]) -> list[Line]:
    """What each day brought that no day before had, in the order of time: openings, and what names the topic."""
    dated = sorted(
        (line for line in lines if line.published is not None and (line.lead or line.own)),
        key=lambda line: (line.hit.passage.headline.published, not line.lead, -line.own, -line.about),
    )
    found: list[Line] = []
    known: set[str] = set()
    days: dict[date, int] = {}
    for line in dated:
        day = line.published.date() if line.published else date.min
        new = len(line.terms - known) / max(1, len(line.terms))
        of_article = any(line.hit.passage.headline.id == other.hit.passage.headline.id for other in found)
        if new >= _NEW and not of_article and days.get(day, 0) < _A_DAY:
            found.append(line)
            days[day] = days.get(day, 0) + 1
            known |= line.terms
    if len(found) <= MOST_MOMENTS:
        return found
    best = sorted(sorted(range(len(found)), key=lambda i: -found[i].about)[:MOST_MOMENTS])
    return [found[i] for i in best]


def _background(story: Lines, shown: set[str]) -> list[Line]:
    """What looks back, and is about the topic most."""
    back = [line for line in story.whole if line.text not in shown and _looks_back(line)]
    return _unlike(story, sorted(back, key=lambda line: -line.about), MOST_BACKGROUND)


def _unsettled(story: Lines, shown: set[str]) -> list[Line]:
    """What was last said to be open, the newest first."""
    known = [line.published for line in story.whole if line.published is not None]
    since = max(known) - _OPEN_FOR if known else None
    still = [
        line
        for line in story.whole
        if line.text not in shown
        and (since is None or (line.published is not None and line.published >= since))
        and unsettled(line.text)
    ]
    return _unlike(story, sorted(still, key=lambda line: (-_newness(line), -line.about)), MOST_OPEN)


def _unlike(story: Lines, lines: Sequence[Line], most: int) -> list[Line]:
    """The first of them, no two that say the same."""
    found: list[Line] = []
    for line in lines:
        if len(found) < most and all(story.shared(line, other) < _SAME for other in found):
            found.append(line)
    return found


def _looks_back(line: Line) -> bool:
    """Whether a line tells of what was before its article: by its words, or by a year before that of the article."""
    year = line.published.year if line.published else None
    named = [int("".join(found)) for found in _IN_YEAR.findall(line.text)]
    return bool(_BEFORE.search(line.text)) or (year is not None and any(each < year for each in named))

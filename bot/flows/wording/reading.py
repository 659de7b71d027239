"""Reads a wish piece by piece, in any order, in English and Chinese: 7:30 on weekdays, Berlin; 每天早上7点半，只看科技.

What no rule understands is refused by name. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from bot.flows.wording.draft import Contradiction, Draft, Piece, Unclear
from bot.flows.wording.hours import NUMBER_EN
from bot.flows.wording.places import MOST_WORDS, chinese_places, zone_named
from bot.flows.wording.replacing import CHANGING
from bot.flows.wording.small_words import ALSO, BREAK, IDLE, IN_PLACE_OF, INSTEAD, JOIN, NOT, NOT_BEFORE, TOO
from bot.flows.wording.topics import follows_news, goes_on, topic_end
from bot.flows.wording.unasked import UNASKED
from bot.flows.wording.vocabulary import only_subjects
from bot.flows.wording.what import SUBJECT, WHAT
from bot.flows.wording.when import WHEN
from storage.errors import InputError

PIECES = (*UNASKED, *WHAT, *WHEN)
MOST_CHARACTERS = 500
"""How long a wish may be."""
_SHOWN = 60
_BLANKS = re.compile(r"[^\S\n]+")
_WORDS = re.compile(r"[^\W_]")
# The part of the day that days are named by says which hour is meant, as in "every evening at 8".
_EVENINGS = re.compile(
    r"\b(?:(every\s+)(morning|afternoon|evening)s?\s+(?:at\s+)?|(morning|afternoon|evening)s?\s+at\s+)"
    rf"(\d{{1,2}}(?:[:.]\d{{2}})?|(?:half\s+past\s+)?(?:{NUMBER_EN}))(?![\d:.]|\s*[ap]\.?m|[a-z])",
    re.IGNORECASE,
)
_NEWS = re.compile(r"news(?![a-z])|新闻")
_ZONE = re.compile(
    r"(?:(?:my\s+)?time\s?zone|zone|tz|时区)(?![a-z])\s*(?:is|to|should\s+be|[:=]|为|是|[改设][为成到])?\s*"
)
_IN = re.compile(r"(?:i'?\s*a?m\s+|i\s+live\s+)?in\s+|我?[住人]?在|我在")
_OFFSET = re.compile(r"(?:utc|gmt)(?![a-z])(?:\s*[+\-−–]\s*\d{1,2}(?::?[0-5]\d)?)?(?!\d)")
_PLACE = re.compile(r"[^\W\d_][\w/+'-]*(?: [^\W\d_][\w/+'-]*)*")
_AFTER_PLACE = re.compile(r"(?:\s+city)?\s+time(?![a-z])|\s+city(?![a-z])|市?(?:时间|时区)|市")
_SOURCES = re.compile(
    r"(?:from|sources?\s*:?)\s+(?!(?:now|today|tomorrow|next|this)(?![a-z])|\d{1,2}\s*(?:[:.]\d|[ap]\.?m))|来自\s*|来源(?:为|是|:)?\s*|出自\s*"
)
_SOURCE_ENDS = re.compile(
    r"[,;、。\n&]|\.(?=\s|$)|(?<![a-z])and(?![a-z])|[和及与]|"
    r"\s(?=(?:at|on|in|not|no|except|without|quiet|every|each|daily|weekdays?|weekends?|but|with|alerts?|up\s+to)\s|"
    r"\d{1,2}\s*(?:[:.]\s*\d|[ap]\.?m|items|stories|[点时条篇])|[每周早晚上下免快不])"
)
_AFTER_NAME = re.compile(r"\s+(?:only|please)$", re.IGNORECASE)
_MOST_NAME_WORDS = 8
_ARTICLES = re.compile(r"(?:the|an?)", re.IGNORECASE)
# What a name may end before: a blank, or in Chinese the beginning of a day, a time or a number of items.
_NAME_MAY_END = re.compile(
    r"\s+|(?<=[\u4e00-\u9fffA-Za-z])(?=每[天日周个]|工作日|周末|早上|上午|中午|下午|晚上|\d{1,2}\s*[点时条篇:])"
)
_LEADS_ON = re.compile(r"(?:only|just|about|on)\s+|(?:只|仅)(?:看|要)?|关于")
# Whom to send it, where the country is written US.
_US = re.compile(r"us(?![A-Za-z])")
_OF_PLACE, _OF_TOPIC = "place", "topic"
"""What the last piece may be about, beside what those of a rule are."""
_SOURCES_GO_ON = re.compile(r"[,、&和及与]|and")
_WORD = re.compile(r"[a-z0-9'@+-]+|.", re.DOTALL)


def read(text: str) -> Draft:
    """What all its pieces say.

    Raises:
        InputError: It has none, is too long, or holds something that is not understood or cannot be.
    """
    return _read(text, (_topic, *_UNDERSTANDING))


def _read(text: str, understanding: Sequence[Understands]) -> Draft:
    shown = _EVENINGS.sub(_at_evening, _BLANKS.sub(" ", unicodedata.normalize("NFKC", text))).strip()
    if len(shown) > MOST_CHARACTERS:
        raise InputError(
            "digest", f"more than {MOST_CHARACTERS} characters", key="digest_too_long", most=MOST_CHARACTERS
        )
    if not _WORDS.search(shown):
        raise _nothing()
    draft, wish, at = Draft(), _Wish(shown), 0
    while at < len(shown):
        ends = (understood(draft, wish, at) for understood in understanding)
        end = next((end for end in ends if end is not None), None)
        if end is None:
            raise _not_understood(shown[at : _end_of_unknown(draft, wish, at)])
        at = end
    if replace(draft, news=False) == Draft():
        raise _nothing()
    return draft


def _at_evening(said: re.Match[str]) -> str:
    return f"{'daily ' if said[1] else ''}at {said[4]} in the {said[2] or said[3]}"


class _Wish:
    """A wish as it is written, and in small letters, in which as much stands at the same places."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.said = "".join(low if len(low := letter.lower()) == 1 else letter for letter in shown).replace("’", "'")

    def until_break(self, at: int) -> str:
        found = BREAK.search(self.said, at)
        return self.shown[at : found.start() if found else len(self.shown)].strip()


Understands = Callable[[Draft, _Wish, int], int | None]
# Each takes in what stands at a place and returns where that ends; `None` where it is something else.


def _break(draft: Draft, wish: _Wish, at: int) -> int | None:
    found = BREAK.match(wish.said, at)
    if found:
        draft.end_run()
    return found.end() if found else None


def _also(draft: Draft, wish: _Wish, at: int) -> int | None:
    """That what comes, or what came last, is wanted besides what was so far; or in its place."""
    if found := INSTEAD.match(wish.said, at):
        draft.adding = False
    elif found := TOO.match(wish.said, at):
        draft.add()
        draft.adding = draft.adding or not draft.run
    elif found := ALSO.match(wish.said, at):
        draft.end_run()
        draft.adding = True
    return found.end() if found else None


def _not_after_all(draft: Draft, wish: _Wish, at: int) -> int | None:
    """That what was named before is not wanted, as in 周末除外; or the end of such a phrase, as in 除周末外."""
    found = NOT_BEFORE.match(wish.said, at) if draft.run or draft.negated else None
    ahead = NOT.match(wish.said, at)
    if ahead and _chosen_next(draft, wish, ahead.end()):
        return None
    if found:
        draft.turn()
        draft.end_run()
    return found.end() if found else None


def _topic(draft: Draft, wish: _Wish, at: int) -> int | None:
    """A topic of the reader's own that is bound to the news: one of the subjects is none, nor is what is unwanted."""
    said = wish.said
    # What follows a place at once may belong to its name.
    if draft.negated or (draft.about == _OF_PLACE and not BREAK.search(said, max(0, at - 2), at)):
        return None
    led = follows_news(said, at) or (draft.about == _OF_TOPIC and goes_on(said, at))
    end = topic_end(said, at, lambda place, spelt: _says_else(draft, wish, place, spelt), bound=led)
    if end is None or only_subjects(said[at:end]):
        return None
    draft.end_run()
    draft.topics.append(wish.shown[at:end])
    draft.about = _OF_TOPIC if led else ""
    return end


def _says_else(draft: Draft, wish: _Wish, at: int, spelt: bool) -> bool:
    """Whether what begins there is no part of a topic: anything that is understood, other than a subject's name.

    Between Chinese characters (not `spelt`) what says nothing by itself may be part of a word.
    """
    said = wish.said
    if any(rule.match(said, at) for rule in (NOT, NOT_BEFORE, _SOURCES, _ZONE, *((IDLE, JOIN) if spelt else ()))):
        return True
    if _US.match(wish.shown, at) or any(piece is not SUBJECT for piece, _ in _pieces(draft, wish, at)):
        return True
    return any(zone_named(said[at:end]) for end in _place_ends(said, at))


def _piece(draft: Draft, wish: _Wish, at: int) -> int | None:
    piece, found = next(_pieces(draft, wish, at), (None, None))
    if piece is None or found is None:
        return None
    if not piece.chooses:
        draft.end_run()
    try:
        piece.says(draft, found)
    except Unclear:
        raise _not_understood(wish.shown[at : found.end()]) from None
    except Contradiction:
        raise _contradiction(wish.shown[at : found.end()]) from None
    draft.about = piece.about
    return found.end()


def _pieces(draft: Draft, wish: _Wish, at: int) -> Iterator[tuple[Piece, re.Match[str]]]:
    """The rules that a place looks like."""
    for piece in PIECES:
        if piece.goes_on in ("", draft.about) and (found := piece.pattern.match(wish.said, at)):
            yield piece, found


def _negation(draft: Draft, wish: _Wish, at: int) -> int | None:
    """That what comes is not wanted, which must be some of a closed set."""
    found = NOT.match(wish.said, at)
    if found is None:
        return None
    unwanted = _chosen_next(draft, wish, found.end())
    if unwanted is None:
        raise _not_understood(wish.until_break(at))
    if IN_PLACE_OF.match(wish.said, at):
        draft.add()
    elif unwanted.about == "times":
        draft.days_of_hours(draft.run)
    draft.end_run()
    draft.negated = True
    return found.end()


def _chosen_next(draft: Draft, wish: _Wish, at: int) -> Piece | None:
    """The rule that comes next and names some of a closed set; `None` where something else does."""
    while True:
        found = next((piece for piece, _ in _pieces(draft, wish, at) if piece.chooses), None)
        idle = IDLE.match(wish.said, at)
        if found is not None or idle is None:
            return found
        at = idle.end()


def _news(draft: Draft, wish: _Wish, at: int) -> int | None:
    found = _NEWS.match(wish.said, at)
    if found:
        draft.news = True
    return found.end() if found else None


def _idle(draft: Draft, wish: _Wish, at: int) -> int | None:
    # One hour for another in words that no rule knows: both would be wanted.
    if CHANGING.match(wish.said, at) and draft.run and draft.run[-1].choice is draft.times:
        new = _chosen_next(draft, wish, at)
        if new is not None and new.about in {"times", "days"}:
            raise _not_understood(wish.until_break(at))
    found = JOIN.match(wish.said, at) or IDLE.match(wish.said, at)
    return found.end() if found else None


def _zone(draft: Draft, wish: _Wish, at: int) -> int | None:
    said = wish.said
    named, place = _ZONE.match(said, at), _IN.match(said, at)
    begin = named.end() if named else place.end() if place else at
    for end in _place_ends(said, begin):
        if zone := zone_named(said[begin:end]):
            draft.end_run()
            if draft.zone not in (None, zone):
                raise _contradiction(wish.shown[at:end])
            after = _AFTER_PLACE.match(said, end)
            draft.zone, draft.about = zone, "" if after else _OF_PLACE
            return after.end() if after else end
    if named or _OFFSET.match(said, begin):
        wanted = (wish.until_break(begin) or wish.until_break(at))[:_SHOWN]
        raise InputError(wanted, "is no time zone that is known", key="digest_zone_unknown", wanted=wanted)
    return None


def _place_ends(said: str, at: int) -> Iterator[int]:
    """Where a place that begins there may end, the furthest first."""
    if offset := _OFFSET.match(said, at):
        yield offset.end()
    yield from (at + len(place) for place in chinese_places() if said.startswith(place, at))
    if place := _PLACE.match(said, at):
        words = place[0].split(" ")
        yield from (at + len(" ".join(words[:n])) for n in range(min(len(words), MOST_WORDS), 0, -1))


def _sources(draft: Draft, wish: _Wish, at: int) -> int | None:
    """Names of sources. What says something else here, as a day or a subject, ends them, but for the first name."""
    lead = _SOURCES.match(wish.said, at)
    if lead is None:
        return None
    names: list[str] = []
    begin, end, goes_on = lead.end(), at, True
    while goes_on:
        stop = _SOURCE_ENDS.search(wish.shown, begin)
        until = stop.start() if stop else len(wish.said)
        name = _AFTER_NAME.sub("", wish.shown[begin:until])
        # What a list's own comma joins is of the same kind.
        if names and wish.said[begin - 1] != "、" and _says_something(name):
            break
        cut = _end_of_name(name)
        name = name[:cut].strip(" \"'“”«»《》")
        if not name:
            break
        names.append(name)
        if cut is not None:
            end = begin + cut
            break
        end, begin = until, stop.end() if stop else until
        goes_on = stop is not None and _SOURCES_GO_ON.fullmatch(stop[0]) is not None
    if not names:
        return None
    draft.end_run()
    draft.sources, draft.about = tuple(dict.fromkeys(names)), ""
    return end


def _end_of_name(shown: str) -> int | None:
    """Where what stands behind a name says something of its own; `None` where all of it is the name.

    A word with a capital is part of it, as in Sky Sports or The Sunday Times.
    """
    for stop in islice(_NAME_MAY_END.finditer(shown), _MOST_NAME_WORDS):
        name, rest = shown[: stop.start()].strip(), shown[stop.end() :]
        if not name or _ARTICLES.fullmatch(name) or not rest:
            continue
        # What names sources again is read in its turn.
        rest = _SOURCES.split(rest, maxsplit=1)[0]
        opens = _names_time_of_a_place(rest) or (not rest[:1].isupper() and _opens_something(rest))
        if opens and _says_something(rest):
            return stop.start()
    return None


def _opens_something(text: str) -> bool:
    """Whether a rule understands what comes first, and not only that it says nothing."""
    wish = _Wish(text)
    leads_on = _LEADS_ON.match(wish.said)
    at = leads_on.end() if leads_on else 0
    return next(_pieces(Draft(), wish, at), None) is not None or NOT.match(wish.said) is not None


def _names_time_of_a_place(text: str) -> bool:
    said = _Wish(text).said
    return any(zone_named(said[:end]) and _AFTER_PLACE.match(said, end) for end in _place_ends(said, 0))


def _says_something(text: str) -> bool:
    try:
        _read(text, _UNDERSTANDING)
    except InputError:
        return False
    return True


_UNDERSTANDING: tuple[Understands, ...] = (
    _break,
    _not_after_all,
    _piece,
    _also,
    _zone,
    _sources,
    _negation,
    _news,
    _idle,
)
"""In the order in which they are tried. Topics are none of them where sources are named: Sky News is one."""


def _nothing() -> InputError:
    return InputError("digest", "nothing is wished for", key="digest_usage")


def _contradiction(words: str) -> InputError:
    piece = words.strip()[:_SHOWN]
    return InputError(piece, "says otherwise than what is before it", key="digest_contradiction", piece=piece)


def _not_understood(words: str) -> InputError:
    piece = words.strip()[:_SHOWN]
    said = "is not understood; write, for example: 7:30 on weekdays, Berlin, 5 items"
    return InputError(piece, said, key="digest_not_understood", piece=piece)


def _end_of_unknown(draft: Draft, wish: _Wish, at: int) -> int:
    """Where something begins that is understood again."""
    until = at + len(wish.until_break(at))
    while at < until:
        word = _WORD.match(wish.said, at)
        at = word.end() if word else until
        if JOIN.match(wish.said, at) or NOT.match(wish.said, at) or next(_pieces(draft, wish, at), None):
            break
    return at

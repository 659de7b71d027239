"""Where sentences begin and end, in English and Chinese and whatever shares their marks.

Rules, not a model: the same text always gives the same borders, in time linear in its length whatever it holds. Knows
nothing about passages, lengths or languages; a text without any mark is one sentence.
"""

from __future__ import annotations

import re

from storage.domain.scripts import CJK

_CLOSERS = "\"'”’»」』）)】》〉]"
_OPENERS = "\"'“‘«「『（(【《〈["

# Every alternative consumes a whole run, so that no character is looked at twice from different starts.
_BORDER = re.compile(rf"(?P<marks>[.!?…。！？；｡؟۔।]+)[{re.escape(_CLOSERS)}]*|(?P<newline>[\n\u2028\u2029]\s*)")
_SPACE = re.compile(r"\s*")
_FULL_STOPS = frozenset("。！？；｡")
_IS_CJK = re.compile(f"[{CJK}]")
_LAST_WORD = re.compile(r"[^\s\"'“‘(\[]*$")
_DOTTED = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})")

# Long enough for any abbreviation; bounds the look back from a full stop.
_LOOK_BACK = 24


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Titles and the like, in the letter case they are written in: what they belong to always follows.
_NEVER_LAST = _words(
    "Mr Mrs Ms Mx Dr Prof St Mt Ft Gen Gov Sen Rep Reps Sens Lt Col Sgt Cpl Capt Cmdr Maj Adm Rev Hon Pres Supt Insp "
    "Msgr Messrs Fr vs v pp eds cf al viz approx dept est"
)
_BEFORE_NUMBERS = _words("No Nos no nos Fig Figs fig figs Vol vol Ch ch Art art Sec sec p pp")
# May end a sentence or not: they do where a word follows that opens sentences far more often than it goes on one.
_SOMETIMES_LAST = _words(
    "Inc Ltd Co Corp LLC Plc PLC Bros Jr Sr Esq etc Ave Blvd Rd Sq PhD Ph.D "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun"
)
_STARTERS = _words(
    "the a an this that these those it its he she his her they their we our you i in on at by for from with after "
    "before as but and or so if when while where what who how why there here not no since although though however "
    "meanwhile according also both each many most some such then under until during despite yet still"
)
_FIRST_WORD = re.compile(r"[^A-Za-z0-9]*([A-Za-z]*)")


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open spans of the sentences of `text`, in order, without surrounding white space.

    They do not overlap, none is empty, and together they hold every character that is not white space. Abbreviations,
    initials, decimals and list numbers do not end a sentence; closing quotes and brackets belong to the one they end.
    A line break ends one unless the next line goes on in lower case, as in text wrapped by hand.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for border in _BORDER.finditer(text):
        ends = _newline_ends(text, border) if border["newline"] else _marks_end(text, start, border)
        if ends:
            _append(spans, text, start, border.end())
            start = border.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(bare)))


def _newline_ends(text: str, border: re.Match[str]) -> bool:
    following = text[border.end() : border.end() + 1]
    return not following.islower() or border.group().count("\n") > 1


def _marks_end(text: str, start: int, border: re.Match[str]) -> bool:
    """Whether the marks at `border` end the sentence that began at `start`."""
    marks = border["marks"]
    after = text[border.end() : border.end() + 1]
    before = text[border.start() - 1 : border.start()]
    if _FULL_STOPS.intersection(marks):
        # A quoted sentence may be the object of the one around it: “好。”，他说。
        return after not in {"，", "、", "：", ",", ":"}
    if after and not after.isspace():
        both_cjk = _IS_CJK.match(before) and (_IS_CJK.match(after) or after in _OPENERS)
        return bool(both_cjk) and "…" not in marks
    return _latin_marks_end(text, start, border)


def _latin_marks_end(text: str, start: int, border: re.Match[str]) -> bool:
    space = _SPACE.match(text, border.end())
    next_at = space.end() if space else border.end()
    rest = text[next_at : next_at + _LOOK_BACK]
    following = rest[:1]
    if not following or "\n" in text[border.end() : next_at]:
        return True
    if following.islower():
        # "What?" he asked. An ellipsis or abbreviation in mid-sentence.
        return False
    if border["marks"] != "." or border.end() - border.start() > 1:
        return True
    return _full_stop_ends(text[max(start, border.start() - _LOOK_BACK) : border.start()], start, border, rest)


def _full_stop_ends(before: str, start: int, border: re.Match[str], rest: str) -> bool:
    """Whether one bare full stop, with `before` in front and `rest` behind, is more than part of its word."""
    last = _LAST_WORD.search(before)
    word = last.group() if last else ""
    if word in _NEVER_LAST or (word in _BEFORE_NUMBERS and rest[:1].isdigit()):
        return False
    if word in _SOMETIMES_LAST or _DOTTED.fullmatch(word):
        first = _FIRST_WORD.match(rest)
        return first is not None and first[1].lower() in _STARTERS
    # "1. First of all": the whole sentence so far is a number or a letter.
    return not (border.start() - start <= _LOOK_BACK and _ENUMERATOR.fullmatch(before.strip()))

"""Follow-up questions made complete from the conversation, so that they can be searched for on their own.

Pure and bounded: what is added is at most `MOST_ADDED` phrases of the last turn. A question that stands on its own is
returned as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generation.reading.inquiry import ASKING_EN, ASKING_ZH, FILLER_ZH, names
from generation.reading.kinds import Kind, things
from generation.reading.places import PLACES
from generation.reading.terms import HAN, background, is_chinese, terms
from storage.domain.dialogue import Turn

MOST_ADDED = 10
MOST_CHARACTERS_ADDED = 160
# With fewer telling terms than this a question has no subject of its own.
_ALONE_EN = 2
_ALONE_ZH = 3

_OPENS_EN = re.compile(
    r"\s*(?:and|but|so|also|then|or|ok(?:ay)?|what about|how about|what else|who else|anything else|tell me more|more|"
    r"go on|really|since when|says who)\b",
    re.IGNORECASE,
)
_POINTS_EN = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|hers|that|those|these"
    r"|this(?! (?:week|month|year|morning|weekend)))\b",
    re.IGNORECASE,
)
# "How many houses lost their roofs": what is asked for has them.
_OWNER_EN = re.compile(
    r"\W*(?:(?:how many|which|what)|who(?=[\w ]+\b(?:their|his|her)\b))"
    r" (?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b)[^,?]+? (?:their|its|his|her)\b",
    re.IGNORECASE,
)
_PERSON_EN = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|who)\b", re.IGNORECASE)
# This many telling terms before a pointing word, or a name, are what it points at.
_OWN_SUBJECT = 3
_NAMES_OF_ANSWER = 4

_OPENS_ZH = re.compile(r"\s*(?:那么?|还有|另外|然后|而且?|但是?|所以|再|继续|后来|接下来|结果)")
_POINTS_ZH = re.compile(
    rf"[他她它]们?|这(?:件事|个|些|次|一|样|里|起|家|位|项)?|那(?:件事|个|些|次|样|里|起|家|位|项)|该(?=[{HAN}])"
    "|此(?:事|次|举)|其(?!他|中|实)"
)
_PERSON_ZH = re.compile(r"[他她]们?|谁|那位|这位")
_HAN_BREAK = re.compile("[的了是在和与及于为被将对由从向等有就都也很还又]|[^\\w]+")
_LATIN_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_OPENING_WORD = re.compile(r"[^\w]*(?P<word>[A-ZÀ-Þ][\w’'.&-]*)(?:\s+(?P<next>[\w’'-]+))?")
_GOES_ON = re.compile(
    r"[A-ZÀ-Þ].*|(?:of|is|was|has|had|will|would|can|could|who|\w+ed|said|told|won|beat|made|took|came|went)"
)
_MARK = re.compile(r"\s*\[\d+\]")


def standalone(text: str, history: Sequence[Turn], *, anyway: bool = False) -> str:
    """`text` with what it leans on of the last turn in brackets behind it, or as it is.

    Args:
        text: What the reader wrote.
        history: The turns before, oldest first.
        anyway: Take it to lean even if it could stand on its own, unless it names whom or what it is about.
    """
    if not history or not (leans(text) or (anyway and not _names_its_subject(text))):
        return text
    last = history[-1]
    phrases = [*_phrases(last.standalone)]
    if _points_at_someone(text):
        phrases += _answer_names(last.answer)
    added = list(_fresh(phrases, text))
    return f"{text} ({' '.join(added)})" if added else text


def leans(text: str) -> bool:
    """Whether a question needs the one before it: it opens as a continuation, points back, or has no subject."""
    telling = [term for term in dict.fromkeys(terms(_bare(text))) if background(term) >= 1]
    if is_chinese(text):
        return (
            len(telling) < _ALONE_ZH
            or bool(_OPENS_ZH.match(text))
            or (bool(_POINTS_ZH.search(text)) and not _subject_first(text, _POINTS_ZH))
        )
    if len(telling) < _ALONE_EN and not names(text) and (not telling or ASKING_EN.search(text)):
        return True
    if _OPENS_EN.match(text):
        return True
    points = len(_POINTS_EN.findall(text)) - bool(_OWNER_EN.match(text) and names(text))
    return points > 0 and not _subject_first(text, _POINTS_EN)


def _names_its_subject(text: str) -> bool:
    return bool(names(text)) or _place_in(text)


def _subject_first(text: str, points: re.Pattern[str]) -> bool:
    """Whether the question names what its pointing word means, before it does: "Did Apple say why it left?"."""
    first = points.search(text)
    before = text[: first.start()] if first else text
    if is_chinese(text):
        return sum(background(term) >= 1 for term in terms(_bare(before))) >= _OWN_SUBJECT
    return bool(names(before)) or sum(background(term) >= 1 for term in terms(before)) >= _OWN_SUBJECT


def _points_at_someone(text: str) -> bool:
    return bool((_PERSON_ZH if is_chinese(text) else _PERSON_EN).search(text))


def _bare(text: str) -> str:
    return FILLER_ZH.sub(" ", ASKING_ZH.sub(" ", text))


def _phrases(text: str) -> Iterator[str]:
    """What a question is about, in its own words: telling words, and for Chinese what stands between function words."""
    for piece in re.findall(rf"[{HAN}\d]+(?:\.\d+)?|[^{HAN}]+", _bare(text)):
        if re.search(rf"[{HAN}]", piece):
            yield from (part for part in _HAN_BREAK.split(piece) if len(part) > 1)
        else:
            yield from (word for word in _LATIN_WORD.findall(piece) if any(background(t) >= 1 for t in terms(word)))


def _answer_names(answer: str) -> list[str]:
    """The names in the first sentence of an answer, most of them the one it was about."""
    first = _MARK.split(answer, maxsplit=1)[0]
    if is_chinese(first):
        return sorted(things(Kind.PERSON, first, ()), key=first.find)[:_NAMES_OF_ANSWER]
    opening = _OPENING_WORD.match(first)
    ordinary = {opening["word"]} if opening and not _opens_as_name(opening, answer) else set[str]()
    found = [name for name in names(first) if name not in ordinary and not things(Kind.DATE, name, ())]
    return found[:_NAMES_OF_ANSWER]


def _opens_as_name(opening: re.Match[str], answer: str) -> bool:
    """Whether the word that opens a sentence is a name: it is one elsewhere, or what follows goes on from a name."""
    word, following = opening["word"], opening["next"] or ""
    return (
        word.lower() in PLACES
        or bool(_GOES_ON.fullmatch(following))
        or word.endswith(("'s", "’s"))
        or bool(re.search(rf"(?<=[a-z,;] ){re.escape(word)}\b", answer))
    )


def _fresh(phrases: Sequence[str], text: str) -> Iterator[str]:
    """Phrases that say something `text` does not, within the bounds. A place that `text` names replaces the first."""
    seen = set(terms(text))
    placed = _place_in(text)
    count = size = 0
    for phrase in phrases:
        own = {term for term in terms(phrase) if background(term) > 0}
        if placed and phrase.lower() in PLACES:
            placed = False
            continue
        if not own or own <= seen:
            continue
        if count == MOST_ADDED or size + len(phrase) > MOST_CHARACTERS_ADDED:
            return
        yield phrase
        seen |= own
        count += 1
        size += len(phrase)


def _place_in(text: str) -> bool:
    words = [word.lower() for word in _LATIN_WORD.findall(text) if word[0].isupper()]
    return any(word in PLACES for word in words) or any(
        run[i : i + n] in PLACES for run in re.findall(rf"[{HAN}]+", text) for n in (2, 3, 4) for i in range(len(run))
    )

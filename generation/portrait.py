"""A reader's interests in plain words, from what is noted of them, in English and Chinese: by templates.

What is noted came from questions and articles, so it is shown as what it is, quoted and in one line; an order or a link
is left out. A model may put the paragraph into other words, held against it: it may leave no interest out.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime

from generation.grounding.draft import Draft
from generation.grounding.listening import Patience, claims
from generation.ports import ChatModel
from generation.prompts import portraying
from generation.quoting.candidates import UNQUOTABLE
from generation.reading.orders import is_order
from generation.reading.terms import is_chinese
from storage.domain.dialogue import Lapse
from storage.domain.interests import InterestNote, Portrait
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId
from storage.domain.sentences import sentences
from storage.domain.stories import Trend

NAME = "template"

# Parts of the greatest weight from which an interest is followed most, and also.
_MOST, _ALSO = 2 / 3, 1 / 3
_MOST_NAMED, _MOST_EVIDENCE = 12, 2
_LONGEST_LABEL, _LONGEST_EVIDENCE = 60, 120
_NOTES = ArticleId("notes")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wording:
    """The sentences of one language."""

    nothing: str
    most: str
    also: str
    little: str
    rising: str
    fading: str
    seen: str
    seen_and_more: str
    between: str
    before_last: str
    quoted: str
    after_sentence: str


_WORDINGS = {
    "en": _Wording(
        nothing="Nothing is known of what you follow yet.",
        most="You follow {labels} most closely.",
        also="You also follow {labels}.",
        little="Now and then you look at {labels}.",
        rising="Lately you turn to {labels} more often than before.",
        fading="Lately you turn to {labels} less often than before.",
        seen="That you follow {label} shows in {evidence}.",
        seen_and_more="That you follow {label} shows in {evidence}, and in {n} more like these.",
        between=", ",
        before_last=" and ",
        quoted="“{}”",
        after_sentence=" ",
    ),
    "zh": _Wording(
        nothing="目前还不了解你关注什么。",
        most="你最关注{labels}。",
        also="你也关注{labels}。",
        little="你偶尔会看{labels}。",
        rising="最近你比以前更常关注{labels}。",
        fading="最近你比以前更少关注{labels}。",
        seen="说你关注{label}，依据是{evidence}。",
        seen_and_more="说你关注{label}，依据是{evidence}，另有{n}条类似记录。",
        between="、",
        before_last="和",
        quoted="“{}”",
        after_sentence="",
    ),
}
_DEFAULT = "en"


def portrait(notes: Sequence[InterestNote], language: str) -> Portrait:
    """What a reader follows, as a paragraph in `language`, or in English where that is not known."""
    wording = _WORDINGS.get(language, _WORDINGS[_DEFAULT])
    shown = _shown(notes)
    if not shown:
        return Portrait(text=wording.nothing, engine=NAME)
    most = shown[0].weight
    told: list[str] = []

    def tell(sentence: str, of: Sequence[InterestNote]) -> None:
        if of:
            told.append(sentence.format(labels=_listed([note.label for note in of], wording)))

    tell(wording.most, [note for note in shown if note.weight >= _MOST * most])
    tell(wording.also, [note for note in shown if _ALSO * most <= note.weight < _MOST * most])
    tell(wording.little, [note for note in shown if note.weight < _ALSO * most])
    tell(wording.rising, [note for note in shown if note.trend is Trend.RISING])
    tell(wording.fading, [note for note in shown if note.trend is Trend.FADING])
    told += [_evidence(note, wording) for note in shown[:1] if note.evidence]
    return Portrait(text=wording.after_sentence.join(told), engine=NAME)


def _evidence(note: InterestNote, wording: _Wording) -> str:
    quoted = [wording.quoted.format(each) for each in note.evidence]
    named, more = quoted[:_MOST_EVIDENCE], len(quoted) - _MOST_EVIDENCE
    sentence = wording.seen_and_more if more > 0 else wording.seen
    return sentence.format(label=note.label, evidence=_listed(named, wording), n=more)


def _listed(items: Sequence[str], wording: _Wording) -> str:
    *before, last = items
    return f"{wording.between.join(before)}{wording.before_last}{last}" if before else last


def _shown(notes: Sequence[InterestNote]) -> list[InterestNote]:
    """The strongest, with nothing in them that could not be shown; none without a weight."""
    found = []
    for note in sorted(notes, key=lambda note: -note.weight):
        label = _cleaned(note.label, _LONGEST_LABEL)
        evidence = tuple(text for each in note.evidence if (text := _cleaned(each, _LONGEST_EVIDENCE)))
        if label and note.weight > 0:
            found.append(InterestNote(label=label, weight=note.weight, trend=note.trend, evidence=evidence))
    return found[:_MOST_NAMED]


def _cleaned(text: str, most: int) -> str:
    """In one line, of a bounded length, without quotation marks; empty for an order or a link."""
    line = " ".join(text.translate(_UNMARKED).split())
    if UNQUOTABLE.search(text) or is_order(line):
        return ""
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


_UNMARKED = str.maketrans(dict.fromkeys('“”"「」{}', " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateWriter:
    """Tells it by the template, where there is no model."""

    async def write(self, notes: Sequence[InterestNote], language: str) -> Portrait:
        """What a reader follows; see `portrait`."""
        return portrait(notes, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortraitWriter:
    """Puts the paragraph into a model's words, where those say the same.

    Args:
        model: Writes.
    """

    model: ChatModel
    patience: Patience = field(default_factory=Patience)

    async def write(self, notes: Sequence[InterestNote], language: str) -> Portrait:
        """What a reader follows; as the template has it where the model says anything else, or leaves something out."""
        plain = portrait(notes, language)
        labels = [note.label for note in _shown(notes)]
        if not labels:
            return plain
        draft = Draft([_hit(plain.text)], most=len(sentences(plain.text)))
        with draft.lapses(self.model.name):
            prompt = portraying(plain.text, language)
            async with aclosing(claims(self.model, prompt, self.patience)) as written:
                async for claim in written:
                    draft.take(claim)
                    if draft.done:
                        break
        between = "" if is_chinese(plain.text) else " "
        text = between.join(sentence.text for sentence in draft.sentences)
        if not draft.believed or draft.faults or not all(label.casefold() in text.casefold() for label in labels):
            return Portrait(text=plain.text, engine=plain.engine, lapse=draft.lapse or Lapse.UNSOUND)
        return Portrait(text=text, engine=self.model.name, lapse=draft.lapse and Lapse.CUT)


def _hit(text: str) -> Hit:
    headline = Headline(id=_NOTES, title="", first_seen=_LONG_AGO, group=_NOTES)
    return Hit(passage=Passage(id=PassageId(0), position=0, text=text, headline=headline), score=1.0)

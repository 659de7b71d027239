"""An interest as it can be shown: what it is called, and the lines of evidence that it rests on. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.flows.wording.subject import asked_of
from storage.domain.annotations import Annotation, Category
from storage.domain.evidence import OWN_WORDS, Evidence, EvidenceId, EvidenceKind
from storage.domain.interests import Bundle, Interest, Line
from storage.domain.news import ArticleId

# How many terms name an interest, and how many articles have to share one before it does.
_TERMS, _SHARED = 2, 2
_ASKED = frozenset((EvidenceKind.ASKED, EvidenceKind.FOLLOWED_UP))


def as_shown(
    bundle: Bundle,
    evidence: Mapping[EvidenceId, Evidence],
    titles: Mapping[str, str],
    notes: Mapping[ArticleId, Annotation],
) -> Interest | None:
    """An interest as it can be shown; `None` where nothing of its evidence can.

    Args:
        bundle: What belongs together.
        evidence: All of the reader's.
        titles: Of the articles that they may see, by id.
        notes: What is noted of articles.
    """
    held = {id_: evidence[id_] for id_ in bundle.evidence}
    if bundle.muted:
        # A mute is what its reader muted, not what led to that.
        held = {id_: each for id_, each in held.items() if each.kind is EvidenceKind.MUTED}
    lines = _lines(held, titles)
    if not lines:
        return None
    subjects = Counter(each.category for each in held.values() if each.category and each.category != Category.OTHER)
    return Interest(
        words=_words(held, lines, titles, notes),
        category=Category(subjects.most_common(1)[0][0]) if subjects else None,
        weight=bundle.weight,
        trend=bundle.trend,
        evidence=bundle.evidence,
        lines=lines,
    )


def _lines(held: Mapping[EvidenceId, Evidence], titles: Mapping[str, str]) -> tuple[Line, ...]:
    found: dict[str, Line] = {}
    for id_, each in held.items():
        words = each.text or titles.get(each.key)
        if not words:
            continue
        line = found.setdefault(words.casefold(), Line(evidence=(), kind=each.kind, at=each.at, words=words))
        boost = each.kind is EvidenceKind.BOOSTED
        # A boost is of what stood there, and does not take its place.
        kind = line.kind if boost or line.kind is not EvidenceKind.BOOSTED else each.kind
        found[words.casefold()] = replace(
            line, evidence=(*line.evidence, id_), kind=kind, boosted=line.boosted or boost
        )
    return tuple(found.values())


def _words(
    held: Mapping[EvidenceId, Evidence],
    lines: Sequence[Line],
    titles: Mapping[str, str],
    notes: Mapping[ArticleId, Annotation],
) -> tuple[str, ...]:
    """What to call it: as its reader does, else by what its articles share, most of all in their titles."""
    own = [each.text for each in held.values() if each.text and each.key.startswith(OWN_WORDS)]
    if own:
        return tuple({words.casefold(): words for words in own}.values())[:_TERMS]
    articles = dict.fromkeys(ArticleId(each.key) for each in held.values())
    scores: dict[str, float] = {}
    shared: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for noted in (notes[id_] for id_ in articles if id_ in notes):
        for keyword in noted.keywords:
            term = keyword.text.casefold()
            spelt.setdefault(term, keyword.text)
            named = sum(term in titles[id_].casefold() for id_ in articles if id_ in titles)
            scores[term] = scores.get(term, 0.0) + keyword.score * (1 + named)
            shared[term] += 1
    least = _SHARED if len(articles) >= _SHARED else 1
    asked = " ".join(line.words.casefold() for line in lines if line.kind in _ASKED)
    # Where articles share none, those that were asked by.
    telling = [term for term in scores if shared[term] >= least] or [term for term in scores if term in asked]
    terms = sorted(telling, key=lambda term: -scores[term])
    line = lines[0]
    return tuple(spelt[term] for term in terms[:_TERMS]) or (
        asked_of(line.words) if line.kind in _ASKED else line.words,
    )

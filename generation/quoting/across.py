"""What sources in the other language say of a question: found by meaning, and held to what both must name.

Words of two languages cannot be held against each other, so an encoder tells which passage and which sentence is meant.
Numbers, dates, names in Latin letters and well-known names can: an article that lacks one the question gives is passed
over. A name that is in no list cannot be looked for; then the passage must be nearer. What is quoted stays as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from generation.quoting import select
from generation.quoting.candidates import Candidate
from generation.quoting.conflict import counts_asked
from generation.quoting.recency import asks_figure
from generation.quoting.transcribed import transcribed
from generation.quoting.wanted import Wanted, agrees, dates, text_of, wanted
from generation.reading import inquiry
from generation.reading.counts import counts
from generation.reading.exonyms import named, spellings
from generation.reading.fates import fates
from generation.reading.figures import alike, figures
from generation.reading.kinds import Kind, things
from generation.reading.measures import gives
from generation.reading.pinyin import written
from generation.reading.sounds import sounding
from generation.reading.terms import is_chinese, terms
from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import ArticleId, Hit
from storage.domain.sentences import sentences

MOST_HITS = 3
"""Passages in the other language that are read."""

# A passage whose cosine to the question is less tells of something else, and is not read; unless its article stands out
# from all others by as much.
_NEAR, _NEAR_APART, _APART = 0.42, 0.33, 0.13
# What is nearer is of the matter that is asked about.
_SURELY_NEAR = 0.6
_CLEARLY_NEARER = 0.03
# What the cosines of a passage and of its best sentence must come to. Where what is asked for has a shape, a number, a
# date, a reason, less will do: the answer is seen. Where nothing that the question names could be looked for it takes
# more, and in between where one name of several could not.
# Chosen on 64 invented questions and 450 real ones that hardly any source in the other language answers.
_ENOUGH, _ENOUGH_SHAPED = 1.1, 0.84
# The same where names are compared as they are written there; chosen on 52 invented questions and 40 to be refused.
_ENOUGH_NAMED, _ENOUGH_SHAPED_NAMED = 1.0, 0.94
# Figures that are less near by no more than this are of the same thing.
_AS_NEAR = 0.15
_NOTHING_NAMED, _UNCHECKED = 0.25, 0.1
# Less will do by this times how far the article stands out from all others, up to a bound.
_STANDS_OUT, _MOST_FOR_IT = 0.9, 0.25
# Less will do where both give a name that few others sound like, or one that is in the list.
_HEARD, _FAMOUS = 0.2, 0.1
# In the units of `select.choose`: what a cosine of 1 is worth, and what giving the kind of thing asked for is.
_MEANING = 10.0
_SURELY_GIVES, _NAMES_ONE, _MAY_GIVE = 3.0, 2.0, 1.0
# Of people the news give more than one name, at first.
_FULL_NAME = re.compile(r"\b[A-Z][\w’'-]+ (?:[A-Z]\. )?[A-Z][a-z][\w’'-]+")
# Whom it befell that is counted must have been befallen by it.
_CASUALTIES = frozenset(["dead", "hurt", "missing", "ill", "held"])
_SHAPED = frozenset({Kind.NUMBER, Kind.DATE, Kind.REASON})
# Of these nearly every English sentence names some.
_SHAPELESS = frozenset({Kind.ANY, Kind.NAME, Kind.CLAIM})

# What stands out does so from something.
_TO_COMPARE = 2
# A claim that names less than this could be about anything.
_FEWEST_NAMED = 2


def told_in(question: Question, said: Sequence[Sentence]) -> str | None:
    """The language (ISO 639-1) of what is said in answer, where all of it is in the other one."""
    chinese = is_chinese(question.text)
    languages = {is_chinese(sentence.text) for sentence in said}
    return None if languages != {not chinese} else "en" if chinese else "zh"


def nearness(answer: Answer, hits: Sequence[Hit]) -> float | None:
    """How near in meaning the nearest passage of the articles that are quoted is; `None` where no cosine is known.

    What goes on with the story of the turn before is near by that.
    """
    cited = {citation.article_id for citation in answer.citations}
    if answer.question.follows is not None and not cited.isdisjoint(answer.question.follows.cited):
        return None
    near = [hit.similarity for hit in hits if hit.passage.headline.id in cited and hit.similarity is not None]
    return max(near, default=None)


def known_here(question: Question, hits: Sequence[Hit]) -> float | None:
    """How near the story is in the language of the question, where it names what only that story does.

    `None` where no article in that language has all those names, or the other language has one of them, too.
    """
    asked = wanted(question.looked_for).latin
    abroad = frozenset(_others(question, hits))
    if not asked or transcribed(question.looked_for, hits) != question.looked_for:
        return None
    of_article: dict[ArticleId, list[Hit]] = defaultdict(list)
    for i, hit in enumerate(hits):
        if i not in abroad:
            of_article[hit.passage.headline.id].append(hit)
    own = [held for held in of_article.values() if asked <= set(terms(text_of(held)))]
    return max((hit.similarity for held in own for hit in held if hit.similarity is not None), default=None)


def far(answer: Answer) -> bool:
    """Whether an answer may be told better in the other language: no passage that it quotes is surely of the matter."""
    return answer.told_in is None and answer.nearness is not None and answer.nearness < _SURELY_NEAR


def is_nearer(abroad: Answer, here: Answer) -> bool:
    """Whether what is told abroad is clearly nearer to the question than what is told here, where that is known."""
    if here.nearness is None or abroad.nearness is None:
        return True
    return abroad.nearness > here.nearness + _CLEARLY_NEARER


def foreign(question: Question, hits: Sequence[Hit]) -> list[Hit]:
    """The passages in the other language of articles that name what the question names, best first."""
    others = _others(question, hits)
    apart = strangers(question, hits)
    return [hits[i] for i in sorted(others, key=lambda i: -hits[i].score) if i not in apart][:MOST_HITS]


def strangers(question: Question, hits: Sequence[Hit]) -> frozenset[int]:
    """The hits in the other language, by index, whose article lacks what the question names."""
    of_article: dict[ArticleId, list[int]] = defaultdict(list)
    for i in _others(question, hits):
        of_article[hits[i].passage.headline.id].append(i)
    asked = wanted(question.looked_for) if of_article else None
    return frozenset(
        i for held in of_article.values() if asked and not agrees(asked, [hits[i] for i in held]) for i in held
    )


def _others(question: Question, hits: Sequence[Hit]) -> list[int]:
    chinese = is_chinese(question.text)
    return [i for i, hit in enumerate(hits) if is_chinese(hit.passage.text) != chinese]


def standing_out(question: Question, hits: Sequence[Hit]) -> float:
    """By how much the article in the other language that is nearest is nearer than the next; 0 where that is unknown.

    What goes on with the story of the turn before is near to all of that story, and stands out by nothing.
    """
    nearest: dict[ArticleId, float] = {}
    for i in _others(question, hits):
        similarity, article = hits[i].similarity, hits[i].passage.headline.id
        if similarity is not None:
            nearest[article] = max(similarity, nearest.get(article, -1.0))
    if question.follows is not None or len(nearest) < _TO_COMPARE:
        return 0.0
    first, second, *_ = sorted(nearest.values(), reverse=True)
    return first - second


def near(
    question: Question, hits: Sequence[Hit], similarities: Sequence[float], apart: float = 0.0
) -> list[tuple[Hit, float]]:
    """The passages that are read, each with its cosine to the question.

    Args:
        question: What is asked.
        hits: In the other language.
        similarities: Their cosines to the question.
        apart: By how much the nearest article stands out.
    """
    known = list(zip(hits, similarities, strict=True))
    nearest, _ = max(known, key=lambda each: each[1], default=(None, 0.0))
    return [
        (hit, cosine)
        for hit, cosine in known
        if cosine >= _NEAR
        or (nearest and apart >= _APART and cosine >= _NEAR_APART and _same_article(hit, nearest))
        or (cosine >= _NEAR - _HEARD and cosine >= _NEAR - _same_name(question, [hit]))
    ]


def _same_article(one: Hit, other: Hit) -> bool:
    return one.passage.headline.id == other.passage.headline.id


def read(question: Question, held: Sequence[tuple[Hit, float]]) -> tuple[select.Reading, list[Candidate]]:
    """What could be quoted of near passages."""
    hits = [hit for hit, _ in held]
    reading = select.read_hits(inquiry.read(question.looked_for), hits, question.asked_at)
    return reading, select.candidates(reading)


def choose(
    question: Question,
    reading: select.Reading,
    found: Sequence[Candidate],
    held: Sequence[tuple[Hit, float]],
    likenesses: Sequence[float],
    apart: float = 0.0,
) -> list[Candidate]:
    """The few that most likely say what is asked, best first; none where it is too doubtful that any does.

    All are of one article, the one that is nearest together with a sentence of it.

    Args:
        question: What is asked.
        reading: Of the near passages.
        found: What could be quoted of them.
        held: The near passages, in the order that they were read in.
        likenesses: The cosine of each candidate to the question.
        apart: By how much the nearest article stands out.
    """
    # That a passage is of the story before says nothing of what is asked on.
    most = _NEAR if question.follows is not None else 1.0
    together = [min(held[candidate.hit][1], most) + like for candidate, like in zip(found, likenesses, strict=True)]
    if not found:
        return []
    best = _best(reading, found, held, together)
    article = held[found[best].hit][0].passage.headline.id
    mine = [i for i, candidate in enumerate(found) if held[candidate.hit][0].passage.headline.id == article]
    scores = [
        _MEANING * likenesses[i] + _gives(reading.inquiry, found[i].text) - 2.0 * found[i].boilerplate for i in mine
    ]
    chosen = select.choose([found[i] for i in mine], scores)
    measure = reading.inquiry.measure
    if measure is not None and not any(gives(candidate.text, measure) for candidate in chosen):
        return []
    shaped = any(_shaped(reading.inquiry, candidate.text) for candidate in chosen)
    befell = fates(reading.inquiry.text) & _CASUALTIES if reading.inquiry.kind is Kind.NUMBER else frozenset()
    if befell and not any(befell & fates(candidate.text) for candidate in chosen):
        return []
    hits = [hit for hit, _ in held if hit.passage.headline.id == article]
    if question.named_there not in {"", question.looked_for}:
        surely = shaped and any(_gives(reading.inquiry, candidate.text) > _MAY_GIVE for candidate in chosen)
        enough = _enough_named(question, hits, surely=surely)
    else:
        same_name = _same_name(question, hits)
        enough = _enough(wanted(question.looked_for), hits, shaped=shaped, same_name=same_name) - _for(apart)
    return chosen if together[best] >= enough else []


def _enough_named(question: Question, hits: Sequence[Hit], *, surely: bool) -> float:
    """The same where the names are compared as they are written there: what tells of them is near already.

    Of somebody whom a question does nothing but name, that they are named is enough.
    """
    names = {term for name in written(question.looked_for, text_of(hits)) for term in terms(name)}
    if names and names.issuperset(inquiry.read(question.looked_for).telling):
        return _ENOUGH_SHAPED - _HEARD
    return _ENOUGH_SHAPED_NAMED if surely else _ENOUGH_NAMED


def _for(apart: float) -> float:
    """What the cosines may lack because the article stands out."""
    return min(_MOST_FOR_IT, _STANDS_OUT * apart)


def _best(
    reading: select.Reading, found: Sequence[Candidate], held: Sequence[tuple[Hit, float]], together: Sequence[float]
) -> int:
    """The candidate that is nearest together with its passage; of figures that change, the newest of about as near."""
    nearest = max(range(len(found)), key=together.__getitem__)
    if not asks_figure(reading.inquiry):
        return nearest
    near = [i for i in range(len(found)) if together[i] >= together[nearest] - _AS_NEAR]
    given = [i for i in near if any(counts_asked(reading.inquiry, count) for count in counts(found[i].text))]
    return max(given, key=lambda i: (published(held[found[i].hit][0]), together[i]), default=nearest)


def published(hit: Hit) -> float:
    """When it was, in seconds; 0 where that is not known."""
    published = hit.passage.headline.published
    return 0.0 if published is None else published.timestamp()


def bearing(claim: str, hit: Hit) -> str | None:
    """The sentence of a passage in the other language that gives all that a claim names; `None` where none does.

    Every number with its unit, every date and every name in Latin letters or known in both languages must be there: the
    numbers and dates in that sentence, the names in its passage. What the claim says with them cannot be seen, so it is
    the sentence that can be said, and not the claim. A claim that names too little is borne out by nothing.
    """
    passage = hit.passage.text
    if is_chinese(claim) == is_chinese(passage):
        return None
    said = wanted(claim)
    counted = len(said.figures) + len(said.dates)
    if (
        counted + len(said.names) < _FEWEST_NAMED
        or not agrees(said, [hit])
        or not said.latin <= set(terms(text_of([hit])))
    ):
        return None
    held = [passage[start:end].strip() for start, end in sentences(passage)]
    giving = [text for text in held if _gives_all(said, text)]
    most = max(giving, key=lambda text: len(spellings(text)), default=None)
    return most if counted or (most is not None and spellings(most)) else None


def _gives_all(said: Wanted, text: str) -> bool:
    given = figures(text)
    return all(any(alike(figure, each) for each in given) for figure in said.figures) and set(said.dates) <= {
        *dates(text)
    }


def unexplained(reading: select.Reading, chosen: Sequence[Candidate]) -> bool:
    """Whether it is asked why, and no sentence that was chosen has words that give a reason."""
    why = reading.inquiry.kind is Kind.REASON and bool(chosen)
    return why and not any(things(Kind.REASON, candidate.text, ()) for candidate in chosen)


def _same_name(question: Question, hits: Sequence[Hit]) -> float:
    """What the cosines may lack because an article gives a name that the question gives, which few others do."""
    text, asked = text_of(hits), question.looked_for
    english, chinese = (text, asked) if is_chinese(asked) else (asked, text)
    if not sounding(english, chinese).union(written(english, chinese)) <= spellings(english):
        return _HEARD
    return _FAMOUS if any(name.famous for name in named(asked)) else 0.0


def _enough(asked: Wanted, hits: Sequence[Hit], *, shaped: bool, same_name: float) -> float:
    enough = _ENOUGH_SHAPED if shaped else _ENOUGH
    if same_name:
        return enough - same_name
    if not (asked.names or asked.figures or asked.dates or asked.latin):
        return enough + _NOTHING_NAMED
    # A Chinese question does not show what is a name.
    checked = asked.chinese or asked.latin.issubset(terms(text_of(hits)))
    return enough if checked else enough + _UNCHECKED


def _shaped(asked: inquiry.Inquiry, text: str) -> bool:
    """Whether a sentence gives what is asked, as far as that has a shape; people have one in Chinese alone."""
    people = asked.kind is Kind.PERSON and is_chinese(text)
    return (people or asked.measure is not None or asked.kind in _SHAPED) and _gives(asked, text) > 0


def _gives(asked: inquiry.Inquiry, text: str) -> float:
    """What a sentence is worth for giving the kind of thing that is asked for, by its shape."""
    if asked.measure is not None:
        return _SURELY_GIVES * gives(text, asked.measure)
    if asked.kind is Kind.NUMBER:
        told = counts(text)
        return _SURELY_GIVES if any(counts_asked(asked, count) for count in told) else _MAY_GIVE * bool(told)
    if asked.kind in _SHAPELESS:
        return 0.0
    if asked.kind is Kind.DATE and any(dates(text)):
        return _SURELY_GIVES
    if asked.kind is Kind.PERSON and not is_chinese(text):
        known = {spelling for name in named(asked.text) for spelling in name.english}
        return _NAMES_ONE * any(all(each not in full for each in known) for full in _FULL_NAME.findall(text))
    return (_SURELY_GIVES if asked.kind is Kind.REASON else _MAY_GIVE) * bool(things(asked.kind, text, ()))

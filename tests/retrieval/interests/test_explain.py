from __future__ import annotations

import numpy as np
import pytest

from retrieval.interests.explain import Reason, evidenced, grounded, reasons, usual_row
from retrieval.interests.interest import Trace
from retrieval.interests.profile import Profile, took
from retrieval.interests.ranking import Ranker, shipped
from retrieval.interests.stories import Audience, Stories
from storage.domain.digests import ReasonKind
from storage.domain.evidence import EvidenceKind
from tests.retrieval.interests.made import (
    CHIPS,
    ENCODER,
    FOOTBALL,
    NOW,
    OPERA,
    WIDTH,
    did,
    matrices,
    profile,
    reader_of,
    stories,
    towards,
)


def why(known: Profile, given: Stories, story: int, language: str | None = None) -> tuple[Reason, ...]:
    ranked = Ranker(given).rank(matrices(known))
    at = ranked.stories[0].tolist().index(story)
    return reasons(
        known,
        given.vectors[story],
        ranked.rows[0, at],
        usual_row(ranked.rows[0]),
        shipped(),
        subject=given.subjects[story],
        source=given.sources[story] if given.sources else None,
        language=language,
    )


def test_a_story_like_an_interest_is_shown_for_it_and_for_what_shows_it() -> None:
    known = reader_of(chips=2, football=1)

    first = why(known, stories([CHIPS, OPERA, FOOTBALL]), 2)[0]

    assert (first.kind, first.interest) == (ReasonKind.INTEREST, 1)
    assert [trace.key for trace in first.traces] == ["football 0"]
    assert first.likeness == pytest.approx(1.0)


def test_a_story_like_what_they_told_is_shown_for_that() -> None:
    known = took(reader_of(chips=1), did(EvidenceKind.TOLD, key="about me"), OPERA)

    first = why(known, stories([FOOTBALL, OPERA]), 1)[0]

    assert (first.kind, [trace.key for trace in first.traces]) == (ReasonKind.TOLD, ["about me"])


def test_nothing_is_said_of_interests_where_a_story_is_like_none() -> None:
    far = towards(0.2, 0, 1)
    given = stories([far, -CHIPS], heat=np.asarray([0.9, 0.0], dtype=np.float32))

    found = why(reader_of(chips=2), given, 0)

    assert [each.kind for each in found] == [ReasonKind.HOT]
    assert found[0].share == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("likeness", "language", "said"),
    [(0.47, "en", False), (0.49, "en", True), (0.49, None, True), (0.61, "zh", False), (0.63, "zh", True)],
)
def test_an_article_like_any_other_of_its_language_is_not_said_to_be_like_what_they_read(
    likeness: float, language: str | None, said: bool
) -> None:
    given = stories([towards(likeness, 0, (1 - likeness**2) ** 0.5), -CHIPS])

    kinds = {each.kind for each in why(reader_of(chips=2), given, 0, language)}

    assert (ReasonKind.INTEREST in kinds) is said


def test_subjects_and_sources_are_named() -> None:
    known = profile(*((did(key=str(at), category="sport", source="Post"), None) for at in range(9)))
    given = stories([OPERA, OPERA], subjects=("sport", "culture"), sources=("Post", "Wire"))

    found = why(known, given, 0)

    assert [(each.kind, each.name) for each in found] == [(ReasonKind.SUBJECT, "sport"), (ReasonKind.SOURCE, "Post")]
    assert sum(each.share for each in found) == pytest.approx(1.0)


def test_a_subject_that_is_only_less_rare_than_others_is_no_reason() -> None:
    known = profile(*((did(key=str(at), category="technology"), None) for at in range(9)))
    given = stories([OPERA, OPERA, OPERA], subjects=("sport", "culture", "culture"))

    assert ReasonKind.SUBJECT not in {each.kind for each in why(known, given, 0)}


def test_what_other_readers_turn_to_is_said_to_be_that() -> None:
    audience = Audience(
        vectors=np.stack([CHIPS, -CHIPS]) / 5,
        middle=np.zeros(WIDTH, dtype=np.float32),
        popularity=np.asarray([0.4, -0.4], dtype=np.float32),
    )

    kinds = {each.kind for each in why(reader_of(chips=1), stories([OPERA, OPERA], audience=audience), 0)}

    assert kinds == {ReasonKind.READERS_ALIKE, ReasonKind.POPULAR}


def test_a_story_that_nothing_speaks_for_is_not_given_a_reason() -> None:
    found = why(Profile(encoder=ENCODER), stories([OPERA, CHIPS]), 0)

    assert found == (Reason(kind=ReasonKind.OTHER, share=0.0),)


@pytest.mark.parametrize(("likeness", "named", "holds"), [(0.36, False, True), (0.34, False, False), (0.2, True, True)])
def test_what_was_told_is_the_reason_where_a_story_names_it_or_is_like_the_words_themselves(
    likeness: float, named: bool, holds: bool
) -> None:
    known = took(Profile(encoder=ENCODER), did(EvidenceKind.TOLD, key="text:1"), CHIPS)
    vector = towards(likeness, 0, (1 - likeness**2) ** 0.5)
    reason = Reason(kind=ReasonKind.TOLD, share=1.0, interest=0, traces=known.wanted[0].traces, likeness=0.9)

    found = grounded(reason, known.wanted[0], {"text:1": "ferries"}, lambda _: named, vector)

    assert found == (reason if holds else None)


def test_of_what_was_told_alike_that_comes_first_which_the_story_names() -> None:
    known = took(Profile(encoder=ENCODER), did(EvidenceKind.TOLD, key="text:1", days_ago=1), CHIPS)
    known = took(known, did(EvidenceKind.TOLD, key="text:2"), CHIPS)
    (interest,) = known.wanted
    reason = Reason(kind=ReasonKind.TOLD, share=1.0, interest=0, traces=interest.traces, likeness=0.9)

    spoken = {"text:1": "chips", "text:2": "semiconductors"}
    found = grounded(reason, interest, spoken, lambda words: words == "chips", CHIPS)

    assert found is not None
    assert [trace.key for trace in reason.traces] == ["text:2", "text:1"]
    assert [trace.key for trace in found.traces] == ["text:1", "text:2"]


def test_what_somebody_read_stays_the_reason_as_it_was_found() -> None:
    known = reader_of(chips=1)
    reason = Reason(kind=ReasonKind.INTEREST, share=1.0, interest=0, traces=known.wanted[0].traces, likeness=0.5)

    assert grounded(reason, known.wanted[0], {}, lambda _: False, OPERA) is reason


def test_a_story_is_shown_for_what_of_an_interest_it_is_like_and_for_nothing_that_it_is_not() -> None:
    reason = Reason(
        kind=ReasonKind.INTEREST,
        share=1.0,
        interest=0,
        traces=tuple(Trace(kind=EvidenceKind.ASKED, key=key, at=NOW) for key in ("quake", "strike", "ferry")),
    )
    articles = {"quake": CHIPS, "strike": OPERA, "ferry": FOOTBALL}

    ferry = evidenced(reason, FOOTBALL, articles)
    gone = evidenced(reason, FOOTBALL, {})

    assert ferry is not None
    assert [trace.key for trace in ferry.traces] == ["ferry"]
    assert evidenced(reason, -FOOTBALL, articles) is None
    assert gone == reason

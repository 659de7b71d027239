from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.interests.interest import Bounds
from retrieval.interests.packing import packed, unpacked
from retrieval.interests.profile import HALF_LIVES, Profile, faded, merge, rebuilt, took
from storage.domain.evidence import Evidence, EvidenceKind
from tests.retrieval.interests.made import CHIPS, ENCODER, FOOTBALL, NOW, OPERA, did, profile, reader_of, towards

KEYS = [f"article {at}" for at in range(12)]
VECTORS = {key: towards(*np.random.default_rng(at).normal(size=8)) for at, key in enumerate(KEYS)}

evidence = st.builds(
    did,
    st.sampled_from(EvidenceKind),
    st.sampled_from([*KEYS, "without a vector"]),
    days_ago=st.floats(0, 200),
    category=st.sampled_from([None, "sport", "culture"]),
    source=st.sampled_from([None, "Wire", "Post"]),
    weight=st.sampled_from([None, 0.0, 0.5, -0.5]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(evidence, max_size=40))
def test_a_profile_made_again_from_its_evidence_is_the_same_bit_by_bit(done: list[Evidence]) -> None:
    held = packed(Profile(encoder=ENCODER))
    for each in done:
        kept = unpacked(held, ENCODER)
        assert kept is not None
        held = packed(took(kept, each, VECTORS.get(each.key)))

    assert held == packed(rebuilt(ENCODER, done, VECTORS))


@settings(max_examples=60, deadline=None)
@given(st.lists(evidence, max_size=40))
def test_a_profile_stays_within_its_bounds(done: list[Evidence]) -> None:
    bounds = Bounds(liked=3, told=2, disliked=2)

    found = rebuilt(ENCODER, done, VECTORS, bounds)

    assert len(found.liked) <= bounds.liked
    assert len(found.told) <= bounds.told
    assert len(found.disliked) <= bounds.disliked
    assert all(1 <= len(each.traces) <= bounds.traces for each in (*found.wanted, *found.disliked))
    assert all(np.linalg.norm(each.centre) <= 1 + 1e-5 for each in (*found.wanted, *found.disliked))


def test_what_is_alike_is_one_interest_and_what_differs_another() -> None:
    found = reader_of(chips=3, football=2)

    assert [each.mass for each in found.liked] == pytest.approx([3.0, 2.0])
    assert [trace.key for trace in found.liked[0].traces] == ["chips 0", "chips 1", "chips 2"]
    np.testing.assert_allclose(found.liked[0].centre, CHIPS, atol=1e-6)


def test_likes_dislikes_and_what_was_told_are_kept_apart() -> None:
    found = profile(
        (did(EvidenceKind.LIKED), CHIPS),
        (did(EvidenceKind.LESS), CHIPS),
        (did(EvidenceKind.TOLD), CHIPS),
        (did(EvidenceKind.TOLD, weight=-1.0), OPERA),
    )

    assert [each.mass for each in found.liked] == [2.0]
    assert [each.mass for each in found.told] == [4.0]
    assert [each.mass for each in found.disliked] == [3.0, 1.0]


def test_half_is_left_after_each_half_life() -> None:
    now = profile((did(category="technology", source="Wire"), CHIPS), (did(EvidenceKind.TOLD), OPERA))

    later = faded(now, NOW + HALF_LIVES.long)

    assert later.liked[0].mass == pytest.approx(0.5)
    assert later.liked[0].recent == pytest.approx(0.5 ** (HALF_LIVES.long / HALF_LIVES.recent))
    assert later.told[0].mass == pytest.approx(4 * 0.5 ** (HALF_LIVES.long / HALF_LIVES.told))
    assert later.subjects["technology"].liked == pytest.approx(0.5)
    assert faded(later, NOW) is later


def test_evidence_that_comes_late_counts_as_if_it_had_come_in_time() -> None:
    early, late = did(key="a", days_ago=30), did(key="b")

    in_time = profile((early, CHIPS), (late, FOOTBALL))
    out_of_time = profile((late, FOOTBALL), (early, CHIPS))

    assert out_of_time.as_of == in_time.as_of == NOW
    assert out_of_time.since == in_time.since == NOW - timedelta(days=30)
    masses = [{each.traces[0].key: each.mass for each in found.liked} for found in (in_time, out_of_time)]
    assert masses[0] == pytest.approx(masses[1])
    assert in_time.lately is not None
    assert out_of_time.lately is not None
    np.testing.assert_allclose(in_time.lately, out_of_time.lately, atol=1e-6)


def test_what_a_reader_turns_to_lately_follows_them_sooner_than_the_whole() -> None:
    found = profile(*((did(key=str(at), days_ago=30), CHIPS) for at in range(5)), (did(), FOOTBALL))

    assert found.lately is not None
    assert float(found.lately @ FOOTBALL) > 0.9
    assert found.liked[0].mass > found.liked[1].mass


def test_the_two_most_alike_become_one_where_there_are_too_many() -> None:
    near = towards(1, 0.3)
    bounds = Bounds(liked=2, alike=0.99)
    found = Profile(encoder=ENCODER)

    for key, vector in (("a", CHIPS), ("b", OPERA), ("c", near)):
        found = took(found, did(key=key), vector, bounds)

    assert [{trace.key for trace in each.traces} for each in found.liked] == [{"a", "c"}, {"b"}]


def test_an_interest_that_faded_away_is_forgotten() -> None:
    found = profile((did(days_ago=400), CHIPS), (did(), FOOTBALL))

    assert len(found.liked) == 1
    np.testing.assert_array_equal(found.liked[0].centre, FOOTBALL)


def test_what_has_no_vector_counts_by_its_subject_and_source_alone() -> None:
    found = profile((did(category="sport", source="Wire"), None))

    assert (found.wanted, found.lately) == ((), None)
    assert (found.subjects["sport"].liked, found.sources["Wire"].recent) == (1.0, 1.0)


def test_the_least_of_too_many_sources_goes() -> None:
    found = profile(
        (did(source="often"), None), *((did(source=str(at), weight=0.1), None) for at in range(60)), (did(), None)
    )

    assert len(found.sources) == 48
    assert "often" in found.sources


def test_two_profiles_of_one_reader_become_one() -> None:
    here = profile((did(key="a", days_ago=60, category="technology", source="Wire"), CHIPS))
    there = profile((did(key="b", category="technology", source="Post"), CHIPS), (did(EvidenceKind.LESS), OPERA))

    both = merge(here, there)

    together = profile(
        (did(key="a", days_ago=60, category="technology", source="Wire"), CHIPS),
        (did(key="b", category="technology", source="Post"), CHIPS),
        (did(EvidenceKind.LESS), OPERA),
    )
    assert both.liked[0].mass == pytest.approx(together.liked[0].mass)
    assert both.disliked[0].mass == together.disliked[0].mass
    assert both.subjects["technology"].liked == pytest.approx(together.subjects["technology"].liked)
    assert (both.as_of, both.since, set(both.sources)) == (together.as_of, together.since, {"Wire", "Post"})
    assert both.lately_mass == pytest.approx(together.lately_mass)


def test_an_empty_profile_adds_nothing_to_another() -> None:
    known, empty = reader_of(chips=2), Profile(encoder=ENCODER)

    assert merge(known, empty) is known
    assert merge(empty, known) is known
    assert merge(empty, profile((did(category="sport"), None))).subjects["sport"].liked == 1.0


def test_profiles_of_two_encoders_are_not_merged() -> None:
    with pytest.raises(ValueError, match="cannot be merged"):
        merge(reader_of(chips=1), Profile(encoder="another"))


def test_a_vector_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="of another encoder"):
        took(reader_of(chips=1), did(), np.ones(3, dtype=np.float32))


def test_a_merged_profile_that_has_dislikes_alone_stays_without_a_direction() -> None:
    found = merge(profile((did(EvidenceKind.LESS), OPERA)), profile((did(EvidenceKind.LESS), CHIPS)))

    assert found.lately is None
    assert len(found.disliked) == 2


def test_what_is_muted_stays_so_however_long_ago_that_was() -> None:
    muting = did(EvidenceKind.MUTED, key="football", days_ago=0)

    found = faded(profile((muting, FOOTBALL)), NOW + timedelta(days=2_000))

    assert [tuple(each.centre) for each in found.muted] == [tuple(FOOTBALL)]
    assert found.muted[0].mass == pytest.approx(4.0)


@pytest.mark.parametrize("kind", [EvidenceKind.TOLD, EvidenceKind.FOLLOWED, EvidenceKind.MORE])
def test_who_says_that_they_care_mutes_no_longer(kind: EvidenceKind) -> None:
    muting, said = did(EvidenceKind.MUTED, key="football", days_ago=2), did(kind, key="football again")

    found = profile((muting, FOOTBALL), (did(EvidenceKind.MUTED, key="opera", days_ago=1), OPERA), (said, FOOTBALL))

    assert [tuple(each.centre) for each in found.muted] == [tuple(OPERA)]


def test_opening_an_article_ends_no_muting() -> None:
    found = profile((did(EvidenceKind.MUTED, days_ago=1), FOOTBALL), (did(), FOOTBALL))

    assert len(found.muted) == 1
    assert found.liked == ()


def test_what_is_muted_takes_with_it_all_that_they_cared_about_of_the_same() -> None:
    cup, team = towards(0, 1, 0.5), towards(0.2, 1)

    found = profile((did(key="cup"), cup), (did(key="chips"), CHIPS), (did(EvidenceKind.MUTED, key="team"), team))

    assert [trace.key for each in found.liked for trace in each.traces] == ["chips"]
    assert [trace.key for trace in found.muted[0].traces] == ["team"]
    assert found.muted[0].centre == pytest.approx(team)


def test_what_is_muted_is_what_was_said_and_not_what_lies_between_it_and_other_things() -> None:
    handball, ferry, strike = towards(0, 0.55, 0.84), towards(0.95, 0.3), towards(0.93, 0.3, 0, 0.2)

    found = profile(
        (did(key="ferry"), ferry),
        (did(key="strike"), strike),
        (did(EvidenceKind.TOLD, key="handball"), handball),
        (did(EvidenceKind.MUTED, key="football"), FOOTBALL),
    )

    assert [tuple(each.centre) for each in found.muted] == [tuple(FOOTBALL)]
    assert [len(each.traces) for each in found.liked] == [2]
    assert [each.traces[0].key for each in found.told] == ["handball"]


def test_to_tell_of_something_near_ends_no_muting_but_to_follow_it_does() -> None:
    near = towards(0, 0.6, 0.8)
    muting = did(EvidenceKind.MUTED, key="football", days_ago=1)

    assert len(profile((muting, FOOTBALL), (did(EvidenceKind.TOLD, key="handball"), near)).muted) == 1
    assert profile((muting, FOOTBALL), (did(EvidenceKind.FOLLOWED, key="match"), near)).muted == ()

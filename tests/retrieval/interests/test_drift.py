from __future__ import annotations

from datetime import timedelta

import pytest

from retrieval.interests.drift import drift, notes
from retrieval.interests.profile import Profile
from storage.domain.interests import Trend
from tests.retrieval.interests.made import CHIPS, ENCODER, FOOTBALL, NOW, did, profile


def habits(chips_days: range, football_days: range) -> Profile:
    """Somebody who opened one thing a day about each."""
    done = [(day, "chips", CHIPS) for day in chips_days] + [(day, "football", FOOTBALL) for day in football_days]
    ordered = sorted(done, key=lambda each: -each[0])
    return profile(*((did(key=f"{name} {day}", days_ago=day), vector) for day, name, vector in ordered))


def trends(known: Profile) -> dict[str, Trend]:
    found = drift(known, NOW)
    return {each.traces[0].key.split()[0]: trend for each, trend in zip(known.wanted, found.trends, strict=True)}


def test_a_reader_who_turns_to_something_else_is_noticed() -> None:
    known = habits(range(12, 60), range(12))

    found = drift(known, NOW)

    assert found.noticed
    assert found.divergence > 0.2
    assert trends(known) == {"chips": Trend.FADING, "football": Trend.RISING}


def test_a_reader_who_stays_as_they_were_is_not() -> None:
    known = habits(range(60), range(60))

    found = drift(known, NOW)

    assert not found.noticed
    assert found.divergence < 0.01
    assert set(found.trends) == {Trend.STEADY}


def test_one_click_is_no_change_of_mind() -> None:
    assert not drift(habits(range(2, 60), range(1)), NOW).noticed


@pytest.mark.parametrize(
    "known", [Profile(encoder=ENCODER), habits(range(2), range(2, 4)), habits(range(30), range(0))]
)
def test_of_somebody_new_or_of_one_interest_nothing_is_said(known: Profile) -> None:
    found = drift(known, NOW)

    assert (found.noticed, found.divergence) == (False, 0.0)
    assert set(found.trends) <= {Trend.STEADY}


def test_a_reader_who_was_away_for_long_has_not_changed() -> None:
    assert not drift(habits(range(12, 60), range(12)), NOW + timedelta(days=5000)).noticed


def test_interests_are_told_with_what_they_were_seen_by() -> None:
    known = habits(range(12, 60), range(12))
    labels = [each.traces[0].key.split()[0] for each in known.wanted]

    found = notes(known, NOW, labels, {"chips 12": "A new chip", "football 0": "A cup final"})

    assert [(note.label, note.trend, note.evidence) for note in found] == [
        ("chips", Trend.FADING, ("A new chip",)),
        ("football", Trend.RISING, ("A cup final",)),
    ]
    assert found[0].weight > found[1].weight > 0

from __future__ import annotations

from datetime import timedelta

import pytest

from retrieval.index.generations import GRACE, is_due, planned
from storage.domain.encoders import EncoderModel, EncoderRole, KeptEncoder
from tests.fakes import EPOCH

COMING, SERVING, RETIRED = EncoderRole.COMING, EncoderRole.SERVING, EncoderRole.RETIRED


def model(name: str) -> EncoderModel:
    return EncoderModel(name=name, model=name, precision="float32")


def kept(name: str, role: EncoderRole, *, has_vectors: bool = True) -> KeptEncoder:
    return KeptEncoder(model=model(name), role=role, since=EPOCH, has_vectors=has_vectors)


@pytest.mark.parametrize(
    ("on_record", "unusable", "serving", "coming", "leaving", "recorded"),
    [
        ([], [], "b", None, [], False),
        ([kept("b", COMING)], [], "b", None, [], False),
        ([kept("b", SERVING)], [], "b", None, [], True),
        ([kept("b", SERVING, has_vectors=False)], ["b"], "b", None, [], True),
        ([kept("a", SERVING)], [], "a", "b", [], True),
        ([kept("a", SERVING), kept("b", COMING)], [], "a", "b", [], True),
        ([kept("a", SERVING), kept("b", RETIRED)], [], "a", "b", [], True),
        ([kept("a", SERVING, has_vectors=False)], [], "b", None, [], False),
        ([kept("a", SERVING), kept("b", COMING)], ["a"], "b", None, [], False),
        ([kept("a", SERVING)], ["b"], "a", "b", [], True),
        ([kept("b", SERVING), kept("a", RETIRED)], [], "b", None, ["a"], True),
        ([kept("a", SERVING), kept("c", COMING), kept("d", RETIRED)], [], "a", "b", ["c", "d"], True),
    ],
)
def test_what_serves_stays_until_what_is_wanted_is_level(
    on_record: list[KeptEncoder],
    unusable: list[str],
    serving: str,
    coming: str | None,
    leaving: list[str],
    recorded: bool,
) -> None:
    plan = planned(model("b"), on_record, unusable)

    assert plan.serving == model(serving)
    assert plan.coming == (model(coming) if coming else None)
    assert [each.model.name for each in plan.leaving] == leaving
    assert plan.recorded is recorded


def test_one_that_is_found_elsewhere_now_is_recorded_anew() -> None:
    moved = EncoderModel(name="b", model="/new/place", precision="float32")

    plan = planned(moved, [kept("b", SERVING)])

    assert (plan.serving, plan.coming, plan.recorded) == (moved, None, False)


@pytest.mark.parametrize(
    ("role", "after", "due"),
    [(RETIRED, GRACE, True), (RETIRED, GRACE - timedelta(seconds=1), False), (COMING, 9 * GRACE, False)],
)
def test_what_is_retired_is_dropped_once_no_search_can_be_using_it(
    role: EncoderRole, after: timedelta, due: bool
) -> None:
    assert is_due(kept("a", role), EPOCH + after) is due

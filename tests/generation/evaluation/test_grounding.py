from __future__ import annotations

import pytest

from generation.evaluation.grounding import TRUE, GroundingReport, Told, claims, evaluate_grounding

TOLD = [
    Told(
        text="The Lindholm bridge was reopened on Monday after repairs that cost 3 million crowns.",
        claim="The Lindholm bridge was reopened after repairs of 3 million crowns.",
    ),
    Told(
        text="Bus fares in Halverton will rise by 5 percent in April, Nora Reed of the council said.",
        claim="Bus fares in Halverton will rise by 5 percent in April.",
    ),
    Told(text="河谷市共转移群众1.2万人，粮食产量增长了5%。", claim="河谷市共转移群众1.2万人，粮食产量增长5%。"),
]


def unseen(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""


def test_true_claims_are_believed_and_falsified_ones_are_not() -> None:
    believed = evaluate_grounding(TOLD, unseen).believed

    assert believed[TRUE] == (1.0, 1.0, 1.0)
    assert {kind: sum(scores) for kind, scores in believed.items() if kind != TRUE} == {
        "number": 0, "unit": 0, "name": 0, "denial": 0, "opposite": 0, "other": 0,
    }  # fmt: skip


def test_the_same_seed_falsifies_alike() -> None:
    assert evaluate_grounding(TOLD, unseen, seed=3) == evaluate_grounding(TOLD, unseen, seed=3)


@pytest.mark.parametrize(
    ("believed", "precision"),
    [
        ({TRUE: (1.0, 1.0), "number": (0.0,), "name": (0.0,)}, 1.0),
        ({TRUE: (1.0, 0.0), "number": (1.0,), "name": (0.0,)}, 0.5),
        ({TRUE: (0.0,), "number": (0.0,)}, 0.0),
    ],
)
def test_precision_counts_one_false_claim_for_each_true_one(
    believed: dict[str, tuple[float, ...]], precision: float
) -> None:
    assert GroundingReport(believed=believed).precision == precision


def test_claims_are_sentences_that_say_something() -> None:
    assert claims("No. The bridge was reopened on Monday after long repairs. Yes.") == [
        "The bridge was reopened on Monday after long repairs."
    ]

from __future__ import annotations

import pytest
import torch

from retrieval.training.adversary import Adversary

IDS = torch.tensor([[0, 1], [2, 3]])


def layer(*, trained: bool = True) -> torch.nn.Embedding:
    torch.manual_seed(0)
    made = torch.nn.Embedding(4, 3)
    made.weight.requires_grad_(trained)
    return made


def loss(vectors: torch.Tensor) -> torch.Tensor:
    return (vectors.sum(dim=(1, 2)) ** 2).sum()


@pytest.mark.parametrize("trained", [True, False])
def test_a_text_is_pushed_where_its_loss_grows_by_a_share_of_its_length(trained: bool) -> None:
    words = layer(trained=trained)
    adversary = Adversary(words, share=0.1)

    with adversary.watching():
        plain = words(IDS)
        loss(plain).backward()
    with adversary.pushing():
        pushed = words(IDS)

    assert loss(pushed) > loss(plain)
    far = (pushed - plain).flatten(1).norm(dim=1) / plain.flatten(1).norm(dim=1)
    assert far.tolist() == pytest.approx([0.1, 0.1], rel=1e-4)


def test_several_texts_of_a_batch_are_each_pushed_their_own_way() -> None:
    words = layer()
    adversary = Adversary(words, share=0.1)

    with adversary.watching():
        first, second = words(IDS[:1]), words(IDS[1:])
        (loss(first) - loss(second)).backward()
    with adversary.pushing():
        again = words(IDS[:1]), words(IDS[1:])

    assert loss(again[0]) > loss(first)
    assert loss(again[1]) < loss(second)


def test_outside_of_both_nothing_changes() -> None:
    words = layer()
    expected = words.weight[IDS]
    adversary = Adversary(words, share=0.5)
    with adversary.watching():
        loss(words(IDS)).backward()

    assert torch.equal(words(IDS), expected)


def test_what_the_loss_does_not_depend_on_stays() -> None:
    words = layer()
    adversary = Adversary(words, share=0.5)

    with adversary.watching():
        plain = words(IDS)
    with adversary.pushing():
        pushed = words(IDS)

    assert torch.equal(pushed, plain)

from __future__ import annotations

from typing import Any

import pytest
import torch
from transformers import LlamaConfig

from bot.benchmarks.llm import Load, measure
from bot.benchmarks.shapes import Invented, Once, invented_weights
from storage.errors import InputError

LOAD = Load(readers=(1, 3), prompt=150, reply=6, running=2)


def tiny(vocabulary: int = 1000) -> Invented:
    return Invented(
        "tiny",
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
        ),
    )


async def test_a_model_is_measured_in_all_that_is_promised() -> None:
    seen: list[tuple[str, int]] = []

    figures: dict[str, Any] = await measure(Once(tiny()), LOAD, lambda what, done, _: seen.append((what, done)))

    assert list(figures) == ["1", "3", "one_at_a_time", "roofline", "leaving", "overload"]
    for n in ("1", "3"):
        assert set(figures[n]) == {"tokens_per_s", "first_p50_ms", "first_p95_ms", "whole_p50_ms", "whole_p95_ms"}
        assert 0 < figures[n]["first_p50_ms"] <= figures[n]["whole_p95_ms"]
    assert figures["one_at_a_time"]["tokens_per_s"] > 0
    assert 0 < figures["roofline"]["share"] < 1
    assert figures["leaving"]["next_first_p50_ms"] > 0
    overload = figures["overload"]
    assert (overload["readers"], overload["accepted"], overload["refused"]) == (20, 4, 16)
    assert overload["refused_p95_ms"] < overload["accepted_whole_p95_ms"]
    assert {("readers", 1), ("readers", 3), ("leaving", 5)} <= set(seen)


def test_invented_words_keep_the_prompts_apart() -> None:
    read = tiny(100_000).tokenizer()

    tokens = read.encode("The Alder Bridge 17 delivered 20 trams on Monday", add_special_tokens=False)

    assert len(set(tokens)) >= 7
    assert read.decode([5, 99_999, 7]).count(" ") == 2


@pytest.mark.parametrize(("shape", "reason"), [("9z", "no shape known here; there are: 8b"), ("8b", "are for a GPU")])
def test_a_shape_that_cannot_be_had_says_so(shape: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: False)

    with pytest.raises(InputError, match=reason):
        invented_weights(shape)

"""Random weights in the shape of a real model, made on the spot: nothing is downloaded, and times are the real ones."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.benchmarks.invented import invented_articles
from generation.engines.loading import Weights
from storage.errors import InputError

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

SHAPES: dict[str, dict[str, Any]] = {
    # Llama 3.1 8B, as its config.json has it.
    "8b": {
        "vocab_size": 128_256,
        "hidden_size": 4096,
        "intermediate_size": 14_336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "max_position_embeddings": 131_072,
        "rope_theta": 500_000.0,
    }
}

_UNKNOWN = "unknown"
# Enough to meet most words of all the articles there can be.
_ARTICLES = 500
_WORD = re.compile(r"\w+|[^\w\s]+")


def invented_weights(shape: str) -> Weights:
    """The weights of a shape by its name.

    Raises:
        InputError: There is no such shape, or no GPU for it.
    """
    import torch
    from transformers import LlamaConfig

    if shape not in SHAPES:
        raise InputError(shape, f"is no shape known here; there are: {', '.join(SHAPES)}")
    if not torch.accelerator.is_available():
        raise InputError(shape, "weights of this shape are for a GPU, and there is none")
    return Invented(f"{shape} shape, random weights", LlamaConfig(**SHAPES[shape]))


class Invented:
    """Random weights of a configuration, implementing `Weights`, over words that mean nothing."""

    def __init__(self, name: str, config: PreTrainedConfig) -> None:
        self.name = name
        self._config = config

    def tokenizer(self) -> PreTrainedTokenizerBase:
        from tokenizers import Tokenizer
        from tokenizers.models import WordLevel
        from tokenizers.pre_tokenizers import Whitespace
        from transformers import PreTrainedTokenizerFast

        known = sorted({word for each in invented_articles(_ARTICLES) for word in _WORD.findall(each.text)})
        others = (f"w{number}" for number in range(self._config.vocab_size))
        words = dict(zip([_UNKNOWN, *known, *others], range(self._config.vocab_size), strict=False))
        plain = Tokenizer(WordLevel(words, unk_token=_UNKNOWN))
        plain.pre_tokenizer = Whitespace()
        made = PreTrainedTokenizerFast(tokenizer_object=plain)  # type: ignore[no-untyped-call] # the library leaves it so
        made.chat_template = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
        return made

    def config(self) -> PreTrainedConfig:
        return self._config

    def model(self) -> PreTrainedModel:
        import torch
        from transformers import AutoModelForCausalLM

        with torch.device(torch.accelerator.current_accelerator() or "cpu"):
            model: PreTrainedModel = AutoModelForCausalLM.from_config(  # type: ignore[no-untyped-call] # as above
                self._config, dtype=torch.bfloat16
            )
        return model


class Once:
    """Weights that are loaded once, for all that is measured with them."""

    def __init__(self, weights: Weights) -> None:
        self.name = weights.name
        self.tokenizer = cache(weights.tokenizer)
        self.config = cache(weights.config)
        self.model = cache(weights.model)

"""A language model of a few thousand random weights over a vocabulary of bytes, made in milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
)

BEGIN, END = "<|begin|>", "<|end|>"
CHAT = (
    f"{{% for m in messages %}}{BEGIN}{{{{ m['role'] }}}}\n{{{{ m['content'] }}}}{END}{{% endfor %}}{BEGIN}assistant\n"
)


def tokenizer(template: str | None = CHAT) -> PreTrainedTokenizerFast:
    """Each byte is a token, so that a Chinese character is three."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    plain = Tokenizer(BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    plain.decoder = decoders.ByteLevel()
    made = PreTrainedTokenizerFast(tokenizer_object=plain, bos_token=BEGIN, eos_token=END)
    made.chat_template = template
    return made


def llama(known: int = 2048) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=260,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=known,
        bos_token_id=256,
        eos_token_id=257,
    )


@dataclass(kw_only=True)
class Tiny:
    """Weights that implement `Weights`, the same each time, and never end a reply of themselves.

    Args:
        faults: What the next steps of the model raise instead of a result, one each; and `None` where one works.
        known: The longest context it was made for, in tokens.
        before: Called before each step of the model, in its thread.
    """

    name: str = "tiny"
    make: Callable[[], PreTrainedModel] = field(default=lambda: LlamaForCausalLM(llama()))
    template: str | None = CHAT
    known: int = 2048
    faults: list[BaseException | None] = field(default_factory=list)
    before: Callable[[], None] = field(default=lambda: None)
    steps: int = 0

    def tokenizer(self) -> PreTrainedTokenizerBase:
        return tokenizer(self.template)

    def config(self) -> PreTrainedConfig:
        return llama(self.known)

    def model(self) -> PreTrainedModel:
        torch.manual_seed(0)
        made = self.make().eval()
        with torch.no_grad():
            made.lm_head.weight[257] = 0  # type: ignore[operator, index] # any causal language model has it
        forward = made.forward

        def faulty(*arguments: Any, **named: Any) -> Any:
            self.steps += 1
            self.before()
            if self.faults and (fault := self.faults.pop(0)) is not None:
                raise fault
            return forward(*arguments, **named)

        made.forward = faulty  # type: ignore[method-assign] # the fault is in the model, wherever it is called
        return made

"""What `tidings bench llm` is held against: the model's own way to write, and what the device's memory allows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from generation.engines.loading import Weights
from generation.messages import Prompt

if TYPE_CHECKING:
    from transformers import PreTrainedModel

CPU = "cpu"

_COPIES, _COPIED_BYTES = 10, 2**28


def device_name() -> str:
    """The GPU's name as its maker has it, or `CPU` where there is none."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    return CPU if accelerator is None else accelerator.type


def one_at_a_time(weights: Weights, prompts: Sequence[Prompt]) -> dict[str, float]:
    """The peer: the library's own way to write one reply."""
    tokenizer, model = weights.tokenizer(), weights.model()

    def write(prompt: Prompt) -> None:
        chat = [{"role": message.role.value, "content": message.text} for message in prompt.messages]
        read: Any = tokenizer.apply_chat_template(
            chat, add_generation_prompt=True, return_dict=True, return_tensors="pt"
        )
        model.generate(  # type: ignore[operator] # the library mixes it in
            **read.to(model.device),
            max_new_tokens=prompt.tokens,
            min_new_tokens=prompt.tokens,
            do_sample=False,
            pad_token_id=0,
        )
        _wait_for_device()

    write(prompts[0])
    start = time.perf_counter()
    for prompt in prompts:
        write(prompt)
    seconds = time.perf_counter() - start
    return {"tokens_per_s": round(sum(prompt.tokens for prompt in prompts) / seconds, 1)}


def roofline(model: PreTrainedModel, tokens_per_s: float) -> dict[str, float]:
    """What the memory allows one reader, from copying on the same device, and the share that one reader has of it."""
    import torch

    source = torch.ones(_COPIED_BYTES, dtype=torch.uint8, device=model.device)
    target = torch.zeros_like(source)
    _wait_for_device()
    start = time.perf_counter()
    for _ in range(_COPIES):
        target.copy_(source)
    _wait_for_device()
    # Each byte is read once and written once.
    bytes_per_s = 2 * _COPIES * _COPIED_BYTES / (time.perf_counter() - start)
    read = _bytes_read(model)
    return {
        "copied_gb_per_s": round(bytes_per_s / 1e9, 1),
        "weights_gb": round(read / 1e9, 3),
        "tokens_per_s": round(bytes_per_s / read, 1),
        "one_reader_tokens_per_s": round(tokens_per_s, 1),
        "share": round(tokens_per_s * read / bytes_per_s, 3),
    }


def _bytes_read(model: PreTrainedModel) -> int:
    """The bytes of the weights that each token takes: all, but for a table of which only one row is."""
    weights = {id(weight): weight for weight in model.parameters()}
    table, output = model.get_input_embeddings(), model.get_output_embeddings()  # type: ignore[no-untyped-call]
    if output is not None and table.weight is not output.weight:
        del weights[id(table.weight)]
    return sum(weight.numel() * weight.element_size() for weight in weights.values())


def _wait_for_device() -> None:
    import torch

    if torch.accelerator.is_available():
        torch.accelerator.synchronize()

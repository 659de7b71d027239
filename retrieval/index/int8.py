"""A sentence encoder in 8-bit integers, run by ONNX Runtime: twice the speed of 32-bit floats, and no torch.

Everything it needs lies in one folder that `retrieval.index.pretrained` exports and `quantize` completes. The only
module that imports onnx, onnxruntime and tokenizers.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Vectors

if TYPE_CHECKING:
    from onnx import GraphProto

GRAPH = "int8.onnx"
"""The file of the 8-bit graph."""

_EXACT = "float32.onnx"
_TOKENIZER = "tokenizer.json"
_ABOUT = "about.json"

# How the quantizer names the integers of a weight, and how we mark a matrix that is laid out as ONNX multiplies it.
_QUANTIZED = "_quantized"
_TRANSPOSED = ".T"
_INT8_MAX = 127
_TABLE_AXES = 2

# Adding and normalizing in one step takes longer than in two: 43 texts/s against 49, 200 words each, one core.
_SLOWER = ["SkipLayerNormFusion"]

INPUTS = ("input_ids", "attention_mask")
"""What the graph takes, both (texts, tokens) int64."""
OUTPUT = "vectors"
"""What it gives, (texts, d) float32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the graph does not say.

    Args:
        max_tokens: Longer texts are cut to this.
        query_prompt: Stands before each question.
        document_prompt: Stands before each passage.
    """

    max_tokens: int
    query_prompt: str
    document_prompt: str


def exact_graph(folder: Path) -> Path:
    """Where the exporter puts the graph in 32-bit floats."""
    return folder / _EXACT


def tokenizer_file(folder: Path) -> Path:
    """Where the exporter puts the tokenizer."""
    return folder / _TOKENIZER


def quantize(folder: Path, about: About) -> None:
    """Make the 8-bit graph from the exact one, which is removed.

    Weights of matrix products become 8-bit integers with a scale for each output channel, their inputs at run time
    with a scale for each product (dynamic quantization). One scale for a whole matrix is too coarse: cosines to the
    exact vectors fall to 0.92 on average where each channel's own keeps them at 0.992 (all-MiniLM-L6-v2). Tables of
    embeddings, most of a small model, become 8-bit integers with a scale for each row.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    exact = exact_graph(folder)
    root = logging.getLogger()
    level = root.level
    # The library advises on the root logger what does not apply to dynamic quantization.
    root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            named = onnx.load(exact)
            _name_products(named.graph)
            quantize_dynamic(
                named,
                folder / GRAPH,
                per_channel=True,
                weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul"],
            )
            small = onnx.load(folder / GRAPH)
            _shrink_tables(small.graph)
            onnx.save(small, folder / GRAPH)
    finally:
        root.setLevel(level)
    exact.unlink()
    (folder / _ABOUT).write_text(json.dumps(asdict(about)), encoding="utf-8")


def weights(folder: Path) -> dict[str, NDArray[np.float32]]:
    """The parameters an 8-bit graph was made of, as near as it keeps them: so that it can be trained further.

    Returns:
        By name, as torch named them in the model, or as the tail of such a name; matrices as torch lays them out.
    """
    import onnx
    from onnx import numpy_helper

    held = {each.name: numpy_helper.to_array(each) for each in onnx.load(folder / GRAPH).graph.initializer}
    found: dict[str, NDArray[np.float32]] = {}
    for name, values in held.items():
        if name.endswith(_QUANTIZED):
            plain = name.removesuffix(_QUANTIZED)
            exact = values.astype(np.float32) * held[f"{plain}_scale"].astype(np.float32)
            found[plain.removesuffix(_TRANSPOSED)] = exact.T if plain.endswith(_TRANSPOSED) else exact
        elif values.dtype == np.float32 and not name.endswith("_scale"):
            found[name] = values
    return found


def _name_products(graph: GraphProto) -> None:
    """Give the weights of matrix products, which the exporter numbers, the names of the modules they stand in."""
    held = {each.name: each for each in graph.initializer}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in held:
            module = node.name.removesuffix("/MatMul").strip("/").replace("/", ".")
            weight = held[node.input[1]]
            weight.name = node.input[1] = f"{module}.weight{_TRANSPOSED}"


def _shrink_tables(graph: GraphProto) -> None:
    """Replace each table of 32-bit rows by one of 8-bit rows and their scales, looked up side by side."""
    from onnx import TensorProto, helper, numpy_helper

    held = {each.name: each for each in graph.initializer}
    nodes = []
    for node in graph.node:
        table = held.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.data_type != TensorProto.FLOAT or len(table.dims) != _TABLE_AXES:
            nodes.append(node)
            continue
        exact = numpy_helper.to_array(table)
        scale = np.maximum(np.abs(exact).max(axis=1, keepdims=True), np.finfo(np.float32).tiny) / _INT8_MAX
        small = np.rint(exact / scale).astype(np.int8)
        graph.initializer.remove(table)
        rows, scales = table.name + _QUANTIZED, f"{table.name}_scale"
        graph.initializer.extend(
            [numpy_helper.from_array(small, rows), numpy_helper.from_array(scale.astype(np.float32), scales)]
        )
        (where, out), name = (node.input[1], node.output[0]), node.name
        nodes += [
            helper.make_node("Gather", [rows, where], [f"{out}_rows"], f"{name}_rows"),
            helper.make_node("Cast", [f"{out}_rows"], [f"{out}_cast"], f"{name}_cast", to=TensorProto.FLOAT),
            helper.make_node("Gather", [scales, where], [f"{out}_scales"], f"{name}_scales"),
            helper.make_node("Mul", [f"{out}_cast", f"{out}_scales"], [out], f"{name}_scaled"),
        ]
    del graph.node[:]
    graph.node.extend(nodes)


class Int8Model:
    """Encodes texts; may be used from several threads at once, each call computing on its own.

    Args:
        folder: As `quantize` left it.

    Raises:
        Exception: Anything the libraries raise over files that are not what they should be.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._about = About(**json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file(folder)))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._about.max_tokens)
        options = onnxruntime.SessionOptions()
        # Texts side by side scale better than threads within one: those wait for each other at every product.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / GRAPH), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
        )

    def encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        """Unit vectors in the order of `texts`, shape (len(texts), d).

        Each text by itself: a batch would share its scales, so that a vector would depend on its neighbours, and be
        no quicker (31 texts/s against 29 in pairs and 24 in eights, 200 words each, one core, before `_SLOWER`).
        """
        prompt = self._about.query_prompt if query else self._about.document_prompt
        return np.concatenate([self._vector(prompt + text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        ids: NDArray[np.int64] = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        (vector,) = self._session.run([OUTPUT], dict(zip(INPUTS, (ids, np.ones_like(ids)), strict=True)))
        return np.asarray(vector, dtype=np.float32)

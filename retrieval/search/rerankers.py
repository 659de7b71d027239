"""Which reranker a setting names."""

from __future__ import annotations

from pathlib import Path

from retrieval.index.crossencoder import CrossReranker
from retrieval.index.words import WordCutter
from retrieval.search.rerank import OURS, LinearReranker, read_weights

NONE = "none"
"""The setting that leaves what was found as it is."""


def reranker(name: str, cutter: WordCutter) -> LinearReranker | CrossReranker | None:
    """The one that ships, one that `tidings train reranker` wrote, a cross-encoder, or none.

    Args:
        name: `tidings`, `none`, a file ending in `.json`, or a sentence-transformers cross-encoder by name or path.
        cutter: Cuts questions as the lexical index does.

    Raises:
        InputError: The file holds no reranker of this version.
    """
    if name == NONE:
        return None
    if name == OURS:
        return LinearReranker(cutter)
    if name.endswith(".json"):
        return LinearReranker(cutter, read_weights(Path(name).expanduser()))
    return CrossReranker(name)

"""A saved BERT-like model given a larger vocabulary, in its own folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.training.vocabulary import Growth, Rows
from storage.errors import TrainingFailed

_WEIGHTS, _CONFIG, _TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
_TABLE = "embeddings.word_embeddings.weight"
# What a tokenizer also leaves, and would be read before the other where it says something else.
_STALE = ("vocab.txt",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a saved model reads: each token with its row, and the rows."""

    known: dict[str, int]
    table: Rows


def read_vocabulary(folder: Path) -> Vocabulary | None:
    """The vocabulary of a saved sentence-transformers model; `None` where it is not of a make that can grow."""
    from safetensors.numpy import load_file

    tokenizer = _json(folder / _TOKENIZER)
    model = tokenizer.get("model", {})
    if model.get("type") != "WordPiece" or not (folder / _WEIGHTS).is_file():
        return None
    weights = load_file(folder / _WEIGHTS)
    name = _table_name(weights)
    if name is None or weights[name].dtype != np.float32:
        return None
    known = {str(token): int(row) for token, row in model["vocab"].items()}
    known |= {str(each["content"]): int(each["id"]) for each in tokenizer.get("added_tokens", ())}
    if len(known) != len(weights[name]):
        # The tokenizer numbers new words itself, right after those it has.
        return None
    return Vocabulary(known=known, table=weights[name])


def grow(folder: Path, growth: Growth) -> None:
    """Write the new characters, words and rows into the model's own files.

    A character becomes a piece, since BERT looks at each by itself; a word is looked for before the text is cut at all.

    Raises:
        TrainingFailed: There is no room for it.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file, save_file

    weights = load_file(folder / _WEIGHTS)
    name = _table_name(weights)
    if name is None:
        raise ValueError(f"{folder} holds no table of word embeddings")
    table = weights[name].copy()
    for row, vector in growth.replaced.items():
        table[row] = vector
    tokenizer = _json(folder / _TOKENIZER)
    first = len(table)
    tokenizer["model"]["vocab"] |= {each: first + place for place, each in enumerate(growth.characters)}
    first += len(growth.characters)
    tokenizer["added_tokens"] += [_word(each, first + place) for place, each in enumerate(growth.words)]
    weights[name] = np.concatenate([table, growth.rows])
    try:
        save_file(weights, folder / _WEIGHTS, metadata={"format": "pt"})
    except SafetensorError as error:
        raise TrainingFailed(f"the model cannot be written to {folder}: {error}") from error
    config = _json(folder / _CONFIG) | {"vocab_size": len(weights[name])}
    (folder / _CONFIG).write_text(json.dumps(config, indent=2), encoding="utf-8")
    (folder / _TOKENIZER).write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    for stale in _STALE:
        (folder / stale).unlink(missing_ok=True)


def _table_name(weights: dict[str, Any]) -> str | None:
    return next((name for name in weights if name == _TABLE or name.endswith(f".{_TABLE}")), None)


def _word(content: str, id_: int) -> dict[str, object]:
    plain = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized", "special"), False)
    return {"id": id_, "content": content, **plain}


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found

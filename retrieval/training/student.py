"""An encoder that is to learn: loaded so that it can, given words it lacks, asked for vectors meanwhile, and saved."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.pretrained import canonical, load_model
from retrieval.ports import Vectors
from retrieval.training.glossary import NO_GLOSSARY, Glossary
from retrieval.training.growing import Vocabulary, grow, read_vocabulary
from retrieval.training.report import Bench, ranks
from retrieval.training.vocabulary import Spellings, grown, reads
from storage.errors import InputError, TrainingFailed

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_ENCODED_TOGETHER = 32
# Under which names models keep the prompts of questions and of passages, the first that is there.
_QUERY_PROMPTS, _DOCUMENT_PROMPTS = ("query",), ("document", "passage", "corpus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words to give a model that cannot read them: what occurs, what it means, and how many at most."""

    seen: Spellings
    glossary: Glossary = NO_GLOSSARY
    most: int


class Student:
    """A sentence-transformers model in 32-bit floats, on a GPU where there is one.

    Args:
        base: `SHIPPED`, `PACKAGED`, or any model by name or path.

    Raises:
        EncoderUnavailable: It cannot be loaded.
    """

    def __init__(self, base: str) -> None:
        self.model = _loaded(canonical(base))
        self.new_rows: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        """The rows of words that it was given."""
        self._base = base

    @property
    def encoder(self) -> Any:
        """The transformer at the bottom."""
        return self.model.transformers_model

    @property
    def words(self) -> Any:
        """The layer that gives tokens their vectors."""
        return self.encoder.get_input_embeddings()

    @property
    def prompts(self) -> tuple[str, str]:
        """What stands before each question, and before each passage."""
        query, document = (
            next((prompt for name in names if (prompt := self.model.prompts.get(name))), "")
            for names in (_QUERY_PROMPTS, _DOCUMENT_PROMPTS)
        )
        return query, document

    def dimensions(self, asked: Sequence[int] | None) -> tuple[int, ...]:
        """The width of the vectors, then those asked for, each once, largest first; without any, two halvings of it.

        Raises:
            InputError: One is no part of them.
        """
        width = int(self.model.get_embedding_dimension() or 0)
        if asked is None:
            return (width, width // 2, width // 4)
        for each in asked:
            if not 1 <= each <= width:
                raise InputError("--dimensions", f"{self._base} has vectors of {width}, of which {each} is no part")
        return tuple(sorted({width, *asked}, reverse=True))

    def lacks_words(self, wording: Wording) -> bool:
        """Whether `learn_words` would change anything."""
        with self._growing(wording) as growing:
            return growing is not None

    def learn_words(self, wording: Wording) -> None:
        """Give it the words it lacks; nothing changes where it can read what occurs, or its make cannot grow."""
        with self._growing(wording) as growing:
            if growing is None:
                return
            folder, vocabulary = growing
            growth = grown(
                wording.seen, vocabulary.known, vocabulary.table, self._pieces, wording.glossary, wording.most
            )
            grow(folder, growth)
            self.model = _loaded(str(folder))
        old = len(vocabulary.table)
        self.new_rows = np.array([*sorted(growth.replaced), *range(old, old + len(growth.rows))], dtype=np.int64)

    @contextmanager
    def _growing(self, wording: Wording) -> Iterator[tuple[Path, Vocabulary] | None]:
        """The model in a folder for a while, and its vocabulary; `None` where that need not, or cannot, grow."""
        with tempfile.TemporaryDirectory(prefix="tidings-growing-") as draft:
            vocabulary = None
            if wording.seen.characters:
                self.save(Path(draft))
                vocabulary = read_vocabulary(Path(draft))
            if vocabulary is None or reads(wording.seen, vocabulary.known):
                yield None
            else:
                yield Path(draft), vocabulary

    def vectors(self, texts: Sequence[str], *, query: bool, unit: bool = True) -> Vectors:
        """(len(texts), d) float32, rows in the order of `texts`; of any length where they need not be `unit`."""
        if not texts:
            return np.zeros((0, self.dimensions(())[0]), dtype=np.float32)
        encode = self.model.encode_query if query else self.model.encode_document
        return np.asarray(
            encode(list(texts), batch_size=_ENCODED_TOGETHER, show_progress_bar=False, normalize_embeddings=unit),
            dtype=np.float32,
        )

    def ranked(self, on: Bench) -> NDArray[np.int64]:
        """The ranks of what the questions should find."""
        return ranks(on, self.vectors(on.queries, query=True), self.vectors(on.pool, query=False))

    def save(self, folder: Path) -> None:
        """Write it as a plain sentence-transformers model.

        Raises:
            TrainingFailed: There is no room, or the folder cannot be written.
        """
        from safetensors import SafetensorError

        try:
            self.model.save(str(folder), create_model_card=False)
        except SafetensorError as error:
            raise TrainingFailed(f"the model cannot be written to {folder}: {error}") from error

    def _pieces(self, text: str) -> Sequence[int]:
        tokenizer: Any = self.model.tokenizer
        ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
        return [id_ for id_ in ids if id_ != tokenizer.unk_token_id]


def _loaded(name: str) -> SentenceTransformer:
    """The model, set up to learn: nothing of it is dropped by chance, and on a processor attention is not fused.

    There dropout takes a third of a step, and the gradient of fused attention more than half of one. What keeps a model
    from learning by heart is that it seldom sees an example twice, and FGM where that is asked for.
    """
    import torch

    fused = torch.cuda.is_available()
    model = load_model(name, {"dtype": torch.float32} | ({} if fused else {"attn_implementation": "eager"}))
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return model

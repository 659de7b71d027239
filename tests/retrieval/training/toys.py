"""Small real models, and a language in which questions and passages use different words for the same things."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from retrieval.training.chance import chance_of
from retrieval.training.examples import Example, Kind
from storage.domain.news import ArticleId

START = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = 14
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def asked(topic: int) -> str:
    return f"ask{chr(97 + topic)}"


def told(topic: int) -> str:
    return f"tell{chr(97 + topic)}"


def example(
    n: int,
    query: str = "who",
    positive: str = "them",
    *,
    group: str | None = None,
    kind: Kind = Kind.QUESTION,
    language: str | None = "en",
    at: datetime | None = None,
    negative: str | None = None,
    answers: tuple[str, ...] = (),
) -> Example:
    return Example(
        query=query,
        positive=positive,
        negative=negative,
        kind=kind,
        language=language,
        at=at or START + timedelta(hours=n),
        article=ArticleId(f"article-{n}"),
        group=ArticleId(group or f"article-{n}"),
        answers=answers,
    )


def toy_examples() -> list[Example]:
    """Every pair of topics once, asked after in the words of questions, told in the words of passages."""
    pairs = list(itertools.combinations(range(TOPICS), 2))
    chance_of(5).shuffle(pairs)
    return [
        example(
            n, f"{asked(a)} {asked(b)}", f"{told(b)} {told(a)} {told(a)}", negative=f"{told(a)} {told((b + 1) % 14)}"
        )
        for n, (a, b) in enumerate(pairs)
    ]


def toy_model(
    folder: Path, *, words: tuple[str, ...] | None = None, prompts: dict[str, str] | None = None, spread: float = 0.02
) -> Path:
    """A BERT of one narrow layer with random weights, which knows these words and no others."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    known = words or tuple(each(topic) for topic in range(TOPICS) for each in (asked, told))
    vocabulary = (*SPECIAL, *known)
    parts = folder / "parts"
    parts.mkdir(parents=True)
    (parts / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(vocab={word: at for at, word in enumerate(vocabulary)}).save_pretrained(parts)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        initializer_range=spread,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    BertModel(config).save_pretrained(parts)
    transformer = Transformer(str(parts), max_seq_length=64)
    modules = [transformer, Pooling(32), Normalize()]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder / "model"))
    return folder / "model"


def vocabulary_of(model: Path) -> dict[str, int]:
    known: dict[str, int] = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    return known

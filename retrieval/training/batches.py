"""What a training reads: the only module that imports datasets.

Each kind of example is a dataset of its own, and a batch is of one dataset: examples by language, so that what is told
apart is not told apart by its language; texts that are to stay where they are; words with what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.ports import Vectors
from retrieval.training.examples import Example

if TYPE_CHECKING:
    from datasets import Dataset

KEPT = "kept"
"""The dataset of texts that are to stay."""
_MEANINGS = "meanings"

# How many texts that stay, and words with their meanings, there are, of the number of examples.
_KEPT_SHARE = _MEANINGS_SHARE = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """Texts that are to stay where they are.

    Args:
        texts: In any order.
        vectors: (len(texts), d), where that is.
    """

    texts: Sequence[str]
    vectors: Vectors


def datasets_of(
    examples: Sequence[Example], anchored: Anchored, meanings: Sequence[tuple[str, str]]
) -> dict[str, Dataset]:
    """The datasets by their names; those with nothing in them are left out.

    Args:
        examples: In the order they are learnt in, each with a negative.
        anchored: Used as often as their share says.
        meanings: Pairs of texts that mean the same, the most useful first; what is over their share is left out.
    """
    from datasets import Dataset

    by_language: dict[str, list[Example]] = {}
    for example in examples:
        by_language.setdefault(f"in {example.language}", []).append(example)
    data = {
        language: Dataset.from_dict(
            {
                "anchor": [each.query for each in examples],
                "positive": [each.positive for each in examples],
                "negative": [each.negative or "" for each in examples],
            }
        )
        for language, examples in by_language.items()
    }
    if anchored.texts:
        places = [at % len(anchored.texts) for at in range(max(1, round(len(examples) * _KEPT_SHARE)))]
        data[KEPT] = Dataset.from_dict(
            {
                "sentence": [anchored.texts[at] for at in places],
                "label": [anchored.vectors[at].tolist() for at in places],
            }
        )
    if pairs := meanings[: round(len(examples) * _MEANINGS_SHARE)]:
        words, meant = zip(*pairs, strict=True)
        data[_MEANINGS] = Dataset.from_dict({"anchor": list(words), "positive": list(meant)})
    return data


class InOrder:
    """Batches as the examples stand, each cut short where an article comes a second time.

    All passages of a batch but an example's own are its negatives, and another one of its article is none.

    Args:
        examples: What is learnt.
    """

    def __init__(self, examples: Sequence[Example]) -> None:
        self._groups = {example.positive: example.group for example in examples}

    def batches(self, dataset: Dataset, size: int) -> list[list[int]]:
        """The places of a dataset's rows, batch by batch, none of more than `size`."""
        if "positive" not in dataset.column_names:
            return [list(range(start, min(start + size, len(dataset)))) for start in range(0, len(dataset), size)]
        batches: list[list[int]] = []
        taken: set[str] = set()
        for place, positive in enumerate(dataset["positive"]):
            group = self._groups.get(positive, positive)
            if not batches or len(batches[-1]) == size or group in taken:
                batches.append([])
                taken.clear()
            batches[-1].append(place)
            taken.add(group)
        return batches

    def __call__(self, dataset: Any, *, batch_size: int, drop_last: bool, **more: Any) -> Any:
        """A batch sampler as sentence-transformers asks for one."""
        from sentence_transformers.base.sampler import DefaultBatchSampler

        batches = self.batches(dataset, batch_size)

        class Sampler(DefaultBatchSampler):
            def __iter__(self) -> Iterator[list[int]]:
                yield from batches

            def __len__(self) -> int:
                return len(batches)

        places: Any = range(len(dataset))
        return Sampler(places, batch_size=batch_size, drop_last=drop_last, **more)

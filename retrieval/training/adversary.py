"""FGM: a second look at each batch with its word vectors pushed where the loss grows fastest (Miyato et al., 2017).

What a model learns from both holds in a neighbourhood of each text rather than at a point, which keeps a small set of
examples from being learnt by heart. The push is of the vectors that go into the model, each text's by a share of their
own length.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

_TINY = 1e-12


class Adversary:
    """Watches an embedding layer. A batch is computed within `watching`, then again within `pushing`.

    Args:
        embeddings: The layer that gives tokens their vectors.
        share: How far the vectors of a text are pushed, all together, by their length.
    """

    def __init__(self, embeddings: Module, share: float) -> None:
        self._share = share
        self._doing: Literal["nothing", "watching", "pushing"] = "nothing"
        self._seen: list[Tensor] = []
        self._pushes: list[Tensor] = []
        embeddings.register_forward_hook(self._hook)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Remember what goes in and, once the loss has gone back through it, where it grows."""
        self._seen.clear()
        self._doing = "watching"
        try:
            yield
        finally:
            self._doing = "nothing"
        self._pushes = [self._push(vectors) for vectors in self._seen]
        self._seen.clear()

    @contextmanager
    def pushing(self) -> Iterator[None]:
        """Push the same texts, which come in the same order."""
        self._doing = "pushing"
        try:
            yield
        finally:
            self._doing = "nothing"
            self._pushes.clear()

    def _hook(self, _module: Module, _inputs: Any, output: Tensor) -> Tensor:
        if self._doing == "watching":
            # Of a layer that is not trained nothing would be known.
            vectors = output if output.requires_grad else output.detach().requires_grad_()
            vectors.retain_grad()
            self._seen.append(vectors)
            return vectors
        if self._doing == "pushing":
            return output + self._pushes.pop(0)
        return output

    def _push(self, vectors: Tensor) -> Tensor:
        """(texts, tokens, d); none where the loss does not depend on them."""
        if vectors.grad is None:
            return vectors.detach() * 0
        growth = vectors.grad.detach()
        away: Tensor = growth / growth.flatten(1).norm(dim=1).clamp_min(_TINY)[:, None, None]
        far = self._share * vectors.detach().flatten(1).norm(dim=1)[:, None, None]
        return away.mul(far)

"""The encoders an instance keeps vectors of, and which one its searches use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.domain.times import require_aware


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderModel:
    """An encoder, so that it can be loaded again.

    Args:
        name: Identifies it beside its vectors.
        model: The model's name or path.
        precision: What it computes in, such as `int8`.
    """

    name: str
    model: str
    precision: str


class EncoderRole(StrEnum):
    """What becomes of an encoder: `COMING` while its vectors are made, `SERVING` searches, `RETIRED` until dropped."""

    COMING = "coming"
    SERVING = "serving"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEncoder:
    """An encoder with its role and since when it has had it; at most one serves.

    `has_vectors` says that the oldest passages, at least, have vectors of it.
    """

    model: EncoderModel
    role: EncoderRole
    since: datetime
    has_vectors: bool = False

    def __post_init__(self) -> None:
        require_aware(self.since, "since")

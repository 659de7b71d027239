"""Evidence, vectors and profiles for the tests: of a space of eight directions, each a thing to care about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.profile import Profile, took
from retrieval.interests.readers import Readers, gathered
from retrieval.interests.stories import Stories
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.people import ReaderId

ENCODER = "eight directions"
WIDTH = 8
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def towards(*parts: float) -> NDArray[np.float32]:
    """(8,), unit length."""
    vector = np.zeros(WIDTH, dtype=np.float32)
    vector[: len(parts)] = parts
    return vector / np.linalg.norm(vector)


CHIPS, FOOTBALL, OPERA = towards(1), towards(0, 1), towards(0, 0, 1)


def did(
    kind: EvidenceKind = EvidenceKind.OPENED,
    key: str = "article",
    *,
    days_ago: float = 0.0,
    category: str | None = None,
    source: str | None = None,
    weight: float | None = None,
) -> Evidence:
    return Evidence(
        reader=ReaderId("terminal:ada"),
        kind=kind,
        at=NOW - timedelta(days=days_ago),
        key=key,
        category=category,
        source=source,
        weight=weight,
    )


def profile(*done: tuple[Evidence, NDArray[np.float32] | None]) -> Profile:
    found = Profile(encoder=ENCODER)
    for evidence, vector in done:
        found = took(found, evidence, vector)
    return found


def reader_of(chips: int, football: int = 0) -> Profile:
    """Somebody who opened so much about either, today."""
    return profile(
        *((did(key=f"chips {at}", category="technology", source="Wire"), CHIPS) for at in range(chips)),
        *((did(key=f"football {at}", category="sport", source="Post"), FOOTBALL) for at in range(football)),
    )


SUBJECTS = {"technology": 0.25, "sport": 0.25, "culture": 0.5}
SOURCES = {"Wire": 0.5, "Post": 0.5}


def stories(vectors: Sequence[NDArray[np.float32]], **more: object) -> Stories:
    given: dict[str, object] = {
        "vectors": np.stack(vectors),
        "subjects": (None,) * len(vectors),
        "subject_shares": SUBJECTS,
        "source_shares": SOURCES,
    }
    return Stories(**{**given, **more})  # type: ignore[arg-type] # tests name what differs


def matrices(*profiles: Profile) -> Readers:
    return gathered(profiles, WIDTH, SUBJECTS, SOURCES)

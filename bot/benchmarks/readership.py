"""Any number of invented readers, and the stories that their digests are made of.

Both lie as real ones do (see `crowd`): a reader turns to a few topics, now and then to something else, turns some down,
and one in ten mutes some. There are a few thousand different profiles, whose bytes many readers share; what each was
shown already, the length and the languages they want are their own. The same is made each time.
"""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.benchmarks.crowd import DIMENSIONS, NEWEST, PER_ARTICLE, Crowd, crowd, vectors
from retrieval.interests.bulk import Shelf, shelved
from retrieval.interests.packing import packed
from retrieval.interests.planning import Wishes
from retrieval.interests.profile import Profile, took
from retrieval.interests.stories import Stories, freshness
from storage.domain.digests import LONGEST, SHORTEST
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.people import ReaderId
from storage.domain.progress import Progress

_ENCODER = "invented"

_DISTINCT = 2_000
# How many passages of the crowd there are for each story that is made of it.
_PASSAGES = 30
_CATEGORIES = 20
_MOST_TOPICS, _MOST_ACTS, _ASTRAY = 8, 40, 0.1
_KINDS = {
    EvidenceKind.OPENED: 0.55,
    EvidenceKind.ASKED: 0.2,
    EvidenceKind.TOLD: 0.05,
    EvidenceKind.LESS: 0.05,
    EvidenceKind.IGNORED: 0.15,
}
_MUTING = 0.1
_SEEN = 20
# English alone, Chinese alone, both.
_LANGUAGES = np.asarray([[True, False], [False, True], [True, True]])
_LANGUAGE_SHARES = (0.7, 0.1, 0.2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """What digests are planned from.

    Args:
        stories: n of them.
        chinese: (n,), which are in Chinese.
        profiles: The bytes of the different profiles.
    """

    stories: Stories
    chinese: NDArray[np.bool_]
    profiles: tuple[bytes, ...]


def make(folder: Path, n: int, progress: Progress) -> None:
    """Invent n stories and the profiles, for all to read."""
    random, known = np.random.default_rng(21), crowd(n * _PASSAGES)
    all_vectors = np.concatenate(list(vectors(known)))
    _, firsts = np.unique(known.stories, return_index=True)
    rows = np.sort(firsts)[-n:]
    subjects, sources = tuple(_category(known, row) for row in rows), tuple(_outlet(known, row) for row in rows)
    stories = Stories(
        vectors=all_vectors[rows],
        subjects=subjects,
        sources=sources,
        subject_shares=_shares(subjects),
        source_shares=_shares(sources),
        freshness=freshness(random.exponential(12, n)),
        heat=random.beta(1, 4, n).astype(np.float32),
        quality=random.beta(4, 2, n).astype(np.float32),
    )
    profiles = []
    for row in range(_DISTINCT):
        profiles.append(packed(_profile(known, all_vectors, random)))
        if not row % 100:
            progress("profiles made", row, _DISTINCT)
    made = Material(stories=stories, chinese=known.chinese[rows], profiles=tuple(profiles))
    _path(folder).write_bytes(pickle.dumps(made))


def unpacked_readers(made: Material, rows: range) -> Shelf:
    """What the bytes of these readers' profiles come to, as of the newest story."""
    profiles = [made.profiles[row % len(made.profiles)] for row in rows]
    shares = made.stories.subject_shares, made.stories.source_shares
    return shelved(profiles, _ENCODER, DIMENSIONS, *shares, NEWEST)


def wishes(made: Material, rows: range) -> Wishes:
    """What these readers want, drawn by where their range begins."""
    random, r, n = np.random.default_rng([22, rows.start]), len(rows), len(made.stories)
    novelty = np.ones((r, n), dtype=np.float32)
    novelty[np.repeat(np.arange(r), _SEEN), random.integers(n, size=r * _SEEN)] = 0.0
    return Wishes(
        lengths=random.integers(SHORTEST, LONGEST + 1, r),
        seeds=random.integers(1 << 63, size=r, dtype=np.uint64),
        novelty=novelty,
        allowed=readable(made, rows),
    )


def readable(made: Material, rows: range) -> NDArray[np.bool_]:
    """(len(rows), n): which stories are in a language that each reader reads."""
    read_by = np.random.default_rng([23, rows.start]).choice(len(_LANGUAGES), len(rows), p=_LANGUAGE_SHARES)
    return np.take(_LANGUAGES[read_by], made.chinese.astype(np.int64), axis=1)


def read(folder: Path) -> Material:
    """What `make` wrote."""
    made: Material = pickle.loads(_path(folder).read_bytes())  # noqa: S301 - the benchmark's own file
    return made


def _profile(known: Crowd, all_vectors: NDArray[np.float32], random: np.random.Generator) -> Profile:
    """Of somebody who turned to a few topics, one after the other, over two months."""
    topics = random.choice(known.topics, random.integers(1, _MOST_TOPICS + 1))
    of_topics = np.flatnonzero(np.isin(known.topics, topics))
    profile = Profile(encoder=_ENCODER)
    n = int(random.integers(3, _MOST_ACTS))
    kinds = [list(_KINDS)[at] for at in random.choice(len(_KINDS), n, p=list(_KINDS.values()))]
    if random.random() < _MUTING:
        kinds += [EvidenceKind.MUTED] * int(random.integers(1, 3))
    for at, kind in enumerate(kinds):
        astray = kind is EvidenceKind.MUTED or random.random() < _ASTRAY
        row = int(random.integers(len(known)) if astray else random.choice(of_topics))
        done = Evidence(
            reader=ReaderId("bench"),
            kind=kind,
            at=NEWEST - timedelta(days=60 * (1 - at / len(kinds))),
            key=f"crowd-{row // PER_ARTICLE}",
            category=_category(known, row),
            source=_outlet(known, row),
        )
        profile = took(profile, done, all_vectors[row])
    return profile


def _category(known: Crowd, row: int) -> str:
    return f"category {known.topics[row] % _CATEGORIES}"


def _outlet(known: Crowd, row: int) -> str:
    return f"outlet {known.outlets[row]}"


def _shares(names: Sequence[str]) -> Mapping[str, float]:
    return {name: count / len(names) for name, count in Counter(names).items()}


def _path(folder: Path) -> Path:
    return folder / "material.pickle"

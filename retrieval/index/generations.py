"""From one encoder to the next, as a decision: which serves searches, which comes, which go.

    wanted ─▶ coming ─▶ serving ─▶ retired ─▶ gone
                 └──────────────────▲

The encoder that serves stays until the one the settings name holds everything, however long that takes. Only then do
searches move, all at once, and what the other left behind goes. Knows nothing of databases, indexes and models.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.domain.encoders import EncoderModel, EncoderRole, KeptEncoder

GRACE = timedelta(minutes=5)
"""From retiring to dropping: other processes notice within seconds, load the new encoder, end their searches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What each encoder is to do.

    Args:
        serving: Searches use it, and it is kept level with the database.
        coming: The one the settings name, where it does not serve yet; brought up beside the one that does.
        leaving: Of no more use.
        recorded: Whether `serving` is on record as what it is. Where it is not, it has still to come level itself.
    """

    serving: EncoderModel
    coming: EncoderModel | None
    leaving: tuple[KeptEncoder, ...]
    recorded: bool


def planned(wanted: EncoderModel, kept: Iterable[KeptEncoder], unusable: Collection[str] = ()) -> Plan:
    """What to do where the settings name `wanted` and vectors are kept of `kept`.

    One on record as serving stays what it is while another comes, unless it has no vectors or its name is among
    `unusable`, those that cannot be loaded: then there is nothing to be lost by going straight to the wanted one.
    """
    kept = tuple(kept)
    recorded = next((each for each in kept if each.role is EncoderRole.SERVING), None)
    if recorded is not None and recorded.model.name != wanted.name and _serves(recorded, unusable):
        serving, coming = recorded.model, wanted
    else:
        serving, coming = wanted, None
    used = {serving.name, wanted.name} | ({recorded.model.name} if recorded is not None else set())
    return Plan(
        serving=serving,
        coming=coming,
        leaving=tuple(each for each in kept if each.model.name not in used),
        recorded=recorded is not None and recorded.model == serving,
    )


def is_due(leaving: KeptEncoder, now: datetime) -> bool:
    """Whether no search can be using it any more, so that it may be dropped."""
    return leaving.role is EncoderRole.RETIRED and now - leaving.since >= GRACE


def _serves(recorded: KeptEncoder, unusable: Collection[str]) -> bool:
    return recorded.has_vectors and recorded.model.name not in unusable

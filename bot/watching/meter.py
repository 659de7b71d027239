"""What is counted and timed, and the port through which it is told.

A label is one of an enumeration that is written down here or in the domain: never who somebody is, never a word of
theirs, never an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from storage.domain.dialogue import Lapse

Labels = Mapping[str, type[StrEnum]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Something that happens, counted since the process started.

    Args:
        name: As Prometheus knows it, without its `_total`.
        says: What one is.
        labels: What tells them apart, in this order.
    """

    name: str
    says: str
    labels: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Something that takes time.

    Args:
        name: As Prometheus knows it.
        says: What is timed.
        bounds: Upper bounds of the histogram, in seconds.
        labels: What tells them apart, in this order.
    """

    name: str
    says: str
    bounds: tuple[float, ...]
    labels: Labels = field(default_factory=dict)


class Meter(Protocol):
    """Takes down what happens. Costs next to nothing, and never fails."""

    def count(self, what: Count, *labels: StrEnum, by: int = 1) -> None:
        """It happened, so many times."""
        ...

    def took(self, what: Timing, seconds: float, *labels: StrEnum) -> None:
        """It took so long."""
        ...


class Unwatched:
    """A meter that nobody reads."""

    def count(self, what: Count, *labels: StrEnum, by: int = 1) -> None:
        """Nothing."""

    def took(self, what: Timing, seconds: float, *labels: StrEnum) -> None:
        """Nothing."""


class Update(StrEnum):
    """What becomes of an update."""

    ACCEPTED = "accepted"
    HANDLED = "handled"
    QUARANTINED = "quarantined"


class Kind(StrEnum):
    """What a message is: what somebody waits for, or one of what is sent unasked."""

    REPLY = "reply"
    NOTICE = "notice"
    DIGEST = "digest"
    BREAKING = "breaking"
    BROADCAST = "broadcast"
    REPORT = "report"


class Sending(StrEnum):
    """What becomes of an attempt to send; what is put back is tried again."""

    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    PUT_BACK = "put_back"


class Answered(StrEnum):
    """What a question gets."""

    ANSWER = "answer"
    LISTING = "listing"
    REMARK = "remark"
    REFUSAL = "refusal"


class Stage(StrEnum):
    """Up to where a question is timed."""

    RETRIEVE = "retrieve"
    FIRST_WORDS = "first_words"
    WHOLE = "whole"


class Slot(StrEnum):
    """What becomes of the hour of a digest: enqueued, if only to say that there is nothing, or too late to be.

    `DROPPED` is one that another process settled, or that its reader no longer wants.
    """

    ENQUEUED = "enqueued"
    SKIPPED = "skipped"
    DROPPED = "dropped"


class Encoded(StrEnum):
    """What the encoder is given."""

    QUERY = "query"
    PASSAGES = "passages"


class Index(StrEnum):
    """One of the two indexes."""

    LEXICAL = "lexical"
    DENSE = "dense"


_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_DELIVERY = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)

UPDATES = Count(name="tidings_updates", says="Updates of Telegram, by what became of them", labels={"outcome": Update})
SENDS = Count(
    name="tidings_sends",
    says="Attempts to send a message, by what it is and what became of it",
    labels={"kind": Kind, "outcome": Sending},
)
CUT_SHORT = Count(
    name="tidings_sends_cut_short", says="Messages whose sending a process that is no more had begun: unknown, too"
)
QUESTIONS = Count(name="tidings_questions", says="Questions, by what they got", labels={"outcome": Answered})
LAPSES = Count(
    name="tidings_model_lapses",
    says="Answers that a language model was to write and did not, or not all of, by why",
    labels={"reason": Lapse},
)
DOUBTED = Count(
    name="tidings_claims_doubted",
    says="What a language model wrote that its sources do not bear out: left out, or put in their words",
)
SLOTS = Count(name="tidings_digest_slots", says="Hours of digests, by what became of them", labels={"outcome": Slot})
REBUILDS = Count(name="tidings_index_rebuilds", says="Times an index was made anew", labels={"index": Index})
DELIVERY = Timing(
    name="tidings_update_answered_seconds",
    says="From the acceptance of an update until the last of its replies was sent",
    bounds=_DELIVERY,
)
ANSWERING = Timing(
    name="tidings_answer_seconds",
    says="From a question until its passages were found, its first words were there, and it was whole",
    bounds=_SLOW,
    labels={"stage": Stage},
)
ENCODING = Timing(
    name="tidings_encoder_seconds", says="A call of the encoder", bounds=_QUICK, labels={"given": Encoded}
)
WRITING = Timing(name="tidings_model_seconds", says="A call of the language model, to its end", bounds=_SLOW)

COUNTS = (UPDATES, SENDS, CUT_SHORT, QUESTIONS, LAPSES, DOUBTED, SLOTS, REBUILDS)
TIMINGS = (DELIVERY, ANSWERING, ENCODING, WRITING)

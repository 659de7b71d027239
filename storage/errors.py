"""Every error Tidings raises on purpose, in one tree.

    TidingsError
    ├── InputError(subject)            what a person gave cannot be used; the text says what would work
    ├── SettingsError(setting)         a setting is missing or unusable
    ├── StorageError                   the database cannot be used
    │   ├── StorageBusy                another process holds it; trying again may work
    │   └── StorageFull                the disk is full; nothing was half-written
    ├── FeedError(url)                 a source could not be read; the rest of a run goes on
    │   ├── FetchError                 the bytes could not be had
    │   │   └── AddressRefused         the address is not one Tidings may connect to
    │   └── ParseError                 the bytes are not what was expected
    ├── IndexUnavailable(index)        a cache cannot be used now: busy, no room, no answer; trying again may work
    │   └── IndexDamaged               what it holds cannot be used; it is rebuilt from the database
    │       └── DimensionMismatch(index, expected, actual)
    ├── EncoderUnavailable(encoder)    the embedding model cannot be loaded
    ├── TrainingFailed(reason)         a model could not be trained; what was installed stays so
    ├── GenerationError(engine)        the engine could not write; the extractive answer goes out instead
    │   ├── ModelBusy                  more want the model than it can serve in time
    │   └── ModelSpent                 what it may write in a day is used up
    └── DeliveryError(recipient)       a message did not go out
        ├── RecipientGone              blocked, deleted or never there: pause, keep the data
        ├── DeliveryDelayed(recipient, retry_after)    the service asks to wait
        └── DeliveryUnknown            it may have gone out: recorded, never sent again

Each carries its subject as a field and says it in its text, so that a log line or a person needs nothing else.
Adapters translate foreign errors at their one import site (`raise FetchError(...) from error`); programming errors
are never wrapped. "Nothing found" and "refused to answer" are values, not errors.
"""

from __future__ import annotations

from datetime import timedelta

from storage.domain.why import Why


class TidingsError(Exception):
    """Something Tidings foresaw; its text is one clear line, fit to show to a person."""


class InputError(TidingsError):
    """What a person gave cannot be used.

    Where readers may meet it, `key` and `fields` say the same from the catalogue in their language.
    """

    def __init__(self, subject: str, reason: str, *, key: str | None = None, **fields: object) -> None:
        super().__init__(f"{subject}: {reason}")
        self.subject = subject
        self.reason = reason
        self.key = key
        self.fields = fields


class SettingsError(TidingsError):
    """A setting is missing or unusable."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting}: {reason}")
        self.setting = setting
        self.reason = reason


class StorageError(TidingsError):
    """The database cannot be used."""


class StorageBusy(StorageError):
    """Another process holds the database; trying again may work."""


class StorageFull(StorageError):
    """The disk is full; the transaction was rolled back whole."""


class FeedError(TidingsError):
    """A source could not be read.

    `reason` says why to those who host, in English and in full; `why` to readers, in their language.
    """

    def __init__(self, url: str, reason: str, *, why: Why = Why.UNREADABLE) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.why = why


class FetchError(FeedError):
    """The bytes could not be had: refused, timed out, too large, or an HTTP error.

    `status` is the HTTP status where there was one; `retry_after` what the server asked for, if it did.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        why: Why = Why.UNREADABLE,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(url, reason, why=why)
        self.status = status
        self.retry_after = retry_after


class AddressRefused(FetchError):
    """The address is private, link-local, a metadata service, or otherwise not one Tidings may connect to."""


class ParseError(FeedError):
    """The bytes are not a feed or a page that can be read within the limits."""


class IndexUnavailable(TidingsError):
    """A cache cannot be used now, as where it is busy, slow or its disk is full; trying again may work."""

    def __init__(self, index: str, reason: str) -> None:
        super().__init__(f"{index} index: {reason}")
        self.index = index
        self.reason = reason


class IndexDamaged(IndexUnavailable):
    """What a cache holds cannot be used, however often it is tried: only rebuilding it helps."""


class DimensionMismatch(IndexDamaged):
    """Vectors of one width met an index of another, as after a change of encoder."""

    def __init__(self, index: str, *, expected: int, actual: int) -> None:
        super().__init__(index, f"holds vectors of {expected} dimensions, was given {actual}")
        self.expected = expected
        self.actual = actual


class EncoderUnavailable(TidingsError):
    """A model of the search cannot be loaded, or fails."""

    def __init__(self, encoder: str, reason: str) -> None:
        super().__init__(f"encoder {encoder}: {reason}")
        self.encoder = encoder
        self.reason = reason


class TrainingFailed(TidingsError):
    """A model could not be trained; what was installed stays so."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"training: {reason}")
        self.reason = reason


class GenerationError(TidingsError):
    """The engine could not write an answer."""

    def __init__(self, engine: str, reason: str) -> None:
        super().__init__(f"engine {engine}: {reason}")
        self.engine = engine
        self.reason = reason


class ModelBusy(GenerationError):
    """More want the model than it can serve in time; asking again a little later may work."""


class ModelSpent(GenerationError):
    """What the model may write in a day, for whoever asks or for all, is used up."""


class DeliveryError(TidingsError):
    """A message did not go out."""

    def __init__(self, recipient: str, reason: str) -> None:
        super().__init__(f"{recipient}: {reason}")
        self.recipient = recipient
        self.reason = reason


class RecipientGone(DeliveryError):
    """The recipient blocked the bot, left, or never was there."""


class DeliveryDelayed(DeliveryError):
    """The service asks to wait before anything more is sent."""

    def __init__(self, recipient: str, retry_after: timedelta) -> None:
        super().__init__(recipient, f"asked to wait {retry_after.total_seconds():g} s")
        self.retry_after = retry_after


class DeliveryUnknown(DeliveryError):
    """The request left but no answer came: it may have been delivered, so it is never sent again."""

"""What was counted, in the format that Prometheus reads. The only module that knows its library."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from itertools import product
from typing import TypeVar

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.metrics import MetricWrapperBase

from bot.watching.meter import COUNTS, TIMINGS, Count, Labels, Timing
from storage.domain.figures import Standing
from storage.domain.news import FeedStatus
from storage.domain.times import Clock
from storage.errors import StorageError

CONTENT_TYPE = CONTENT_TYPE_LATEST
_NO_DATABASE = float("nan")

M = TypeVar("M", bound=MetricWrapperBase)


class PrometheusMeter:
    """A `Meter` whose figures can be read; each has a registry of its own, with what is known of the process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._counts = {
            each.name: _filled(Counter(each.name, each.says, tuple(each.labels), registry=self._registry), each.labels)
            for each in COUNTS
        }
        self._timings = {
            each.name: _filled(
                Histogram(each.name, each.says, tuple(each.labels), registry=self._registry, buckets=each.bounds),
                each.labels,
            )
            for each in TIMINGS
        }
        self._database = self._gauge("tidings_database_up", "Whether the database could be read")
        self._oldest_update = self._gauge(
            "tidings_oldest_update_seconds", "How long the oldest update waits that is to be dealt with; 0 if none does"
        )
        self._oldest_message = self._gauge(
            "tidings_oldest_message_seconds", "How long the oldest message waits that may be sent; 0 if none does"
        )
        self._feeds = Gauge(
            "tidings_feeds", "Feeds, by how they stood when last looked at", ("status",), registry=self._registry
        )

    def count(self, what: Count, *labels: StrEnum, by: int = 1) -> None:
        """It happened, so many times."""
        counter = self._counts[what.name]
        (counter.labels(*labels) if labels else counter).inc(by)

    def took(self, what: Timing, seconds: float, *labels: StrEnum) -> None:
        """It took so long."""
        histogram = self._timings[what.name]
        (histogram.labels(*labels) if labels else histogram).observe(seconds)

    async def scrape(self, standing: Callable[[], Awaitable[Standing]], clock: Clock) -> bytes:
        """All of it, with how the instance stands now, which is not known where its database cannot be read."""
        try:
            self._stand(await standing(), clock)
        except StorageError:
            self._database.set(0)
            for gauge in (self._oldest_update, self._oldest_message):
                gauge.set(_NO_DATABASE)
            self._feeds.clear()
        return generate_latest(self._registry)

    def _stand(self, now: Standing, clock: Clock) -> None:
        self._database.set(1)
        for gauge, since in ((self._oldest_update, now.oldest_update), (self._oldest_message, now.oldest_message)):
            gauge.set(0 if since is None else max(0.0, (clock() - since).total_seconds()))
        for status in FeedStatus:
            self._feeds.labels(status).set(now.feeds.get(status, 0))

    def _gauge(self, name: str, says: str) -> Gauge:
        return Gauge(name, says, registry=self._registry)


def _filled(metric: M, labels: Labels) -> M:
    """With every series from the start: what has not happened yet is 0, and not unknown."""
    for values in product(*labels.values()) if labels else ():
        metric.labels(*values)
    return metric

"""How readers want their digests, as JSON and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from storage.domain.annotations import Category
from storage.domain.digests import Alerts, DigestSettings, Pause, QuietHours, Style, Tastes, Timetable, WhenEmpty
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId


def written(settings: DigestSettings) -> str:
    """JSON of all but whose they are and whether they are wanted, which have columns."""
    timetable, tastes = settings.timetable, settings.tastes
    return json.dumps(
        {
            "since": settings.since.isoformat(),
            "times": [_clock(at) for at in timetable.times],
            "days": sorted(timetable.days),
            "zone": timetable.zone,
            "quiet": None
            if timetable.quiet is None
            else [_clock(timetable.quiet.since), _clock(timetable.quiet.until)],
            "length": settings.length,
            "style": settings.style,
            "languages": tastes.languages,
            "categories": tastes.categories,
            "kinds": tastes.kinds,
            "sources": tastes.sources,
            "language": settings.language,
            "when_empty": settings.when_empty,
            "alerts": None if settings.alerts is None else [settings.alerts.outlets, settings.alerts.a_day],
            "pauses": [[_minute(each.since), _minute(each.until)] for each in timetable.pauses],
            "changed": None if settings.changed is None else settings.changed.isoformat(),
        }
    )


def read(reader: ReaderId, active: bool, wishes: str) -> DigestSettings:
    """The settings."""
    held: Mapping[str, Any] = json.loads(wishes)
    quiet = held["quiet"]
    alerts = held["alerts"]
    # What versions before wrote has none of these two; their reader said it when their hours changed at the latest.
    changed = held.get("changed", held["since"])
    return DigestSettings(
        reader=reader,
        since=datetime.fromisoformat(held["since"]),
        active=active,
        timetable=Timetable(
            times=tuple(map(_time, held["times"])),
            days=frozenset(held["days"]),
            zone=held["zone"],
            quiet=None if quiet is None else QuietHours(since=_time(quiet[0]), until=_time(quiet[1])),
            pauses=tuple(
                Pause(since=datetime.fromisoformat(since), until=datetime.fromisoformat(until))
                for since, until in held.get("pauses", ())
            ),
        ),
        length=held["length"],
        style=Style(held["style"]),
        tastes=Tastes(
            languages=tuple(held["languages"]),
            categories=tuple(map(Category, held["categories"])),
            kinds=tuple(map(ArticleKind, held["kinds"])),
            sources=tuple(held["sources"]),
        ),
        language=held["language"],
        when_empty=WhenEmpty(held["when_empty"]),
        alerts=None if alerts is None else Alerts(outlets=alerts[0], a_day=alerts[1]),
        changed=None if changed is None else datetime.fromisoformat(changed),
    )


def _minute(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _clock(at: time) -> str:
    return at.isoformat(timespec="minutes")


def _time(clock: str) -> time:
    return time.fromisoformat(clock)

"""The lines typed at a terminal, and for how long they are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.terminal.history import history, let_go
from storage.domain.people import ReaderId

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def typed(*days_ago: int) -> str:
    times = ((NOW - timedelta(days=days)).astimezone() for days in days_ago)
    return "".join(f"\n# {at:%Y-%m-%d %H:%M:%S.%f}\n+line of {at:%d %B}\n+# and on\n" for at in times)


@pytest.mark.parametrize(("kept", "left"), [(30, (20, 0)), (90, (60, 20, 0)), (0, ())])
def test_what_was_typed_before_a_time_is_let_go(tmp_path: Path, kept: int, left: tuple[int, ...]) -> None:
    file = history(tmp_path, ReaderId("terminal:ada"))
    file.write_text(typed(60, 20, 0), encoding="utf-8")

    let_go(file, NOW - timedelta(days=kept) + timedelta(seconds=1 if not kept else 0))

    assert file.read_text(encoding="utf-8").strip() == typed(*left).strip()
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_none_or_no_history_stops_nobody(tmp_path: Path) -> None:
    let_go(tmp_path / "history-ada", NOW)
    (tmp_path / "history-ben").write_bytes(b"\xff\xfe")

    let_go(tmp_path / "history-ben", NOW)

    assert (tmp_path / "history-ben").read_bytes() == b"\xff\xfe"

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.terminal.logs import logs_aside


@contextmanager
def logging_to_standard_error(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    handler = logging.StreamHandler(err)
    logging.getLogger().addHandler(handler)
    yield err
    logging.getLogger().removeHandler(handler)


def test_log_lines_go_to_the_file_meanwhile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "home" / "chat.log"

    with logging_to_standard_error(monkeypatch) as err:
        with logs_aside(path):
            logging.getLogger("room").warning("feed_failed")
        logging.getLogger("room").warning("afterwards")

    assert path.read_text() == "feed_failed\n"
    assert err.getvalue() == "afterwards\n"


def test_where_there_can_be_no_file_they_do_not_come_between(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")

    with logging_to_standard_error(monkeypatch) as err, logs_aside(tmp_path / "home" / "chat.log"):
        logging.getLogger("room").warning("feed_failed")

    assert err.getvalue() == ""


def test_where_the_disk_is_full_nothing_comes_between_either(monkeypatch: pytest.MonkeyPatch) -> None:
    with logging_to_standard_error(monkeypatch) as err, logs_aside(Path("/dev/full")):
        for _ in range(99):
            logging.getLogger("room").warning("feed_failed, of which a line is kept until it is many")

    assert err.getvalue() == ""


def test_other_handlers_are_left_alone(tmp_path: Path) -> None:
    elsewhere = io.StringIO()
    handler = logging.StreamHandler(elsewhere)
    logging.getLogger().addHandler(handler)

    with logs_aside(tmp_path / "chat.log"):
        logging.getLogger("room").warning("feed_failed")
    logging.getLogger().removeHandler(handler)

    assert elsewhere.getvalue() == "feed_failed\n"

from __future__ import annotations

import contextlib
import io
import logging
import sys
from collections.abc import Collection, Iterator
from datetime import timedelta

import pytest

from bot import logs
from bot.messenger.wire.bot_api import Accepted, BotApi, NotSent
from tests.bot_api.server import TOKEN, FakeBotApi


@contextlib.contextmanager
def written(level: str = "DEBUG", told: Collection[str] = ()) -> Iterator[io.StringIO]:
    """What the process writes to standard error, logging set up for `level`."""
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", *logs.CHATTY)}
    handlers, hook = root.handlers[:], sys.excepthook
    with contextlib.redirect_stderr(io.StringIO()) as stream:
        logs.configure(level, [TOKEN], told)
        try:
            yield stream
        finally:
            root.handlers[:], sys.excepthook = handlers, hook
            for name, was in levels.items():
                logging.getLogger(name).setLevel(was)


async def test_the_token_is_in_no_line_even_when_the_libraries_tell_everything(api: FakeBotApi) -> None:
    there, away = BotApi(token=TOKEN, base_url=api.url), BotApi(token=TOKEN, base_url="http://127.0.0.1:9")

    with written() as lines:
        for name in logs.CHATTY:
            logging.getLogger(name).setLevel(logging.DEBUG)
        outcomes = [await there.call("getMe"), await away.call("getMe")]
        await there.close()
        await away.close()

    assert [type(outcome) for outcome in outcomes] == [Accepted, NotSent]
    assert "/bot***/getMe" in lines.getvalue()
    assert TOKEN not in lines.getvalue()


def test_the_token_is_in_no_traceback() -> None:
    with written() as lines:
        try:
            raise ValueError(f"no route to /bot{TOKEN}/getMe")
        except ValueError as error:
            logging.getLogger("some.library").exception("failed for %s", TOKEN.replace(":", "%3A"))
            sys.excepthook(type(error), error, error.__traceback__)

    assert lines.getvalue().count("ValueError: no route to /bot***/getMe") == 2
    assert TOKEN.split(":")[1] not in lines.getvalue()


def test_nobodys_number_is_in_a_line_though_two_of_one_are_known_for_theirs() -> None:
    keys = (
        "digest-telegram:424242-2026-12-01T08:00:1",
        "digest-telegram:424242-2026-12-02T08:00:1",
        "telegram:-777777",
    )

    with written() as stream:
        for key in keys:
            logging.getLogger("bot").warning("refused", extra={"key": key})

    first, second, group = (line.split("telegram:~")[1][:8] for line in stream.getvalue().splitlines())
    assert first == second != group
    assert "424242" not in stream.getvalue()
    assert "777777" not in stream.getvalue()


def test_extra_fields_are_written_as_names_and_values() -> None:
    with written() as lines:
        logging.getLogger("bot").info("round", extra={"new": 3, "took": timedelta(seconds=2)})

    assert lines.getvalue().endswith("INFO bot round new=3 took=0:00:02\n")


def test_talkative_libraries_are_quiet_unless_they_warn() -> None:
    with written() as lines:
        logging.getLogger("httpx").info("HTTP Request: POST")
        logging.getLogger("dbos").warning("something")

    assert lines.getvalue().count("\n") == 1
    assert "WARNING dbos something" in lines.getvalue()


@pytest.mark.parametrize(("level", "lines"), [("WARNING", 1), ("INFO", 2)])
def test_what_is_told_already_is_logged_only_where_more_than_warnings_is_wanted(level: str, lines: int) -> None:
    with written(level, ["search_degraded"]) as log:
        for message in ("search_degraded", "index_rebuilt"):
            logging.getLogger("retrieval").warning(message)

    assert log.getvalue().count("\n") == lines
    assert "index_rebuilt" in log.getvalue()

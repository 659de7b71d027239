"""What people write, and what is secret, must stand in no log: whatever a test makes the code log is looked at.

Words are taken down where the code takes them up: as the values that hold them are made, and as updates are queued for
a bot. Lines are looked at as they are written at DEBUG, with the loggers of libraries as quiet as the program has them.

Of a test 500,000 texts are known, and every line that it logs is looked through, however many; but not for what is only
written when 20,000 lines have been logged since. What is shorter than `_SHORTEST`, or a single word, is not looked for.
"""

from __future__ import annotations

import contextlib
import functools
import json
import logging
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import SecretStr

from bot.logs import CHATTY, Redacting
from bot.messenger.incoming.events import Asked, Commanded, Sought
from storage.domain.deliveries import InboxUpdate, OutboxMessage
from storage.domain.dialogue import Question, Turn
from storage.domain.news import SearchRequest
from tests.shingles import Shingles

_HOLDERS: Mapping[type, str] = {
    Asked: "text",
    Commanded: "argument",
    Sought: "text",
    Question: "text",
    Turn: "question",
    SearchRequest: "text",
    InboxUpdate: "payload",
    OutboxMessage: "payload",
}
"""The values that hold what people write, and what is written to them; a payload is the JSON of it."""
_WORDS = frozenset(("text", "caption", "query"))
_OURS = frozenset(("bot", "generation", "retrieval", "storage"))
_TOKEN = re.compile(r"(?<![0-9])[0-9]{6,12}:[A-Za-z0-9_-]{30,}")
_SHORTEST = 12
"""Characters of words that no line has by chance; and so many in Chinese, where a character is a word."""
_SHORTEST_CHINESE = 6
_MOST_WORDS, _MOST_LINES = 500_000, 20_000
"""Texts of a test that are known, and lines that are kept until it ends: for what is written after them, too."""
_FEW_WORDS = 200
"""So few are looked for one by one, which is quicker in a test that logs little."""
_MOST_LEAKS = 100


class Watch:
    """What was written and what was logged, since it was cleared."""

    def __init__(self) -> None:
        self._words: dict[str, None] = {}
        self._all = Shingles(_MOST_WORDS)
        self._secrets: set[str] = set()
        self._lines: deque[tuple[str, str]] = deque()
        self._leaks: list[str] = []
        self._format = Redacting()

    def clear(self) -> None:
        """Begin anew."""
        self._words.clear()
        self._all.clear()
        self._secrets.clear()
        self._lines.clear()
        self._leaks.clear()

    def note(self, words: object) -> None:
        """Somebody wrote this, or is written it."""
        if isinstance(words, str) and _is_telling(words):
            self._all.add(words.strip())
            if len(self._words) <= _FEW_WORDS:
                self._words[words.strip()] = None

    def note_json(self, value: object) -> None:
        """Somebody wrote what stands in it."""
        match value:
            case dict():
                for name, each in value.items():
                    if name in _WORDS:
                        self.note(each)
                    self.note_json(each)
            case list():
                for each in value:
                    self.note_json(each)

    def note_secret(self, secret: str) -> None:
        """Nobody but the program may know this."""
        if len(secret) >= _SHORTEST:
            self._secrets.add(secret)

    def see(self, record: logging.LogRecord) -> None:
        """A line is written."""
        self._lines.append((record.name, self._format.format(record)))
        if len(self._lines) > _MOST_LINES:
            self._look(*self._lines.popleft())

    def leaks(self) -> list[str]:
        """By whom what was logged that nobody may read there; the words themselves are left out."""
        while self._lines:
            self._look(*self._lines.popleft())
        return list(self._leaks)

    def leaks_in(self, written: str) -> list[str]:
        """The lines of a log, as a program wrote it, that have what nobody may read there."""
        found = [*self._spoken(written), *self._secret(written)]
        return [_without(line, found) for line in written.splitlines() if any(each in line for each in found)]

    def _look(self, name: str, line: str) -> None:
        found = self._spoken(line)
        # What libraries say of addresses is redacted as it is written; see `tests/bot/test_logs.py`.
        if name.partition(".")[0] in _OURS:
            found += self._secret(line)
        if found and len(self._leaks) < _MOST_LEAKS:
            self._leaks.append(_without(line, found))

    def _spoken(self, text: str) -> list[str]:
        if len(self._words) <= _FEW_WORDS:
            return [words for words in self._words if words in text]
        return list(self._all.within(text))

    def _secret(self, text: str) -> list[str]:
        return [secret for secret in self._secrets if secret in text] + _TOKEN.findall(text)


WATCH = Watch()
"""Of the test that runs."""


@contextlib.contextmanager
def watching(watch: Watch = WATCH) -> Iterator[Watch]:
    """Take down within what is written and logged in this process."""
    with contextlib.ExitStack() as undo:
        for holder, name in _HOLDERS.items():
            _after_init(holder, functools.partial(_take, watch, name), undo)
        _after_init(SecretStr, lambda secret: watch.note_secret(secret.get_secret_value()), undo)
        handle = logging.Logger.callHandlers

        def seen(logger: logging.Logger, record: logging.LogRecord) -> None:
            watch.see(record)
            handle(logger, record)

        logging.Logger.callHandlers = seen  # type: ignore[method-assign]
        undo.callback(setattr, logging.Logger, "callHandlers", handle)
        yield watch


@contextlib.contextmanager
def telling_everything() -> Iterator[None]:
    """Have everything logged within that the program logs at DEBUG."""
    loggers = {name: logging.getLogger(name) for name in ("", *CHATTY)}
    levels = {name: logger.level for name, logger in loggers.items()}
    for name, logger in loggers.items():
        logger.setLevel(logging.WARNING if name else logging.DEBUG)
    try:
        yield
    finally:
        for name, logger in loggers.items():
            logger.setLevel(levels[name])


def _after_init(kind: type, act: Callable[[Any], None], undo: contextlib.ExitStack) -> None:
    original: Callable[..., None] = kind.__init__  # type: ignore[misc]

    @functools.wraps(original)
    def init(self: Any, *args: Any, **fields: Any) -> None:
        original(self, *args, **fields)
        act(self)

    kind.__init__ = init  # type: ignore[misc]
    undo.callback(setattr, kind, "__init__", original)


def _take(watch: Watch, name: str, holder: object) -> None:
    words = getattr(holder, name)
    if name != "payload":
        watch.note(words)
        return
    # What is no JSON, or nested without end, is an update that is set aside.
    with contextlib.suppress(ValueError, RecursionError):
        watch.note_json(json.loads(words))


def _is_telling(words: str) -> bool:
    """Whether no line would have them by chance."""
    words = words.strip()
    if len(words) >= _SHORTEST:
        return " " in words or not words.isascii()
    return len(words) >= _SHORTEST_CHINESE and not words.isascii()


def _without(line: str, found: list[str]) -> str:
    for each in found:
        line = line.replace(each, "…")
    return line[:300]

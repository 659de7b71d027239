"""Logging: plain lines on standard error, without secrets whatever is logged and whoever logs it.

Secrets are taken out of the finished line, traceback included, so that no library's habit can leak one. Who somebody is
stands in none: of their number is left what tells them from others as long as the process runs, and nobody can undo.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets as chance
import sys
from collections.abc import Callable, Collection
from types import TracebackType
from urllib.parse import quote

CHATTY = (
    "httpx", "httpcore", "telegram", "urllib3", "asyncio", "aiosqlite", "dbos", "uvicorn",
    "alembic", "chromadb", "sentence_transformers", "transformers", "filelock", "openai", "httpx2",
    "httpcore2", "ContinuousBatchingLogger", "matplotlib", "PIL", "trafilatura",
)  # fmt: skip
"""Libraries that at INFO or DEBUG tell of every request, with its address."""
_NUMBER = re.compile(r"\btelegram:-?\d{1,18}(?!\d)")
_KEY = chance.token_bytes(16)
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class Redacting(logging.Formatter):
    """Writes a record with its extra fields as `name=value`, and `***` in place of each secret.

    Args:
        secrets: What must never be written, in any of the ways an address may spell it.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__(_FORMAT)
        spelled = {spelling for secret in secrets if secret for spelling in (secret, quote(secret, safe=""))}
        self._secrets = tuple(sorted(spelled, key=len, reverse=True))

    def format(self, record: logging.LogRecord) -> str:
        return self.redact(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        fields = " ".join(f"{name}={value}" for name, value in record.__dict__.items() if name not in _STANDARD)
        line = super().formatMessage(record)
        return f"{line} {fields}" if fields else line

    def redact(self, text: str) -> str:
        """`text` without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _NUMBER.sub(_unnamed, text)


def _unnamed(number: re.Match[str]) -> str:
    return f"telegram:~{hashlib.blake2b(number[0].encode(), key=_KEY, digest_size=4).hexdigest()}"


def configure(level: str, secrets: Collection[str] = (), told: Collection[str] = ()) -> None:
    """Set up logging for the process; replaces what was set up before.

    Args:
        level: `DEBUG`, `INFO`, `WARNING` or `ERROR`.
        secrets: Tokens and keys that must never be written, also not by an uncaught exception.
        told: Messages of which what is printed tells already; written only where more than warnings is wanted.
    """
    formatter = Redacting(secrets)
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    if logging.getLevelNamesMapping()[level] >= logging.WARNING:
        handler.addFilter(lambda record: record.msg not in told)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    _take_over("dbos")
    sys.excepthook = _excepthook(formatter)


def _take_over(name: str) -> None:
    """Let a library that would set up a handler of its own use ours: it looks whether there is one already."""
    logger = logging.getLogger(name)
    logger.handlers = [logging.NullHandler()]
    logger.propagate = True


def _excepthook(formatter: Redacting) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.stderr.write(formatter.redact(formatter.formatException((kind, error, trace))) + "\n")

    return hook

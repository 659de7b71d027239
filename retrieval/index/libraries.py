"""What every use of the model libraries needs: their chatter kept back, and what they raise as one line."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST_REASON = 200


@contextmanager
def quietly() -> Iterator[None]:
    """Without what the libraries would have their own authors know."""
    from transformers.utils import logging as library_logging

    library_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library leaves it so
    disabled = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(disabled)


def first_line(error: Exception) -> str:
    """What went wrong, however much the library has to say of it."""
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"

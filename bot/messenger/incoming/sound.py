"""Holds what was read against what it is said to be: the library that reads updates takes their values as they come."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

T = TypeVar("T")
TOO_LARGE = 2**63
"""What no database keeps as a number."""


def sound(value: T) -> T:
    """`value`, a dataclass, of which each field is what it is declared as, in depth.

    Raises:
        TypeError: One is not.
        OverflowError: A number cannot be kept.
    """
    own: type = type(value)
    for name, kind in _declared(own).items():
        held = getattr(value, name)
        if not isinstance(held, kind) or (isinstance(held, bool) and not _is_truth(kind)):
            raise TypeError(f"{name} is {type(held).__name__}")
        if isinstance(held, int | float) and not (math.isfinite(held) and abs(held) < TOO_LARGE):
            raise OverflowError(name)
        if is_dataclass(held):
            sound(held)
    return value


def _is_truth(kind: Any) -> bool:
    """Whether it may be a yes or a no, which Python takes for a number, and Telegram does not."""
    return bool in {kind, *get_args(kind)}


@cache
def _declared(kind: type) -> Mapping[str, Any]:
    """What each field may be, as `isinstance` takes it."""
    hints = {name: getattr(hint, "__supertype__", hint) for name, hint in get_type_hints(kind).items()}
    return {name: int | float if hint is float else hint for name, hint in hints.items()}

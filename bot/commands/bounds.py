"""Bounds on the news as commands take them."""

from __future__ import annotations

import re

import click

_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")


def code(language: str) -> str:
    """The language a person names, as articles carry it: `zh-CN` is `zh`.

    Raises:
        UsageError: It is no code of a language.
    """
    read = _CODE.fullmatch(language.strip().lower())
    if read is None:
        raise click.UsageError(f"--language takes a code of two or three letters, such as en or zh, not {language!r}")
    return read[1]

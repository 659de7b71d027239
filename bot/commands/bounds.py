"""Bounds on the news, and the language to speak, as commands take them."""

from __future__ import annotations

import re

import click

from bot.flows.wording.vocabulary import subject_named
from bot.texts import languages
from storage.domain.annotations import Category

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


def named_subject(option: str, name: str) -> Category:
    """The subject of a name, as people write it: `Disasters`, `sport`, `体育新闻`.

    Raises:
        UsageError: It is none.
    """
    found = subject_named(name)
    if found is None:
        subjects = ", ".join(each for each in Category if each is not Category.OTHER)
        raise click.UsageError(f"{option} takes one of {subjects}, not {name!r}")
    return found


def spoken(_context: click.Context, _option: click.Parameter, language: str | None) -> str | None:
    """For an option: the language that is to be spoken, `zh-CN` being `zh`; `None` where none is named.

    Raises:
        UsageError: It is not spoken here.
    """
    if language is None:
        return None
    read = _CODE.fullmatch(language.strip().lower())
    if read is None or read[1] not in languages():
        raise click.UsageError(
            f"--language takes a language that is spoken here, {' or '.join(languages())}, not {language!r}"
        )
    return read[1]

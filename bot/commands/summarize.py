"""`tidings summarize`: what a page or a file says."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from bot.commands.running import json_option
from bot.console import print_json, print_line, progress_bar, warn
from bot.contract import summary_json
from bot.excerpts import one_line
from bot.texts import DEFAULT_LANGUAGE, say
from storage.domain.summaries import FEWEST_WORDS, WORDS

if TYPE_CHECKING:
    from bot.flows.summarize import Summarized
    from storage.domain.progress import Progress

MOST_WORDS = 2_000


@click.command()
@click.argument("url_or_file")
@click.option(
    "--words",
    type=click.IntRange(FEWEST_WORDS, MOST_WORDS),
    help=f"How long it may be, and the parts of a long document together; two Chinese characters are a word. "
    f"[default: {WORDS}, or half of the text]",
)
@json_option
def summarize(url_or_file: str, words: int | None, as_json: bool) -> int:
    """Sum up a web page, a PDF or a text file.

    In sentences of its own, word for word; - stands for what is piped in. A long document, of up to 2,000,000
    characters, is summed up part by part as well.
    """
    with _progress() as progress:
        found = asyncio.run(_summarized(url_or_file, words, progress))
    if as_json:
        print_json(summary_json(found.document, found.summary))
    else:
        _print(found)
    return 0


def _progress() -> AbstractContextManager[Progress]:
    """A bar on a terminal; elsewhere nothing, for what is read is named on the command line and takes seconds."""
    return progress_bar() if sys.stderr.isatty() else nullcontext(lambda _what, _done, _of: None)


async def _summarized(url_or_file: str, words: int | None, progress: Progress) -> Summarized:
    from bot.documents import open_summarize
    from bot.logs import configure
    from bot.settings import load_settings

    settings = load_settings()
    configure(settings.log_level, settings.secrets)
    async with open_summarize(settings) as flow:
        return await flow.named(url_or_file, words=words, progress=progress)


def _print(found: Summarized) -> None:
    document, summary = found.document, found.summary
    for line in (document.title, document.url):
        if line:
            print_line(line)
    if document.title or document.url:
        print_line()
    print_line(summary.text)
    if summary.lapse is not None:
        warn(say(DEFAULT_LANGUAGE, f"model_{summary.lapse}"))
    for number, section in enumerate(summary.sections, start=1):
        if section.sentences:
            print_line()
            print_line(f"{number}. {section.title or ''}".rstrip())
            for sentence in section.sentences:
                print_line(f"   · {one_line(sentence.text)}")

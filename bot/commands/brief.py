"""`tidings brief`: a topic at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from bot.commands.citing import print_citations
from bot.commands.running import json_option, run
from bot.console import print_json, print_line
from bot.contract import brief_json
from bot.texts import say
from storage.domain.dialogue import Citation, Sentence, marked
from storage.domain.stories import Brief, Difference

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.argument("topic")
@json_option
def brief(topic: str, as_json: bool) -> int:
    """Show what the sources tell of TOPIC, at a glance.

    What went before, what became known when, what outlets agree on and where their figures differ; every line is
    quoted from a source.
    """

    async def work(app: App) -> int:
        made = await app.briefs.about(topic)
        language = app.converse.detect(topic)
        if as_json:
            print_json(brief_json(made))
        elif made.empty:
            print_line(say(language, "refused"))
        else:
            _print(made, language)
        return 0

    return run(work)


def _print(made: Brief, language: str | None) -> None:
    sources = {citation.n: citation for citation in made.citations}
    print_line(made.title)
    _part(language, "brief_background", map(marked, made.background))
    _part(language, "brief_timeline", (f"{each.day}  {marked(each.sentence)}" for each in made.timeline))
    _part(language, "brief_agreed", map(marked, made.agreed))
    accounts = (account for difference in made.differs for account in _accounts(difference, sources))
    _part(language, "brief_differs", accounts)
    print_line()
    print_citations(made.citations)


def _accounts(difference: Difference, sources: dict[int, Citation]) -> Iterator[str]:
    """Each account under a mark of its own, the first of a difference under another one."""
    for i, account in enumerate(difference.accounts):
        yield f"{'  ' if i else '· '}{_by_outlet(account, sources)}"


def _by_outlet(sentence: Sentence, sources: dict[int, Citation]) -> str:
    outlet = sources[sentence.citations[0]].source
    return f"{outlet}: {marked(sentence)}" if outlet else marked(sentence)


def _part(language: str | None, key: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        print_line()
        print_line(say(language, key))
    for line in found:
        print_line(f"  {line}")

"""What is stored and was not taken over yet, as people are told of it: after an import that was interrupted, mostly."""

from __future__ import annotations

from bot.console import counted

HOW_TO_GO_ON = "`tidings ingest` goes on where it stopped"


def unindexed(articles: int) -> str:
    """That so many articles cannot be found yet, and what is to be done."""
    return f"{counted(articles, 'article')} {_are(articles)} not indexed yet and cannot be found; {HOW_TO_GO_ON}"


def untold(articles: int) -> str:
    """That so many articles stand in no story yet, and what is to be done."""
    return f"{counted(articles, 'article')} {_are(articles)} not indexed yet and in no story; {HOW_TO_GO_ON}"


def _are(n: int) -> str:
    return "is" if n == 1 else "are"

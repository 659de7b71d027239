from __future__ import annotations

import webbrowser
from typing import Any

import pytest

from bot.terminal.browser import open_page


class Window(webbrowser.BaseBrowser):
    def __init__(self, *, works: bool | Exception) -> None:
        super().__init__("window")
        self._works = works

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        del new, autoraise
        assert url == "https://news.example"
        if isinstance(self._works, Exception):
            raise self._works
        return self._works


@pytest.mark.parametrize(
    ("browser", "opened"),
    [
        (Window(works=True), True),
        (Window(works=False), False),
        (Window(works=OSError("no display")), False),
        (webbrowser.GenericBrowser("/bin/false"), False),
        (webbrowser.Elinks("/bin/false"), False),
    ],
)
def test_only_a_windowed_browser_that_starts_opens_a_page(
    monkeypatch: pytest.MonkeyPatch, browser: Any, opened: bool
) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: browser)

    assert open_page("https://news.example") is opened


def test_without_a_browser_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)

    assert open_page("https://news.example") is False

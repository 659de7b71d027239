"""Opens a page in the reader's browser, where there is a windowed one."""

from __future__ import annotations

import webbrowser


def open_page(url: str) -> bool:
    """Whether a browser took `url`. Blocks for up to a few seconds while one starts.

    Browsers that run in the terminal are passed over: they would take the chat's place.
    """
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser or isinstance(browser, webbrowser.Elinks):
        return False
    try:
        return browser.open(url)
    except (OSError, webbrowser.Error):
        return False

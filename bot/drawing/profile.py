"""What a reader cares about, as bars one under the other, to be read on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from rich.cells import cell_len, set_cell_size

from bot.drawing.canvas import picture
from bot.excerpts import one_line
from bot.texts import say
from bot.texts.interests import label
from storage.domain.interests import Interest
from storage.domain.stories import Trend

MOST_BARS = 8
# Blue that is told from orange by those who see colours differently, too: after Okabe and Ito (2008).
_COLOURS = {Trend.RISING: "#e69f00", Trend.STEADY: "#0072b2", Trend.FADING: "#b8b8b8"}
_WIDTH, _ABOUT, _BAR, _LETTERS = 7.2, 0.9, 0.9, 13.0
_LABEL_CELLS = 50


def draw_profile(interests: Sequence[Interest], target: Path | IO[bytes], *, language: str | None) -> None:
    """Draw the strongest of a reader's interests, at least one, each as long as it weighs beside the others.

    Args:
        interests: The strongest first.
        target: A file, or what takes bytes (PNG).
        language: Of the words.

    Raises:
        InputError: The file cannot be written.
    """
    shown = interests[:MOST_BARS]
    with picture(target, _WIDTH, _ABOUT + _BAR * len(shown), legend="lower right", letters=_LETTERS) as axes:
        trends = [trend for trend in Trend if any(each.trend is trend for each in shown)]
        for trend in trends:
            bars = [(-place, each.weight) for place, each in enumerate(shown) if each.trend is trend]
            # One that is as before goes without saying.
            named = say(language, f"trend_{trend}") if trends != [Trend.STEADY] else None
            axes.barh(*zip(*bars, strict=True), height=0.36, color=_COLOURS[trend], label=named)
        for place, each in enumerate(shown):
            text = _shortened(one_line(label(each, language))).replace("$", r"\$")
            axes.text(0, 0.28 - place, text, va="bottom", ha="left")
        axes.set_xlim(0, max(each.weight for each in shown) * 1.02)
        axes.set_ylim(-len(shown) + 0.5, 0.85)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.set_title(say(language, "profile_title"), fontsize=_LETTERS + 1, loc="left")


def _shortened(text: str) -> str:
    return text if cell_len(text) <= _LABEL_CELLS else set_cell_size(text, _LABEL_CELLS - 1).rstrip() + "…"

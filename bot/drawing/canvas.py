"""What pictures are drawn on: the only importer of matplotlib.

One picture is drawn at a time: the size of letters is the library's for all of a process. Letters come from a font that
has both languages, which a package brings along: what is installed on a server is anybody's guess.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal

from storage.errors import InputError

_ONE_AT_A_TIME = threading.Lock()
_FONT = ("zhplot", "fonts/NotoSansSC-Regular.ttf")


@contextmanager
def picture(
    target: Path | IO[bytes],
    width: float,
    height: float,
    *,
    legend: Literal["best", "lower right", "upper left"] = "best",
    letters: float = 9,
) -> Iterator[Any]:
    """Axes to draw on; the picture (PNG, or as the file's name ends) is written into `target` at the end.

    Args:
        target: A file, or what takes bytes.
        width: In inches of 150 dots.
        height: In the same.
        legend: Where what is labelled is listed; nowhere, where nothing is.
        letters: Their size, in points.

    Raises:
        InputError: The file cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _ONE_AT_A_TIME, mpl.rc_context({"font.size": letters, "font.family": _family()}):
        figure = Figure(figsize=(width, height), dpi=150, layout="tight")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        try:
            yield axes
            axes.grid(visible=True, which="major", color="#e5e5e5")
            axes.set_axisbelow(True)
            axes.spines[["top", "right"]].set_visible(False)
            if axes.get_legend_handles_labels()[1]:
                axes.legend(frameon=False, fontsize=letters, loc=legend)
            figure.savefig(target)
        except (OSError, ValueError) as error:
            raise InputError(str(target), f"cannot be written: {error}") from error


@cache
def _family() -> list[str]:
    """The names of the fonts that letters are looked up in, one after the other."""
    from matplotlib import font_manager

    package, file = _FONT
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return ["DejaVu Sans"]
    path = str(Path(next(iter(spec.submodule_search_locations)), file))
    font_manager.fontManager.addfont(path)
    return ["DejaVu Sans", font_manager.FontProperties(fname=path).get_name()]

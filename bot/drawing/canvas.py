"""Pictures of measurements: the only importer of matplotlib, which is installed with the benchmarks alone."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from storage.errors import InputError


def require_drawing(file: Path) -> None:
    """See, before all the work, that its figures can be drawn into `file`.

    Raises:
        InputError: matplotlib is not installed, or there is no such folder.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise InputError(str(file), "matplotlib is not installed (pip install -e '.[bench]')")
    if not file.parent.is_dir():
        raise InputError(str(file), "there is no such folder")


@contextmanager
def picture(
    file: Path, width: float, height: float, *, legend: Literal["best", "lower right"] = "best"
) -> Iterator[Any]:
    """Axes to draw on, of so many inches; the picture is written into `file` at the end.

    Raises:
        InputError: The file cannot be written.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(width, height), dpi=150)
    try:
        yield axes
        axes.grid(visible=True, which="major", color="#e5e5e5")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, fontsize=9, loc=legend)
        figure.tight_layout()
        figure.savefig(file)
    except (OSError, ValueError) as error:
        raise InputError(str(file), f"cannot be written: {error}") from error
    finally:
        plt.close(figure)

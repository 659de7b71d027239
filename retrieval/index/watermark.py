"""How far an index has come, in a file beside it that is only ever replaced whole.

Written after the data it speaks of, so that an interrupted step is repeated rather than missed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from retrieval.index.faults import fault
from storage.errors import IndexDamaged


class Watermark:
    """The revision an index stands at, and whatever else must change with it at once.

    Args:
        path: The file.
        index: The index's name, for errors.
        layout: Which layout of the index's contents this program writes; one of another layout must be rebuilt.
        figures: The names of what is kept beside the revision.
    """

    def __init__(self, path: Path, *, index: str, layout: int, figures: tuple[str, ...] = ()) -> None:
        self._path = path
        self._index = index
        self._layout = layout
        self._names = ("revision", *figures)

    def read(self) -> int:
        """The revision; 0 where nothing was written yet.

        Raises:
            IndexUnavailable: The file cannot be read now.
            IndexDamaged: The file is not one that `write` left, or is of another layout.
        """
        return self.figures()["revision"]

    def figures(self) -> Mapping[str, int]:
        """All that is kept, the revision among it; each is 0 where nothing was written yet. Raises what `read` does."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            layout = content["layout"]
            figures = {name: content[name] for name in self._names if layout == self._layout}
        except FileNotFoundError:
            return dict.fromkeys(self._names, 0)
        except OSError as error:
            raise fault(self._index, error) from error
        except (ValueError, LookupError, TypeError) as error:
            raise IndexDamaged(self._index, f"{self._path} cannot be read") from error
        if layout != self._layout or not all(isinstance(figure, int) for figure in figures.values()):
            raise IndexDamaged(self._index, "was written by another version of Tidings")
        return figures

    def write(self, revision: int, **figures: int) -> None:
        """Replace everything, durably."""
        draft = self._path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"revision": revision, "layout": self._layout, **figures}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

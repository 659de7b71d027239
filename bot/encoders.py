"""Which encoder an instance wants, and the checkpoints that were fitted to it.

They lie under `encoders` in the instance's folder, each a plain sentence-transformers model, and a small file beside
them names the one that is installed. It is written last and replaced at once, so that what is cut short installs
nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.settings import Settings
from retrieval.index.lock import IndexLock
from retrieval.index.shipped import SHIPPED
from storage.errors import InputError, TrainingFailed

_FOLDER, _POINTER, _LOCK = "encoders", "installed", "lock"
_DRAFT = ".training-"
_MODEL = "modules.json"
# What an earlier training put behind the name of its base.
_FITTED = re.compile(r"-\d{8}-[0-9a-f]{8,}$")
_DIGEST = 16


def wanted_encoder(settings: Settings) -> str:
    """The model that the settings name; where they name none, the one that was installed, else the one that ships."""
    return settings.encoder or installed_encoder(settings.home) or SHIPPED


def installed_encoder(home: Path) -> str | None:
    """The folder of the checkpoint that is installed; `None` where none is, or it is gone."""
    try:
        named = (home / _FOLDER / _POINTER).read_text(encoding="utf-8", errors="replace").strip()
        folder = (home / _FOLDER / named).absolute()
        return str(folder) if named and (folder / _MODEL).is_file() else None
    except (OSError, ValueError):
        return None


def install(home: Path, checkpoint: Path) -> None:
    """Make a checkpoint the one that is installed, at once."""
    folder = home / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    named = checkpoint.name if checkpoint.parent == folder else str(checkpoint.absolute())
    draft = folder / f".{_POINTER}-{os.getpid()}"
    try:
        draft.write_text(f"{named}\n", encoding="utf-8")
        draft.replace(folder / _POINTER)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def drafting(home: Path, out: Path | None) -> Iterator[Path]:
    """A folder for a checkpoint that is being made, which is gone afterwards unless it was kept.

    What trainings that were killed left behind is removed.

    Args:
        home: The instance's folder.
        out: Where the checkpoint is to go, if not among the instance's.

    Raises:
        InputError: There is something at `out` already.
        TrainingFailed: Another training is running on this instance.
    """
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(str(out), "holds something already: name a new or an empty folder")
    folder = home / _FOLDER
    lock = IndexLock(folder / _LOCK)
    if not lock.acquire():
        raise TrainingFailed("another training is running on this instance")
    try:
        for left in folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        beside = folder if out is None else out.absolute().parent
        beside.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=beside, prefix=_DRAFT, ignore_cleanup_errors=True) as draft:
            yield Path(draft, "model")
    finally:
        lock.release()


def keep(draft: Path, home: Path, out: Path | None, base: str, now: datetime) -> Path:
    """Move a finished checkpoint to where it stays, and say where that is."""
    kept = out.absolute() if out is not None else home / _FOLDER / _name(draft, base, now)
    if out is not None or not kept.exists():
        # What is there already has the same weights: the same training gives the same model.
        draft.replace(kept)
    return kept


def _name(draft: Path, base: str, now: datetime) -> str:
    """The base, the day, and what tells two of one day apart."""
    digest = hashlib.sha256()
    for path in sorted(draft.rglob("*.safetensors")):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    plain = _FITTED.sub("", re.sub(r"[^A-Za-z0-9.-]+", "-", Path(base).name))
    return f"{plain}-{now:%Y%m%d}-{digest.hexdigest()[:_DIGEST]}"

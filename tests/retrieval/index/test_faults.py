from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from retrieval.index.faults import unavailable
from retrieval.index.lexical import TantivyIndex
from retrieval.index.watermark import Watermark
from retrieval.index.words import WordCutter
from storage.domain.news import Changes
from storage.errors import IndexDamaged, IndexUnavailable
from tests.fakes import make_passage


def meant(error: Exception, *, files: bool = True) -> type[IndexUnavailable]:
    with pytest.raises(IndexUnavailable) as raised, unavailable("lexical", files=files):
        raise error
    return type(raised.value)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
        TimeoutError("slow"),
        MemoryError(),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
        ValueError("Failed to acquire Lockfile: LockBusy."),
        RuntimeError("error returned from database: (code: 5) database is locked"),
        RuntimeError("error returned from database: (code: 13) database or disk is full"),
    ],
    ids=str,
)
def test_what_may_pass_is_no_damage(error: Exception) -> None:
    assert meant(error) is IndexUnavailable


@pytest.mark.parametrize(
    "error",
    [
        NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)),
        ValueError("Data corrupted: 'failed to read the footer'"),
        ValueError("An IO error occurred: 'No such file or directory (os error 2)'"),
        RuntimeError("error returned from database: (code: 26) file is not a database"),
        KeyError("hnsw"),
    ],
    ids=str,
)
def test_what_speaks_of_the_files_is_damage_unless_a_server_says_so(error: Exception) -> None:
    assert meant(error) is IndexDamaged
    assert meant(error, files=False) is IndexUnavailable


async def test_a_full_disk_leaves_a_good_index_as_it_stands(
    tmp_path: Path, cutter: WordCutter, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexical = TantivyIndex(tmp_path / "lexical", cutter)
    await lexical.apply(Changes(revision=1, added=(make_passage(1, "flood"),), removed=()))

    def full(_self: Watermark, _revision: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(Watermark, "write", full)
        with pytest.raises(IndexUnavailable) as raised:
            await lexical.apply(Changes(revision=2, added=(make_passage(2, "roads"),), removed=()))

    assert not isinstance(raised.value, IndexDamaged)
    assert await lexical.revision() == 1
    lexical.close()

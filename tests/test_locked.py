"""The locked packages, held against what pyproject.toml asks for and what is installed here."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
LOCKED = ROOT / ".ci" / "locked"
ENTRY = re.compile(r"([a-z0-9-]+)==(\S+)(?: ; [^\\\n]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(*names: str) -> dict[str, str]:
    """The version of each package of these files; it fails for a line that is not of a package with its hashes."""
    found: dict[str, str] = {}
    for name in names:
        text = (LOCKED / f"{name}.txt").read_text(encoding="utf-8").partition("\n")[2]
        assert ENTRY.sub("", text) == "", name
        found |= dict(ENTRY.findall(text))
    return found


@pytest.mark.parametrize(
    ("asked", "files"),
    [
        (PROJECT["build-system"]["requires"], ("build",)),
        (PROJECT["project"]["dependencies"], ("build", "torch", "program")),
        ([each for few in PROJECT["project"]["optional-dependencies"].values() for each in few],
         ("build", "torch", "program", "dev")),
    ],
)  # fmt: skip
def test_all_that_is_asked_for_is_locked_in_range_with_hashes(asked: list[str], files: tuple[str, ...]) -> None:
    have = locked(*files) | {"tidings": PROJECT["project"]["version"]}

    for each in map(Requirement, asked):
        assert each.specifier.contains(have[canonicalize_name(each.name)]), each


def test_no_file_names_a_place_and_none_repeats_another() -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted(LOCKED.iterdir())]
    names = Counter(name for text in texts for name, _version in ENTRY.findall(text))

    # PyTorch is there with CUDA and without.
    assert {name for name, times in names.items() if times > 1} == {"torch"}
    assert len(names) > 100
    assert not any(re.search(r"://|--(?:extra-)?index|--find-links|file:", text) for text in texts)


def test_pytorch_without_cuda_is_the_same_version_and_no_file_of_the_other() -> None:
    assert f"{locked('torch')['torch']}+cpu" == locked("torch-cpu")["torch"]

    hashes = [
        set(re.findall("sha256:[0-9a-f]+", (LOCKED / f"{name}.txt").read_text())) for name in ("torch", "torch-cpu")
    ]
    assert not hashes[0] & hashes[1]


def test_what_runs_here_is_what_is_locked() -> None:
    have = locked("build", "torch", "program", "dev")
    missing = 0
    for name, version in have.items():
        try:
            # With or without CUDA is the same version.
            assert Version(installed(name)).public == version, name
        except PackageNotFoundError:
            missing += 1

    # What another system needs, or PyTorch with CUDA.
    assert missing < len(have) / 5


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile"])
def test_nothing_is_installed_but_what_is_locked(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    how = re.search(r"INSTALL *:?= *\"?(.+?)\"?$", text, re.MULTILINE)
    assert how is not None
    assert {"--no-deps", "--no-build-isolation", "--require-hashes"} <= set(how[1].split())

    plain = re.findall(r"pip (?:install|wheel|download) (.+)", text.replace(how[0], ""))
    assert all(re.search(r"--no-deps .*(--editable \.|/wheels/\*\.whl|/wheels \.)$", each) for each in plain), plain
    assert set(re.findall(r"-r (\S+)/\w+\.txt", text)) == {".ci/locked" if name == "Dockerfile" else "$(LOCKED)"}

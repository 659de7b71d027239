"""Wrong usage is told in one line that names the input and the way out; what cannot be written is wrong usage."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import run

MISUSED = {
    "ask": "give a question, or a file of them with --questions; `tidings ask --help` says more",
    "ask --foo x": "--foo: there is no such option; `tidings ask --help` says more",
    "digest --x ada": "--x: there is no such option, did you mean --k?; `tidings digest --help` says more",
    "hot --k 0": "--k takes a whole number from 1 to 100, not '0'; `tidings hot --help` says more",
    "hot --k many": "--k takes a whole number from 1 to 100, not 'many'; `tidings hot --help` says more",
    "hot --k": "--k: say a value after it; `tidings hot --help` says more",
    "brief": "TOPIC is missing; `tidings brief --help` says more",
    "profile ada frob": "ACTION takes show or tell or boost or mute or forget or reset, not 'frob'; "
    "`tidings profile --help` says more",
    "serve --role x": "--role takes all or receiver or worker or ingest or sender, not 'x'; "
    "`tidings serve --help` says more",
    "restore /no/where": "FILE: '/no/where' does not exist; `tidings restore --help` says more",
    "frob": "'frob': there is no such command; `tidings --help` says more",
    "feeds lst": "'lst': there is no such command, did you mean list?; `tidings feeds --help` says more",
    "chat --reader=": "--reader: a name is missing; `tidings chat --help` says more",
    "chat --language xx": "--language takes a language that is spoken here, en or zh, not 'xx'; "
    "`tidings chat --help` says more",
}
WRITING = (
    "backup {file}",
    "export ada --out {file}",
    "export ada --opml {file}",
    "feeds export {file}",
    "profile ada --picture {file}",
    "brief 1 --picture {file}",
)


@pytest.mark.parametrize("usage", MISUSED)
def test_wrong_usage_is_one_line_that_names_it_and_leads_on(usage: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(usage.split())

    said = capsys.readouterr()
    assert (status, said.out, said.err) == (2, "", f"tidings: {MISUSED[usage]}\n")


@pytest.mark.parametrize("command", WRITING)
def test_a_file_that_cannot_be_written_is_wrong_usage_before_any_work(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path / "home"))
    for file, why in ((tmp_path / "nowhere" / "x", "its folder does not exist"), (tmp_path, "is a folder")):
        # Of a folder that is there, click itself says so.
        status = run(command.format(file=file).split())

        said = capsys.readouterr()
        assert (status, said.out) == (2, "")
        assert said.err.startswith("tidings: ")
        assert str(file) in said.err
        assert why in said.err or "is a directory" in said.err
        assert said.err.count("\n") == 1
    assert not (tmp_path / "home").exists()
    assert list(tmp_path.iterdir()) == []

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.terminal.chat import chat
from bot.terminal.history import histories, history
from bot.texts import say
from storage.domain.people import ReaderId
from tests.bot.terminal.fakes import READER, Typist, parts, printed, screen, transcript
from tests.hot import HotList, hot_story
from tests.own_data import FixedOwnData


async def test_all_that_is_kept_is_written_into_files_and_said_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    shown = await transcript(tmp_path, "/export", f"/export {tmp_path}/mine.json")

    files = {name: tmp_path / name for name in ("all.json", "all.opml", "mine.json", "mine.opml")}
    assert {name: file.read_bytes() for name, file in files.items()} == {
        "all.json": b"{}",
        "all.opml": b"<opml/>",
        "mine.json": b"{}",
        "mine.opml": b"<opml/>",
    }
    assert all(file.stat().st_mode & 0o077 == 0 for file in files.values())
    assert re.sub(r"\s", "", str(files["mine.json"])) in re.sub(r"\s", "", shown)


async def test_no_file_that_is_there_is_written_over(tmp_path: Path) -> None:
    there = tmp_path / "mine.json"
    there.write_text("mine")

    shown = await transcript(tmp_path, f"/export {there}")

    assert "not there yet" in " ".join(shown.split())
    assert there.read_text() == "mine"


@pytest.mark.parametrize("typed", ["/forget", "/forget all", "/forget it"])
async def test_what_does_not_confirm_in_full_changes_nothing(tmp_path: Path, typed: str) -> None:
    own_data = FixedOwnData()

    shown = await transcript(tmp_path, typed, "/language zh", own_data=own_data)

    assert "/forget everything" in " ".join(shown.split())
    assert own_data.forgotten == []


@pytest.mark.parametrize(("language", "typed"), [("en", "/forget everything"), ("zh", "/forget 全部")])
async def test_who_confirms_is_forgotten_and_the_chat_begins_anew(tmp_path: Path, language: str, typed: str) -> None:
    own_data, on = FixedOwnData(), screen(language=language)
    typist = Typist("/hot", typed, "/open 1", "/new")

    await chat(parts(tmp_path, own_data=own_data, hot=HotList(stories=(hot_story(128),))), screen=on, keyboard=typist)

    shown = printed(on)
    assert (own_data.forgotten, typist.forgotten) == ([READER], 1)
    before, _, after = shown.partition(say(language, "forgotten"))
    assert say(language, "chat_hint") in before
    assert say(language, "chat_hint") in after
    assert say(language, "chat_nothing_shown") in after
    assert say(language, "chat_new") in after


async def test_who_is_not_forgotten_after_all_goes_on_as_before(tmp_path: Path) -> None:
    on, typist = screen(), Typist("/hot", "/forget", "/open 1")

    await chat(parts(tmp_path, hot=HotList(stories=(hot_story(128),))), screen=on, keyboard=typist)

    assert typist.forgotten == 0
    assert say("en", "chat_nothing_shown") not in printed(on)


@pytest.mark.parametrize("purges", [False, None])
async def test_files_that_cannot_be_seen_to_now_are_said_to_be_so(tmp_path: Path, purges: bool | None) -> None:
    shown = await transcript(tmp_path, "/forget everything", own_data=FixedOwnData(purges=purges))

    assert say("en", "chat_files_later") in " ".join(shown.split())


@pytest.mark.parametrize("name", ["ada", "阿达", "../../etc/passwd", "a b%2F", ""])
def test_each_reader_has_a_history_of_their_own(tmp_path: Path, name: str) -> None:
    reader = ReaderId(f"terminal:{name}")
    file = history(tmp_path, reader)

    file.touch()

    assert file.parent == tmp_path
    assert dict(histories(tmp_path)) == {reader: file}

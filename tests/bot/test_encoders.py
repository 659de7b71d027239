from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import open_app
from bot.encoders import drafting, install, installed_encoder, keep, wanted_encoder
from bot.settings import load_settings
from retrieval.index.lock import IndexLock
from retrieval.index.shipped import SHIPPED
from storage.errors import InputError, TrainingFailed

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def made(draft: Path, weights: bytes = b"weights") -> Path:
    draft.mkdir(parents=True)
    (draft / "modules.json").write_text("[]")
    (draft / "model.safetensors").write_bytes(weights)
    return draft


def kept(home: Path, base: str = "all-MiniLM-L6-v2", out: Path | None = None, weights: bytes = b"weights") -> Path:
    with drafting(home, out) as draft:
        return keep(made(draft, weights), home, out, base, NOW)


def test_without_any_the_encoder_that_ships_is_wanted() -> None:
    assert wanted_encoder(load_settings()) == SHIPPED


def test_the_same_training_twice_in_a_day_gives_the_same_checkpoint(home: Path) -> None:
    first = kept(home)

    assert kept(home) == first
    assert kept(home, weights=b"others") != first
    assert sorted(path.name for path in (home / "encoders").iterdir() if path.is_dir()) == sorted(
        {first.name, kept(home, weights=b"others").name}
    )


def test_the_installed_encoder_is_wanted_where_none_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = kept(home)

    assert wanted_encoder(load_settings()) == SHIPPED
    install(home, checkpoint)
    assert wanted_encoder(load_settings()) == str(checkpoint)
    monkeypatch.setenv("TIDINGS_ENCODER", "")
    assert wanted_encoder(load_settings()) == str(checkpoint)
    monkeypatch.setenv("TIDINGS_ENCODER", SHIPPED)
    assert wanted_encoder(load_settings()) == SHIPPED


async def test_an_instance_searches_with_the_one_that_is_installed(home: Path) -> None:
    checkpoint = kept(home)
    install(home, checkpoint)

    async with open_app(load_settings()) as app:
        assert app.wanted.model == str(checkpoint)


def test_settings_for_another_folder_keep_the_encoder_they_were_given(home: Path, tmp_path: Path) -> None:
    checkpoint = kept(home)
    install(home, checkpoint)
    given = load_settings()

    moved = given.model_copy(update={"home": tmp_path / "scratch", "encoder": wanted_encoder(given)})

    assert wanted_encoder(moved) == str(checkpoint)


@pytest.mark.parametrize("named", ["", "\n", "gone", "../../etc", "\x00", "/"])
def test_a_pointer_to_no_model_counts_for_nothing(home: Path, named: str) -> None:
    (home / "encoders").mkdir(parents=True)
    (home / "encoders" / "installed").write_text(named)

    assert installed_encoder(home) is None


def test_a_checkpoint_is_named_for_its_base_its_day_and_its_weights(home: Path) -> None:
    first = kept(home, "sentence-transformers/all-MiniLM-L6-v2")
    again = kept(home, str(first), weights=b"other weights")

    assert first.name.startswith("all-MiniLM-L6-v2-20261122-")
    assert again.name.startswith("all-MiniLM-L6-v2-20261122-")
    assert len({first.name, again.name, first.name[:25]}) == 3


def test_a_checkpoint_may_lie_elsewhere_and_be_installed_from_there(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()

    install(home, kept(home, out=out))

    assert installed_encoder(home) == str(out)


def test_a_folder_that_holds_anything_is_not_written_to(home: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(InputError, match="holds something already"), drafting(home, tmp_path):
        pass
    with pytest.raises(InputError, match="holds something already"), drafting(home, tmp_path / "notes.txt"):
        pass


def test_what_is_cut_short_leaves_nothing_and_what_was_killed_is_cleared_away(home: Path) -> None:
    left = made(home / "encoders" / ".training-killed" / "model").parent

    def cut_short() -> None:
        with drafting(home, None) as draft:
            assert not left.exists()
            made(draft)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_short()

    assert [path.name for path in (home / "encoders").iterdir()] == ["lock"]


def test_only_one_training_runs_on_an_instance_at_a_time(home: Path) -> None:
    other = IndexLock(home / "encoders" / "lock")
    assert other.acquire()

    with pytest.raises(TrainingFailed, match="another training is running"), drafting(home, None):
        pass
    other.release()
    assert kept(home).is_dir()

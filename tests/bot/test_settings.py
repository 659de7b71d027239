from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import AliasChoices, SecretStr

from bot.settings import Settings, load_settings
from storage.errors import SettingsError

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def variables() -> dict[str, str]:
    """Every setting's variable with its default, as `.env.example` should write it."""
    listed = {}
    for name, field in Settings.model_fields.items():
        assert not isinstance(field.validation_alias, AliasChoices)
        variable = str(field.validation_alias or f"TIDINGS_{name.upper()}")
        listed[variable] = "" if field.default is None else str(field.default)
    return listed


def example() -> dict[str, str]:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert set(example()) == set(variables())


def test_the_example_shows_the_defaults() -> None:
    def spelled(text: str) -> str:
        return text.lower().removesuffix("/").removesuffix(".0")

    assert {name: spelled(text) for name, text in example().items()} == {
        name: spelled(text) for name, text in variables().items()
    }


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_an_empty_variable_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_HTTP_PORT", "")

    assert load_settings().http_port == 8080


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TIDINGS_HTTP_PORT", "eighty"), ("TIDINGS_LLM", "oracle"), ("TELEGRAM_API_BASE_URL", "not a url")],
)
def test_an_unusable_setting_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert refusal.value.setting == variable


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:hush")

    settings = load_settings()

    assert isinstance(settings.telegram_bot_token, SecretStr)
    assert "hush" not in repr(settings)
    assert settings.secrets == ("123:hush",)

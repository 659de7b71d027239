from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import AliasChoices, SecretStr

from bot.living import interface_language
from bot.settings import LOCALE_VARIABLES, Settings, load_settings
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


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TIDINGS_HTTP_PORT", "eighty", "must be a whole number (port of that server"),
        ("TIDINGS_HTTP_PORT", "-1", "must be 0 or more ("),
        ("TIDINGS_HTTP_PORT", "99999", "must be 65535 or less ("),
        ("TIDINGS_FETCH_TIMEOUT", "soon", "must be a number (seconds a whole request may take)"),
        ("TIDINGS_FETCH_TIMEOUT", "0", "must be greater than 0 (seconds a whole request may take)"),
        ("TIDINGS_LOG_LEVEL", "loud", "must be DEBUG, INFO, WARNING or ERROR ("),
        ("TIDINGS_ALLOW_PRIVATE_NETWORKS", "perhaps", "must be true or false ("),
        ("TELEGRAM_API_BASE_URL", "nope", "must be a web address, such as https://example.org (root of the Bot API"),
    ],
)
def test_what_a_setting_must_be_is_said(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert refusal.value.reason.startswith(said)


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh@pinyin"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_chat_speaks_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in LOCALE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert interface_language(None) == language
    assert interface_language("zh-CN") == "zh"


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:hush")

    settings = load_settings()

    assert isinstance(settings.telegram_bot_token, SecretStr)
    assert "hush" not in repr(settings)
    assert settings.secrets == ("123:hush",)


def test_who_may_use_the_bot_is_named_by_number_or_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_ADMINS", "7, 8")
    monkeypatch.setenv("TELEGRAM_ALLOW", "@Ada_L, -1005 9")
    monkeypatch.setenv("TELEGRAM_BLOCK", "9")

    settings = load_settings()

    assert settings.admins == {"telegram:7", "telegram:8"}
    assert {listing.who: listing.verdict.value for listing in settings.listings} == {
        "@ada_l": "allowed",
        "telegram:-1005": "allowed",
        "telegram:9": "blocked",
    }


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TELEGRAM_ADMINS", "@ada_l", "'@ada_l' is no number of a person's in Telegram, such as 123456"),
        ("TELEGRAM_ALLOW", "7, ada", "'ada' is no number in Telegram, such as 123456 or -1001234, and no @name"),
        ("TELEGRAM_BLOCK", "<b>", "'<b>' is no number in Telegram"),
    ],
)
def test_who_is_no_one_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert (refusal.value.setting, said.replace("'", "") in refusal.value.reason) == (variable, True)


def test_who_is_forgotten_is_known_by_a_key_of_the_token_where_a_reader_s_day_has_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = Settings(daily_tokens=5).budget_key
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:abc")
    bounded, unbounded = Settings(daily_questions=5).budget_key, Settings(daily_questions_all=5).budget_key
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:abd")
    other = Settings(daily_questions=5).budget_key

    assert (without, unbounded) == (None, None)
    assert bounded is not None
    assert b"abc" not in bounded
    assert bounded != other

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.living import interface_language
from bot.settings import LOCALE_VARIABLES, SECRETS, Settings, load_settings, variable
from storage.errors import SettingsError

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def variables() -> dict[str, str]:
    """Every setting's variable with its default, as `.env.example` should write it."""
    fields = Settings.model_fields.items()
    plain = {variable(name): "" if field.default is None else str(field.default) for name, field in fields}
    return plain | {f"{variable(name)}_FILE": "" for name in SECRETS}


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


def test_every_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SECRETS:
        (tmp_path / name).write_text(f" of_{name}\n", encoding="utf-8")
        monkeypatch.setenv(f"{variable(name)}_FILE", str(tmp_path / name))

    settings = load_settings()

    assert settings.database_url == "of_database_url"
    assert {"of_telegram_bot_token", "of_telegram_webhook_secret", "of_llm_api_key"} <= set(settings.secrets)


def test_a_secret_is_given_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush", encoding="utf-8")
    monkeypatch.setenv("TIDINGS_LLM_API_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TIDINGS_LLM_API_KEY", "hush")

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert str(refusal.value) == "TIDINGS_LLM_API_KEY_FILE: is set, and so is TIDINGS_LLM_API_KEY: set one of the two"


def test_an_empty_variable_leaves_the_secret_to_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123:hush", encoding="utf-8")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "")

    assert load_settings().secrets == ("123:hush",)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read: No such file or directory"), (b" \n", "is empty"), (b"hush \xff", "is not UTF-8 text")],
)
def test_a_file_that_is_of_no_use_is_named_without_what_it_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(path))

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert str(refusal.value) == f"TELEGRAM_BOT_TOKEN_FILE: {path} {said}"


def test_the_database_s_password_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_DATABASE_URL", "postgresql://tidings:hu%2Fsh@db/tidings")

    settings = load_settings()

    assert settings.secrets == ("hu/sh",)
    assert "hu%2Fsh" not in repr(settings)


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

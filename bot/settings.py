"""The only reader of the environment. Everything else is handed what it needs.

Settings come from the environment and from `.env` in the working folder, the environment winning. A secret may lie in
a file instead, which the variable of its name with `_FILE` behind it names. `.env.example` lists every one; a test
keeps the two equal.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.messenger.operators.names import all_called, people
from storage.domain.access import Budgets, Listing, Source, Verdict
from storage.domain.people import ReaderId
from storage.errors import SettingsError

PREFIX = "TIDINGS_"
ENV_FILE = ".env"
LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What says the language of messages; the first that is set counts."""

_WHOLE, _NUMBER, _SWITCH = "must be a whole number", "must be a number", "must be true or false"
_WANTED = {
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "bool_parsing": _SWITCH,
    "greater_than": "must be greater than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "literal_error": "must be {expected}",
    "url": "must be a web address, such as https://example.org",
    "value_error": "{error}",
}
"""What a setting must be, by the kind of pydantic's error, whose own words are a programmer's."""


class Settings(BaseSettings):
    """How this instance is set up. The descriptions are the documentation: `tidings doctor` and the README use them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, frozen=True, extra="ignore", validate_default=True
    )

    home: Path = Field(
        default=Path("~/.tidings"),
        description="folder that holds all state: database, indexes, history, locks",
    )
    database_url: str | None = Field(
        default=None, repr=False, description="SQLAlchemy URL of the database; empty is SQLite in TIDINGS_HOME"
    )
    keys_url: str | None = Field(
        default=None,
        repr=False,
        description="SQLAlchemy URL of another database for the keys of what readers write; empty is a file beside the "
        "database, or a table in it on PostgreSQL that no backup of Tidings has",
    )
    keys_secret: SecretStr | None = Field(
        default=None,
        description="secret that seals those keys themselves, for good, such as of `openssl rand -base64 32`; empty "
        "keeps them as they are",
    )
    chroma_url: HttpUrl | None = Field(
        default=None, description="URL of a Chroma server; empty is embedded Chroma in TIDINGS_HOME"
    )
    encoder: str | None = Field(
        default=None,
        description="sentence-transformers model, by name or path; empty is the one that was trained here and "
        "installed, else tidings-news-1, which ships",
    )
    encoder_precision: Literal["int8", "float32"] = Field(
        default="int8",
        description="int8 is twice as fast on a processor; float32 uses a GPU where there is one",
    )
    reranker: str = Field(
        default="tidings",
        description="what looks again at what was found: tidings, none, a file of `tidings train reranker`, or a "
        "sentence-transformers cross-encoder",
    )
    cache: Path = Field(
        default=Path("~/.cache/tidings"),
        description="folder of what can be made again, shared by instances: encoders in int8",
    )
    llm: Literal["extractive", "transformers", "openai"] = Field(
        default="extractive",
        description="the engine that writes answers: extractive quotes and needs no model, transformers runs a model "
        "in this process, openai asks a server",
    )
    llm_model: str | None = Field(
        default=None,
        description="the language model: for transformers a name on the model hub, a folder, a GGUF file or smollm2; "
        "for openai as the server names it, empty is the first that it lists",
    )
    llm_base_url: str | None = Field(
        default=None,
        description="root of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1; several, separated by "
        "commas, are tried in this order",
    )
    llm_api_key: SecretStr | None = Field(default=None, description="key of those servers, if they ask for one")
    llm_context: int = Field(
        default=8192, ge=1024, le=1_048_576, description="tokens that a prompt and what is written may have together"
    )
    llm_timeout: float = Field(
        default=60.0,
        gt=0,
        description="seconds a reader waits for all that the model writes, a third of them for its first words",
    )
    llm_readers: int = Field(
        default=32, gt=0, le=4096, description="replies that a model in this process writes at once"
    )
    llm_bits: Literal["", "4", "8"] = Field(
        default="", description="4 or 8: how many bits a weight is cut down to on a GPU; empty is as the model comes"
    )
    feeds: Path | None = Field(
        default=None,
        description="OPML file of the feeds a new instance starts with; empty is the shipped list",
    )
    allow_private_networks: bool = Field(
        default=False, description="true lets feeds and pages be read from private addresses (an intranet)"
    )
    fetch_timeout: float = Field(default=20.0, gt=0, description="seconds a whole request may take")
    fetch_max_bytes: int = Field(default=15 * 1024 * 1024, gt=0, description="bytes a page or feed may have, decoded")
    ingest_every: int = Field(default=15, gt=0, le=10_080, description="minutes between two readings of the feeds")
    keep_articles: int = Field(
        default=0, ge=0, le=36_500, description="days that articles are kept after they came in; 0 is for good"
    )
    keep_talk: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="days that what readers ask and are answered is kept; 0 is for good, the last of each conversation",
    )
    http_host: str = Field(default="127.0.0.1", description="address the health and webhook server listens on")
    http_port: int = Field(default=8080, ge=0, le=65535, description="port of that server; 0 picks a free one")
    metrics_token: SecretStr | None = Field(
        default=None,
        description="what Prometheus sends as its bearer token to read /metrics on that server; empty is no /metrics",
    )
    daily_questions: int = Field(default=0, ge=0, description="questions a reader may ask in a day (UTC); 0 is any")
    daily_questions_all: int = Field(default=0, ge=0, description="questions all readers may ask together in a day")
    daily_tokens: int = Field(
        default=0, ge=0, description="tokens a language model may read and write for a reader in a day; 0 is any"
    )
    daily_tokens_all: int = Field(default=0, ge=0, description="tokens it may for all readers together in a day")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="how much is logged, to standard error"
    )
    telegram_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="token from @BotFather; needed by `tidings serve`",
    )
    telegram_api_base_url: HttpUrl = Field(
        default=HttpUrl("https://api.telegram.org"),
        validation_alias="TELEGRAM_API_BASE_URL",
        description="root of the Bot API server",
    )
    telegram_webhook_url: HttpUrl | None = Field(
        default=None,
        validation_alias="TELEGRAM_WEBHOOK_URL",
        description="public https address of this instance; empty is long polling",
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_WEBHOOK_SECRET",
        description="secret Telegram repeats with each webhook call; needed with TELEGRAM_WEBHOOK_URL",
    )

    telegram_admins: str = Field(
        default="",
        validation_alias="TELEGRAM_ADMINS",
        description="numbers in Telegram of those who may use the commands for operators",
    )
    telegram_closed: bool = Field(
        default=False,
        validation_alias="TELEGRAM_CLOSED",
        description="true lets only those use the bot who are allowed, here or by an operator in the chat",
    )
    telegram_allow: str = Field(
        default="",
        validation_alias="TELEGRAM_ALLOW",
        description="who may use a closed bot: numbers of people and groups, or @names",
    )
    telegram_block: str = Field(
        default="",
        validation_alias="TELEGRAM_BLOCK",
        description="who may not use the bot: numbers of people and groups, or @names",
    )

    @field_validator("telegram_admins")
    @classmethod
    def _are_people(cls, words: str) -> str:
        people(words)
        return words

    @field_validator("telegram_allow", "telegram_block")
    @classmethod
    def _are_called(cls, words: str) -> str:
        all_called(words)
        return words

    @field_validator("home", "cache", "feeds")
    @classmethod
    def _resolve_home(cls, path: Path | None) -> Path | None:
        try:
            return path.expanduser() if path else None
        except RuntimeError as error:
            raise ValueError("names the home folder of somebody who has none here") from error

    @property
    def admins(self) -> frozenset[ReaderId]:
        """Who may do what operators do in the chat."""
        return people(self.telegram_admins)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Of whom it is said here that they may use the bot, or may not; who is said both may not."""
        allowed, blocked = all_called(self.telegram_allow), all_called(self.telegram_block)
        said = dict.fromkeys(allowed, Verdict.ALLOWED) | dict.fromkeys(blocked, Verdict.BLOCKED)
        return tuple(Listing(who=who, verdict=verdict, source=Source.SETTINGS) for who, verdict in said.items())

    @property
    def budgets(self) -> Budgets:
        """How much of the bot may be had in a day."""
        return Budgets(
            questions=self.daily_questions,
            all_questions=self.daily_questions_all,
            tokens=self.daily_tokens,
            all_tokens=self.daily_tokens_all,
        )

    @property
    def budget_key(self) -> bytes | None:
        """By which readers are known whose day goes on to count though they were forgotten.

        It is made of the bot's token; `None` where there is none, or a reader's day has no bound.
        """
        bounded = self.daily_questions or self.daily_tokens
        if self.telegram_bot_token is None or not bounded:
            return None
        return hashlib.sha256(b"budgets " + self.telegram_bot_token.get_secret_value().encode()).digest()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        given = (getattr(self, name) for name in SECRETS)
        secrets = [each.get_secret_value() for each in given if isinstance(each, SecretStr)]
        passwords = [_password(self.database_url), _password(self.keys_url)]
        return (*secrets, *(each for each in passwords if each is not None))


SECRETS = tuple(
    name
    for name, field in Settings.model_fields.items()
    if SecretStr in get_args(field.annotation) or name in {"database_url", "keys_url"}
)
"""What may lie in a file, as containers and systemd hand it over: of VARIABLE, in the one that VARIABLE_FILE names."""


def variable(name: str) -> str:
    """The variable that gives a setting."""
    alias = Settings.model_fields[name].validation_alias
    return str(alias) if alias else f"{PREFIX}{name.upper()}"


def load_settings() -> Settings:
    """Read the settings once.

    Raises:
        SettingsError: One is missing, unusable or unknown; its text names the variable, never a secret's value.
    """
    try:
        given = {**dotenv_values(ENV_FILE), **{name: text for name, text in os.environ.items() if text}}
        _refuse_unknown({*given, *os.environ})
        return Settings(**_from_files(given))
    except UnicodeDecodeError as error:
        raise SettingsError(ENV_FILE, "is not UTF-8 text") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "settings"
        name = field if field.isupper() else f"{PREFIX}{field.upper()}"
        described = Settings.model_fields[field.lower()].description if first["loc"] else None
        raise SettingsError(name, f"{_wanted(first)} ({described})" if described else _wanted(first)) from None


def locale_language() -> str | None:
    """The language of the locale (ISO 639-1), whether or not that is installed here; `None` for the plain one."""
    tag = next((given for name in LOCALE_VARIABLES if (given := os.environ.get(name))), "")
    language = re.split("[_.@-]", tag, maxsplit=1)[0].lower()
    return None if language in {"", "c", "posix"} else language


def _from_files(given: Mapping[str, str | None]) -> dict[str, Any]:
    """The secrets that lie in files, by what `Settings` calls them.

    Raises:
        SettingsError: One is given twice, or its file cannot be used; its text holds nothing of the file's.
    """
    found = {}
    for name in SECRETS:
        plain = variable(name)
        by_file = f"{plain}_FILE"
        path = given.get(by_file)
        if not path:
            continue
        if given.get(plain):
            raise SettingsError(by_file, f"is set, and so is {plain}: set one of the two")
        try:
            text = Path(path).expanduser().read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            raise SettingsError(by_file, f"{path} is not UTF-8 text") from None
        except (OSError, RuntimeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise SettingsError(by_file, f"{path} cannot be read: {reason}") from None
        if not text:
            raise SettingsError(by_file, f"{path} is empty")
        found[str(Settings.model_fields[name].validation_alias or name)] = text
    return found


def _password(url: str | None) -> str | None:
    """What stands as one in a URL, if it does."""
    try:
        return unquote(urlsplit(url or "").password or "") or None
    except ValueError:  # what is no URL the database will refuse
        return None


def _wanted(error: Mapping[str, Any]) -> str:
    """What a setting must be, from what was wrong with it."""
    kind = "url" if error["type"].startswith("url_") else error["type"]
    if kind not in _WANTED:
        return str(error["msg"])
    return _WANTED[kind].format(**error.get("ctx", {})).replace("'", "")


def _refuse_unknown(names: Iterable[str]) -> None:
    """A variable that looks like a setting and is none would change nothing, which nobody would notice."""
    known = [variable(name) for name in Settings.model_fields] + [f"{variable(name)}_FILE" for name in SECRETS]
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1)
            raise SettingsError(name, f"is no setting; did you mean {near[0]}?" if near else "is no setting")

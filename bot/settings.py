"""The only reader of the environment. Everything else is handed what it needs.

Settings come from the environment and from `.env` in the working folder, the environment winning. `.env.example`
lists every one; a test keeps the two equal.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.errors import SettingsError


class Settings(BaseSettings):
    """How this instance is set up. The descriptions are the documentation: `tidings doctor` and the README use them."""

    model_config = SettingsConfigDict(
        env_prefix="TIDINGS_", env_file=".env", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    home: Path = Field(
        default=Path("~/.tidings"),
        description="folder that holds all state: database, indexes, history, locks",
    )
    database_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the database; empty is SQLite in TIDINGS_HOME"
    )
    chroma_url: HttpUrl | None = Field(
        default=None, description="URL of a Chroma server; empty is embedded Chroma in TIDINGS_HOME"
    )
    encoder: str = Field(
        default="all-MiniLM-L6-v2",
        description="sentence-transformers model, by name or path; the default ships with Tidings",
    )
    llm: Literal["extractive"] = Field(default="extractive", description="the engine that writes answers")
    feeds: Path | None = Field(
        default=None,
        description="OPML file of the feeds a new instance starts with; empty is the shipped list",
    )
    allow_private_networks: bool = Field(
        default=False, description="true lets feeds and pages be read from private addresses (an intranet)"
    )
    fetch_timeout: float = Field(default=20.0, gt=0, description="seconds a whole request may take")
    fetch_max_bytes: int = Field(default=15 * 1024 * 1024, gt=0, description="bytes a page or feed may have, decoded")
    ingest_every: int = Field(default=15, gt=0, description="minutes between two rounds of reading the feeds")
    http_host: str = Field(default="127.0.0.1", description="address the health and webhook server listens on")
    http_port: int = Field(default=8080, ge=0, le=65535, description="port of that server; 0 picks a free one")
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

    @property
    def home_folder(self) -> Path:
        """`home` with `~` resolved."""
        return self.home.expanduser()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        given = (self.telegram_bot_token, self.telegram_webhook_secret)
        return tuple(secret.get_secret_value() for secret in given if secret is not None)


def load_settings() -> Settings:
    """Read the settings once.

    Raises:
        SettingsError: One is missing or unusable; its text names the variable, never a secret's value.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "settings"
        name = field if field.isupper() else f"TIDINGS_{field.upper()}"
        raise SettingsError(name, str(first["msg"])) from None

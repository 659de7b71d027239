from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.models import chat_model, portrait_writer, storyteller
from bot.settings import Settings
from generation.grounding.listening import patience
from generation.portrait import PortraitWriter, TemplateWriter
from generation.storytelling import ExtractiveStoryteller, GroundedStoryteller
from storage.errors import SettingsError


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, home=Path("/nowhere"), **given)


def test_quoting_needs_no_model() -> None:
    assert chat_model(settings()) is None


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"llm": "transformers"}, "TIDINGS_LLM_MODEL"),
        ({"llm": "openai"}, "TIDINGS_LLM_BASE_URL"),
        ({"llm": "openai", "llm_base_url": " , "}, "TIDINGS_LLM_BASE_URL"),
        ({"llm": "openai", "llm_base_url": "ftp://models.example"}, "TIDINGS_LLM_BASE_URL"),
        ({"llm": "openai", "llm_base_url": "banana"}, "TIDINGS_LLM_BASE_URL"),
        ({"llm": "openai", "llm_base_url": "http://127.0.0.1:9", "llm_api_key": "sk-\n秘"}, "TIDINGS_LLM_API_KEY"),
    ],
)
def test_a_setting_that_is_missing_or_useless_is_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        chat_model(settings(**given))

    assert caught.value.setting == named


async def test_a_server_is_named_without_being_asked() -> None:
    model = chat_model(settings(llm="openai", llm_base_url="http://127.0.0.1:9", llm_model="qwen", llm_context=4096))

    assert model is not None
    assert "qwen" in model.name
    assert model.context == 4096
    await model.close()


async def test_a_model_in_this_process_is_not_loaded_before_it_is_needed(tmp_path: Path) -> None:
    model = chat_model(settings(llm="transformers", llm_model=str(tmp_path)))

    assert model is not None
    assert model.name == tmp_path.name
    await model.close()


def test_the_key_is_a_secret() -> None:
    assert settings(llm_api_key="sk-not-seen").secrets == ("sk-not-seen",)


async def test_what_tells_stories_quotes_without_a_model_and_waits_for_one_as_set() -> None:
    model = chat_model(settings(llm="openai", llm_base_url="http://127.0.0.1:9", llm_model="qwen"))
    assert model is not None

    teller, writer = (make(model, settings(llm_timeout=9)) for make in (storyteller, portrait_writer))

    assert isinstance(storyteller(None, settings()), ExtractiveStoryteller)
    assert isinstance(portrait_writer(None, settings()), TemplateWriter)
    assert isinstance(teller, GroundedStoryteller)
    assert isinstance(writer, PortraitWriter)
    assert teller.patience == writer.patience == patience(timedelta(seconds=9))
    await model.close()

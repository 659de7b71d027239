"""The language model that the settings name, and what writes with it. Knows both kinds of model; loads neither."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.flows.ports import Engine
from bot.flows.summarize import Summarizer
from bot.settings import Settings
from generation.engines.extractive import ExtractiveEngine
from generation.engines.grounded import GroundedEngine
from generation.grounding.listening import patience
from generation.portrait import PortraitWriter, TemplateWriter
from generation.retell import GroundedSummarizer
from generation.storytelling import ExtractiveStoryteller, GroundedStoryteller
from generation.summarize import ExtractiveSummarizer
from storage.errors import GenerationError, SettingsError

if TYPE_CHECKING:
    from generation.engines.loading import Bits
    from generation.ports import ChatModel

_PORTRAIT_SECONDS = 20.0
_BITS: dict[str, Bits] = {"4": 4, "8": 8}


def chat_model(settings: Settings) -> ChatModel | None:
    """The model, not yet loaded; `None` where answers are quoted.

    Raises:
        SettingsError: A setting that it needs is missing or cannot be used.
    """
    if settings.llm == "transformers":
        return _in_process(settings)
    if settings.llm == "openai":
        return _served(settings)
    return None


def engine(
    model: ChatModel | None,
    settings: Settings,
    quoting: ExtractiveEngine,
    doubted: Callable[[int], None] | None = None,
) -> Engine:
    """What answers: the model, checked, or the sources' own words, which `quoting` finds."""
    if model is None:
        return quoting
    waits = patience(timedelta(seconds=settings.llm_timeout))
    return GroundedEngine(model=model, quoting=quoting, patience=waits, doubted=doubted)


def summarizer(model: ChatModel | None, settings: Settings) -> Summarizer:
    """What sums documents up, in the same way."""
    if model is None:
        return ExtractiveSummarizer()
    return GroundedSummarizer(model=model, patience=patience(timedelta(seconds=settings.llm_timeout)))


def storyteller(model: ChatModel | None, settings: Settings) -> ExtractiveStoryteller | GroundedStoryteller:
    """What names stories and tells them in a few lines, in the same way."""
    if model is None:
        return ExtractiveStoryteller()
    return GroundedStoryteller(model=model, patience=patience(timedelta(seconds=settings.llm_timeout)))


def portrait_writer(model: ChatModel | None, settings: Settings) -> PortraitWriter | TemplateWriter:
    """What puts a reader's interests into plain words, in the same way; nobody waits for those as for an answer."""
    if model is None:
        return TemplateWriter()
    whole = min(settings.llm_timeout, _PORTRAIT_SECONDS)
    return PortraitWriter(model=model, patience=patience(timedelta(seconds=whole)))


def _in_process(settings: Settings) -> ChatModel:
    from generation.engines.loading import find
    from generation.engines.transformers import TransformersModel

    if settings.llm_model is None:
        raise SettingsError("TIDINGS_LLM_MODEL", "is missing: name a model, its folder or GGUF file; smollm2 to try it")
    try:
        weights = find(settings.llm_model, _BITS.get(settings.llm_bits))
        return TransformersModel(weights, running=settings.llm_readers, context=settings.llm_context)
    except GenerationError as error:
        raise SettingsError("TIDINGS_LLM_MODEL", error.reason) from error


def _served(settings: Settings) -> ChatModel:
    from generation.engines.openai import OpenAIModel
    from generation.engines.openai_server import Bounds

    urls = [url.strip() for url in (settings.llm_base_url or "").split(",") if url.strip()]
    if not urls:
        raise SettingsError(
            "TIDINGS_LLM_BASE_URL", "is missing: the root of a server, such as http://127.0.0.1:8000/v1"
        )
    key = settings.llm_api_key.get_secret_value().strip() if settings.llm_api_key else None
    if key and not (key.isascii() and key.isprintable()):
        raise SettingsError("TIDINGS_LLM_API_KEY", "has characters that a key cannot have")
    # Less than a reader waits for the first words, or a server that hangs is never found out.
    whole = timedelta(seconds=settings.llm_timeout)
    try:
        return OpenAIModel(
            urls,
            model=settings.llm_model,
            api_key=key,
            context=settings.llm_context,
            bounds=Bounds(first=whole / 4, between=whole / 4),
        )
    except GenerationError as error:
        raise SettingsError("TIDINGS_LLM_BASE_URL", error.reason) from error

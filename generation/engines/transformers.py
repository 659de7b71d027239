"""A chat model in this process, with transformers: on a GPU where there is one, for many readers at once.

Nothing is loaded before it is needed. Always the likeliest token is written, so that the same prompt gives the same
words. Texts cannot speak for the chat: what would be read as the mark of a turn is broken up in them.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generation.device import Device
from generation.engines.batching import open_device
from generation.engines.loading import Weights
from generation.messages import Message, Prompt, Role
from generation.worker import Worker
from storage.errors import GenerationError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_UNKNOWN = "\ufffd"

# For models that were never told how a chat looks.
_PLAIN = (
    "{{ bos_token }}{% for message in messages %}{{ message['role'] | capitalize }}: {{ message['content'] }}\n\n"
    "{% endfor %}{% if add_generation_prompt %}Assistant:{% endif %}"
)


class TransformersModel:
    """A language model implementing `generation.ports.ChatModel`.

    Args:
        weights: Which one.
        running: How many replies are written at once; on a processor not more than 8.
        waiting: How many may wait for their turn; as many as are written at once where `None`. More are told that the
            model is busy.
        context: How many tokens a prompt and its reply may have together; fewer where the model knows only fewer.
    """

    def __init__(self, weights: Weights, *, running: int = 32, waiting: int | None = None, context: int = 8192) -> None:
        self._weights = weights
        self._most_context = context
        self._speech: _Speech | None = None
        self._reading = threading.Lock()
        self._model: PreTrainedModel | None = None
        self._worker = Worker(weights.name, self._open, running=running, waiting=waiting)

    @property
    def name(self) -> str:
        return self._weights.name

    @property
    def context(self) -> int:
        """As `count`, it reads the tokenizer first."""
        return self._spoken().context

    @property
    def running(self) -> int:
        """How many replies are written at once: halved each time that memory runs out."""
        return self._worker.running

    def count(self, text: str) -> int:
        """Exactly. The tokenizer is read first, for about a second, where `load` has not done so."""
        return self._spoken().count(text)

    async def load(self) -> None:
        """Load the model now rather than with the first prompt.

        Raises:
            GenerationError: It cannot be loaded.
        """
        await self._worker.ready()

    async def write(self, prompt: Prompt) -> AsyncGenerator[str]:
        """Pieces of text as they are written, cut between characters.

        Raises:
            ModelBusy: Too many are waiting.
            GenerationError: The model cannot be loaded or failed, or the prompt is too long for it.
        """
        async with self._worker.turn() as device:
            tokens = await self._worker.run(self._read, prompt)
            text = _Text(self._spoken().tokenizer)
            async with aclosing(self._worker.write(device, tokens, prompt.tokens)) as steps:
                async for step in steps:
                    if piece := text.add(step.tokens, last=step.finished):
                        yield piece

    async def close(self) -> None:
        await self._worker.close()
        self._model = None

    def _read(self, prompt: Prompt) -> Sequence[int]:
        from jinja2 import TemplateError

        speech = self._spoken()
        try:
            tokens = speech.tokens(prompt.messages)
        except TemplateError as error:
            raise GenerationError(self.name, f"its chat template takes no such prompt: {error}") from error
        if len(tokens) + prompt.tokens > speech.context:
            reason = f"its context has {speech.context} tokens, the prompt {len(tokens)} and its reply {prompt.tokens}"
            raise GenerationError(self.name, f"the prompt is too long: {reason}")
        return tokens

    def _spoken(self) -> _Speech:
        with self._reading:
            if self._speech is None:
                known = getattr(self._weights.config().get_text_config(), "max_position_embeddings", None)
                self._speech = _Speech(
                    tokenizer=self._weights.tokenizer(), context=min(self._most_context, known or self._most_context)
                )
            return self._speech

    def _open(self, running: int) -> Device:
        speech = self._spoken()
        if self._model is None:
            self._model = self._weights.model()
        return open_device(self._model, set(self._stops(self._model)), running=running, context=speech.context)

    def _stops(self, model: PreTrainedModel) -> Iterator[int]:
        """The tokens that end a reply, which models name in two places."""
        for stop in (self._spoken().tokenizer.eos_token_id, getattr(model.generation_config, "eos_token_id", None)):
            if stop is not None:
                yield from [stop] if isinstance(stop, int) else stop


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speech:
    """How a model reads: its tokens, and how many at once."""

    tokenizer: PreTrainedTokenizerBase
    context: int

    def count(self, text: str) -> int:
        return len(self.tokenizer.encode(self._harmless(text), add_special_tokens=False))

    def tokens(self, messages: Sequence[Message]) -> list[int]:
        """A chat up to where the model is to go on."""
        from jinja2 import TemplateError

        try:
            return self._templated(messages)
        except TemplateError:
            # Some know no system.
            return self._templated(_without_system(messages))

    def _templated(self, messages: Sequence[Message]) -> list[int]:
        read: Any = self.tokenizer.apply_chat_template(
            [{"role": message.role.value, "content": self._harmless(message.text)} for message in messages],
            chat_template=None if self.tokenizer.chat_template else _PLAIN,
            add_generation_prompt=True,
            return_dict=True,
            # Where the model can be told: readers wait for the answer, not for what it says to itself.
            enable_thinking=False,
        )
        tokens: list[int] = read["input_ids"]
        return tokens

    def _harmless(self, text: str) -> str:
        """A text that holds none of the marks that only the chat itself may set, such as the end of a turn."""
        for token in self.tokenizer.added_tokens_decoder.values():
            if token.special and len(token.content) > 1 and token.content in text:
                text = text.replace(token.content, f"{token.content[0]} {token.content[1:]}")
        return text


class _Text:
    """The text of tokens that come one after another, never cut within a character.

    A character may take several tokens, and what a token means may hang on the one before it, as where a space goes. So
    each piece is what the last tokens mean more than those of them that were there before.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._start = self._given = 0

    def add(self, tokens: Sequence[int], *, last: bool) -> str:
        """What is new, given all tokens so far; empty where it ends within a character, which is dropped at the end."""
        before = self._decoded(tokens[self._start : self._given])
        now = self._decoded(tokens[self._start :])
        if last:
            return now.rstrip(_UNKNOWN)[len(before) :]
        if now.endswith(_UNKNOWN):
            return ""
        self._start, self._given = self._given, len(tokens)
        return now[len(before) :]

    def _decoded(self, tokens: Sequence[int]) -> str:
        text = self._tokenizer.decode(list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False)
        assert isinstance(text, str)  # noqa: S101 # for the type checker: of one reply, not of several
        return text


def _without_system(messages: Sequence[Message]) -> list[Message]:
    """The same, with what the system says at the head of what the first reader does."""
    said = "\n\n".join(message.text for message in messages if message.role is Role.SYSTEM)
    rest = [message for message in messages if message.role is not Role.SYSTEM]
    if not said or not rest:
        return list(messages)
    return [Message(role=rest[0].role, text=f"{said}\n\n{rest[0].text}"), *rest[1:]]

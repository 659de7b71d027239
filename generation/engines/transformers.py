"""A chat model in this process, with transformers: on a GPU where there is one, for many readers at once.

Nothing is loaded before it is needed. Always the likeliest token is written, so that the same prompt gives the same
words. Texts cannot speak for the chat: what would be read as the mark of a turn is broken up in them. What a model
writes down as its thoughts is left out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generation.device import Device
from generation.engines.batching import open_device
from generation.engines.loading import Weights
from generation.engines.thoughts import OPENING, Thoughts
from generation.messages import Message, Prompt, Role
from generation.worker import TRY_AGAIN_SECONDS, Worker, reason_of
from storage.errors import GenerationError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_UNKNOWN = "\ufffd"
# How many tokens the mark of thoughts and the lines after it may be.
_MOST_OF_MARK = 16

# For models that were never told how a chat looks.
_PLAIN = (
    "{{ bos_token }}{% for message in messages %}{{ message['role'] | capitalize }}: {{ message['content'] }}\n\n"
    "{% endfor %}{% if add_generation_prompt %}Assistant:{% endif %}"
)


class TransformersModel:
    """A language model implementing `generation.ports.ChatModel`.

    Args:
        weights: Which one.
        running: How many replies are written at once; on a processor at most 4.
        waiting: How many may wait for their turn; half as many as are written at once where `None`. More are told that
            the model is busy.
        context: How many tokens a prompt and its reply may have together; fewer where the model knows only fewer.
    """

    def __init__(self, weights: Weights, *, running: int = 32, waiting: int | None = None, context: int = 8192) -> None:
        self._weights = weights
        self._most_context = context
        self._speech: _Speech | None = None
        self._unreadable = ""
        self._try_again = 0.0
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
            speech = self._spoken()
            text, thoughts, wrote = _Text(speech.tokenizer), Thoughts(inside=speech.opens_thoughts(tokens)), False
            async with aclosing(self._worker.write(device, tokens, prompt.tokens)) as steps:
                async for step in steps:
                    piece = thoughts.without(text.add(step.tokens, last=step.finished))
                    if step.finished:
                        piece += thoughts.rest()
                    if piece:
                        wrote = True
                        yield piece
            if thoughts.inside and not wrote:
                raise GenerationError(self.name, f"it wrote nothing but thoughts, in up to {prompt.tokens} tokens")

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
        """How it reads, which is read first where it was not yet.

        Raises:
            GenerationError: That cannot be read; who asks within a minute is told so at once.
        """
        with self._reading:
            if self._speech is None:
                if time.monotonic() < self._try_again:
                    raise GenerationError(self.name, self._unreadable)
                try:
                    self._speech = self._read_speech()
                except Exception as error:
                    # Of any kind, as any library's. Readers, who come here one by one, would each wait for the same.
                    self._try_again = time.monotonic() + TRY_AGAIN_SECONDS
                    self._unreadable = reason_of(error)
                    raise GenerationError(self.name, self._unreadable) from error
            return self._speech

    def _read_speech(self) -> _Speech:
        known = getattr(self._weights.config().get_text_config(), "max_position_embeddings", None)
        return _Speech(
            tokenizer=self._weights.tokenizer(), context=min(self._most_context, known or self._most_context)
        )

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

    def opens_thoughts(self, tokens: Sequence[int]) -> bool:
        """Whether a prompt ends with the mark that thoughts begin with."""
        return _decoded(self.tokenizer, tokens[-_MOST_OF_MARK:], marks=True).rstrip().endswith(OPENING)

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
        before = _decoded(self._tokenizer, tokens[self._start : self._given])
        now = _decoded(self._tokenizer, tokens[self._start :])
        if last:
            return now.rstrip(_UNKNOWN)[len(before) :]
        if now.endswith(_UNKNOWN):
            return ""
        self._start, self._given = self._given, len(tokens)
        return now[len(before) :]


def _decoded(tokenizer: PreTrainedTokenizerBase, tokens: Sequence[int], *, marks: bool = False) -> str:
    """The text of tokens, with the chat's own marks where these are wanted."""
    text = tokenizer.decode(list(tokens), skip_special_tokens=not marks, clean_up_tokenization_spaces=False)
    assert isinstance(text, str)  # noqa: S101 # for the type checker: of one reply, not of several
    return text


def _without_system(messages: Sequence[Message]) -> list[Message]:
    """The same, with what the system says at the head of what the first reader does."""
    said = "\n\n".join(message.text for message in messages if message.role is Role.SYSTEM)
    rest = [message for message in messages if message.role is not Role.SYSTEM]
    if not said or not rest:
        return list(messages)
    return [Message(role=rest[0].role, text=f"{said}\n\n{rest[0].text}"), *rest[1:]]

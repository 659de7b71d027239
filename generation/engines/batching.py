"""Devices that write with transformers: many replies at once, or one after another where a model allows no more.

Many at once is the library's own continuous batching: replies join and leave a running batch token by token, and what
prompts have in common at their beginning is read once. Measured on one core with SmolLM2 and prompts of 161 tokens, 8
readers: 28 tokens/s, 39 once the common beginning has been read, against 11 one after another; the same words.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from generation.device import Device, Step

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel
    from transformers.generation.continuous_batching.continuous_api import ContinuousBatchingManager
    from transformers.generation.continuous_batching.requests import GenerationOutput

_log = logging.getLogger(__name__)

# Tokens whose keys and values lie together. What prompts share is found in whole pages, and the kernels that read
# pages where they lie want 256.
_PAGE_ON_CPU, _PAGE = 32, 256
# Tokens computed at once. Between two such steps replies come and go, so that a step must stay well under a second:
# 0.3 s on one core with SmolLM2.
_STEP_ON_CPU, _STEP = 128, 2048
# More than these hardly gain on a few cores (4 readers 22 tokens/s together, 8 readers 24), and each waits longer.
_MOST_ON_CPU = 4
# Tokens that a prompt and its reply usually have together, at most. Room is kept for as many such as are written.
_USUAL = 4096
_LITTLE_ROOM = "there is too little memory for a context of {} tokens"
_STOP_SECONDS = 10.0
_STARVED = ("can't allocate memory", "ALLOC_FAILED")


def open_device(model: PreTrainedModel, stops: Collection[int], *, running: int, context: int) -> Device:
    """The device that writes soonest with this model.

    Args:
        model: On its device already.
        stops: The tokens that end a reply.
        running: How many replies at once.
        context: How many tokens a prompt and its reply may have together.
    """
    if len(set(getattr(model, "hf_device_map", {}).values())) > 1:
        _log.warning("chat_model_unbatched", extra={"reason": "it lies on several devices"})
        return OneByOne(model, stops)
    try:
        return Batch(model, stops, running=running, context=context)
    except ValueError as error:
        # Layers that keep something else than keys and values.
        _log.warning("chat_model_unbatched", extra={"reason": str(error)})
        return OneByOne(model, stops)


class Batch:
    """Many replies at once, implementing `Device`.

    Raises:
        ValueError: The model is not of a kind that can be batched.
        MemoryError: There is not room for one reply as long as the context.
    """

    def __init__(self, model: PreTrainedModel, stops: Collection[int], *, running: int, context: int) -> None:
        from transformers.generation.configuration_utils import ContinuousBatchingConfig, GenerationConfig

        on_cpu = model.device.type == "cpu"
        page = _PAGE_ON_CPU if on_cpu else _PAGE
        self._running = min(running, _MOST_ON_CPU) if on_cpu else running
        self._names = itertools.count()

        def prepared(pages: int | None) -> ContinuousBatchingManager:
            # The library types neither of the two.
            choosing = GenerationConfig(do_sample=False, eos_token_id=sorted(stops) or -1, pad_token_id=0)  # type: ignore[no-untyped-call]
            manager: ContinuousBatchingManager = model.init_continuous_batching(  # type: ignore[operator]
                generation_config=choosing,
                continuous_batching_config=ContinuousBatchingConfig(
                    page_size=page,
                    num_blocks=pages,
                    max_batch_tokens=_STEP_ON_CPU if on_cpu else _STEP,
                    max_requests_per_batch=self._running,
                ),
            )
            manager.warmup()
            return manager

        try:
            self._manager = prepared(-(-max(context, self._running * min(context, _USUAL)) // page))
        except MemoryError:
            # All there is left on a GPU is the model's, but a processor's memory is wanted by others too.
            if on_cpu:
                raise MemoryError(_LITTLE_ROOM.format(context)) from None
            self._manager = prepared(None)
        if (self._manager.continuous_batching_config.num_blocks or 0) * page < context:
            raise MemoryError(_LITTLE_ROOM.format(context))
        _start(self._manager)

    @property
    def running(self) -> int:
        return self._running

    @property
    def alive(self) -> bool:
        return self._manager.is_running() and self._manager.background_thread_status.can_accept_new_requests() is None

    def start(self, tokens: Sequence[int], most: int, heard: Callable[[Step], None]) -> str | None:
        name = str(next(self._names))
        self._manager.register_result_handler(name, lambda output: heard(_step(output)))
        return self._manager.add_request(list(tokens), request_id=name, max_new_tokens=most, streaming=True)

    def cancel(self, reply: str) -> None:
        self._manager.cancel_request(reply)
        # The library keeps the handler of a reply until it is finished, which this one never is, and what it still
        # writes of it until somebody asks.
        self._manager.output_router.result_handlers.pop(reply, None)
        while self._manager.get_result(timeout=0) is not None:
            pass

    def close(self) -> bool:
        self._manager.stop(block=True, timeout=_STOP_SECONDS, hard_stop=True)
        self._manager.destroy()
        starved = _is_out_of_memory(self._manager.background_thread_status.fatal_error)
        # The error holds on to the frames it came through, and they to the memory that is needed now.
        self._manager.background_thread_status.fatal_error = None
        _free_memory()
        return starved


class OneByOne:
    """One reply after another, implementing `Device`, for models that cannot be batched or lie on several GPUs."""

    def __init__(self, model: PreTrainedModel, stops: Collection[int]) -> None:
        self._model = model
        self._stops = sorted(stops) or -1
        self._cancelled: dict[str, threading.Event] = {}
        self._names = itertools.count()
        self._error: BaseException | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="chat-model-writing")

    @property
    def running(self) -> int:
        return 1

    @property
    def alive(self) -> bool:
        return self._error is None

    def start(self, tokens: Sequence[int], most: int, heard: Callable[[Step], None]) -> str:
        name = str(next(self._names))
        self._cancelled[name] = threading.Event()
        loop = asyncio.get_running_loop()
        self._thread.submit(self._write, name, tokens, most, lambda step: loop.call_soon_threadsafe(heard, step))
        return name

    def cancel(self, reply: str) -> None:
        if reply in self._cancelled:
            self._cancelled[reply].set()

    def close(self) -> bool:
        for cancelled in list(self._cancelled.values()):
            cancelled.set()
        self._thread.shutdown(cancel_futures=True)
        starved, self._error = _is_out_of_memory(self._error), None
        _free_memory()
        return starved

    def _write(self, name: str, tokens: Sequence[int], most: int, heard: Callable[[Step], object]) -> None:
        import torch

        cancelled = self._cancelled[name]
        prompt = torch.tensor([tokens], device=self._model.device)
        writing = _Follower(heard, cancelled)
        try:
            if not cancelled.is_set():
                self._model.generate(  # type: ignore[operator] # the library mixes it in
                    prompt,
                    attention_mask=torch.ones_like(prompt),
                    max_new_tokens=most,
                    do_sample=False,
                    eos_token_id=self._stops,
                    pad_token_id=0,
                    streamer=writing,
                )
                heard(Step(tokens=writing.written, finished=True))
        except _Cancelled:
            pass
        except Exception as error:  # noqa: BLE001 # as in any library; said to whoever reads
            self._error = error
            heard(Step(failure=str(error) or type(error).__name__))
        finally:
            del self._cancelled[name]


class _Cancelled(Exception):
    """Nobody reads on."""


class _Follower:
    """Is handed the tokens of one reply as `generate` writes them, the prompt's first, and ends it once cancelled."""

    def __init__(self, heard: Callable[[Step], object], cancelled: threading.Event) -> None:
        self.written: tuple[int, ...] = ()
        self._heard = heard
        self._cancelled = cancelled
        self._prompted = False

    def put(self, tokens: torch.Tensor) -> None:
        if self._cancelled.is_set():
            raise _Cancelled
        if self._prompted:
            self.written += tuple(tokens.flatten().tolist())
            self._heard(Step(tokens=self.written))
        self._prompted = True

    def end(self) -> None:
        """What follows is said by whoever started it."""


def _step(output: GenerationOutput) -> Step:
    if output.error is not None:
        return Step(failure=output.error or "failed")
    return Step(tokens=output.generated_tokens, finished=output.is_finished())


def _start(manager: ContinuousBatchingManager) -> None:
    """Start its thread as one that the process does not wait for at its end, which is inherited from whoever starts it.

    Otherwise a program that ends without closing its model would never end.
    """
    import torch

    def start() -> None:
        with torch.inference_mode():
            manager.start()

    starting = threading.Thread(target=start, daemon=True)
    starting.start()
    starting.join()


def _is_out_of_memory(error: BaseException | None) -> bool:
    import torch

    # Processors and libraries of the GPU's know no such error: there it is known by its words.
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(words in str(error) for words in _STARVED)


def _free_memory() -> None:
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()

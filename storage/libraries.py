"""What every use of the model libraries needs: their chatter kept back, and what they raise as one line."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST_REASON = 200
_HUB_SECONDS = 10.0


@contextmanager
def quietly() -> Iterator[None]:
    """Without what the libraries would have their own authors know."""
    import transformers.modeling_gguf_pytorch_utils as unpacking
    from transformers.utils import logging as library_logging

    # The bar of this one heeds no setting, and is not among what the module names as its own.
    setattr(unpacking, "tqdm", lambda items, **_: items)  # noqa: B010
    library_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library leaves it so
    disabled = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(disabled)


def require_on_hub(name: str) -> None:
    """See that the model hub can be reached and has a model of this name, before a library asks it file by file.

    Each of those questions is repeated with growing pauses: 80 s in all to learn that there is no network.

    Raises:
        LookupError: One of the two is not so.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import OfflineModeIsEnabled, RepositoryNotFoundError

    try:
        HfApi().model_info(name, timeout=_HUB_SECONDS)
    except RepositoryNotFoundError as error:
        raise LookupError("neither a folder, nor known to the model hub") from error
    except OfflineModeIsEnabled as error:
        raise LookupError("not on this machine, and HF_HUB_OFFLINE forbids asking the model hub") from error
    except Exception as error:
        # Of any kind: a network has many ways not to be there.
        raise LookupError(
            f"not on this machine, and the model hub cannot be reached ({type(error).__name__})"
        ) from error


def first_line(error: Exception) -> str:
    """What went wrong, however much the library has to say of it."""
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub.errors import OfflineModeIsEnabled, RepositoryNotFoundError

from storage.libraries import first_line, require_on_hub

NOT_THERE = RepositoryNotFoundError("404", response=SimpleNamespace(headers={}, request=None, status_code=404))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (NOT_THERE, "neither a folder, nor known to the model hub"),
        (OfflineModeIsEnabled("https://hub.example"), "HF_HUB_OFFLINE forbids asking the model hub"),
        (OSError("https://hub.example: no route"), r"the model hub cannot be reached \(OSError\)"),
    ],
)
def test_a_model_that_cannot_be_had_is_told_from_a_hub_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str
) -> None:
    asked: list[tuple[str, float]] = []

    def model_info(_self: Any, name: str, *, timeout: float) -> None:
        asked.append((name, timeout))
        raise raised

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", model_info)

    with pytest.raises(LookupError, match=said):
        require_on_hub("no/such-model")

    assert asked == [("no/such-model", 10.0)]


def test_what_went_wrong_is_one_line_of_bounded_length() -> None:
    assert first_line(ValueError("first\nsecond")) == "first"
    assert first_line(ValueError()) == "ValueError"
    assert len(first_line(ValueError("x" * 900))) == 201

from __future__ import annotations

from pathlib import Path

import pytest

from tests.retrieval.training.toys import toy_model


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    """Small models gain nothing from more, and wait for each other."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def untaught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model to which the words of questions and of passages have nothing to do with each other."""
    return toy_model(tmp_path_factory.mktemp("untaught"), spread=0.2)

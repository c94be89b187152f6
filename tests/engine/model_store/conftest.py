"""Fixtures of the model store's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest

from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.store import ModelStore
from tests.engine.model_store.fakes import FakeSource, entry_of, store_with
from tests.engine.model_store.tiny_model import write_tiny_model


@pytest.fixture(scope="session")
def tiny_content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a small valid model."""
    return write_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny.gguf")


@pytest.fixture(autouse=True)
def environment_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No configuration of this machine reaches the tests, and no connection outlives them."""
    for name in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "LIMPET_OFFLINE", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub-home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield
    huggingface_hub.close_session()


@pytest.fixture
def entry(tiny_content: bytes) -> CatalogueEntry:
    return entry_of(tiny_content)


@pytest.fixture
def source(tiny_content: bytes) -> FakeSource:
    return FakeSource(tiny_content)


@pytest.fixture
def store(tmp_path: Path, entry: CatalogueEntry, source: FakeSource) -> ModelStore:
    return store_with(tmp_path / "models", entry, sources=[source])

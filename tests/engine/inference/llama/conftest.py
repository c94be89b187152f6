"""Model files for llama.cpp, made here, and runtimes that have them open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.inference.llama.runtime import LlamaRuntime
from engine.inference.messages import RuntimeSettings
from tests.models.tiny_gguf import write_codeshell, write_llama, write_qwen2


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny model of each kind."""
    folder = tmp_path_factory.mktemp("models")
    return {
        "qwen2": write_qwen2(folder / "tiny-qwen2.gguf"),
        "codeshell": write_codeshell(folder / "tiny-codeshell.gguf"),
        "llama": write_llama(folder / "tiny-llama.gguf"),
    }


@pytest.fixture(scope="module", params=["qwen2", "codeshell", "llama"])
def model_path(request: pytest.FixtureRequest, tiny_models: dict[str, Path]) -> Path:
    """Each kind of model in turn."""
    return tiny_models[request.param]


@pytest.fixture(scope="module")
def opened(model_path: Path) -> Iterator[LlamaRuntime]:
    runtime = LlamaRuntime(
        model_path, RuntimeSettings(context_tokens=2048, parallel_requests=4, threads=2)
    )
    yield runtime
    runtime.close()


@pytest.fixture
def runtime(opened: LlamaRuntime) -> LlamaRuntime:
    """A runtime with an empty cache."""
    for sequence in range(opened.sequence_count):
        opened.truncate(sequence, 0)
    opened.request_abort(False)
    return opened


@pytest.fixture
def qwen2(tiny_models: dict[str, Path]) -> Iterator[LlamaRuntime]:
    """The tiny model of the default model's family, in a small cache."""
    runtime = LlamaRuntime(
        tiny_models["qwen2"], RuntimeSettings(context_tokens=512, parallel_requests=4, threads=1)
    )
    yield runtime
    runtime.close()

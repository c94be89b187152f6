"""What the daemon and the inference worker say to each other."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from engine.inference.language_model import (
    Figures,
    FinishReason,
    GenerationRequest,
    ModelFacts,
    Priority,
    Segment,
)


class RuntimeSettings(msgspec.Struct, frozen=True):
    """How a worker runs a model.

    `context_tokens` are the KV cells of all requests together; `gpu_layers` −1 means all that the
    build can offload. `use_extra_buffers` lets llama.cpp repack weights for the processor.
    """

    context_tokens: int = 16384
    parallel_requests: int = 8
    threads: int = 0
    gpu_layers: int = -1
    use_extra_buffers: bool = True


class Parking(msgspec.Struct, frozen=True):
    """Where states of the KV cache are kept that leave it.

    `memory_bytes` is how much of the worker's memory they may take; 0 means that they are lost.
    `folder` is where those of a project's files are kept, up to `folder_bytes` of them, for the
    next worker whose `model` has the same name: that names the file, the build and the settings.
    """

    memory_bytes: int = 0
    folder: str = ""
    folder_bytes: int = 0
    model: str = ""

    @property
    def keeps_on_disk(self) -> bool:
        """Whether any state is kept for the next worker."""
        return bool(self.folder and self.model and self.folder_bytes and self.memory_bytes)


class Open(msgspec.Struct, frozen=True, tag=True):
    """Load a model; the first message. A path ending in `.toml` is a script for tests.

    `batch_milliseconds` is what the probe measured of a decode, by its tokens; without it no
    answer is drafted."""

    path: str
    settings: RuntimeSettings
    batch_milliseconds: Mapping[int, float] = {}
    parking: Parking = Parking()


class Tokenize(msgspec.Struct, frozen=True, tag=True):
    """Turn segments into tokens."""

    id: int
    segments: tuple[Segment, ...]


class Generate(msgspec.Struct, frozen=True, tag=True):
    """Start an answer."""

    id: int
    request: GenerationRequest


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """End an answer now."""

    id: int


class Hold(msgspec.Struct, frozen=True, tag=True):
    """Compute only what is at least as urgent from now on; another model works."""

    level: Priority


ToWorker = Open | Tokenize | Generate | Cancel | Hold


class Opened(msgspec.Struct, frozen=True, tag=True):
    """The model is ready."""

    facts: ModelFacts


class OpenFailed(msgspec.Struct, frozen=True, tag=True):
    """The model could not be loaded; the worker ends."""

    message: str


class Tokens(msgspec.Struct, frozen=True, tag=True):
    """Each segment's tokens."""

    id: int
    tokens: list[list[int]]


class Pieces(msgspec.Struct, frozen=True, tag=True):
    """More of an answer."""

    id: int
    text: bytes
    log_probabilities: tuple[float, ...]


class Ended(msgspec.Struct, frozen=True, tag=True):
    """An answer's end."""

    id: int
    reason: FinishReason
    figures: Figures


class Refused(msgspec.Struct, frozen=True, tag=True):
    """A request that cannot be answered: its prompt needs more room than there is."""

    id: int
    needed_tokens: int
    available_tokens: int


FromWorker = Opened | OpenFailed | Tokens | Pieces | Ended | Refused

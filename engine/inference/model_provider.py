"""The seam to whoever keeps models loaded: a task names a model and gets one that answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import msgspec

from engine.inference.language_model import LanguageModel, Speed


class Role(StrEnum):
    """What a model is wanted for: each may be served by a different one."""

    COMPLETION = "completion"
    CHAT = "chat"


class Stage(StrEnum):
    """Where a model is on its way to readiness."""

    VERIFYING = "verifying"
    PROBING = "probing"
    LOADING = "loading"
    READY = "ready"


class Slowness(msgspec.Struct, frozen=True):
    """A model that is too slow here to complete code with, and one that may be quick enough.

    `faster_model` is empty where none on offer would be; its seconds are an estimate.
    """

    suggestion_seconds: float
    longest_useful_seconds: float
    faster_model: str = ""
    faster_suggestion_seconds: float = 0.0


class LoadedModelState(msgspec.Struct, frozen=True):
    """A model that is loaded or being loaded. `fraction` is 0 to 1, 0 where not known."""

    model: str
    stage: Stage
    fraction: float = 0.0
    pid: int = 0
    context_length: int = 0
    speed: Speed = Speed()
    running_requests: int = 0
    waiting_requests: int = 0
    answered_requests: int = 0
    restarts: int = 0
    slowness: Slowness | None = None


class ModelProvider(Protocol):
    """Keeps models loaded."""

    async def model_for(self, role: Role, name: str = "") -> tuple[str, LanguageModel]:
        """Return the id and the ready model of that name, or the role's own where it is empty.

        Loads it first where that is needed. Raises ModelNotFound, ModelUnavailable.
        """

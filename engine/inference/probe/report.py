"""What goes into the probe's child process and what comes out."""

from __future__ import annotations

import msgspec

from engine.inference.language_model import Speed
from engine.inference.messages import RuntimeSettings


class ProbeOrder(msgspec.Struct, frozen=True):
    """A model file to be tried, and how."""

    path: str
    settings: RuntimeSettings


class ProbeReport(msgspec.Struct, frozen=True):
    """The speed, or llama.cpp's own words on why it does not load the file."""

    speed: Speed | None = None
    refusal: str = ""


class ProbeResult(msgspec.Struct, frozen=True):
    """What the engine shall run the model with. `fallback` says what had to be given up."""

    settings: RuntimeSettings
    speed: Speed
    fallback: str = ""

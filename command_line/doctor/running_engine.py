"""Checks that need the engine: itself, the default model, memory, network."""

from __future__ import annotations

from collections.abc import Iterator

from command_line import quantities
from command_line.doctor.check import Check, fail, ok, warn
from command_line.doctor.machine import check_disk
from command_line.slowness import slowness_advice, slowness_text
from rpc.client import Limpet
from rpc.engine import EngineStatus
from rpc.models import MemoryFit, ModelCard, ModelState


def check_engine(engine: Limpet) -> Iterator[Check]:
    """Look at the running engine and what it knows. Raises a Failure."""
    status = engine.engine.status()
    yield ok("engine", f"version {status.engine_version}, process {status.pid}, answers")
    if status.worker_restarts:
        text = f"{status.worker_restarts} workers died since the engine started"
        yield warn("workers", text, "Read `limpet engine logs`.")
    for model in status.loaded_models:
        if model.slowness is not None:
            text = slowness_text(model.model, model.slowness)
            yield warn("speed", text, slowness_advice(model.slowness))
    card = engine.models.get("default")
    yield check_model(card)
    yield check_memory(card, status)
    is_here = card.state is ModelState.INSTALLED
    yield check_disk(0 if is_here else card.size_bytes - card.present_bytes)
    yield check_network(status, is_model_here=is_here)


def check_model(card: ModelCard) -> Check:
    """Judge the default model's file."""
    size = quantities.size(card.size_bytes)
    if card.state is ModelState.INSTALLED:
        return ok("model", f"{card.id}, {size}, its digest is right")
    if card.state is ModelState.ALTERED:
        advice = f"Run `limpet models remove {card.id}`, then `limpet models download {card.id}`."
        return fail("model", f"{card.id} is not the file that was installed", advice)
    have = f", {quantities.size(card.present_bytes)} fetched" if card.present_bytes else ""
    text = f"{card.id} is not installed ({size}{have})"
    return fail("model", text, "Run `limpet models download default`.")


def check_memory(card: ModelCard, status: EngineStatus) -> Check:
    """Judge whether the default model fits the memory that is free."""
    need = quantities.size(card.memory_needed_bytes)
    free = quantities.size(card.memory_free_bytes)
    if any(model.model == card.id for model in status.loaded_models):
        return ok("memory", f"{card.id} is loaded; {free} are free beside it")
    if not card.memory_needed_bytes:
        return ok("memory", f"{free} free")
    text = f"{need} needed, {free} free"
    if card.memory_fit is MemoryFit.TOO_LARGE:
        return fail("memory", text, "Close other programs, or choose a smaller model.")
    if card.memory_fit is MemoryFit.TIGHT:
        return warn("memory", text, "Close other programs if answers become slow.")
    return ok("memory", text)


def check_network(status: EngineStatus, *, is_model_here: bool) -> Check:
    """Say what the engine may do with the network; nothing is tried."""
    if not status.offline:
        return ok("network", "used only when you ask for a download")
    if is_model_here:
        return ok("network", "switched off (offline); nothing is needed from it")
    advice = "Switch `offline` off for the download, or `limpet models import` a file."
    return warn("network", "switched off (offline), and the model is missing", advice)

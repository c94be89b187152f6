"""Waits until a model is ready, and says on standard error what it waits for."""

from __future__ import annotations

from command_line.output import Output
from command_line.slowness import slowness_advice, slowness_text
from rpc.client import Limpet
from rpc.engine import LoadedModel, PrepareStep, Stage

_TEXTS = {
    Stage.VERIFYING: "Checking the model's file …",
    Stage.PROBING: "Trying the model on this machine, once …",
    Stage.LOADING: "Loading the model …",
}


def load_model(engine: Limpet, name: str, output: Output) -> LoadedModel:
    """Load the model `name` (empty: the default) and return it. Raises a Failure."""
    said: set[Stage] = set()

    def say(step: PrepareStep) -> None:
        text = _TEXTS.get(step.stage)
        if text and step.stage not in said:
            said.add(step.stage)
            output.notice(text)

    loaded = engine.engine.prepare(name).result(say)
    if loaded.slowness is not None:
        output.notice(slowness_text(loaded.model, loaded.slowness) + ".")
        output.notice(slowness_advice(loaded.slowness))
    return loaded


def tell_of_loading(engine: Limpet, name: str, output: Output) -> None:
    """Where a person waits and no model is ready yet, load one first and say so.

    Elsewhere nothing happens: the request itself waits for its model. Raises a Failure.
    """
    if not output.diagnostics_are_terminal:
        return
    loaded = engine.engine.status().loaded_models
    if not any(model.stage is Stage.READY for model in loaded):
        load_model(engine, name, output)

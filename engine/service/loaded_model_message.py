"""Puts the state of a loaded model on the wire."""

from __future__ import annotations

from engine.inference.model_provider import LoadedModelState, Slowness, Stage
from rpc.stubs.limpet.v1 import engine_pb2

STAGES = {
    Stage.VERIFYING: engine_pb2.STAGE_VERIFYING,
    Stage.PROBING: engine_pb2.STAGE_PROBING,
    Stage.LOADING: engine_pb2.STAGE_LOADING,
    Stage.READY: engine_pb2.STAGE_READY,
}


def loaded_model_message(state: LoadedModelState) -> engine_pb2.LoadedModel:
    """Return the message for the state of a model."""
    return engine_pb2.LoadedModel(
        model=state.model,
        stage=STAGES[state.stage],
        pid=state.pid,
        context_length=state.context_length,
        threads=state.speed.threads,
        prefill_tokens_per_second=state.speed.prefill_tokens_per_second,
        decode_tokens_per_second=state.speed.decode_tokens_per_second,
        fallback=state.speed.settings,
        slowness=None if state.slowness is None else _slowness(state.slowness),
    )


def _slowness(slowness: Slowness) -> engine_pb2.Slowness:
    return engine_pb2.Slowness(
        suggestion_seconds=slowness.suggestion_seconds,
        longest_useful_seconds=slowness.longest_useful_seconds,
        faster_model=slowness.faster_model,
        faster_suggestion_seconds=slowness.faster_suggestion_seconds,
    )

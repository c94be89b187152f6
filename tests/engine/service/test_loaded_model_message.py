"""What the engine knows of a loaded model arrives at its clients."""

from __future__ import annotations

import msgspec

from engine.inference.language_model import Speed
from engine.inference.model_provider import LoadedModelState, Slowness, Stage
from engine.service.loaded_model_message import loaded_model_message
from rpc.engine import loaded_from_wire

STATE = LoadedModelState(
    model="large", stage=Stage.READY, pid=7, context_length=4096, speed=Speed(60.0, 8.0, threads=2)
)


def test_a_model_that_is_quick_enough_is_called_nothing() -> None:
    loaded = loaded_from_wire(loaded_model_message(STATE))
    assert loaded.slowness is None
    assert (loaded.model, loaded.stage.value, loaded.pid) == ("large", "ready", 7)
    assert (loaded.prefill_tokens_per_second, loaded.decode_tokens_per_second) == (60.0, 8.0)


def test_a_slow_model_and_the_one_to_take_arrive() -> None:
    slowness = Slowness(2.5, 1.0, "small", 0.75)
    state = msgspec.structs.replace(STATE, slowness=slowness)
    loaded = loaded_from_wire(loaded_model_message(state))
    assert loaded.slowness is not None
    assert msgspec.structs.asdict(loaded.slowness) == msgspec.structs.asdict(slowness)

"""Judges whether a model is quick enough here to complete code, and what would be."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files

import msgspec

from engine.inference.language_model import Speed
from engine.inference.model_provider import Slowness
from engine.model_store.catalogue import CatalogueEntry


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a usual suggestion consists of and how long it may take; `pace.toml` says why."""

    reread_tokens: int
    line_tokens: int
    longest_useful_seconds: float
    growth_exponent: float

    def seconds(self, speed: Speed) -> float:
        """Return what a usual suggestion takes; 0 where the speed is not known."""
        if speed.prefill_tokens_per_second <= 0 or speed.decode_tokens_per_second <= 0:
            return 0.0
        reading = self.reread_tokens / speed.prefill_tokens_per_second
        return reading + self.line_tokens / speed.decode_tokens_per_second


def load_measure() -> Measure:
    """Return the measure that comes with the program."""
    text = files(__package__).joinpath("pace.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Measure)


class Pace:
    """Compares a model's speed with what typing asks for, and with the other models on offer."""

    def __init__(self, offered: Sequence[CatalogueEntry], measure: Measure | None = None) -> None:
        self._measure = measure or load_measure()
        self._offered = [each for each in offered if "completion" in each.roles]

    def slowness(self, speed: Speed, parameters: int) -> Slowness | None:
        """Return how slow a model of that many parameters is; None when it is quick enough.

        The proposal is the largest model that is expected to be quick enough: it suggests best.
        """
        seconds = self._measure.seconds(speed)
        longest = self._measure.longest_useful_seconds
        if seconds <= longest:
            return None
        expected = [
            (each.parameters, each.id, self._expected(seconds, parameters, each.parameters))
            for each in self._offered
            if 0 < each.parameters < parameters
        ]
        quick = [each for each in expected if each[2] <= longest]
        if not quick:
            return Slowness(seconds, longest)
        _, name, faster = max(quick)
        return Slowness(seconds, longest, name, faster)

    def _expected(self, seconds: float, parameters: int, fewer: int) -> float:
        shrinks: float = (fewer / parameters) ** self._measure.growth_exponent
        return seconds * shrinks

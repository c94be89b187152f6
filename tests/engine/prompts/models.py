"""The models of `models.toml`, one of each family, for the tests of prompts."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from engine.inference.language_model import ModelFacts
from tests.engine.prompts.words_model import facts_of

HERE = Path(__file__).parent


class ModelCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model and the family that it is of."""

    family: str
    name: str
    architecture: str
    control_tokens: tuple[str, ...]

    def facts(self, chat_template: str = "") -> ModelFacts:
        """Return what the loaded model would say of itself."""
        return facts_of(
            self.architecture,
            self.control_tokens,
            name=self.name,
            chat_template=chat_template,
        )


class ModelCases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model of each family, and others."""

    models: tuple[ModelCase, ...]
    others: tuple[ModelCase, ...]


def model_cases() -> ModelCases:
    """Read the models."""
    return msgspec.convert(tomllib.loads((HERE / "models.toml").read_text("utf-8")), ModelCases)


def facts_of_family(family: str, chat_template: str = "") -> ModelFacts:
    """Return the facts of the model of a family."""
    return next(case.facts(chat_template) for case in model_cases().models if case.family == family)

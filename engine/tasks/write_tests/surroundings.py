"""What the work on every function of a file has in common."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import PurePosixPath

import msgspec

from engine.tasks.write_tests.model_calls import ModelCalls
from engine.tasks.write_tests.oracles import Oracles
from engine.tasks.write_tests.parameter_kinds import BoundaryValues
from engine.tasks.write_tests.project import Project
from engine.tasks.write_tests.question import Framework
from engine.tasks.write_tests.rewrites import Rewrites
from engine.tasks.write_tests.trial import Module, Runner


class Surroundings(msgspec.Struct, frozen=True):
    """The project, who runs programs in it, who proposes calls, and what is wanted.

    `output_path` is relative to the project where it lies in it, else absolute; `names` are those
    of the tested module. Without a model calls are found in the code alone, and without rewrites
    no value is confirmed.
    """

    project: Project
    module: Module
    runner: Runner
    framework: Framework
    output_path: str
    names: frozenset[str]
    classes: Mapping[tuple[str, str], ast.ClassDef]
    data: BoundaryValues
    oracles: Oracles
    model: ModelCalls | None = None
    rewrites: Rewrites | None = None
    most_tests: int = 10
    seed: int = 0

    @property
    def trial_path(self) -> str:
        """Where tests are run before they are written: beside where they go, and not over it."""
        place = PurePosixPath(self.output_path)
        folder = place.parent.as_posix() if not place.is_absolute() else "tests"
        return f"{folder}/test_limpet_trial.py"

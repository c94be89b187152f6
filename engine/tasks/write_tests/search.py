"""Searches for calls of one function that are worth a test, and remembers what each one gave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from engine.inference.language_model import Figures
from engine.tasks.write_tests.boundary_inputs import boundary_calls
from engine.tasks.write_tests.call import Call, normalized
from engine.tasks.write_tests.choosing import Candidate
from engine.tasks.write_tests.model_calls import Proposals
from engine.tasks.write_tests.mutants import Mutant, mutants_of
from engine.tasks.write_tests.neighbours import neighbours
from engine.tasks.write_tests.oracles import Oracle, agreeing, questions
from engine.tasks.write_tests.question import SuspectedDefect
from engine.tasks.write_tests.rewrites import agreed
from engine.tasks.write_tests.stand_ins import stand_ins_for
from engine.tasks.write_tests.surroundings import Surroundings
from engine.tasks.write_tests.target import Target, executable_lines
from engine.tasks.write_tests.test_code import is_meant
from engine.tasks.write_tests.trial import Outcome, Trial, try_calls

_LEAST_VALID_OF_MODEL = 3


class Search:
    """The calls of a function so far; `tried` has them by their texts."""

    def __init__(self, target: Target, around: Surroundings) -> None:
        self.target = target
        self.tried: dict[str, Candidate] = {}
        self.figures: list[Figures] = []
        self.lines = executable_lines(target)
        self.mutants = mutants_of(target, around.seed)
        self._around = around
        self._stand_ins = stand_ins_for(target, around.classes)
        setup = {
            f"from {each.module} import {each.class_name}"
            for each in self._stand_ins
            if each.module
        }
        self.module = msgspec.structs.replace(around.module, setup=tuple(sorted(setup)))
        self.known = around.names | {each.class_name for each in self._stand_ins}

    async def proposed(self) -> Proposals:
        """Ask the model for calls, where there is one."""
        model = self._around.model
        if model is None:
            return Proposals()
        examples = [each.expressions[-1] for each in self._stand_ins[:2]]
        proposals = await model.propose(self.target, self.known, examples)
        self.figures.append(proposals.figures)
        return proposals

    def boundary_calls(self) -> list[Call]:
        """Return calls with usual and boundary values."""
        around = self._around
        return boundary_calls(
            self.target, around.data, self.known, self._stand_ins, seed=around.seed
        )

    async def try_out(self, calls: Sequence[Call], mutants: Sequence[int] | None = None) -> str:
        """Make calls, and keep what came of them; return why nothing could be imported."""
        numbers = range(len(self.mutants)) if mutants is None else mutants
        trial = await self._trial(calls, [self.mutants[number] for number in numbers])
        for call, outcome, killed in zip(calls, trial.outcomes, trial.killed, strict=True):
            self.tried[call.text] = Candidate(
                call,
                outcome,
                frozenset(numbers[number] for number in killed),
                frozenset(outcome.lines) & self.lines,
            )
        return trial.problem

    async def repair(self, proposals: Proposals) -> int:
        """Ask again where few of the model's calls work; return how many of the new ones do."""
        model = self._around.model
        failed = [
            (call.text, f"{outcome.text}: {outcome.said}")
            for call in proposals.calls
            if not is_meant(outcome := self.tried[call.text].outcome, self.target)
        ]
        works = len(proposals.calls) - len(failed)
        if model is None or not failed or works >= _LEAST_VALID_OF_MODEL:
            return 0
        again = await model.repair(proposals, failed, self.target, self.known)
        self.figures.append(again.figures)
        new = self.untried(again.calls)
        if new:
            await self.try_out(new)
        return sum(is_meant(self.tried[call.text].outcome, self.target) for call in new)

    async def search_on(self) -> None:
        """Try neighbours of what works, where mutants or lines are left."""
        usable = self.usable()
        if not usable or not self.is_work_left():
            return
        killed = killed_by(usable)
        left = [each for each in range(len(self.mutants)) if each not in killed]
        best = [each.call for each in sorted(usable, key=lambda each: -len(each.killed))[:10]]
        new = self.untried(neighbours(self.target, best, self.known))
        if new:
            await self.try_out(new, left)

    def is_work_left(self) -> bool:
        """Return whether lines were not run yet, or mutants not noticed, by what may be a test."""
        usable = self.usable()
        return (
            not usable
            or len(killed_by(usable)) < len(self.mutants)
            or not covered_by(usable) >= self.lines
        )

    def usable(self) -> list[Candidate]:
        """Return what gives a value or fails as it should, and as its documentation says."""
        return [
            each
            for each in self.tried.values()
            if is_meant(each.outcome, self.target) and not contradicts(each)
        ]

    async def oracle(self) -> Oracle | None:
        """Return another way to compute the same, where one agrees on everything that was tried."""
        asked = questions(self._around.oracles, self.usable(), self.target)
        if not asked:
            return None
        trial = await self._trial([each.call for each in asked], [])
        return agreeing(asked, [each.text == "True" for each in trial.outcomes])

    async def votes(self) -> tuple[frozenset[str], list[SuspectedDefect]]:
        """Return the calls that rewrites confirm, and findings where they agree on else."""
        rewrites, project = self._around.rewrites, self._around.project
        if rewrites is None:
            return frozenset(), []
        calls = [each.call for each in self.usable() if each.outcome.is_value]
        outcomes: list[tuple[Outcome, ...]] = []
        for source in await rewrites.of(self.target):
            # Behind the module's own text the new function takes the place of the old one.
            changed = {project.path: project.files[project.path] + b"\n\n" + source.encode()}
            trial = await self._trial(calls, [], {**project.files, **changed})
            outcomes.append(trial.outcomes)
        own = [self.tried[call.text].outcome for call in calls]
        return agreed(self.target, calls, own, outcomes)

    async def _trial(
        self,
        calls: Sequence[Call],
        mutants: Sequence[Mutant],
        files: dict[str, bytes] | None = None,
    ) -> Trial:
        return await try_calls(
            self._around.runner,
            files or self._around.project.files,
            self.module,
            self.target,
            calls=calls,
            mutants=mutants,
        )

    def untried(self, calls: Iterable[Call]) -> list[Call]:
        """Return those of the calls that were not made yet."""
        return [call for call in calls if call.text not in self.tried]


def killed_by(candidates: Iterable[Candidate]) -> frozenset[int]:
    """Return the mutants that candidates tell from the function."""
    return frozenset[int]().union(*(each.killed for each in candidates))


def covered_by(candidates: Iterable[Candidate]) -> frozenset[int]:
    """Return the lines that candidates run."""
    return frozenset[int]().union(*(each.lines for each in candidates))


def contradicts(candidate: Candidate) -> bool:
    """Return whether a call gives something else than its documentation says."""
    expected, outcome = candidate.call.expected, candidate.outcome
    if not expected:
        return False
    if outcome.is_value:
        return normalized(outcome.text) != expected
    return True

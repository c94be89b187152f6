"""Answers every task with drafts off and on, by turns, and compares speed and text."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

import msgspec

from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.language_model import Figures, Sampling
from engine.inference.llama.runtime import LlamaRuntime
from tests.bench.drafts.tasks import Task, Tasks
from tests.engine.inference.scheduler.desk import Desk


class Answer(msgspec.Struct, frozen=True):
    """One answer's tokens and what it cost."""

    tokens: tuple[int, ...]
    figures: Figures


class Row(msgspec.Struct, frozen=True):
    """A task: tokens a second without and with drafts, medians over the rounds.

    `ratio` is the median of the rounds' ratios. `differs_at` is the first token that is another
    one with drafts, −1 where all answers are identical.
    """

    kind: str
    name: str
    tokens: int
    off: float
    on: float
    ratio: float
    ratios: tuple[float, ...]
    drafted: int
    accepted: int
    differs_at: int


class Bench:
    """A loaded model and the cost of its decodes."""

    def __init__(self, runtime: LlamaRuntime, curve: CostCurve, tasks: Tasks) -> None:
        self._runtime = runtime
        self._curve = curve
        self._tasks = tasks

    def rows(
        self, kinds: Sequence[str], *, rounds: int, most: int, sampling: Sampling
    ) -> Iterator[Row]:
        """Measure one task after the other; each round's order is turned round."""
        for kind in kinds:
            tasks: tuple[Task, ...] = getattr(self._tasks, kind)
            for task in tasks:
                prompt = self._runtime.tokenize(self._tasks.prompt(task), special=True)
                pairs = []
                for number in range(rounds):
                    curves = [None, self._curve] if number % 2 == 0 else [self._curve, None]
                    answers = {
                        curve is not None: self._answer(prompt, curve, most, sampling)
                        for curve in curves
                    }
                    pairs.append((answers[False], answers[True]))
                yield _row(kind, task.name, pairs)

    def _answer(
        self, prompt: list[int], curve: CostCurve | None, most: int, sampling: Sampling
    ) -> Answer:
        for sequence in range(self._runtime.sequence_count):
            self._runtime.truncate(sequence, 0)
        desk = Desk(self._runtime, curve=curve)
        number = desk.submit(prompt, most=most, sampling=sampling)
        desk.finish_all()
        job = desk.jobs[number]
        return Answer(tuple(job.tokens[job.prompt_length :]), job.figures())


def _row(kind: str, name: str, pairs: Sequence[tuple[Answer, Answer]]) -> Row:
    off = [plain.figures.tokens_per_second for plain, _ in pairs]
    on = [drafted.figures.tokens_per_second for _, drafted in pairs]
    ratios = tuple(fast / slow for slow, fast in zip(off, on, strict=True))
    figures = pairs[-1][1].figures
    return Row(
        kind=kind,
        name=name,
        tokens=figures.generated_tokens,
        off=statistics.median(off),
        on=statistics.median(on),
        ratio=statistics.median(ratios),
        ratios=ratios,
        drafted=figures.drafted_tokens,
        accepted=figures.accepted_tokens,
        differs_at=max(_difference(plain.tokens, drafted.tokens) for plain, drafted in pairs),
    )


def _difference(plain: Sequence[int], drafted: Sequence[int]) -> int:
    if plain == drafted:
        return -1
    pairs = enumerate(zip(plain, drafted, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(plain), len(drafted)))

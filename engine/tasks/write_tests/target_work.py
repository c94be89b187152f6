"""Writes the tests of one function: draft, run, search on, choose, prove."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

import msgspec

from engine.tasks.write_tests.call import Call, Origin
from engine.tasks.write_tests.callers import calls_in_project, tests_that_name
from engine.tasks.write_tests.choosing import Candidate, Chosen, choose
from engine.tasks.write_tests.documentation import examples_of
from engine.tasks.write_tests.oracles import Oracle
from engine.tasks.write_tests.proving import ORDERS, Proof, prove
from engine.tasks.write_tests.question import (
    Basis,
    CallsDrafted,
    CallsRan,
    DroppedTest,
    KeptTest,
    SuspectedDefect,
    TargetLooked,
    TargetSkipped,
    WritingStep,
)
from engine.tasks.write_tests.search import Search, contradicts, covered_by, killed_by
from engine.tasks.write_tests.surroundings import Surroundings
from engine.tasks.write_tests.target import Target
from engine.tasks.write_tests.test_code import WrittenTest, is_meant, write_test
from engine.tasks.write_tests.test_file import TargetTests, whole_file
from engine.tasks.write_tests.trial import Kind, Outcome

_MOST_DROPPED_TOLD = 12


class TargetWork:
    """The work on one function: `steps` does it, and the rest is what came of it."""

    def __init__(self, target: Target, around: Surroundings, taken: set[str]) -> None:
        self.target = target
        self.search = Search(target, around)
        self.written: list[WrittenTest] = []
        self.kept: list[Candidate] = []
        self._around = around
        self._taken = taken

    @property
    def tests(self) -> TargetTests:
        """The kept tests."""
        return TargetTests(self.target, tuple(self.written))

    @property
    def covered(self) -> frozenset[int]:
        """The lines that the kept tests run."""
        return covered_by(self.kept)

    @property
    def killed(self) -> frozenset[int]:
        """The mutants that the kept tests tell from the function."""
        return killed_by(self.kept)

    async def steps(self) -> AsyncIterator[WritingStep]:
        """Do the work, and tell of it. Raises SandboxUnavailable."""
        target, around, search = self.target, self._around, self.search
        examples = examples_of(target, search.known)
        files = around.project.files
        callers = calls_in_project(target, files, search.known, around.output_path)
        yield TargetLooked(
            target.full_name,
            target.first_line,
            target.last_line,
            target.signature,
            examples=len(examples),
            callers=len(callers),
            existing_tests=tests_that_name(target, around.project.tests),
        )
        existing = [call for call in callers if call.origin is Origin.EXISTING]
        drafted = _each_once([*existing, *examples, *callers, *search.boundary_calls()])
        yield CallsDrafted(target.full_name, 0, len(drafted))
        problem = await search.try_out(drafted)
        if problem:
            yield TargetSkipped(target.full_name, f"The module cannot be imported: {problem}.")
            return
        await search.search_on()
        yield self._ran(0)
        if search.is_work_left():
            # Only now: the model is the slowest of all that is asked here.
            proposals = await search.proposed()
            new = search.untried(proposals.calls)
            if new:
                yield CallsDrafted(target.full_name, len(new), 0)
                await search.try_out(new)
                repaired = await search.repair(proposals)
                await search.search_on()
                yield self._ran(repaired)
        async for step in self._judged():
            yield step

    def take_out(self, test: WrittenTest) -> None:
        """Leave out a test that was kept."""
        self.written.remove(test)
        self.kept = [each for each in self.kept if each.call.text != test.call.text]

    def _ran(self, repaired: int) -> CallsRan:
        outcomes = [each.outcome for each in self.search.tried.values()]
        return CallsRan(
            self.target.full_name,
            calls=len(outcomes),
            valid=sum(is_meant(each, self.target) for each in outcomes),
            repaired=repaired,
            stopped=sum(each.kind is Kind.STOPPED for each in outcomes),
        )

    async def _judged(self) -> AsyncIterator[WritingStep]:
        """Tell what is suspected; choose, write and run tests, and tell which stay."""
        confirmed, suspected = await self.search.votes()
        for finding in (*self._failed_examples(), *suspected):
            yield finding
        doubted = frozenset(finding.call.decode() for finding in suspected)
        usable = [each for each in self.search.usable() if each.call.text not in doubted]
        chosen = choose(usable, self._around.most_tests, self.search.lines)
        oracle = await self.search.oracle() if chosen else None
        written = [self._written(each, oracle, confirmed) for each in chosen]
        proof = await self._proof(written) if written else Proof({}, {})
        self.kept += [each for each in usable if each.call.origin is Origin.EXISTING]
        for one, test in zip(chosen, written, strict=True):
            reason = proof.why_not(test.name, ORDERS)
            if reason:
                text = one.candidate.call.text.encode()
                yield DroppedTest(self.target.full_name, text, reason)
                continue
            self.written.append(test)
            self.kept.append(one.candidate)
            yield _kept(self.target, one, test)
        told = {each.candidate.call.text for each in chosen} | doubted
        for step in self._dropped(told):
            yield step

    def _failed_examples(self) -> Iterator[SuspectedDefect]:
        """Yield the documented examples that do not come true."""
        for each in self.search.tried.values():
            if contradicts(each):
                yield SuspectedDefect(
                    self.target.full_name,
                    self.target.first_line,
                    f"The documentation's example `{each.call.text}` does not come true.",
                    call=each.call.text.encode(),
                    expected=each.call.expected.encode(),
                    actual=_shown(each.outcome).encode(),
                    basis=Basis.EXAMPLE,
                )

    def _written(
        self, chosen: Chosen, oracle: Oracle | None, confirmed: frozenset[str]
    ) -> WrittenTest:
        call, outcome = chosen.candidate.call, chosen.candidate.outcome
        text = ""
        if oracle is not None and outcome.is_value and not call.expected:
            text = oracle.for_call(call, self.target)
        is_confirmed = call.text in confirmed and not call.expected and not text
        return write_test(
            call,
            outcome,
            self.target,
            framework=self._around.framework,
            taken=self._taken,
            known=self._around.names,
            oracle=text,
            basis=Basis.CONFIRMED if is_confirmed else None,
        )

    async def _proof(self, written: Sequence[WrittenTest]) -> Proof:
        """Run the new tests alone, in five orders."""
        around = self._around
        text = whole_file(
            b"",
            [TargetTests(self.target, tuple(written))],
            framework=around.framework,
            module=around.module.name,
            setup=self.search.module.setup,
        )
        return await prove(
            around.runner,
            around.project.files,
            around.module,
            path=around.trial_path,
            text=text,
            framework=around.framework,
        )

    def _dropped(self, told: set[str]) -> Iterator[DroppedTest]:
        """Yield some of the calls that become no test, with the reason."""
        left = [each for each in self.search.tried.values() if each.call.text not in told]
        wanted = [each for each in left if each.call.origin < Origin.TYPES]
        for each in wanted[:_MOST_DROPPED_TOLD]:
            if each.call.origin is not Origin.EXISTING and not contradicts(each):
                reason = _why_dropped(each.outcome, self.target)
                yield DroppedTest(self.target.full_name, each.call.text.encode(), reason)


def _why_dropped(outcome: Outcome, target: Target) -> str:
    if outcome.kind is Kind.STOPPED:
        return "runs out of time or memory"
    if not is_meant(outcome, target):
        return f"fails with {_shown(outcome)}, which the function does not mean to raise"
    return "covers nothing new and kills no further mutant"


def _kept(target: Target, one: Chosen, test: WrittenTest) -> KeptTest:
    return KeptTest(
        target.full_name,
        test.name,
        test.basis,
        one.reason,
        test.code.encode(),
        lines_added=len(one.new_lines),
        mutants_killed=len(one.new_kills),
    )


def _each_once(calls: Iterable[Call]) -> list[Call]:
    """Return calls without repetitions; the first one, which is the surest, stays.

    A documented value is kept also where the same call is in the tests already.
    """
    found: dict[str, Call] = {}
    for call in calls:
        known = found.setdefault(call.text, call)
        if call.expected and not known.expected:
            found[call.text] = msgspec.structs.replace(known, expected=call.expected)
    return list(found.values())


def _shown(outcome: Outcome) -> str:
    if outcome.kind is Kind.RAISED:
        return f"{outcome.text}: {outcome.said}" if outcome.said else outcome.text
    return "no end" if outcome.kind is Kind.STOPPED else outcome.text

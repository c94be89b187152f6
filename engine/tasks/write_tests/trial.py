"""Has calls made in the sandbox, on a function and on its mutants, and reads what came of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from typing import Protocol

import msgspec

from engine.errors import SandboxUnavailable
from engine.sandbox.limits import Limits
from engine.sandbox.sandbox import SandboxResult
from engine.tasks.write_tests.call import Call
from engine.tasks.write_tests.mutants import Mutant
from engine.tasks.write_tests.target import Target

FOLDER = ".limpet-trial"
_PROGRAM = f"{FOLDER}/run_calls.py"
_PLAN = f"{FOLDER}/plan.json"
_IMPORT_SECONDS = 10
_CALL_SECONDS = 1
_MUTANT_SECONDS = 0.1
_WALL_SECONDS = 40.0
_MEBIBYTE = 1 << 20
LIMITS = Limits(
    wall_seconds=_WALL_SECONDS + 5,
    processor_seconds=60,
    memory_bytes=1024 * _MEBIBYTE,
    output_bytes=8 * _MEBIBYTE,
)


class Runner(Protocol):
    """Who runs a program with a copy of the files: the sandbox, if the user does not say else."""

    async def run(
        self,
        command: Sequence[str],
        files: Mapping[str, bytes],
        limits: Limits | None = None,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> SandboxResult:
        """Run the command in a folder that holds the files. Raises SandboxUnavailable."""

    async def unavailable_reason(self) -> SandboxUnavailable | None:
        """Return why nothing can be run here, None if it can."""


class Kind(StrEnum):
    """What came of a call."""

    LITERAL = "literal"
    EVALUABLE = "evaluable"
    LARGE = "large"
    OPAQUE = "opaque"
    RAISED = "raised"
    STOPPED = "stopped"


class Outcome(msgspec.Struct, frozen=True):
    """What came of a call: `text` is its value as code, the failure's name, or the value's type.

    `form` says how a test gets the value: plain, list, islice, await. `lines` are those of the
    function that it ran.
    """

    kind: Kind
    text: str = ""
    type: str = ""
    form: str = "plain"
    module: str = ""
    said: str = ""
    size: int | None = None
    lines: tuple[int, ...] = ()

    @property
    def is_value(self) -> bool:
        """Whether a test can compare the value with its text."""
        return self.kind in {Kind.LITERAL, Kind.EVALUABLE}


class Trial(msgspec.Struct, frozen=True):
    """What came of the calls, in their order, and which mutants each tells from the function.

    `problem` says why the module could not be imported, "" if it could. `is_complete` is False
    where time ran out; calls without an outcome are STOPPED then.
    """

    outcomes: tuple[Outcome, ...]
    killed: tuple[frozenset[int], ...]
    problem: str = ""
    is_complete: bool = True


class Module(msgspec.Struct, frozen=True):
    """How a file is imported; paths are relative to the project."""

    name: str
    path: str
    search_path: tuple[str, ...]
    setup: tuple[str, ...] = ()


class _Line(msgspec.Struct, frozen=True):
    call: int | None = None
    mutant: int | None = None
    killed_by: tuple[int, ...] = ()
    reference: tuple[tuple[str, str | None, str | None] | None, ...] | None = None
    problem: str = ""
    done: bool = False


async def try_calls(
    runner: Runner,
    project: Mapping[str, bytes],
    module: Module,
    target: Target,
    *,
    calls: Sequence[Call],
    mutants: Sequence[Mutant] = (),
) -> Trial:
    """Make the calls. Raises SandboxUnavailable."""
    plan = {
        "module": module.name,
        "file": module.path,
        "search_path": list(module.search_path),
        "setup": list(module.setup),
        "first_line": target.first_line,
        "last_line": target.last_line,
        "calls": [call.text for call in calls],
        "mutants": [{"owner": target.owner, "source": each.source} for each in mutants],
        "seconds": _WALL_SECONDS,
        "import_seconds": _IMPORT_SECONDS,
        "call_seconds": _CALL_SECONDS,
        "mutant_seconds": _MUTANT_SECONDS,
    }
    program = (files("engine.tasks.write_tests.inside") / "run_calls.py").read_bytes()
    content = {**project, _PROGRAM: program, _PLAN: msgspec.json.encode(plan)}
    command = [sys.executable, _PROGRAM, _PLAN]
    result = await runner.run(command, content, LIMITS)
    return _read(result.stdout, len(calls), len(mutants))


def _read(output: bytes, calls: int, mutants: int) -> Trial:
    """Read what the program said; the user's code may have said something between."""
    outcomes: dict[int, Outcome] = {}
    killed: list[set[int]] = [set() for _ in range(calls)]
    reference: dict[int, str | None] = {}
    problem, is_done = "", False
    for raw in output.splitlines():
        try:
            line = msgspec.json.decode(raw, type=_Line)
            if line.call is not None and 0 <= line.call < calls:
                outcomes.setdefault(line.call, msgspec.json.decode(raw, type=Outcome))
        except msgspec.MsgspecError:
            continue  # not one of ours
        if line.reference is not None:
            reference = {at: each[1] if each else None for at, each in enumerate(line.reference)}
        if line.mutant is not None and 0 <= line.mutant < mutants:
            for call in line.killed_by:
                if 0 <= call < calls and _is_steady(outcomes.get(call), reference.get(call)):
                    killed[call].add(line.mutant)
        problem = problem or line.problem
        is_done = is_done or line.done
    return Trial(
        outcomes=tuple(outcomes.get(at, Outcome(Kind.STOPPED)) for at in range(calls)),
        killed=tuple(frozenset(each) for each in killed),
        problem="" if outcomes else problem or ("" if is_done else "it did not end in time"),
        is_complete=is_done and len(outcomes) == calls,
    )


def _is_steady(alone: Outcome | None, among_others: str | None) -> bool:
    """Return whether a call gave the same alone and after the others: only then it can tell."""
    return alone is not None and alone.kind is not Kind.STOPPED and alone.text == among_others

"""Runs the written tests as their users will: with the framework, five times, in random order."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from engine.sandbox.limits import Limits
from engine.tasks.write_tests.question import Framework
from engine.tasks.write_tests.trial import FOLDER, Module, Runner

ORDERS = 5
_PROGRAM = f"{FOLDER}/run_tests.py"
_PLAN = f"{FOLDER}/tests.json"
_ORDER_SECONDS = 20.0
_MEBIBYTE = 1 << 20


class Proof(msgspec.Struct, frozen=True):
    """How often each test passed and what the others said; `problem`: nothing could be run."""

    passed: Mapping[str, int]
    said: Mapping[str, str]
    problem: str = ""

    def why_not(self, name: str, orders: int) -> str:
        """Return why a test is not to be kept, "" where it passed every time."""
        if name in self.said:
            return f"fails when run with the others: {self.said[name]}"
        if self.passed.get(name, 0) < orders:
            return self.problem or "does not run every time"
        return ""


class _Line(msgspec.Struct, frozen=True):
    test: str = ""
    passed: bool = False
    said: str = ""
    order: int | None = None
    status: int = 0


async def prove(
    runner: Runner,
    project: Mapping[str, bytes],
    module: Module,
    *,
    path: str,
    text: str,
    framework: Framework,
    orders: int = ORDERS,
) -> Proof:
    """Run a file's tests in so many orders. Raises SandboxUnavailable."""
    plan = {
        "framework": framework.value,
        "file": path,
        "path": list(module.search_path),
        "orders": list(range(orders)),
        "seconds": _ORDER_SECONDS,
    }
    program = (files("engine.tasks.write_tests.inside") / "run_tests.py").read_bytes()
    content = {
        **project,
        path: text.encode(),
        _PROGRAM: program,
        _PLAN: msgspec.json.encode(plan),
    }
    limits = Limits(
        wall_seconds=_ORDER_SECONDS * orders + 10,
        processor_seconds=60,
        output_bytes=8 * _MEBIBYTE,
    )
    result = await runner.run([sys.executable, _PROGRAM, _PLAN], content, limits)
    return _read(result.stdout, orders)


def _read(output: bytes, orders: int) -> Proof:
    passed: dict[str, int] = {}
    said: dict[str, str] = {}
    problems: list[str] = []
    runs = 0
    for raw in output.splitlines():
        try:
            line = msgspec.json.decode(raw, type=_Line)
        except msgspec.MsgspecError:
            continue  # not one of ours
        if line.order is not None:
            runs += 1
            if line.status:
                problems.append(line.said.strip().splitlines()[-1] if line.said.strip() else "")
        elif line.passed:
            passed[line.test] = passed.get(line.test, 0) + 1
        else:
            said.setdefault(line.test, line.said.strip().splitlines()[-1] if line.said else "")
    problem = "" if runs == orders else "the tests did not end in time"
    if not passed and not problem:
        problem = next(iter(problems), "no test ran")
    return Proof(passed, said, problem)

"""`limpet doctor`: checks this machine and says the one thing to do about each finding."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterator

import msgspec

from command_line.connecting import connect
from command_line.doctor.check import Check, Verdict, fail
from command_line.doctor.llama import ask_llama, check_llama
from command_line.doctor.machine import (
    check_compiler,
    check_folders,
    check_processor,
    check_python,
    check_runtime_directory,
    check_sandbox,
    this_processor_flags,
)
from command_line.doctor.running_engine import check_engine
from command_line.exit_codes import ExitCode
from command_line.output import Output
from rpc.failures import Failure
from rpc.visible_text import visible

_STYLES = {Verdict.OK: "32", Verdict.WARN: "33", Verdict.FAIL: "1;31"}


def run(_arguments: argparse.Namespace, output: Output) -> ExitCode:
    """Print the checks as they are made; exit code 3 where one says that nothing can work."""
    checks: list[Check] = []
    for check in _checks(output):
        checks.append(check)
        if not output.json_wanted:
            _show(check, output)
    usable = all(check.verdict is not Verdict.FAIL for check in checks)
    if output.json_wanted:
        output.object({"usable": usable, "checks": [msgspec.to_builtins(one) for one in checks]})
    else:
        output.line()
        output.line("Limpet can work here." if usable else "Limpet cannot work here yet.")
    return ExitCode.DONE if usable else ExitCode.UNAVAILABLE


def _checks(output: Output) -> Iterator[Check]:
    flags = this_processor_flags()
    yield check_python()
    yield check_processor(platform.machine(), flags)
    llama = ask_llama()
    yield check_llama(llama, flags)
    yield check_compiler(is_needed=isinstance(llama, str))
    yield from check_folders()
    yield check_runtime_directory()
    yield check_sandbox()
    try:
        with connect(output) as engine:
            yield from check_engine(engine)
    except Failure as failure:
        yield fail("engine", failure.message, failure.advice)


def _show(check: Check, output: Output) -> None:
    verdict = output.styled(f"{check.verdict.value:<4}", _STYLES[check.verdict])
    output.line(f"{verdict}  {check.name:<15}{visible(check.text)}")
    if check.advice:
        output.line(f"{'':21}→ {visible(check.advice)}")

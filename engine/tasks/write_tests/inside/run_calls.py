"""Runs in the sandbox: makes calls of one module's functions, on the module and on its mutants.

A copy of this file is put into the sandbox, so it stands on the standard library alone. It reads a
plan (engine.tasks.write_tests.trial) and writes a JSON object a line. Everything that runs the
user's code is a process of its own, which may hang, exit or die.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import itertools
import json
import os
import re
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

Write = Callable[[Any], None]
Names = dict[str, Any]

MOST_ITEMS = 200
LEAST_SECONDS = 0.1
# So many calls may run out of time or memory; fewer where no other has come to its end.
MOST_STOPPED = 10
MOST_STOPPED_AT_FIRST = 4
MOST_CHARACTERS = 1500
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class TookTooLong(BaseException):
    """Ends a call in Python code; no `except Exception` of the user's stops it."""


def main() -> None:
    """Import the module, make the calls, then make them on each mutant."""
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sys.path[:0] = plan["search_path"]
    out = os.dup(1)
    silence()

    def serve(write: Write) -> None:
        with_time(plan["import_seconds"])
        namespace = imported(plan)
        with_time(0)
        run_all(plan, namespace, write)

    for line in lines_of(serve, plan["seconds"]):
        os.write(out, line + b"\n")
    os.write(out, b'{"done": true}\n')


def silence() -> None:
    """Let what the user's code prints go nowhere, and what it asks for be at its end."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def imported(plan: Names) -> Names:
    """Return the names that calls may use; whatever goes wrong is told by the caller."""
    module = importlib.import_module(plan["module"])
    namespace = vars(module)
    extra: Names = {}
    for statement in plan["setup"]:
        exec(statement, extra)  # noqa: S102 - this is the sandbox
    for name, value in extra.items():
        namespace.setdefault(name, value)
    return namespace


def run_all(plan: Names, namespace: Names, write: Write) -> None:
    """Make each call alone, then all of them in one process, then the same with each mutant."""
    finished: list[int] = []
    stopped = 0
    patience = plan["call_seconds"] / 2
    for number, call in enumerate(plan["calls"]):
        if stopped >= (MOST_STOPPED if finished else MOST_STOPPED_AT_FIRST):
            write({"call": number, "kind": "stopped"})
            continue

        def alone(write: Write, call: str = call, patience: float = patience) -> None:
            seconds = plan["call_seconds"]
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            with_time(patience)
            write(outcome_of(call, namespace, plan))

        answers = [*objects_of(alone, plan["call_seconds"] * 4)]
        answer = answers[-1] if answers and isinstance(answers[-1], dict) else {}
        if answer.get("kind", "stopped") == "stopped":
            answer = {"kind": "stopped"}
            # Where one input hangs others will: they must not take all the time there is.
            stopped += 1
            patience = max(patience / 2, LEAST_SECONDS)
        else:
            finished.append(number)
        write({"call": number} | answer)
    if not plan["mutants"]:
        return
    plan["finished"] = finished
    reference = dict(keys_of(plan, namespace, None))
    write({"reference": [reference.get(number) for number in range(len(plan["calls"]))]})
    for number, mutant in enumerate(plan["mutants"]):
        keys = dict(keys_of(plan, namespace, mutant))
        differs = [call for call, key in keys.items() if key != reference.get(call)]
        write({"mutant": number, "killed_by": differs})


def keys_of(plan: Names, namespace: Names, mutant: Names | None) -> Iterator[tuple[int, Any]]:
    """Yield (number of the call, what came of it) for all calls in one process."""

    def serve(write: Write) -> None:
        if mutant is not None:
            change(namespace, mutant)
        for number in plan["finished"]:
            write([number, None])
            with_time(plan["mutant_seconds"])
            try:
                key = outcome_of(plan["calls"][number], namespace, None)
            except TookTooLong:
                key = {"kind": "stopped"}
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            write([number, [key["kind"], key.get("text"), key.get("form")]])
            if key["kind"] == "stopped" and mutant is not None:
                break

    for answer in objects_of(serve, plan["mutant_seconds"] * 20 + 1):
        if isinstance(answer, list) and len(answer) == 2:
            yield answer[0], answer[1]


def with_time(seconds: float) -> None:
    """Give the code that follows so much time of the processor."""
    signal.signal(signal.SIGVTALRM, out_of_time)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)


def out_of_time(_number: int, _frame: FrameType | None) -> None:
    """End the call."""
    raise TookTooLong("it takes too long")


def change(namespace: Names, mutant: Names) -> None:
    """Put a mutant in the function's place."""
    owner = namespace[mutant["owner"]] if mutant["owner"] else None
    made: Names = {}
    exec(compile(mutant["source"], "<mutant>", "exec"), namespace, made)  # noqa: S102 - the sandbox
    for name, value in made.items():
        if owner is None:
            namespace[name] = value
        else:
            setattr(owner, name, value)


def outcome_of(call: str, namespace: Names, plan: Names | None) -> Names:
    """Return what a call gives, as data; with a plan also the lines of the function it runs."""
    lines: set[int] = set()
    if plan is not None:
        sys.settrace(tracer(plan, lines))
    try:
        value, form = settled(eval(compile(call, "<call>", "eval"), namespace))  # noqa: S307
        result = described(value, namespace) | {"form": form}
    except (TookTooLong, MemoryError):
        result = {"kind": "stopped"}
    except BaseException as error:  # noqa: BLE001 - also SystemExit: it is what the call does
        result = raised(error)
    finally:
        sys.settrace(None)
    return result | {"lines": sorted(lines)}


def raised(error: BaseException) -> Names:
    """Describe a failure; `text` is what a test says of it."""
    said = "".join(str(error).splitlines()[:1])[:200]
    kind = type(error)
    return {"kind": "raised", "text": kind.__name__, "module": kind.__module__, "said": said}


def settled(value: Any) -> tuple[Any, str]:
    """Return a value that can be compared, and the form in which a test gets it."""
    if inspect.iscoroutine(value):
        return asyncio.run(value), "await"
    if hasattr(value, "__next__"):
        first = list(itertools.islice(value, MOST_ITEMS))
        return (first, "list") if len(first) < MOST_ITEMS else (first[:10], "islice")
    return value, "plain"


def described(value: Any, namespace: Names) -> Names:
    """Describe a value: `literal` and `evaluable` texts give it back, others only its type."""
    kind = type(value).__name__
    text = repr(value)
    if len(text) > MOST_CHARACTERS:
        return {
            "kind": "large",
            "text": kind,
            "type": kind,
            "size": len(value) if hasattr(value, "__len__") else None,
        }
    base = {"text": text, "type": kind}
    try:
        again = ast.literal_eval(text)
        if type(again) is type(value) and again == value:
            return {"kind": "literal"} | base
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        pass  # no literal: it may be an expression
    try:
        again = eval(text, dict(namespace))  # noqa: S307 - the sandbox
        if type(again) is type(value) and again == value:
            return {"kind": "evaluable"} | base
    except Exception:  # noqa: BLE001, S110 - no expression either: then only the type is told
        pass
    return {"kind": "opaque", "text": kind, "type": kind, "shown": ADDRESS.sub("", text)[:200]}


def tracer(plan: Names, lines: set[int]) -> Callable[[FrameType, str, Any], Any]:
    """Return a trace function that collects the lines of the function."""
    file, first, last = plan["file"], plan["first_line"], plan["last_line"]

    def on_line(frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            lines.add(frame.f_lineno)
        return on_line

    def on_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename.endswith(file) and first <= code.co_firstlineno <= last:
            return on_line
        return None

    return on_call


def objects_of(work: Callable[[Write], None], seconds: float) -> Iterator[Any]:
    """Yield what `work` writes in a process of its own."""
    for line in lines_of(work, seconds):
        try:
            yield json.loads(line)
        except ValueError:
            continue  # the user's code can write into any pipe of its process


def lines_of(work: Callable[[Write], None], seconds: float) -> Iterator[bytes]:
    """Yield the lines that `work(write)` writes in a process of its own, while it is alive."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.close(reading)
        os._exit(worked(work, writing))
    os.close(writing)
    rest, end = b"", time.monotonic() + seconds
    try:
        while (left := end - time.monotonic()) > 0 and select.select([reading], [], [], left)[0]:
            chunk = os.read(reading, 1 << 16)
            if not chunk:
                break
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
    finally:
        os.close(reading)
        ended(child)


def worked(work: Callable[[Write], None], writing: int) -> int:
    """Do the work and tell what stopped it; return the exit status."""

    def write(line: Any) -> None:
        os.write(writing, json.dumps(line).encode() + b"\n")

    try:
        work(write)
    except BaseException as error:  # noqa: BLE001 - whatever the user's code does
        write({"problem": f"{type(error).__name__}: {error}"[:300]})
        return 1
    return 0


def ended(child: int) -> None:
    """End a process and those in its group."""
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue  # it has ended, or has no group of its own yet
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()

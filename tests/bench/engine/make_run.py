"""Measures `make run` in a checkout that is set up: to the demonstration's end, to the prompt."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pexpect

from rpc.stopping import stop_engine
from setup.environment import Goal, read_requirements
from setup.llama_build import choose_build
from setup.places import places_of_this_checkout
from setup.prepare import is_ready
from setup.processor import this_processor
from tests.bench.engine.bench_home import REPOSITORY, BenchHome
from tests.bench.engine.figures import BenchFailure, Effort, Limit, Row, row

_ROUNDS = 5
_DEADLINE_SECONDS = 120.0
_PROMPT = "›"
# Of the bench's own home; the packages, the model and what the probe found are the user's.
_OWN_PLACES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")


def measure_make_run(home: BenchHome, effort: Effort) -> list[Row]:
    """Run it with no engine running: on a terminal to the prompt, and without one to the end."""
    variables = {
        **home.user_environment,
        **{name: os.environ[name] for name in _OWN_PLACES},
    }
    _require_set_up(variables)
    prompts: list[float] = []
    demonstrations: list[float] = []
    for _ in range(effort.rounds(_ROUNDS)):
        with _no_engine():
            prompts.append(_seconds_to_prompt(variables))
        with _no_engine():
            demonstrations.append(_seconds_of_demonstration(variables))
    return [
        row("run-prompt", "second `make run` → prompt", "s", prompts, Limit(5.0)),
        row("run-demonstration", "second `make run </dev/null`, whole", "s", demonstrations),
    ]


@contextmanager
def _no_engine() -> Iterator[None]:
    stop_engine("bench")
    try:
        yield
    finally:
        stop_engine("bench")


def _seconds_to_prompt(variables: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    terminal: pexpect.spawn[str] = pexpect.spawn(
        "make",
        ["run"],
        cwd=str(REPOSITORY),
        env={**variables, "TERM": "xterm-256color"},
        encoding="utf-8",
        timeout=_DEADLINE_SECONDS,
    )
    try:
        terminal.expect_exact(_PROMPT)
        return time.perf_counter() - begun
    except (pexpect.EOF, pexpect.TIMEOUT) as error:
        raise BenchFailure(f"`make run` came to no prompt: {terminal.before}") from error
    finally:
        terminal.close(force=True)


def _seconds_of_demonstration(variables: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    outcome = subprocess.run(
        ["make", "run"],
        cwd=REPOSITORY,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_DEADLINE_SECONDS,
        check=False,
    )
    if outcome.returncode:
        raise BenchFailure(f"`make run` ended with {outcome.returncode}: {outcome.stderr[-500:]}")
    return time.perf_counter() - begun


def _require_set_up(variables: Mapping[str, str]) -> None:
    """Refuse to measure a first run, which compiles for minutes."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        places = places_of_this_checkout()
        requirements = read_requirements(REPOSITORY)
        libc = f"{sys.platform}{''.join(platform.libc_ver())}"
        build = choose_build(requirements.llama_version, this_processor(), libc, os.environ)
        ready = is_ready(places, requirements, build, Goal())
    finally:
        os.environ.clear()
        os.environ.update(before)
    if not ready:
        raise BenchFailure("this checkout is not set up for this user; `make run` once does that")

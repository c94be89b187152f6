"""Brings a checkout to where it can run or be tested; costs nothing when it already is there."""

from __future__ import annotations

import fcntl
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from setup import environment, llama_wheel, system_packages
from setup.display import run_side_by_side
from setup.environment import Goal, Requirements, Stamp
from setup.failures import explain
from setup.lane import Lane, Step
from setup.llama_build import LlamaBuild, choose_build
from setup.places import Places, places_of_this_checkout
from setup.processor import this_processor

_DEFAULT_MODEL = "default"
_TRIAL_LOAD = "import llama_cpp; llama_cpp.llama_backend_init()"


class SetupError(Exception):
    """The set-up can't be completed; the text says what to do."""


def announce(sentence: str) -> None:
    """Tell the person who waits; never on stdout, which belongs to the main job."""
    print(sentence, file=sys.stderr, flush=True)


def prepare(goal: Goal) -> Places:
    """Set up what is missing and return the places; raise SetupError with advice."""
    places = places_of_this_checkout()
    requirements = environment.read_requirements(places.repository)
    build = choose_build(
        requirements.llama_version,
        this_processor(),
        f"{sys.platform}{''.join(platform.libc_ver())}",
        os.environ,
    )
    if is_ready(places, requirements, build, goal):
        return places
    with _alone(places.lock), _terminated_like_interrupted():
        if not is_ready(places, requirements, build, goal):
            _set_up(places, requirements, build, goal)
    return places


def is_ready(places: Places, requirements: Requirements, build: LlamaBuild, goal: Goal) -> bool:
    """Whether an earlier set-up left nothing to do."""
    stamp = environment.read_stamp(places.stamp)
    if not _has_packages(places, stamp, requirements, goal.groups):
        return False
    return not goal.has_model or (
        _has_llama(places, stamp, build) and model_file(places, stamp) is not None
    )


def model_file(places: Places, stamp: Stamp) -> Path | None:
    """Return the default model's file, if it still is where it was put."""
    recorded = stamp.models.get(str(places.user_data))
    return Path(recorded) if recorded and Path(recorded).is_file() else None


def _has_packages(
    places: Places, stamp: Stamp, requirements: Requirements, groups: tuple[str, ...]
) -> bool:
    return (
        places.python.exists()
        and stamp.place == str(places.environment)
        and stamp.requirements == requirements.digest
        and set(groups) <= set(stamp.groups)
    )


def _has_llama(places: Places, stamp: Stamp, build: LlamaBuild) -> bool:
    installed = llama_wheel.installed_llama(places.environment)
    if given := os.environ.get("LIMPET_LLAMA_WHEEL"):
        return installed is not None and installed.wheel == Path(given).resolve()
    if installed is None:
        return stamp.has_foreign_llama
    return installed.key in {None, build.key}


def _set_up(places: Places, requirements: Requirements, build: LlamaBuild, goal: Goal) -> None:
    stamp = environment.read_stamp(places.stamp)
    started = time.monotonic()
    places.log.unlink(missing_ok=True)
    # The programs of an environment name its folder, so a checkout that was moved needs a new one.
    was_moved = stamp.place not in {"", str(places.environment)}
    if was_moved or not _runs(places.python, ""):
        stamp = Stamp()
        _make_environment(places)
    stamp = replace(stamp, place=str(places.environment))
    steps: list[Step] = []
    if not _runs(places.python, "import pip"):
        steps.append(environment.pip_step(places))
    if not _has_packages(places, stamp, requirements, goal.groups):
        groups = tuple(sorted({*goal.groups, *stamp.groups}))
        steps = environment.installation_steps(places, requirements, groups)
        stamp = replace(stamp, requirements=requirements.digest, groups=groups)
        steps.append(_note_step(places, stamp))
    if goal.has_model and model_file(places, stamp) is None:
        steps.append(_download_step(places))
    lanes = [Lane("packages and model" if goal.has_model else "packages", steps, places.log)]
    if goal.has_model and not _has_llama(places, stamp, build):
        stamp = replace(stamp, has_foreign_llama=_has_foreign_llama(places, requirements))
    needs_wheel = goal.has_model and not _has_llama(places, stamp, build)
    if needs_wheel and not _wheel_to_install(places, build):
        lanes.append(_compile_lane(places, build))
    _run(lanes)
    if needs_wheel:
        _install_wheel(places, build)
    if goal.has_model:
        models = {**stamp.models, str(places.user_data): _ask_for_model(places)}
        stamp = replace(stamp, models=models)
    environment.write_stamp(places.stamp, stamp)
    announce(f"set up in {time.monotonic() - started:.0f} s")


def _compile_lane(places: Places, build: LlamaBuild) -> Lane:
    _require(system_packages.needs_of_compiling())
    log = places.wheel_folder(build.key) / "build.log"
    announce(f"compiling llama.cpp for this CPU, once: a few minutes; its log is {log}")
    return Lane("llama.cpp", llama_wheel.build_steps(places, build), log)


def _make_environment(places: Places) -> None:
    _require(system_packages.needs_of_environment())
    steps = environment.creation_steps(
        places, shares_system_packages=bool(os.environ.get("LIMPET_SYSTEM_SITE_PACKAGES"))
    )
    _run([Lane("environment", steps, places.log)])


def _note_step(places: Places, stamp: Stamp) -> Step:
    # Before the model comes: an interrupted download must not cost the installation as well.
    return Step("packages are in", call=lambda: environment.write_stamp(places.stamp, stamp))


def _download_step(places: Places) -> Step:
    command = (str(places.environment / "bin" / "limpet"), "models", "download", _DEFAULT_MODEL)
    return Step("fetching the model", command, describe=lambda line: line.strip())


def _ask_for_model(places: Places) -> str:
    command = [str(places.environment / "bin" / "limpet"), "models", "show", _DEFAULT_MODEL]
    outcome = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    try:
        return str(json.loads(outcome.stdout)["model"]["file_path"])
    except (ValueError, KeyError, TypeError) as error:
        said = f"{outcome.stdout}{outcome.stderr}".strip()
        raise SetupError(f"the engine does not say where the model is: {said}") from error


def _has_foreign_llama(places: Places, requirements: Requirements) -> bool:
    """Whether the environment sees a llama-cpp-python that is new enough and loads."""
    if llama_wheel.installed_llama(places.environment) is not None:
        return False
    wanted = tuple(int(part) for part in requirements.llama_version.split("."))
    program = (
        f"import importlib.metadata as m; v = m.version('{environment.LLAMA}').split('.')\n"
        f"assert tuple(map(int, v[:3])) >= {wanted}\n{_TRIAL_LOAD}"
    )
    return _runs(places.python, program)


def _wheel_to_install(places: Places, build: LlamaBuild) -> Path | None:
    if given := os.environ.get("LIMPET_LLAMA_WHEEL"):
        if not Path(given).is_file():
            raise SetupError(f"LIMPET_LLAMA_WHEEL names {given}, and there is no such file")
        return Path(given).resolve()
    return llama_wheel.kept_wheel(places, build)


def _install_wheel(places: Places, build: LlamaBuild) -> None:
    wheel = _wheel_to_install(places, build)
    if wheel is None:
        raise SetupError(f"the build left no wheel in {places.wheel_folder(build.key)}")
    constraints = places.repository / "constraints.txt"
    command = [str(places.python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    command += ["--force-reinstall", "--no-deps", str(wheel)]
    needed = [str(places.python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    needed += ["--constraint", str(constraints), str(wheel)]
    for step in (command, needed):
        outcome = subprocess.run(step, capture_output=True, text=True, check=False)
        if outcome.returncode != 0:
            raise SetupError(f"{wheel} can't be installed:\n{outcome.stderr.strip()}")
    if not _runs(places.python, _TRIAL_LOAD):
        raise SetupError(
            f"{wheel} is installed but doesn't load; remove its folder and run this again, "
            "or name another wheel with LIMPET_LLAMA_WHEEL"
        )


def _runs(python: Path, program: str) -> bool:
    if not python.exists():
        return False
    outcome = subprocess.run([str(python), "-c", program], capture_output=True, check=False)
    return outcome.returncode == 0


def _require(needs: list[system_packages.Need]) -> None:
    complaint = system_packages.provide(needs, announce)
    if complaint:
        raise SetupError(complaint)


def _run(lanes: list[Lane]) -> None:
    failures = run_side_by_side(lanes)
    if failures:
        raise SetupError(explain(failures, {lane.name: str(lane.log) for lane in lanes}))


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a file lock, waiting for whoever has it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            announce("another set-up is at work; waiting for it")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Make SIGTERM and a closed terminal stop the lanes as Ctrl+C does."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGHUP)
    previous = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)

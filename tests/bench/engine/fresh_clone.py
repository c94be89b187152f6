"""Measures the way from a fresh clone in an empty home to the first answer, with its phases."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.engine.bench_home import REPOSITORY, BenchHome
from tests.bench.engine.figures import BenchFailure, Effort, Limit, Row, row

_DEADLINE_SECONDS = 1800.0
# The beginnings of lines at which a phase is over, as `make run` writes them.
_MARKS = {
    "packages": "packages and model: fetching the model",
    "model": "packages and model: done",
    "compile-begin": "compiling llama.cpp",
    "compile-end": "llama.cpp: done",
    "set-up": "set up in",
    "completion": "A completion in",
    "question": "A question about it",
    "end": "Figures",
}


def measure_fresh_clone(home: BenchHome, effort: Effort) -> list[Row]:
    """Clone, `make run`, and note when each phase was over. Fetches everything anew."""
    del effort
    folder = home.folder / "fresh"
    (folder / "home").mkdir(parents=True)
    environment = _empty_environment(folder / "home", home.user_environment)
    try:
        begun = time.perf_counter()
        clone = ["git", "clone", "--quiet", "--no-hardlinks", str(REPOSITORY), str(folder / "c")]
        subprocess.run(clone, check=True, timeout=_DEADLINE_SECONDS)
        times, answered = _run(folder / "c", environment, begun)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    compiling = times.get("compile-end", 0.0) - times.get("compile-begin", 0.0)
    note = "to the first line of the first answer; everything fetched and compiled"
    phases = {
        "packages installed": times.get("packages"),
        "model there": times.get("model"),
        "set up": times.get("set-up"),
        "first completion": times.get("completion"),
        "demonstration over": times.get("end"),
    }
    return [
        row("fresh-clone", "fresh clone → first real answer", "s", [answered], Limit(480.0),
            note=note),
        row("fresh-compile", "of it compiling", "s", [compiling], Limit(300.0)),
        *(
            row(f"fresh-{name.replace(' ', '-')}", f"after the clone: {name}", "s", [seconds])
            for name, seconds in phases.items()
            if seconds is not None
        ),
    ]  # fmt: skip


def _empty_environment(home: Path, user: Mapping[str, str]) -> dict[str, str]:
    """Return what a new user would have; where packages come from is the machine's affair."""
    kept = {
        name: value
        for name, value in user.items()
        if name in {"PATH", "LANG"} or name.startswith("PIP_") or name.endswith("_proxy")
    }
    configured = Path(user.get("HOME", "/")) / ".config" / "pip" / "pip.conf"
    if configured.is_file():
        kept.setdefault("PIP_CONFIG_FILE", str(configured))
    (home / "run").mkdir(mode=0o700)
    return kept | {"HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run")}


def _run(clone: Path, environment: dict[str, str], begun: float) -> tuple[dict[str, float], float]:
    """Return when each mark came and when the first line of the answer did."""
    times: dict[str, float] = {}
    answered = 0.0
    lines: list[str] = []
    with _make_run(clone, environment) as process:
        assert process.stdout is not None
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace").strip()
            now = time.perf_counter() - begun
            lines.append(line)
            mark = next((name for name, text in _MARKS.items() if line.startswith(text)), None)
            if mark is not None:
                times.setdefault(mark, now)
            elif line and "question" in times:
                answered = answered or now
            if now > _DEADLINE_SECONDS:
                raise BenchFailure(f"`make run` took longer than {_DEADLINE_SECONDS:g} s")
        if process.wait(60) or not answered:
            raise BenchFailure("`make run` failed: " + " / ".join(lines[-10:]))
    return times, answered


@contextmanager
def _make_run(clone: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            _end_all(process, clone, environment)


def _end_all(process: subprocess.Popen[bytes], clone: Path, environment: dict[str, str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    limpet = clone / ".venv" / "bin" / "limpet"
    if limpet.is_file():
        subprocess.run(
            [str(limpet), "engine", "stop"],
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
        )

"""A home of its own for the measures, so that they never touch the user's engine or files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from engine.model_store.catalogue import CatalogueEntry, load_catalogue
from rpc.client import Limpet
from rpc.endpoint import read_endpoint
from rpc.engine import LoadedModel, Stage
from rpc.failures import EngineNotRunning
from rpc.places import data_directory
from tests.bench.engine.figures import BenchFailure

REPOSITORY = Path(__file__).resolve().parents[3]
MODEL_VARIABLE = "LIMPET_TEST_MODEL"
_KEPT_VARIABLES = ("PATH", "LANG", "TERM", "GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
_PLACES = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
}
_START_SECONDS = 60.0
# The first start digests the file and tries the model, which a busy machine makes long.
_FIRST_START_SECONDS = 300.0
_POLL_SECONDS = 0.002

Value = TypeVar("Value")


def default_model_file() -> Path:
    """Return the default model's file: the one that is named, or that of the user's store."""
    entry = _default_entry()
    named = os.environ.get(MODEL_VARIABLE)
    path = Path(named) if named else data_directory() / "models" / entry.id / entry.file_name
    if not path.is_file():
        raise BenchFailure(f"{path} is missing; `make bench` fetches it, or set {MODEL_VARIABLE}")
    return path.resolve()


@dataclass(frozen=True)
class RunningEngine:
    """An engine that serves, and a client of it. Times in seconds from the start of the process."""

    process: subprocess.Popen[bytes]
    client: Limpet
    serving_after: float
    ready_after: float
    model: LoadedModel


@dataclass(frozen=True)
class BenchHome:
    """A folder with the default model and nothing else of the user's."""

    folder: Path
    model_file: Path
    # What the variables were before: for measures of what belongs to the user.
    user_environment: Mapping[str, str]

    @contextmanager
    def engine(
        self, variables: Mapping[str, str] | None = None, *, seconds: float = _START_SECONDS
    ) -> Iterator[RunningEngine]:
        """Run an engine until its default model is ready, then until the end of the block."""
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "engine"],
            env={**os.environ, **(variables or {})},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            client = wait_for(lambda: _connect(process), "an engine that serves", seconds)
            serving_after = time.perf_counter() - begun
            with client:
                model = _ready_model(client)
                ready_after = time.perf_counter() - begun
                yield RunningEngine(process, client, serving_after, ready_after, model)
        finally:
            end_process(process)

    def warm_up(self) -> None:
        """Let the model be checked and tried, which happens once, and fill the page cache."""
        with self.engine(seconds=_FIRST_START_SECONDS):
            pass
        with self.model_file.open("rb", buffering=0) as file:
            while file.read(8 << 20):
                pass


@contextmanager
def bench_home() -> Iterator[BenchHome]:
    """Make the folder, and let this process and its children live in it."""
    model_file = default_model_file()
    # A socket's path may have about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="limpet-bench-"))
    before = dict(os.environ)
    try:
        kept = {name: before[name] for name in _KEPT_VARIABLES if name in before}
        places = {name: str(folder / place) for name, place in _PLACES.items()}
        for place in places.values():
            Path(place).mkdir(mode=0o700)
        os.environ.clear()
        os.environ.update(kept | places | {"HOME": str(folder), "PYTHONPATH": str(REPOSITORY)})
        entry = _default_entry()
        link = data_directory() / "models" / entry.id / entry.file_name
        link.parent.mkdir(parents=True)
        link.symlink_to(model_file)
        yield BenchHome(folder, model_file, before)
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(look: Callable[[], Value | None], what: str, seconds: float) -> Value:
    """Return the first value of `look` that is not None; raises BenchFailure after `seconds`."""
    deadline = time.monotonic() + seconds
    while (value := look()) is None:
        if time.monotonic() > deadline:
            raise BenchFailure(f"waited {seconds:g} s in vain for {what}")
        time.sleep(_POLL_SECONDS)
    return value


def end_process(process: subprocess.Popen[bytes], seconds: float = 10.0) -> None:
    """End a process that we started, politely first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def _connect(process: subprocess.Popen[bytes]) -> Limpet | None:
    _check_alive(process)
    endpoint = read_endpoint()
    if endpoint is None or endpoint.pid != process.pid:
        return None
    try:
        return Limpet.open("bench", start=False)
    except EngineNotRunning:
        return None


def _ready_model(client: Limpet) -> LoadedModel:
    """Follow the loading to its end, which takes nothing from it as asking again would."""
    client.engine.prepare().result()
    models = client.engine.status().loaded_models
    ready = next((model for model in models if model.stage is Stage.READY), None)
    if ready is None:
        raise BenchFailure("the engine's status knows no model that is ready")
    return ready


def _check_alive(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        raise BenchFailure(f"the engine ended with status {process.returncode}")


def _default_entry() -> CatalogueEntry:
    catalogue = load_catalogue()
    entry = catalogue.find(catalogue.default)
    if entry is None:
        raise BenchFailure("the catalogue does not know its own default")
    return entry

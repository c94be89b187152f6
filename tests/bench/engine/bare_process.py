"""Starts the bare loop in its own process, with the settings that the engine's worker has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from engine.inference.llama.runtime import BATCH_TOKENS
from engine.inference.messages import RuntimeSettings
from engine.inference.worker_process import worker_environment
from tests.bench.engine.bare_loop import BareOrder, BareReady, BareReply, BareSettings
from tests.bench.engine.bench_home import REPOSITORY, end_process
from tests.bench.engine.figures import BenchFailure

# As many as the worker keeps logits for; they only cost memory.
_OUTPUTS = 32

Message = TypeVar("Message")


class BareProcess:
    """A loaded bare loop. `ready` tells what llama.cpp allocated."""

    def __init__(self, process: subprocess.Popen[bytes], settings: BareSettings) -> None:
        self._process = process
        self._send(settings)
        self.ready = self._receive(BareReady)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def answer(self, order: BareOrder) -> BareReply:
        """Generate an answer and return it with its time."""
        self._send(order)
        return self._receive(BareReply)

    def _send(self, message: msgspec.Struct) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(message) + b"\n")
        self._process.stdin.flush()

    def _receive(self, kind: type[Message]) -> Message:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailure(f"the bare loop ended with status {self._process.wait()}")
        return msgspec.json.decode(line, type=kind)


@contextmanager
def bare_process(
    model_file: Path, threads: int, variables: Mapping[str, str | None] | None = None
) -> Iterator[BareProcess]:
    """Run a bare loop to the end of the block; a variable that is None is taken out."""
    changed = {**worker_environment(os.environ), **(variables or {})}
    environment = {name: value for name, value in changed.items() if value is not None}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.engine.bare_loop"],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield BareProcess(process, _settings(model_file, threads))
        finally:
            end_process(process)


def _settings(model_file: Path, threads: int) -> BareSettings:
    usual = RuntimeSettings()
    return BareSettings(
        model=str(model_file),
        threads=threads,
        context_tokens=usual.context_tokens,
        batch_tokens=BATCH_TOKENS,
        sequences=2 * usual.parallel_requests,
        outputs=_OUTPUTS,
        use_extra_buffers=usual.use_extra_buffers,
    )

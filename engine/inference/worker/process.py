"""The worker process: opens a model, then answers frames until the daemon goes away."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from pathlib import Path
from typing import BinaryIO

import msgspec

from engine.errors import EngineError, PromptTooLong
from engine.inference.drafting.cost_curve import CostCurve
from engine.inference.frames import BrokenFrame, encode_frame, read_frame
from engine.inference.language_model import FinishReason
from engine.inference.messages import (
    Cancel,
    Ended,
    Generate,
    Hold,
    Open,
    Opened,
    OpenFailed,
    Parking,
    Pieces,
    Refused,
    RuntimeSettings,
    Tokenize,
    Tokens,
    ToWorker,
)
from engine.inference.parking.parking_lot import ParkingLot
from engine.inference.parking.state_folder import StateFolder
from engine.inference.parking.state_keeper import StateKeeper
from engine.inference.runtime import Runtime
from engine.inference.scheduler.job import Job
from engine.inference.worker.intake import job_of, tokens_of
from engine.inference.worker.loop import InferenceLoop

EXIT_BROKEN = 1
EXIT_OPEN_FAILED = 3
FINISH_SECONDS = 1.5


class AnswerWriter:
    """Writes frames to the daemon from any thread, each in one piece."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, message: msgspec.Struct) -> None:
        """Write one message; a daemon that is gone ends this process."""
        rest = memoryview(encode_frame(message))
        with self._lock:
            try:
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except BrokenPipeError:
                os._exit(0)

    def deliver(self, job: Job, text: bytes, log_probabilities: tuple[float, ...]) -> None:
        """Send more of an answer."""
        self.send(Pieces(job.number, text, log_probabilities))

    def finish(self, job: Job, reason: FinishReason) -> None:
        """Send an answer's end."""
        self.send(Ended(job.number, reason, job.figures()))


class RequestReader:
    """Reads the daemon's frames; tokenizes at once, beside the running decode."""

    def __init__(
        self,
        requests: BinaryIO,
        writer: AnswerWriter,
        runtime: Runtime,
        loop: InferenceLoop,
        *,
        finish_seconds: float = 0.0,
    ) -> None:
        self._finish_seconds = finish_seconds
        self._requests = requests
        self._writer = writer
        self._runtime = runtime
        self._loop = loop
        self._decoder = msgspec.msgpack.Decoder(ToWorker)

    def run(self) -> None:
        """Serve until the daemon goes away, then end the process, whatever it computes.

        What it read of a project's files may be written to the disk before, in bounded time.
        """
        status = EXIT_BROKEN
        try:
            while (message := read_frame(self._requests, self._decoder)) is not None:
                self._handle(message)
            status = 0
            if self._finish_seconds:
                self._loop.finish(self._finish_seconds)
        except BrokenFrame as error:
            _tell(error)
        except Exception:  # noqa: BLE001 - a worker that reads no more must not seem alive
            traceback.print_exc()
        finally:
            os._exit(status)

    def _handle(self, message: ToWorker) -> None:
        match message:
            case Tokenize(number, segments):
                self._writer.send(Tokens(number, tokens_of(self._runtime, segments)))
            case Generate():
                self._start(message)
            case Cancel(number):
                self._loop.cancel(number)
            case Hold(level):
                self._loop.hold(level)
            case Open():
                raise BrokenFrame("the model is open already")

    def _start(self, message: Generate) -> None:
        try:
            job = job_of(self._runtime, message.id, message.request)
        except PromptTooLong as error:
            self._writer.send(Refused(message.id, error.needed_tokens, error.available_tokens))
        else:
            self._loop.submit(job)


def _tell(error: BrokenFrame) -> None:
    """Write to the daemon's log what was wrong with a message."""
    print(f"worker: {error}", file=sys.stderr, flush=True)  # noqa: T201


def open_runtime(path: Path, settings: RuntimeSettings) -> Runtime:
    """Return a runtime for a model file or a script. Raises ModelLoadFailed."""
    if path.suffix == ".toml":
        from engine.inference.scripted.runtime import ScriptedRuntime  # noqa: PLC0415

        return ScriptedRuntime(path, settings)
    # Loaded only here: a script needs no llama.cpp, and the daemon must never load it.
    from engine.inference.llama.runtime import LlamaRuntime  # noqa: PLC0415

    return LlamaRuntime(path, settings)


def _keeper(parking: Parking) -> StateKeeper | None:
    if not parking.keeps_on_disk:
        return None
    folder = StateFolder(
        Path(parking.folder), model=parking.model, limit_bytes=parking.folder_bytes
    )
    return StateKeeper(folder)


def serve(requests: BinaryIO, answers: int) -> int:
    """Open the model that the first frame names and serve it; return the exit status."""
    writer = AnswerWriter(answers)
    try:
        first = read_frame(requests, msgspec.msgpack.Decoder(Open))
    except BrokenFrame as error:
        _tell(error)
        return EXIT_BROKEN
    if first is None:
        return 0
    try:
        runtime = open_runtime(Path(first.path), first.settings)
    except (EngineError, OSError) as error:
        writer.send(OpenFailed(str(error)))
        return EXIT_OPEN_FAILED
    loop = InferenceLoop(
        runtime,
        writer,
        most_running=first.settings.parallel_requests,
        curve=CostCurve.of(first.batch_milliseconds),
        lot=ParkingLot(first.parking.memory_bytes),
        keeper=_keeper(first.parking),
    )
    finish_seconds = FINISH_SECONDS if first.parking.keeps_on_disk else 0.0
    reader = RequestReader(requests, writer, runtime, loop, finish_seconds=finish_seconds)
    threading.Thread(target=reader.run, name="requests", daemon=True).start()
    writer.send(Opened(runtime.facts))
    loop.run()
    return 0

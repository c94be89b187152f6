"""The worker's own side: it ends with the daemon, and at the first thing that it cannot read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
import pytest

from engine.inference.frames import encode_frame, read_frame
from engine.inference.messages import FromWorker, Generate, Open, Opened, Pieces
from engine.inference.worker.process import EXIT_BROKEN
from tests.engine.inference.worker.workers import (
    ENDLESS,
    LONG_PROMPT,
    PATIENCE_SECONDS,
    SETTINGS,
    SLOW_TO_READ,
    asking,
)


class Child:
    """A worker, spoken to without the daemon's side."""

    def __init__(self, folder: Path, script: str) -> None:
        path = folder / "script.toml"
        path.write_text(script, "utf-8")
        self._log = (folder / "log").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.inference.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        self.opening = encode_frame(Open(str(path), SETTINGS))

    def write(self, content: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(content)
        self.process.stdin.flush()

    def read(self) -> FromWorker | None:
        assert self.process.stdout is not None
        stream = cast("BinaryIO", self.process.stdout)
        return read_frame(stream, msgspec.msgpack.Decoder(FromWorker))

    def hang_up(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def status(self) -> int:
        return self.process.wait(PATIENCE_SECONDS)

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self._log):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()


@pytest.fixture
def child(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Child]:
    script: str = getattr(request, "param", ENDLESS)
    child = Child(tmp_path, script)
    yield child
    child.end()


def test_a_daemon_that_says_nothing_and_goes_away(child: Child) -> None:
    child.hang_up()
    assert (child.read(), child.status()) == (None, 0)


@pytest.mark.parametrize("child", [SLOW_TO_READ], indirect=True)
def test_a_daemon_that_goes_away_in_the_middle_of_reading_a_prompt(child: Child) -> None:
    child.write(child.opening)
    assert isinstance(child.read(), Opened)
    child.write(encode_frame(Generate(1, asking(LONG_PROMPT))))
    child.hang_up()
    assert child.status() == 0


def test_a_daemon_that_no_longer_reads(child: Child) -> None:
    child.write(child.opening + encode_frame(Generate(1, asking(b"endless"))))
    assert isinstance(child.read(), Opened)
    assert isinstance(child.read(), Pieces)
    assert child.process.stdout is not None
    child.process.stdout.close()
    assert child.status() == 0


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"\xff\xff\xff\xffhuge", id="a frame longer than any"),
        pytest.param(b"\x00\x00\x00\x05hello", id="no message"),
        pytest.param(b"\x00\x00", id="half a header"),
        pytest.param(encode_frame(Generate(1, asking(b"hi")))[:-3], id="a frame that is cut"),
    ],
)
@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_no_message_ends_it_with_a_line_in_the_log(
    child: Child, garbage: bytes, *, is_open: bool
) -> None:
    if is_open:
        child.write(child.opening)
        assert isinstance(child.read(), Opened)
    child.write(garbage)
    child.hang_up()
    assert child.status() == EXIT_BROKEN
    assert "worker: " in child.log()
    assert "Traceback" not in child.log()


def test_a_second_opening_ends_it(child: Child) -> None:
    child.write(child.opening)
    assert isinstance(child.read(), Opened)
    child.write(child.opening)
    assert child.status() == EXIT_BROKEN


_BROKEN_READER = """
import io, os, threading
from engine.inference.frames import encode_frame
from engine.inference.language_model import Segment
from engine.inference.messages import Tokenize
from engine.inference.worker.process import AnswerWriter, RequestReader

class Broken:
    def tokenize(self, text, **_):
        raise ValueError("this text breaks it")

requests = io.BytesIO(encode_frame(Tokenize(1, (Segment(b"x"),))))
reader = RequestReader(requests, AnswerWriter(os.dup(1)), Broken(), None)
threading.Thread(target=reader.run, daemon=True).start()
threading.Event().wait()
"""


def test_an_error_in_reading_a_request_ends_the_process() -> None:
    # Else the worker would live on and never answer anybody again.
    ended = subprocess.run(
        [sys.executable, "-c", _BROKEN_READER],
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == EXIT_BROKEN
    assert b"this text breaks it" in ended.stderr

"""Calls and streams come back in the window's thread, in batches, and can be stopped."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.background.engine_link import EngineLink
from desktop.background.handover import Handover
from desktop.background.jobs import Background
from rpc.client import Limpet
from rpc.failures import Cancelled, EngineGone, EngineMissing, Failure, InternalFailure

SECONDS = 10.0


class NoEngine(EngineLink):
    """Hands out nothing: the work of these tests asks for no engine."""

    def limpet(self) -> Limpet:
        return None  # type: ignore[return-value]


class Numbers:
    """A stream that gives numbers until it is cancelled."""

    def __init__(self, count: int = 1 << 60, failure: Failure | None = None) -> None:
        self._count = count
        self._failure = failure
        self._cancelled = threading.Event()
        self.threads: set[int] = set()

    def __iter__(self) -> Iterator[int]:
        self.threads.add(threading.get_ident())
        for number in range(self._count):
            if self._cancelled.is_set():
                raise Cancelled("stopped")
            yield number
        if self._failure is not None:
            raise self._failure

    def cancel(self) -> None:
        self._cancelled.set()


@pytest.fixture
def background(application: QApplication) -> Iterator[Background]:
    background = Background(NoEngine())
    yield background
    background.close()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    loop = QEventLoop()
    while not condition():
        assert time.monotonic() < deadline
        QTimer.singleShot(5, loop.quit)
        loop.exec()


def test_a_result_comes_in_the_windows_thread(background: Background) -> None:
    seen: list[tuple[int, int]] = []
    background.run(
        threading.get_ident, lambda ident: seen.append((ident, threading.get_ident())), print
    )
    until(lambda: seen)
    assert seen[0][1] == threading.get_ident() != seen[0][0]


def test_failures_and_defects_are_told(background: Background) -> None:
    told: list[Failure] = []

    def fail(failure: Exception) -> None:
        raise failure

    background.run(lambda: fail(EngineMissing("none")), print, told.append)
    until(lambda: len(told) == 1)
    background.run(lambda: fail(KeyError("defect")), print, told.append)
    until(lambda: len(told) == 2)
    assert isinstance(told[0], EngineMissing)
    assert isinstance(told[1], InternalFailure)


def test_a_dropped_job_says_nothing(background: Background) -> None:
    gate = threading.Event()
    seen: list[object] = []
    job = background.run(gate.wait, seen.append, seen.append)
    job.drop()
    gate.set()
    background.run(lambda: "last", seen.append, seen.append)
    until(lambda: seen)
    assert seen == ["last"]


def test_a_stream_comes_in_batches_and_in_order(background: Background) -> None:
    batches: list[list[int]] = []
    ends: list[Failure | None] = []
    background.stream(lambda _: Numbers(20_000), batches.append, ends.append)
    until(lambda: ends)
    assert ends == [None]
    assert [number for batch in batches for number in batch] == list(range(20_000))
    assert len(batches) < 2000


def test_a_stream_without_end_is_stopped(background: Background) -> None:
    seen: list[int] = []
    ends: list[Failure | None] = []
    stream = background.stream(lambda _: Numbers(), seen.extend, ends.append)
    until(lambda: seen)
    stream.cancel()
    until(lambda: ends)
    assert isinstance(ends[0], Cancelled)


def test_what_came_before_a_failure_is_handed_out(background: Background) -> None:
    seen: list[int] = []
    ends: list[Failure | None] = []
    background.stream(lambda _: Numbers(3, EngineGone("gone")), seen.extend, ends.append)
    until(lambda: ends)
    assert seen == [0, 1, 2]
    assert isinstance(ends[0], EngineGone)


def test_finish_waits_for_calls_and_not_for_one_that_hangs(background: Background) -> None:
    done: list[str] = []
    background.run(lambda: done.append("saved"), lambda _: None, print)
    background.finish(lambda: done.append("finished"), 5000)
    until(lambda: len(done) == 2)
    assert done == ["saved", "finished"]
    other = Background(NoEngine())
    gate = threading.Event()
    other.run(gate.wait, print, print)
    other.finish(lambda: done.append("in spite of it"), 50)
    until(lambda: len(done) == 3)
    gate.set()


@pytest.mark.slow
def test_signals_lose_no_reference_to_none(application: QApplication) -> None:
    handover = Handover()
    seen = [0]

    def count() -> None:
        seen[0] += 1

    for _ in range(2000):
        handover.give(count)
    until(lambda: seen[0] == 2000)
    before = sys.getrefcount(None)
    for _ in range(50):
        for _ in range(2000):
            handover.give(count)
        wanted = seen[0] + 2000
        application.processEvents()
        assert seen[0] == wanted
    assert abs(sys.getrefcount(None) - before) < 1000

"""Blocking work: progress thinned out, an early end told to the thread and waited for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from engine.errors import DiskFull
from engine.model_store.progress import Cancelled, Progress, Report
from engine.service.blocking_work import BlockingWork, Done
from engine.service.request_ledger import RequestLedger


async def _all(steps: AsyncIterator[Any]) -> list[Any]:
    return [step async for step in steps]


def test_progress_then_result() -> None:
    def work(report: Report, _: Cancelled) -> str:
        report(Progress(stage="fetching", done_bytes=1))
        report(Progress(stage="checking", done_bytes=2))
        return "result"

    async def check() -> None:
        blocking = BlockingWork(RequestLedger())
        steps = await _all(blocking.stream(work))
        assert steps == [
            Progress(stage="fetching", done_bytes=1),
            Progress(stage="checking", done_bytes=2),
            Done("result"),
        ]
        blocking.close()

    asyncio.run(check())


def test_a_thousand_reports_become_few_and_no_note_is_lost() -> None:
    notes = [f"note {number}" for number in range(20)]

    def work(report: Report, _: Cancelled) -> None:
        for note in notes:
            for done in range(1000):
                report(Progress(stage="fetching", done_bytes=done, note=note))

    async def check() -> None:
        blocking = BlockingWork(RequestLedger())
        steps = await _all(blocking.stream(work))
        told = [step.note for step in steps if isinstance(step, Progress)]
        assert list(dict.fromkeys(told)) == notes
        assert len(told) < 100
        blocking.close()

    asyncio.run(check())


def test_failure_comes_through() -> None:
    def work(_: Report, __: Cancelled) -> None:
        raise DiskFull("no room")

    async def check() -> None:
        blocking = BlockingWork(RequestLedger())
        with pytest.raises(DiskFull):
            await _all(blocking.stream(work))
        blocking.close()

    asyncio.run(check())


def test_closing_early_ends_the_work_which_counts_until_then() -> None:
    may_end = threading.Event()

    def work(report: Report, cancelled: Cancelled) -> None:
        report(Progress(stage="fetching"))
        while not cancelled():
            threading.Event().wait(0.001)
        may_end.wait(10)
        raise DiskFull("nobody is there to be told")

    async def check() -> None:
        ledger = RequestLedger()
        blocking = BlockingWork(ledger)
        async with aclosing(blocking.stream(work)) as steps:  # type: ignore[type-var]
            async for _ in steps:
                break
        assert ledger.open_work == 1
        may_end.set()
        assert await ledger.wait_until_empty(10)
        blocking.close()

    asyncio.run(check())


def test_short_work_runs_beside_the_loop() -> None:
    async def check() -> None:
        blocking = BlockingWork(RequestLedger())
        thread = await blocking.run(threading.current_thread)
        assert thread is not threading.main_thread()
        blocking.close()

    asyncio.run(check())

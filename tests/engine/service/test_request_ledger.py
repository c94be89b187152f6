"""The ledger: open work, idle time, and no new work at the end."""

from __future__ import annotations

import asyncio

import pytest

from engine.errors import EngineStopping
from engine.service.request_ledger import RequestLedger


def test_work_is_open_as_long_as_any_of_it_is() -> None:
    async def check() -> None:
        ledger = RequestLedger()
        assert await ledger.wait_until_empty(0)
        with ledger.work():
            with ledger.work():
                assert ledger.open_work == 2
            assert ledger.open_work == 1
            assert ledger.idle_seconds() == 0.0
            assert not await ledger.wait_until_empty(0.01)
        assert await ledger.wait_until_empty(0)
        assert ledger.idle_seconds() > 0.0

    asyncio.run(check())


def test_work_that_fails_is_closed_too() -> None:
    async def check() -> None:
        ledger = RequestLedger()
        with pytest.raises(ValueError, match="broken"), ledger.work():
            raise ValueError("broken")
        assert ledger.open_work == 0

    asyncio.run(check())


def test_end_of_work_wakes_who_waits_for_it() -> None:
    async def check() -> None:
        ledger = RequestLedger()
        work = ledger.work()
        work.__enter__()
        waiting = asyncio.create_task(ledger.wait_until_empty(10))
        await asyncio.sleep(0)
        assert not waiting.done()
        work.__exit__(None, None, None)
        assert await waiting

    asyncio.run(check())


def test_nothing_new_once_it_stops() -> None:
    async def check() -> None:
        ledger = RequestLedger()
        ledger.require_open()
        ledger.stop_taking()
        with pytest.raises(EngineStopping):
            ledger.require_open()

    asyncio.run(check())

"""Ends an engine that nobody has used for a while."""

from __future__ import annotations

import asyncio

from engine.service.request_ledger import RequestLedger


async def wait_until_idle(ledger: RequestLedger, seconds: float) -> None:
    """Return once there has been no work for `seconds`; never while there is some."""
    while True:
        idle = ledger.idle_seconds()
        if not ledger.open_work and idle >= seconds:
            return
        await ledger.wait_until_empty(seconds)
        await asyncio.sleep(max(seconds - ledger.idle_seconds(), 0.01))

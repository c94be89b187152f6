"""The engine's end: who asked for it, and how long running work may go on."""

from __future__ import annotations

import asyncio
import signal

from engine.service.request_ledger import RequestLedger

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Ending:
    """The wish to end. Belongs to the running event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._deadline = 0.0
        self.reason = ""

    def request(self, reason: str, grace_seconds: float) -> None:
        """Ask for the end; a second wish can only shorten the grace."""
        deadline = self._loop.time() + grace_seconds
        if not self.reason:
            self.reason, self._deadline = reason, deadline
        self._deadline = min(deadline, self._deadline)
        self._changed.set()

    def listen_to_signals(self, grace_seconds: float) -> None:
        """Let SIGTERM, SIGINT and SIGHUP ask for the end, and a second one for it at once.

        A signal that the engine was started to ignore, as `nohup` does, stays ignored.
        """
        for number in _SIGNALS:
            if signal.getsignal(number) is signal.SIG_IGN:
                continue
            self._loop.add_signal_handler(number, self._take_signal, number.name, grace_seconds)

    async def wait(self) -> None:
        """Wait until the end is asked for."""
        await self._changed.wait()

    async def let_work_finish(self, ledger: RequestLedger) -> bool:
        """Wait for open work until the grace is over; return whether all of it was finished."""
        while ledger.open_work:
            remaining = self._deadline - self._loop.time()
            if remaining <= 0:
                return False
            self._changed.clear()
            waits = {
                asyncio.create_task(ledger.wait_until_empty(remaining)),
                asyncio.create_task(self._changed.wait()),
            }
            _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in pending:
                wait.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        return True

    def _take_signal(self, name: str, grace_seconds: float) -> None:
        self.request(name, 0.0 if self.reason else grace_seconds)

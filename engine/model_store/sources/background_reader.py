"""Reads from something that blocks in a thread of its own, so that its consumer never hangs.

A name lookup or a stalled connection cannot be interrupted from Python. The thread is left behind
in such a case; it is a daemon thread and ends with its next read.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

_Item = TypeVar("_Item")


class _End:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class BackgroundReader(Generic[_Item]):
    """Runs `produce` in a thread and hands its items over one by one."""

    def __init__(self, produce: Callable[[], Iterator[_Item]], *, items_ahead: int = 4) -> None:
        self._queue: queue.Queue[_Item | _End] = queue.Queue(items_ahead)
        self._stopped = threading.Event()
        self._produce = produce
        thread = threading.Thread(target=self._run, name="model-download", daemon=True)
        thread.start()

    def next_item(self, timeout_seconds: float) -> _Item | None:
        """The next item, or None at the end.

        Raises TimeoutError where none came in time, and whatever `produce` raised.
        """
        try:
            item = self._queue.get(timeout=timeout_seconds)
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(item, _End):
            if item.error is not None:
                raise item.error
            return None
        return item

    def stop(self) -> None:
        """Lets the thread end at its next item."""
        self._stopped.set()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._produce():
                if not self._put(item):
                    return
        except Exception as failure:  # noqa: BLE001 - raised again in the consumer's thread
            error = failure
        self._put(_End(error))

    def _put(self, item: _Item | _End) -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(item, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

"""A few threads that run what they are given, and that never keep the program from ending."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class WorkerThreads:
    """Runs actions in the order they came, some at once; an action must not raise.

    The standard library's pool waits for its threads at the program's end, and one of them may
    wait for an engine that hangs.
    """

    def __init__(self, count: int, name: str) -> None:
        self._actions: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._count = count
        for number in range(count):
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    def submit(self, action: Callable[[], object]) -> None:
        """Have an action run."""
        self._actions.put(action)

    def when_idle(self, action: Callable[[], None]) -> None:
        """Have an action run once all that were submitted before it are done."""
        together = threading.Barrier(self._count, action=action)
        for _ in range(self._count):
            self._actions.put(together.wait)

    def close(self) -> None:
        """Let the threads end once they are done with what was submitted."""
        for _ in range(self._count):
            self._actions.put(None)

    def _work(self) -> None:
        while (action := self._actions.get()) is not None:
            action()

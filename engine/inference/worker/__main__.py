"""Entry point of the worker: `python -m engine.inference.worker`, frames on stdin and stdout."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from engine.inference.worker.process import serve


def main() -> int:
    """Serve the daemon over the inherited pipes until it goes away."""
    # The daemon ends its workers itself; a Ctrl+C in its terminal reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.dup(1)
    # Nothing that prints may get between the frames.
    os.dup2(2, 1)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    return serve(requests, answers)


if __name__ == "__main__":
    sys.exit(main())

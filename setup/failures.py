"""What a failed step means and what to do about it."""

from __future__ import annotations

import re

_NETWORK = (
    "The package index can't be reached. Check the network; where only a mirror may be used, "
    "tell pip of it with `pip config`. The same command goes on from here."
)
_DISK = "The disk is full. Make room (about 2 GB are needed), then run the same command again."
_MEMORY = (
    "The compiler ran out of memory. Run the same command with CMAKE_BUILD_PARALLEL_LEVEL=1 "
    "before it; it goes on from here."
)
_CAUSES = (
    (
        re.compile(r"connection broken by|NewConnectionError|ConnectTimeout|name resolution"),
        _NETWORK,
    ),
    (re.compile(r"No space left on device|Disk quota exceeded"), _DISK),
    (re.compile(r"Killed signal terminated program|virtual memory exhausted"), _MEMORY),
)


def explain(failures: dict[str, str], logs: dict[str, str]) -> str:
    """Return what happened in each failed lane, the advice first, once each."""
    advice: list[str] = []
    for text in failures.values():
        advice += [sentence for mark, sentence in _CAUSES if mark.search(text)]
    parts = list(dict.fromkeys(advice))
    parts += [f"{lane}: {text}\nAll of it: {logs[lane]}" for lane, text in failures.items()]
    return "\n\n".join(parts)

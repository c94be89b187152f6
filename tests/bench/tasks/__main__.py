"""Runs a bench of the code tasks: `python -m tests.bench.tasks actions --model FILE`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench.tasks import actions, test_writing

_BENCHES: dict[str, Callable[[], None]] = {
    "actions": actions.main,
    "test-writing": test_writing.main,
}


def main() -> None:
    """Run the bench that the first word names; the other words are its own."""
    name = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if name not in _BENCHES:
        sys.exit(f"usage: python -m tests.bench.tasks {{{','.join(_BENCHES)}}} …")
    _BENCHES[name]()


main()

"""`make bench-desktop`: measures the window and prints the table of docs/desktop.md.

Offscreen unless QT_QPA_PLATFORM says otherwise; answers come from a script. Timings mean something
only on a quiet machine.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication

from tests.bench.desktop.kill_measure import measure_kills
from tests.bench.desktop.library_measure import measure_library
from tests.bench.desktop.start_measure import measure_idle, measure_start
from tests.bench.desktop.stream_measure import measure_streaming, measure_typing


def main() -> int:
    """Run every measure and print a row for each figure."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(["limpet"])
    application.setQuitOnLastWindowClosed(False)
    sys.stdout.write(
        f"screen: {application.platformName()}\n| figure | target | measured |\n|---|---|---|\n"
    )
    measures = (
        measure_start,
        measure_idle,
        measure_streaming,
        measure_typing,
        measure_kills,
        measure_library,
    )
    for measure in measures:
        for name, target, value in measure(application):
            sys.stdout.write(f"| {name} | {target} | {value} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

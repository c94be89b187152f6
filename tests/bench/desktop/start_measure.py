"""How long the window takes to be usable, and what it costs while nothing happens."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
from PySide6.QtWidgets import QApplication

from tests.bench.desktop.window_home import own_home
from tests.end_to_end.limpet_home import ROOT

Row = tuple[str, str, str]
_ROUNDS = 5
# The caret stands still ten seconds after the last key; what idles before that is not idle yet.
_SETTLED_SECONDS = 14.0
_WATCHED_SECONDS = 10.0
# Runs as the program does, up to the moment at which a key would be taken.
_START = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
application = QApplication(["limpet"])
application.setQuitOnLastWindowClosed(False)
from desktop.app import App
app = App(application)
app.ended.connect(application.quit)
app.show()
def usable():
    print(time.time(), flush=True)
    if "stay" not in sys.argv:
        app.parts.window.close()
QTimer.singleShot(0, usable)
application.exec()
"""


def measure_start(_application: QApplication) -> Iterator[Row]:
    """From the start of the process to a window that takes keys, with warm caches."""
    with own_home({"text": "an answer"}):
        times = []
        for _ in range(_ROUNDS + 1):
            started = time.time()
            outcome = subprocess.run(
                [sys.executable, "-c", _START],
                cwd=ROOT,
                env=os.environ,
                capture_output=True,
                text=True,
                check=True,
            )
            times.append(float(outcome.stdout.split()[0]) - started)
        yield "start → window usable, warm", "≤1.0 s", f"{statistics.median(times[1:]):.2f} s"


def measure_idle(_application: QApplication) -> Iterator[Row]:
    """CPU time and memory of a window that was left alone."""
    with own_home({"text": "an answer"}):
        with subprocess.Popen(
            [sys.executable, "-c", _START, "stay"], cwd=ROOT, env=os.environ, stdout=subprocess.PIPE
        ) as process:
            watched = psutil.Process(process.pid)
            time.sleep(_SETTLED_SECONDS)
            before = watched.cpu_times()
            time.sleep(_WATCHED_SECONDS)
            after = watched.cpu_times()
            resident = watched.memory_info().rss
            process.terminate()
        used = after.user + after.system - before.user - before.system
        yield "idle, window open: CPU", "0 %", f"{100 * used / _WATCHED_SECONDS:.1f} %"
        yield "idle, window open: memory", "≤180 MB", f"{resident / 1e6:.0f} MB"

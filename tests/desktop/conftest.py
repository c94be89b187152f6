"""What tests of the window get: a program without a screen, a home, and the real engine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.starting import find_obstacle

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_obstacle = find_obstacle()
collect_ignore_glob: list[str] = ["*"] if _obstacle is not None else []
if _obstacle is None:
    from PySide6.QtCore import QEvent, QMessageLogContext, QtMsgType, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from rpc.stopping import stop_engine
    from tests.desktop.driver import Driver
    from tests.end_to_end.limpet_home import ROOT, script
    from tests.rpc.real_engine import IMPATIENT
    from tests.short_home import make_short_home

    # What a program without a screen cannot do, and says each time.
    _WITHOUT_SCREEN = "This plugin does not support"

    @pytest.fixture(scope="session")
    def application() -> QApplication:
        """Qt's application; there can be one in a process."""
        existing = QApplication.instance()
        application = existing if isinstance(existing, QApplication) else QApplication(["limpet"])
        application.setQuitOnLastWindowClosed(False)
        return application

    @pytest.fixture(autouse=True)
    def complaints(application: QApplication) -> Iterator[list[str]]:
        """Fail a test in which Qt warned, or in which a function called by Qt raised."""
        said: list[str] = []

        def take(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
            if kind is not QtMsgType.QtDebugMsg and _WITHOUT_SCREEN not in text:
                said.append(text)

        hook = sys.excepthook
        sys.excepthook = lambda kind, error, _trace: said.append(f"{kind.__name__}: {error}")
        previous = qInstallMessageHandler(take)
        yield said
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        application.processEvents()
        qInstallMessageHandler(previous)
        sys.excepthook = hook
        assert said == []

    @pytest.fixture
    def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """An empty home; its path is short, because a socket's path must be."""
        folder = make_short_home(monkeypatch)
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        yield folder
        shutil.rmtree(folder, ignore_errors=True)

    OpenWindow = Callable[..., Driver]

    @pytest.fixture
    def open_window(
        home: Path, application: QApplication, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[OpenWindow]:
        """Opens windows whose engine answers from a script; all of it ends with the test."""
        drivers: list[Driver] = []

        def open_one(*answers: dict[str, object], speed: float = 2000.0) -> Driver:
            if answers or not drivers:
                variables = script(home, *answers, decode_tokens_per_second=speed)
                for name, value in variables.items():
                    monkeypatch.setenv(name, value)
            driver = Driver(application, home)
            drivers.append(driver)
            return driver

        yield open_one
        for driver in drivers:
            driver.close()
        stop_engine("test", grace_seconds=0, patience=IMPATIENT)

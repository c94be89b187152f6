"""Runs the app from its first moment to its last."""

from __future__ import annotations

import signal
import socket
import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.single_instance import SingleInstance, Start


def run(place: str = "") -> int:
    """Open the window with a file attached, or show the one that is open."""
    start = Start(place)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("limpet")
    # The app ends it, once what was typed is kept.
    application.setQuitOnLastWindowClosed(False)
    application.setDesktopFileName("limpet")
    instance = SingleInstance()
    if instance.tell_first(start):
        return 0
    instance.listen()
    app = App(application)
    app.ended.connect(application.quit)
    instance.started_again.connect(app.start_again)
    _end_on_signals(app)
    app.show(start)
    code = application.exec()
    instance.close()
    return code


def _end_on_signals(app: App) -> None:
    """Close the window on Ctrl+C and on SIGTERM, so that what was typed is kept."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.parts.window.close())
    _wake_for_signals(app)


def _wake_for_signals(app: App) -> None:
    """Let Python look at a signal as soon as it comes: Qt's loop alone would not let it."""
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    signal.set_wakeup_fd(writing.fileno())
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, app)
    # Python runs the handler before this slot; the byte has only to be taken.
    notifier.activated.connect(lambda: reading.recv(64))

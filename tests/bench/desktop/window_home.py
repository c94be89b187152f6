"""A home of its own with a window in it, for pictures and measures."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.settings.preferences import Preferences, PreferencesFile
from rpc.client import Limpet
from rpc.places import config_directory
from rpc.stopping import stop_engine
from tests.bench.engine.bench_home import default_model_file
from tests.end_to_end.limpet_home import ROOT, script
from tests.end_to_end.test_real_model import HUB_FILE

_PLACES = ("CONFIG", "DATA", "STATE", "CACHE")


@contextmanager
def own_home(
    *answers: dict[str, object], real: bool = False, speed: float = 1000.0
) -> Iterator[Path]:
    """Point this process to an empty home; its engine answers from a script, or really."""
    folder = Path(tempfile.mkdtemp(prefix="limpet-"))
    kept = dict(os.environ)
    model = default_model_file() if real else None
    for name in _PLACES:
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    os.environ |= {
        "XDG_RUNTIME_DIR": str(folder),
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    if model is not None:
        file = folder / "hub" / HUB_FILE
        file.parent.mkdir(parents=True)
        file.symlink_to(model)
        os.environ |= {"HF_HUB_CACHE": str(folder / "hub"), "HF_HUB_OFFLINE": "1"}
        with Limpet.open("bench") as limpet:
            limpet.models.download().result()
    else:
        variables = script(folder, *answers, decode_tokens_per_second=speed, context_length=100_000)
        os.environ |= variables
    try:
        yield folder
    finally:
        stop_engine("bench", grace_seconds=0)
        os.environ.clear()
        os.environ |= kept
        shutil.rmtree(folder, ignore_errors=True)


def open_app(application: QApplication, preferences: Preferences) -> App:
    """Open a window with these preferences."""
    PreferencesFile(config_directory()).write(preferences)
    app = App(application)
    app.show()
    return app


def live(milliseconds: int) -> None:
    """Let the window live for some time."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition: Callable[[], object], what: str, seconds: float = 120.0) -> None:
    """Let the window live until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        live(10)


def ask(app: App, text: str) -> None:
    """Ask a question in the open conversation and wait for the whole answer."""
    composer = app.parts.chat.view.composer
    composer.text.insertPlainText(text)
    composer.sent.emit()
    until(lambda: app.conversation_desk.answer is not None, "the question is kept")
    until(lambda: app.conversation_desk.answer is None, "the answer is whole", 600.0)


def close_app(app: App) -> None:
    """Close the window and wait until the app has let go."""
    ended: list[bool] = []
    app.ended.connect(lambda: ended.append(True))
    app.parts.window.close()
    until(lambda: ended, "the app has ended")
    app.look.changed.disconnect()
    app.parts.window.deleteLater()
    app.deleteLater()
    live(50)

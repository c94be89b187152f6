"""How long the window takes to list and to search a library of many conversations."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

from PySide6.QtCore import QEventLoop, SignalInstance
from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.settings.preferences import Preferences
from engine.conversations.database import open_database
from rpc.places import data_directory
from tests.bench.conversations import CHINESE, CONVERSATIONS, fill
from tests.bench.desktop.window_home import close_app, open_app, own_home, until

Row = tuple[str, str, str]
_COUNT = int(os.environ.get("LIMPET_BENCH_CONVERSATIONS", str(CONVERSATIONS)))
_REPEATS = 10
_QUERIES = {"en": "model engine", "zh": CHINESE[5] + CHINESE[8]}


def measure_library(application: QApplication) -> Iterator[Row]:
    """From the wish to the rows, with the engine's work and the window's; without typing's rest."""
    with own_home({"text": "an answer"}):
        folder = data_directory() / "conversations"
        folder.mkdir(parents=True, mode=0o700)
        database = open_database(folder / "conversations.sqlite3")
        fill(database, _COUNT)
        database.close()
        app = open_app(application, Preferences(language="en"))
        until(app.parts.chat.list.rows.rowCount, "the conversations are listed")
        took = [_milliseconds(app, "", app.list_desk.listed) for _ in range(_REPEATS)]
        yield _row("list", took)
        for language, query in _QUERIES.items():
            took = [_milliseconds(app, query, app.list_desk.found) for _ in range(_REPEATS)]
            yield _row(f"search ({language})", took)
        close_app(app)


def _milliseconds(app: App, query: str, told: SignalInstance) -> float:
    desk, loop = app.list_desk, QEventLoop()
    connection = told.connect(loop.quit)
    desk.search(query)
    began = time.perf_counter()
    desk.refresh()  # at once: the pause after the last key is the user's
    loop.exec()
    app.parts.chat.list.grab()  # the rows are drawn, not only known
    told.disconnect(connection)
    return 1000 * (time.perf_counter() - began)


def _row(what: str, took: list[float]) -> Row:
    name = f"{_COUNT:,} conversations × 20 messages: {what}, shown"
    return name, "≤100 ms", f"{statistics.median(took):.0f} ms (longest {max(took):.0f})"

"""Whether the window stays quick while answers stream into it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from desktop.app import App
from desktop.chat.message_body import MessageBody
from desktop.chat.prose_html import make_markdown
from desktop.settings.preferences import Preferences
from rpc.chat import Speaker
from rpc.conversation_records import Message, MessageState
from tests.bench.desktop.window_home import ask, close_app, live, open_app, own_home, until

Row = tuple[str, str, str]
_TOKENS = 4000
_TEXT = (
    "Some words of prose with `code` in them, **strong** ones too.\n\n"
    "```python\ndef function(argument: int) -> int:\n    return argument + 1\n```\n\n"
    "1. the first\n2. the second\n\n"
)
_OLD_MESSAGES = 200
_KEYS = 200


class Heartbeat:
    """The longest time for which the event loop did nothing else."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def stop(self) -> float:
        """Stop, and return the longest gap in seconds."""
        self._timer.stop()
        return self.longest

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last - 0.001)
        self._last = now


def measure_streaming(application: QApplication) -> Iterator[Row]:
    """Stream an answer of 4,000 tokens below 200 old messages."""
    with own_home({"text": _TEXT * 80}, speed=400.0):
        app = open_app(application, Preferences(language="en"))
        until(lambda: app.model_desk.overview, "the models are listed")
        live(500)
        ask(app, "first")
        _put_old_messages(app)
        live(500)
        beat = Heartbeat()
        ask(app, "again")
        yield (
            f"longest event-loop gap, {_TOKENS} tokens, {_OLD_MESSAGES} old messages",
            "≤50 ms",
            f"{1000 * beat.stop():.0f} ms",
        )
        close_app(app)
        short, long = (
            _cost_per_token(app, application, 1_000),
            _cost_per_token(app, application, 16_000),
        )
        yield "main-thread time per token, 16k against 1k characters", "≤1.3", f"{long / short:.2f}"


def measure_typing(application: QApplication) -> Iterator[Row]:
    """Type in a third conversation while two answers stream."""
    with own_home({"text": "word " * 20, "repeat": 200}, speed=200.0):
        app = open_app(application, Preferences(language="en"))
        until(lambda: app.model_desk.overview, "the models are listed")
        composer = app.parts.chat.view.composer
        for name in ("one", "two"):
            app.parts.chat.start_new()
            composer.text.insertPlainText(name)
            composer.sent.emit()
            until(lambda: app.conversation_desk.answer is not None, "an answer begins")
        app.parts.chat.start_new()
        live(500)
        delays = []
        for _ in range(_KEYS):
            started = time.perf_counter()
            QTest.keyClick(composer.text, Qt.Key.Key_A)
            composer.text.viewport().repaint()
            live(20)
            delays.append(time.perf_counter() - started - 0.02)
        slowest = statistics.quantiles(delays, n=100)[98]
        yield "key → glyph p99, two answers streaming", "≤50 ms", f"{1000 * slowest:.0f} ms"
        for conversation in app.answering.conversations:
            app.answering.stop(conversation)
        close_app(app)


def _put_old_messages(app: App) -> None:
    column = app.parts.chat.view.column
    template = column.cards[-1].message
    messages: list[Message] = [
        msgspec.structs.replace(
            template,
            id=f"old-{number}",
            content=(_TEXT * 3).encode(),
            author=Speaker.USER if number % 2 else Speaker.ASSISTANT,
            state=MessageState.COMPLETE,
            alternatives=(),
        )
        for number in range(_OLD_MESSAGES)
    ]
    column.show_older(messages, has_older=False)
    column.follow()


def _cost_per_token(app: App, application: QApplication, characters: int) -> float:
    """Seconds of the window's thread for a token, once a message is so long."""
    costs = []
    for _ in range(5):
        # As in a conversation: most of a long message is out of sight.
        area = QScrollArea()
        area.setWidgetResizable(True)
        body = MessageBody(app.look, make_markdown())
        area.setWidget(body)
        area.resize(700, 600)
        area.show()
        text = _TEXT * (characters // len(_TEXT) + 2)
        for at in range(0, characters, 200):
            body.add(text[at : at + 200])
        application.processEvents()
        started = time.process_time()
        for token in range(100):
            at = characters + 4 * token
            body.add(text[at : at + 4] or "word")
            application.processEvents()
        costs.append((time.process_time() - started) / 100)
        area.deleteLater()
    return statistics.median(costs)

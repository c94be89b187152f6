"""Kills the engine at random moments of an answer, and counts what was lost."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator

from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.settings.preferences import Preferences
from rpc.client import Limpet
from rpc.endpoint import read_endpoint
from tests.bench.desktop.window_home import close_app, live, open_app, own_home, until

Row = tuple[str, str, str]
_KILLS = int(os.environ.get("LIMPET_BENCH_KILLS", "20"))
_LONGEST_SECONDS = 2.5
_MOST_LOST_SECONDS = 1.0


def measure_kills(application: QApplication) -> Iterator[Row]:
    """Count acknowledged messages that are gone, and answers that lost more than a second."""
    lost_messages, short_answers = 0, 0
    dice = random.Random(6)  # noqa: S311 - when to kill, the same in each run
    with own_home({"text": "word ", "repeat": 5000}, speed=400.0):
        app = open_app(application, Preferences(language="en"))
        until(lambda: app.model_desk.overview, "the models are listed")
        for number in range(_KILLS):
            question, grown = _ask_and_kill(app, number, dice.uniform(0.0, _LONGEST_SECONDS))
            kept = _kept_after(app)
            lost_messages += question not in kept
            wanted = [size for at, size in grown if at <= grown[-1][0] - _MOST_LOST_SECONDS]
            short_answers += bool(wanted) and len(kept[-1]) < wanted[-1]
            app.parts.chat.start_new()
        close_app(app)
    yield f"engine killed {_KILLS} times: messages lost", "0", str(lost_messages)
    yield f"engine killed {_KILLS} times: more than 1 s of an answer lost", "0", str(short_answers)


def _ask_and_kill(app: App, number: int, after: float) -> tuple[str, list[tuple[float, int]]]:
    question = f"question {number}"
    grown: list[tuple[float, int]] = [(time.monotonic(), 0)]
    desk = app.conversation_desk

    def note(text: str) -> None:
        grown.append((time.monotonic(), grown[-1][1] + len(text)))

    desk.answer_grew.connect(note)
    composer = app.parts.chat.view.composer
    composer.text.insertPlainText(question)
    composer.sent.emit()
    until(lambda: desk.answer is not None, "the question is acknowledged")
    live(int(1000 * after))
    endpoint = read_endpoint()
    if endpoint is not None:
        os.kill(endpoint.pid, signal.SIGKILL)
    until(lambda: desk.answer is None, "the answer has ended")
    desk.answer_grew.disconnect(note)
    return question, grown


def _kept_after(app: App) -> list[str]:
    conversation = app.conversation_desk.conversation
    assert conversation is not None
    kept: list[list[str]] = []

    def read(limpet: Limpet) -> list[str]:
        return [each.text for each in limpet.conversations.window(conversation.id).messages]

    app.background.call(read, kept.append, lambda failure: kept.append([failure.message]))
    until(lambda: kept, "the conversation is read again")
    return kept[0]

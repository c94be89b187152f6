"""The window is killed in the middle of an answer: what it has shown is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.conversation_records import Message, MessageState
from rpc.stopping import stop_engine
from tests.end_to_end.limpet_home import ROOT, script, until
from tests.rpc.real_engine import IMPATIENT

_SPEED = 400.0


@pytest.mark.parametrize("shown", [1, 1000])
def test_nothing_that_was_shown_is_lost(
    home: Path, monkeypatch: pytest.MonkeyPatch, shown: int
) -> None:
    answer = {"text": "word ", "repeat": 5000}
    for name, value in script(home, answer, decode_tokens_per_second=_SPEED).items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "tests.desktop.app_to_kill"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        length = next(int(line) for line in process.stdout if int(line) >= shown)
        process.kill()
    try:
        with Limpet.open("test", "test") as limpet:
            until(lambda: len(_messages(limpet)[-1].text) >= length, "what was shown is kept")
            question, kept = _messages(limpet)
            assert question.text == "must not be lost"
            assert kept.state is MessageState.PARTIAL
    finally:
        stop_engine("test", grace_seconds=0, patience=IMPATIENT)


def _messages(limpet: Limpet) -> tuple[Message, ...]:
    (conversation,) = limpet.conversations.list().conversations
    return limpet.conversations.window(conversation.id).messages

"""What tests of clients and the real daemon have in common."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from rpc.chat import AnswerStream, AnswerText, Speaker, Turn
from rpc.client import Limpet
from rpc.patience import Patience

REPOSITORY = Path(__file__).resolve().parents[2]
# Short enough for a test, long enough for a busy machine that is well.
IMPATIENT = Patience(handshake_seconds=2.0, silence_seconds=0.2)
DEADLINE_SECONDS = 20.0


def command(*arguments: str) -> str:
    """A command line of this Python."""
    return shlex.join([sys.executable, *arguments])


def ask(limpet: Limpet, question: bytes) -> AnswerStream:
    """Ask; the daemon's fake tasks obey the question."""
    return limpet.chat.ask([Turn(Speaker.USER, question)])


def texts(stream: AnswerStream) -> list[bytes]:
    """Read the whole answer."""
    return [event.content for event in stream if isinstance(event, AnswerText)]

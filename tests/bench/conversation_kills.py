"""Kills the engine at random moments of answers, and prints what was lost.

`python -m tests.bench.conversation_kills [KILLS]` (200 unless said). The engine is real, its model
scripted; each of its lives is ended by SIGKILL while a question is sent or answered.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from rpc.chat import AnswerText
from rpc.client import Limpet
from rpc.conversation_records import Message
from rpc.conversations import new_id
from rpc.failures import ConversationNotFound, Failure
from rpc.stopping import stop_engine
from tests.end_to_end.limpet_home import ROOT, script

KILLS = 200
LONGEST_LIFE_SECONDS = 2.5
MOST_LOST_SECONDS = 1.0
PLACES = ("CONFIG", "DATA", "STATE", "CACHE")


class Life(msgspec.Struct, frozen=True):
    """What an engine had told before it was killed, and when."""

    question: str
    is_acknowledged: bool
    killed_at: float
    pieces: tuple[tuple[float, bytes], ...]


class Losses(msgspec.Struct, frozen=True):
    """What was lost in how many lives; seconds of an answer are counted back from the kill."""

    lives: int
    killed_in_answers: int
    lost_messages: int
    answers_cut_short: int
    longest_lost_seconds: float


def main() -> None:
    """Kill and print."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    losses = measure(kills)
    print(f"engine killed {losses.lives} times, {losses.killed_in_answers} in an answer")
    print(f"acknowledged messages lost: {losses.lost_messages}")
    print(f"answers that lost more than {MOST_LOST_SECONDS} s: {losses.answers_cut_short}")
    print(f"most that was lost of an answer: {losses.longest_lost_seconds:.2f} s")


def measure(kills: int, seed: int = 6) -> Losses:
    """Let an engine live so often, in a home of its own, and count."""
    moments = random.Random(seed)  # noqa: S311 - when to kill, the same in each run
    acknowledged: dict[str, bytes] = {}
    answers = short = 0
    longest = 0.0
    with own_home(), Limpet.open("kills") as limpet:
        for number in range(kills):
            talk = limpet.conversations.create().id
            life = live(limpet, talk, number, moments.uniform(0.0, LONGEST_LIFE_SECONDS))
            if life.is_acknowledged:
                acknowledged[life.question] = b"question %d" % number
            if life.pieces:
                answers += 1
                seconds = lost_seconds(life, limpet.conversations.window(talk).messages)
                longest = max(longest, seconds)
                short += seconds > MOST_LOST_SECONDS
        lost = sum(not is_kept(limpet, name, text) for name, text in acknowledged.items())
    return Losses(kills, answers, lost, short, longest)


def live(limpet: Limpet, talk: str, number: int, seconds: float) -> Life:
    """Ask in an engine, kill it after so many seconds, and return what it had told."""
    question, is_acknowledged = new_id(), False
    pieces: list[tuple[float, bytes]] = []
    killed: list[float] = []
    process = limpet.engine.handshake().pid

    def kill() -> None:
        killed.append(time.monotonic())
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            print(f"engine {process} had ended by itself", file=sys.stderr)

    timer = threading.Timer(seconds, kill)
    timer.start()
    with suppress(Failure):
        limpet.conversations.append(talk, b"question %d" % number, message_id=question)
        is_acknowledged = True
        for event in limpet.conversations.answer(talk, question):
            if isinstance(event, AnswerText) and not killed:
                pieces.append((time.monotonic(), event.content))  # noqa: PERF401 - kept if it fails
    timer.join()
    return Life(question, is_acknowledged, killed[0], tuple(pieces))


def lost_seconds(life: Life, kept: Sequence[Message]) -> float:
    """Return how long before the kill the first piece had come that is not kept."""
    content = next((each.content for each in kept if each.parent == life.question), b"")
    told = 0
    for came_at, piece in life.pieces:
        told += len(piece)
        if told > len(content):
            return life.killed_at - came_at
    return 0.0


def is_kept(limpet: Limpet, name: str, text: bytes) -> bool:
    """Return whether a message is there as it was sent."""
    try:
        return limpet.conversations.message(name).content == text
    except ConversationNotFound:
        return False


@contextmanager
def own_home() -> Iterator[None]:
    """Point this process to an empty home whose model writes long answers from a script."""
    folder = Path(tempfile.mkdtemp(prefix="limpet-"))
    kept = dict(os.environ)
    os.environ |= {f"XDG_{name}_HOME": str(folder / name.lower()) for name in PLACES}
    os.environ |= {
        "XDG_RUNTIME_DIR": str(folder),
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        **script(
            folder,
            {"text": "word ", "repeat": 5000},
            decode_tokens_per_second=400.0,
            context_length=100_000,
        ),
    }
    try:
        yield
    finally:
        stop_engine("kills", grace_seconds=0)
        os.environ.clear()
        os.environ |= kept
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

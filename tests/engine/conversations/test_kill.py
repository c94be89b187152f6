"""Nothing that was acknowledged is lost when the process is killed, at whatever moment."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.conversations import message_tree
from engine.conversations.database import open_database
from engine.conversations.records import MessageState

REPOSITORY = Path(__file__).resolve().parents[3]
# Kills in continuous integration, unless this says more.
KILLS = int(os.environ.get("LIMPET_TEST_KILLS", "6"))
LONGEST_LIFE_SECONDS = 0.3
# Appends questions and saves growing answers, and says what is surely kept.
CHILD = """
import asyncio, itertools, os, sys
from dataclasses import dataclass
from pathlib import Path
from msgspec.structs import replace
from engine.conversations.records import MessageState, NewMessage
from engine.conversations.store import ConversationStore

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

async def main():
    store = ConversationStore(Path(sys.argv[1]))
    await store.create("talk")
    say("ready")
    for number in itertools.count():
        question = await store.append("talk", NewMessage(b"question %d" % number))
        say("kept", question.id, question.content.hex())
        answer = await store.begin_answer(question.id)
        for length in range(1, 4):
            await store.save_partial(answer.id, b"word " * length)
            say("partial", answer.id, length)
        whole = replace(answer, content=b"the end", state=MessageState.COMPLETE)
        await store.finish(whole)
        say("kept", answer.id, whole.content.hex())

asyncio.run(main())
"""


def life(path: Path, seconds: float) -> list[list[str]]:
    """Let a writer live for so long once it writes, kill it, and return what it had said."""
    command = [sys.executable, "-c", CHILD, str(path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        timer = threading.Timer(seconds, child.kill)
        timer.start()
        said = child.stdout.read()
        timer.join()
    return [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]


@pytest.mark.slow
def test_what_was_acknowledged_survives_kills(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "conversations.sqlite3"
    moments = random.Random(20)  # noqa: S311 - moments, not secrets
    kept: dict[str, str] = {}
    for _ in range(KILLS):
        partial: dict[str, int] = {}
        for word, name, *rest in life(path, moments.uniform(0, LONGEST_LIFE_SECONDS)):
            if word == "kept":
                kept[name] = rest[0]
                partial.pop(name, None)
            else:
                partial[name] = int(rest[0])
        database = open_database(path)
        assert database.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.connection.execute("SELECT id, content FROM message").fetchall()
        found = {name: content.hex() for name, content in rows}
        assert kept.items() <= found.items()
        for name, length in partial.items():
            message = message_tree.get(database, name)
            if message.state is MessageState.PARTIAL:  # else killed between the end and saying so
                assert len(message.content) >= len(b"word ") * length
        database.close()
    assert len(kept) >= KILLS

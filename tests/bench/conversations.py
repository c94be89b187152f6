"""Prints what kept conversations cost here: `python -m tests.bench.conversations [COUNT]`.

Makes COUNT conversations (10,000 unless said) of 20 messages, half of them Chinese, in a temporary
folder. Only prints; nothing is compared. Filling takes some minutes.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from engine.conversations import importing, message_tree, search, search_index, shelves
from engine.conversations.database import Database, open_database
from engine.conversations.library_file import ConversationEntry, MessageEntry, Text
from engine.conversations.records import Author, MessageState, NewMessage

CONVERSATIONS = 10_000
MESSAGES = 20
ENGLISH_WORDS = 60
CHINESE_CHARACTERS = 150
CONVERSATIONS_AT_ONCE = 100
REPEATS = 20
COMMITS = 200
REPOSITORY = Path(__file__).resolve().parents[2]
CHINESE = [chr(ord("一") + 7 * number) for number in range(1000)]
QUERIES = {
    "a frequent word": "engine",
    "a rare word": "zzseldom",
    "two words": "model engine",
    "a part of a word": "cach",
    "two letters": "if",
    "one letter": "e",
    "one Chinese character": CHINESE[5],
    "two Chinese characters": CHINESE[5] + CHINESE[8],
    "three Chinese characters": CHINESE[5] + CHINESE[8] + CHINESE[13],
    "Chinese and English": f"engine {CHINESE[5]}",
}


def main() -> None:
    """Fill a library and measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CONVERSATIONS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "conversations.sqlite3"
        database = open_database(path)
        fill(database, count)
        print(
            f"SQLite {sqlite3.sqlite_version}, {count} conversations of {MESSAGES} messages,",
            end=" ",
        )
        print(f"{path.stat().st_size / 1e6:.0f} MB; milliseconds, median and longest of {REPEATS}")
        measure(database)
        database.close()


def fill(database: Database, count: int) -> None:
    """Import made-up conversations and index them."""
    chance = random.Random(1)  # noqa: S311 - made-up text
    words = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8").split()
    began = time.perf_counter()
    for first in range(0, count, CONVERSATIONS_AT_ONCE):
        numbers = range(first, min(first + CONVERSATIONS_AT_ONCE, count))
        importing.take_in(database, [conversation(number, chance, words) for number in numbers])
    imported = time.perf_counter()
    while search_index.index_next(database):
        pass
    print(
        f"imported in {imported - began:.0f} s, indexed in {time.perf_counter() - imported:.0f} s"
    )


def conversation(number: int, chance: random.Random, words: list[str]) -> bytes:
    """Return a made-up conversation as a line of an export."""
    messages = tuple(
        MessageEntry(
            id=f"{number}-{place}",
            author=Author.ASSISTANT if place % 2 else Author.USER,
            state=MessageState.COMPLETE,
            content=Text(
                " ".join(chance.choices(words, k=ENGLISH_WORDS))
                if place % 4 < 2
                else "".join(chance.choices(CHINESE, k=CHINESE_CHARACTERS))
            ),
            created_ms=number,
            updated_ms=number,
            parent=f"{number}-{place - 1}" if place else "",
            is_chosen=True,
        )
        for place in range(MESSAGES)
    )
    title = " ".join(chance.choices(words, k=6))
    return msgspec.json.encode(
        ConversationEntry(str(number), title[:100], number, number, messages=messages)
    )


def measure(database: Database) -> None:
    """Print the times of what a window does."""
    first = shelves.page(database).conversations[0].id
    show("list, first page of 100", partial(shelves.page, database))
    cursor = shelves.page(database, size=5000).cursor
    show("list, a page in the middle", partial(shelves.page, database, cursor=cursor))
    show("open a conversation", partial(message_tree.window, database, first))
    for name, query in QUERIES.items():
        show(f"search: {name}", partial(search.search, database, query))
    show(
        "keep a question",
        lambda: message_tree.append(database, first, NewMessage(b"why? " * 50)),
        COMMITS,
    )
    question = message_tree.last_of_branch(database, first)
    answer = message_tree.begin_answer(database, question).id
    show(
        "save 16 KB of an answer",
        lambda: message_tree.save_partial(database, answer, b"x" * 16384),
        COMMITS,
    )


def show(name: str, work: Callable[[], object], repeats: int = REPEATS) -> None:
    """Print how long a piece of work takes."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    print(f"  {name:34} {statistics.median(times):8.1f} {max(times):8.1f}", flush=True)


if __name__ == "__main__":
    main()

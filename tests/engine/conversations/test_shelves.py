"""Conversations are listed by date, named, pinned, put away, deleted and brought back."""

from __future__ import annotations

import pytest

from engine.conversations import message_tree, shelves, storage
from engine.conversations.database import Database
from engine.conversations.records import KeptAttachment, NewMessage, Shelf
from engine.errors import ConversationNotFound, InvalidInput
from tests.engine.conversations.clock import HandClock
from tests.engine.conversations.trees import say, shown, talk


def listed(database: Database, shelf: Shelf = Shelf.ACTIVE, size: int = 100) -> list[str]:
    names: list[str] = []
    cursor = ""
    while True:
        page = shelves.page(database, shelf, size=size, cursor=cursor)
        names += [each.id for each in page.conversations]
        if not (cursor := page.cursor):
            return names


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_pinned_ones_come_first_then_the_last_changed(database: Database, size: int) -> None:
    for name in "abcd":
        shelves.create(database, name)
    say(database, "b", "news")
    shelves.change(database, "a", is_pinned=True)

    assert listed(database, size=size) == ["a", "b", "d", "c"]


def test_many_of_the_same_moment_are_listed_once_each(database: Database, clock: HandClock) -> None:
    for number in range(30):
        clock.now = 5
        shelves.create(database, f"c{number:02}")

    names = listed(database, size=7)

    assert sorted(names) == [f"c{number:02}" for number in range(30)]
    assert len(names) == 30


def test_a_clock_that_was_set_back_moves_nothing_down(database: Database, clock: HandClock) -> None:
    talk(database, "a", name="old")
    talk(database, "b", name="new")
    clock.now = 1

    say(database, "new", "c")

    assert listed(database) == ["new", "old"]
    assert shown(database, "new") == ["b", "c"]


def test_each_conversation_is_on_one_shelf(database: Database) -> None:
    for name in ("active", "archived", "deleted", "both"):
        shelves.create(database, name)
    shelves.change(database, "archived", is_archived=True)
    shelves.change(database, "both", is_archived=True)
    shelves.delete(database, "deleted")
    shelves.delete(database, "both")

    assert listed(database) == ["active"]
    assert listed(database, Shelf.ARCHIVED) == ["archived"]
    assert listed(database, Shelf.DELETED) == ["both", "deleted"]
    shelves.undelete(database, "both")
    assert listed(database, Shelf.ARCHIVED) == ["both", "archived"]


TITLES = {
    "the first line with words": (b"\n\n  why is\tthis \x1b slow?  \nmore", "why is this slow?"),
    "cut where it is long": (b"x" * 100, "x" * 59 + "…"),
    "Chinese": ("为什么慢？".encode(), "为什么慢？"),
    "no words": (b"  \n", ""),
    "no text": (b"\xff\xfe", ""),
}


@pytest.mark.parametrize(("content", "title"), TITLES.values(), ids=TITLES)
def test_a_title_is_made_of_the_first_question(
    database: Database, content: bytes, title: str
) -> None:
    shelves.create(database, "talk")
    message_tree.append(database, "talk", NewMessage(content))

    assert shelves.get(database, "talk").title == title


def test_a_given_title_stays(database: Database) -> None:
    shelves.create(database, "talk", "Mine")
    say(database, "talk", "a question")

    assert shelves.get(database, "talk").title == "Mine"
    assert shelves.change(database, "talk", title="Yours").title == "Yours"


def test_a_draft_is_kept_until_it_is_sent(database: Database) -> None:
    shelves.create(database, "talk")
    shelves.change(database, "talk", draft=b"half a \xff thought")

    assert shelves.get(database, "talk").draft == b"half a \xff thought"
    say(database, "talk", "the whole")
    assert shelves.get(database, "talk").draft == b""


def test_making_one_twice_makes_one(database: Database) -> None:
    first = shelves.create(database, "talk", "One")

    assert shelves.create(database, "talk", "Two") == first


def test_only_deleted_ones_are_purged_with_all_they_held(database: Database) -> None:
    talk(database, "a", "A", name="kept")
    talk(database, "b", name="gone")
    message_tree.append(database, "gone", NewMessage(b"c", (KeptAttachment("a.py", b"x" * 10),)))
    shelves.delete(database, "gone")

    assert storage.storage_numbers(database).attachment_bytes == 10
    assert storage.purge(database, ["kept", "gone", "nosuch"]) == 1

    numbers = storage.storage_numbers(database)
    assert (numbers.conversations, numbers.messages, numbers.attachments) == (1, 2, 0)
    with pytest.raises(ConversationNotFound):
        shelves.get(database, "gone")
    database.connection.execute(
        "INSERT INTO message_index (message_index, rank) VALUES ('integrity-check', 1)"
    )


def test_what_is_wrong_is_refused(database: Database) -> None:
    with pytest.raises(InvalidInput):
        shelves.page(database, cursor="1.2")
    with pytest.raises(InvalidInput):
        shelves.create(database, "no/slash")
    with pytest.raises(InvalidInput):
        shelves.create(database, title="x" * 201)
    with pytest.raises(ConversationNotFound):
        shelves.change(database, "nosuch", title="x")
    with pytest.raises(ConversationNotFound):
        shelves.delete(database, "nosuch")

"""A library that is exported and imported is the same, however often that is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from engine.conversations import exporting, importing, message_tree, search_index, shelves
from engine.conversations.database import Database, open_database
from engine.conversations.library_file import heading_line
from engine.conversations.records import ImportCount, KeptAttachment, MessageState, NewMessage
from engine.conversations.search import search
from engine.errors import InvalidInput
from engine.inference.language_model import Figures
from tests.engine.conversations.trees import reply, say, shown, talk


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "other" / "conversations.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def library(database: Database) -> Database:
    """Branches, attachments, odd bytes, a failed and a partial answer."""
    question, _, _, _ = talk(database, "a", "A", "b", "B")
    message_tree.edit(
        database, question, NewMessage(b"\xff", (KeptAttachment("x", b"\xfe", 1, 2),))
    )
    failed = message_tree.begin_answer(database, say(database, "talk", "c"))
    figures = Figures(prompt_tokens=3, tokens_per_second=1.25)
    message_tree.finish(
        database,
        replace(
            failed, content=b"ha", state=MessageState.FAILED, failure="no luck", figures=figures
        ),
    )
    message_tree.save_partial(
        database, message_tree.begin_answer(database, say(database, "talk", "d")).id, b"half"
    )
    message_tree.select(database, question)
    shelves.change(database, "talk", is_pinned=True, draft=b"\xffdraft", title="Title")
    talk(database, "另一个", name="other")
    shelves.change(database, "other", is_archived=True)
    talk(database, "gone", name="gone")
    shelves.delete(database, "gone")
    return database


def exported(database: Database) -> list[bytes]:
    return [exporting.as_json(database, name) for name in exporting.all_ids(database)]


def test_a_library_comes_back_whole(library: Database, other: Database) -> None:
    lines = exported(library)

    count = importing.take_in(other, lines)

    assert count == ImportCount(conversations_added=2, messages_added=10)
    assert exported(other) == lines
    assert shown(other) == ["a", "A", "b", "B"]


def test_importing_again_changes_nothing(library: Database, other: Database) -> None:
    lines = exported(library)
    importing.take_in(other, lines)

    count = importing.take_in(other, lines)

    assert count == ImportCount(messages_known=10)
    assert exported(other) == lines


def test_what_is_here_stays_and_what_is_new_comes_beside_it(
    library: Database, other: Database
) -> None:
    importing.take_in(other, exported(library))
    ours = reply(other, say(other, "talk", "ours"), "answer")
    say(library, "talk", "theirs", name="theirs")

    count = importing.take_in(other, exported(library))

    assert (count.conversations_added, count.messages_added) == (0, 1)
    assert shown(other)[-1] == "answer"
    assert len(message_tree.get(other, "theirs").alternatives) == 2
    assert message_tree.get(other, ours).content == b"answer"


def test_a_deleted_conversation_comes_back(library: Database) -> None:
    lines = exported(library)
    shelves.delete(library, "talk")

    importing.take_in(library, lines)

    assert shelves.get(library, "talk").deleted_ms == 0


def test_what_was_imported_is_found(library: Database, other: Database) -> None:
    importing.take_in(other, exported(library))
    while search_index.index_next(other):
        pass
    assert [hit.conversation for hit in search(other, "另一").hits if hit.message] == ["other"]


GOOD = {"id": "c", "title": "t", "created_ms": 1, "updated_ms": 1}
MESSAGE = {
    "id": "m",
    "author": "user",
    "state": "complete",
    "content": {"text": "x"},
    "created_ms": 1,
    "updated_ms": 1,
}
BROKEN: dict[str, object] = {
    "no JSON": b"{",
    "no UTF-8": b'{"id": "\xff"}',
    "a lone surrogate": b'{"id": "c", "title": "\\ud800", "created_ms": 1, "updated_ms": 1}',
    "another thing": b"[]",
    "no id": GOOD | {"id": ""},
    "a bad id": GOOD | {"id": "../x"},
    "a long title": GOOD | {"title": "x" * 1000},
    "a number too large": GOOD | {"created_ms": 1 << 70},
    "a negative time": GOOD | {"created_ms": -1},
    "a large draft": GOOD | {"draft": {"text": "x" * (3 << 20)}},
    "a parent below": GOOD | {"messages": [MESSAGE | {"parent": "n"}, MESSAGE | {"id": "n"}]},
    "its own parent": GOOD | {"messages": [MESSAGE | {"parent": "m"}]},
    "one id twice": GOOD | {"messages": [MESSAGE, MESSAGE]},
    "an unknown author": GOOD | {"messages": [MESSAGE | {"author": "system"}]},
    "no base64": GOOD | {"messages": [MESSAGE | {"content": {"base64": "!"}}]},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_line_that_is_none_of_ours_is_counted_and_the_rest_taken(
    database: Database, broken: object
) -> None:
    bad = broken if isinstance(broken, bytes) else msgspec.json.encode(broken)
    good = msgspec.json.encode(GOOD | {"id": "good", "messages": [MESSAGE | {"id": "g"}]})

    count = importing.take_in(database, [bad, good])

    assert count == ImportCount(conversations_added=1, messages_added=1, lines_refused=1)
    assert exporting.all_ids(database) == ("good",)


def test_a_message_of_another_conversation_is_not_moved(database: Database) -> None:
    talk(database, "a")
    taken = message_tree.window(database, "talk").messages[0].id
    stolen = GOOD | {"messages": [MESSAGE | {"id": taken}, MESSAGE | {"id": "n", "parent": taken}]}

    count = importing.take_in(database, [msgspec.json.encode(stolen)])

    assert count == ImportCount(lines_refused=1)
    assert shown(database) == ["a"]
    assert message_tree.get(database, taken).conversation == "talk"


def test_the_heading_is_checked() -> None:
    importing.check_heading(heading_line())
    for wrong in (
        b"",
        b"{}",
        b"[1]",
        heading_line().replace(b"1", b"2"),
        b'{"format":"x","version":1}',
    ):
        with pytest.raises(InvalidInput):
            importing.check_heading(wrong)


MARKDOWN = """\
# Title

## You, 2001-09-09 01:46 UTC

`x.py:3-4`:

````
```
````

why?

## Limpet, 2001-09-09 01:46 UTC (small)

because

*(stopped in the middle)*
"""


def test_markdown_shows_the_selected_branch(database: Database) -> None:
    database.clock = lambda: 10**12
    shelves.create(database, "talk", "Title")
    attached = KeptAttachment("x.py", b"```", 3, 4)
    question = message_tree.append(database, "talk", NewMessage(b"why?", (attached,)))
    reply(database, question.id, "not shown")
    answer = message_tree.begin_answer(database, question.id, "small")
    message_tree.save_partial(database, answer.id, b"because")

    assert exporting.as_markdown(database, "talk").decode() == MARKDOWN

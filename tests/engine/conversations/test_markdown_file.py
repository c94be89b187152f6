"""Markdown comes in: what was exported as it was, and files of others by who speaks in them."""

from __future__ import annotations

import time

import msgspec
import pytest
from msgspec.structs import replace

from engine.conversations import exporting, importing, message_tree, shelves
from engine.conversations.database import Database
from engine.conversations.library_file import ConversationEntry, message_of
from engine.conversations.markdown_file import conversations_of
from engine.conversations.records import (
    Author,
    ImportCount,
    KeptAttachment,
    MessageState,
    NewMessage,
)
from tests.engine.conversations.trees import say, talk

NOW = 1_700_000_000_000
CODE = b"So:\n\n```python\n# Title\n\n## You\n```\n\nDone."


def spoken(entry: ConversationEntry) -> list[tuple[str, str]]:
    return [(each.author.value, each.content.content.decode()) for each in entry.messages]


def answer(database: Database, content: bytes, state: MessageState, failure: str = "") -> None:
    begun = message_tree.begin_answer(database, message_tree.last_of_branch(database, "talk"))
    done = replace(begun, content=content, state=state, failure=failure, model="small")
    message_tree.finish(database, done)


def test_what_was_exported_comes_back(database: Database) -> None:
    shelves.create(database, "talk", "A title")
    file = KeptAttachment("src/a.py", b"## You, 2026-01-01 00:00 UTC\n````\n", 3, 4)
    whole = KeptAttachment("b `c`.py", b"x = 1\n")
    message_tree.append(database, "talk", NewMessage(b"why?", (file, KeptAttachment("e", b""))))
    answer(database, b"```python\nnever closed", MessageState.PARTIAL)
    say(database, "talk", CODE)
    answer(database, CODE, MessageState.FAILED, "It died (twice).")
    message_tree.append(database, "talk", NewMessage(b"", (whole,)))
    talk(database, "另一个", "回答", name="other")
    text = b"".join(exporting.as_markdown(database, name) for name in ("talk", "other"))

    first, second = conversations_of(text, NOW)

    assert (first.title, second.title) == ("A title", "另一个")
    for entry, name in ((first, "talk"), (second, "other")):
        kept = message_tree.path_to(database, message_tree.last_of_branch(database, name))
        back = [message_of(each) for each in entry.messages]
        assert [each.author for each in back] == [each.author for each in kept]
        assert [each.state for each in back] == [each.state for each in kept]
        assert [each.failure for each in back] == [each.failure for each in kept]
        assert [each.model for each in back] == [each.model for each in kept]
        assert [each.created_ms // 60_000 for each in back] == [
            each.created_ms // 60_000 for each in kept
        ]
    assert [each.content.content for each in first.messages[:4]] == [
        b"why?",
        b"```python\nnever closed",
        CODE,
        CODE,
    ]
    attached = message_of(first.messages[0]).attachments
    assert [(each.path, each.content, each.first_line, each.last_line) for each in attached] == [
        ("src/a.py", file.content, 3, 4),
        ("e", b"", 0, 0),
    ]
    assert message_of(first.messages[4]).attachments[0].path == whole.path


def test_it_is_taken_in_once(database: Database) -> None:
    text = b"# Sorting\n\n## User\nhow?\n\n## Assistant\nso\n"
    lines = [msgspec.json.encode(each) for each in conversations_of(text, NOW)]
    assert importing.take_in(database, lines) == ImportCount(1, 2)
    again = [msgspec.json.encode(each) for each in conversations_of(text, NOW + 1)]
    assert importing.take_in(database, again) == ImportCount(messages_known=2)
    (conversation,) = shelves.page(database).conversations
    assert conversation.title == "Sorting"
    shown = message_tree.window(database, conversation.id).messages
    assert [each.content for each in shown] == [b"how?", b"so"]


FOREIGN = {
    "headings": "# T\n\n## User\n\na\n\nb\n\n## Assistant\n\nB\n",
    "with colons and dates": "### User: (2024-01-01)\na\n\nb\n### ChatGPT:\nB",
    "bold": "**User:** a\n\nb\n\n**Assistant**: B\n",
    "windows": "# T\r\n## User\r\na\r\n\r\nb\r\n## Assistant\r\nB\r\n",
    "a mark of order": "\ufeff## 用户\na\n\nb\n## 助手\nB",
    "saved by the chat": "# Conversation with Limpet\n\n## Question\n\na\n\nb\n\n## Answer\n\nB\n",
    "signs": "## 🧑 You\na\n\nb\n## 🤖 Bot\nB",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_who_speaks_is_read_from_headings(text: str) -> None:
    (entry,) = conversations_of(text.encode(), NOW)
    assert spoken(entry) == [("user", "a\n\nb"), ("assistant", "B")]
    assert {each.created_ms for each in entry.messages} == {NOW}


def test_headings_of_another_form_are_text() -> None:
    text = "## User\na\n## Assistant\n### User\n**User:** x\n```\n## User\n```\n## Settings\n"
    (entry,) = conversations_of(text.encode(), NOW)
    assert spoken(entry) == [
        ("user", "a"),
        ("assistant", "### User\n**User:** x\n```\n## User\n```\n## Settings"),
    ]


@pytest.mark.parametrize(
    "text", ["", "x\ny\n", "# Only a title\n", "## Users\n", "```\n## User\n```"]
)
def test_what_says_not_who_speaks_is_no_conversation(text: str) -> None:
    assert conversations_of(text.encode(), NOW) == ()


def test_odd_bytes_stay_and_odd_dates_do_no_harm() -> None:
    text = b"## You, 9999-99-99 99:99 UTC\nx\n## You, 2026-01-01 00:00 UTC\n\xff\x00\n"
    (entry,) = conversations_of(text, NOW)
    assert [each.content.content for each in entry.messages] == [b"\xff\x00"]
    assert entry.messages[0].author is Author.USER


def test_hostile_lines_cost_no_time() -> None:
    began = time.monotonic()
    text = b"# " + b" " * 300_000 + b"x\n" + b"**" + b" " * 300_000 + b"\n" + b"```\n" * 20_000
    assert conversations_of(text * 2, NOW) == ()
    assert time.monotonic() - began < 5

"""Messages stand beside each other and nothing is overwritten; one branch is selected."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from engine.conversations import message_tree, shelves
from engine.conversations.database import Database, open_database
from engine.conversations.records import Author, KeptAttachment, MessageState, NewMessage
from engine.errors import ConversationNotFound, InvalidInput
from engine.inference.language_model import Figures
from tests.engine.conversations.clock import HandClock
from tests.engine.conversations.trees import reply, say, shown, talk

ANY_BYTES = b"\xff\x00\xe6\x8e"


def test_a_conversation_is_read_as_it_was_said(database: Database) -> None:
    talk(database, "why?", "because", "and?", "no")

    window = message_tree.window(database, "talk")

    assert [message.content for message in window.messages] == [b"why?", b"because", b"and?", b"no"]
    assert [message.author for message in window.messages] == [Author.USER, Author.ASSISTANT] * 2
    assert [message.parent for message in window.messages] == [
        "",
        *(message.id for message in window.messages[:-1]),
    ]
    assert not window.has_older


def test_an_edited_message_stands_beside_the_old_one(database: Database) -> None:
    first, _, second, _ = talk(database, "a", "A", "b", "B")

    edited = message_tree.edit(database, second, NewMessage(b"c"))

    assert shown(database) == ["a", "A", "c"]
    assert edited.alternatives == (second, edited.id)
    message_tree.select(database, second)
    assert shown(database) == ["a", "A", "b", "B"]
    other_root = message_tree.edit(database, first, NewMessage(b"z"))
    assert shown(database) == ["z"]
    assert other_root.alternatives == (first, other_root.id)


def test_a_new_answer_stands_beside_the_old_one(database: Database) -> None:
    question, old = talk(database, "a", "A")

    new = reply(database, question, "B")

    assert shown(database) == ["a", "B"]
    assert message_tree.get(database, new).alternatives == (old, new)


def test_a_branch_remembers_what_was_selected_behind_it(database: Database) -> None:
    first, _, second, _ = talk(database, "a", "A", "b", "B")
    edited = message_tree.edit(database, second, NewMessage(b"c")).id
    message_tree.edit(database, first, NewMessage(b"z"))

    message_tree.select(database, first)

    assert shown(database) == ["a", "A", "c"]
    assert message_tree.last_of_branch(database, "talk") == edited


def test_an_old_question_that_is_answered_is_selected(database: Database) -> None:
    first, *_ = talk(database, "a", "A", "b", "B")
    message_tree.edit(database, first, NewMessage(b"z"))

    reply(database, first, "C")

    assert shown(database) == ["a", "C"]


def test_contents_and_attachments_come_back_byte_for_byte(database: Database) -> None:
    shelves.create(database, "talk")
    attached = KeptAttachment("src/ü.py", ANY_BYTES, 3, 4)

    kept = message_tree.append(database, "talk", NewMessage(ANY_BYTES, (attached,)))

    assert kept.content == ANY_BYTES
    assert kept.attachments == (replace(attached, size_bytes=4),)
    (message,) = message_tree.window(database, "talk").messages
    assert message.attachments == (replace(attached, size_bytes=4, content=None),)


def test_a_message_that_is_sent_twice_is_kept_once(database: Database) -> None:
    shelves.create(database, "talk")

    assert say(database, "talk", "a", name="one") == say(database, "talk", "a", name="one")

    assert shown(database) == ["a"]


def test_a_message_may_follow_any_other(database: Database) -> None:
    _, answer, _ = talk(database, "a", "A", "b")

    message_tree.append(database, "talk", NewMessage(b"c"), parent=answer)

    assert shown(database) == ["a", "A", "c"]


def test_an_answer_grows_and_ends_once(database: Database) -> None:
    question = talk(database, "a")[0]
    answer = message_tree.begin_answer(database, question)

    message_tree.save_partial(database, answer.id, b"half")
    half = message_tree.get(database, answer.id)
    figures = Figures(prompt_tokens=7, tokens_per_second=2.5)
    whole = replace(
        answer, content=b"whole", state=MessageState.COMPLETE, figures=figures, model="small"
    )
    message_tree.finish(database, whole)
    message_tree.save_partial(database, answer.id, b"too late")
    message_tree.finish(database, replace(whole, content=b"again"))

    kept = message_tree.get(database, answer.id)
    assert (half.content, half.state) == (b"half", MessageState.PARTIAL)
    assert (kept.content, kept.state) == (b"whole", MessageState.COMPLETE)
    assert (kept.figures, kept.model) == (figures, "small")


def test_an_answer_of_a_killed_engine_stays_partial(path: Path, clock: HandClock) -> None:
    database = open_database(path, clock)
    question = talk(database, "a")[0]
    answer = message_tree.begin_answer(database, question)
    message_tree.save_partial(database, answer.id, b"half")

    message_tree.seal_leftovers(database)
    message_tree.save_partial(database, answer.id, b"nobody writes any more")

    kept = message_tree.get(database, answer.id)
    assert (kept.content, kept.state) == (b"half", MessageState.PARTIAL)
    database.close()


def test_a_long_branch_is_read_in_windows(database: Database) -> None:
    texts = [str(number) for number in range(120)]
    talk(database, *texts)

    seen: list[str] = []
    before, has_older = "", True
    sizes = []
    while has_older:
        window = message_tree.window(database, "talk", before=before)
        seen = [message.content.decode() for message in window.messages] + seen
        sizes.append(len(window.messages))
        before, has_older = window.messages[0].id, window.has_older

    assert (seen, sizes) == (texts, [50, 50, 20])


def test_a_window_ends_early_where_contents_are_large(database: Database) -> None:
    shelves.create(database, "talk")
    for _ in range(3):
        say(database, "talk", b"x" * (3 << 20))

    window = message_tree.window(database, "talk")

    assert (len(window.messages), window.has_older) == (1, True)


def test_an_empty_conversation_has_an_empty_branch(database: Database) -> None:
    shelves.create(database, "talk")

    assert shown(database) == []
    assert message_tree.last_of_branch(database, "talk") == ""


def test_what_is_not_there_is_told(database: Database) -> None:
    with pytest.raises(ConversationNotFound):
        message_tree.append(database, "nosuch", NewMessage(b"a"))
    with pytest.raises(ConversationNotFound):
        message_tree.edit(database, "nosuch", NewMessage(b"a"))
    with pytest.raises(ConversationNotFound):
        message_tree.window(database, "nosuch")


def test_what_makes_no_sense_is_refused(database: Database) -> None:
    question, answer = talk(database, "a", "A")
    other = talk(database, "b", name="other")[0]

    with pytest.raises(InvalidInput):
        message_tree.edit(database, answer, NewMessage(b"x"))
    with pytest.raises(InvalidInput):
        message_tree.begin_answer(database, answer)
    with pytest.raises(InvalidInput):
        message_tree.append(database, "talk", NewMessage(b"x"), parent=other)
    with pytest.raises(InvalidInput):
        message_tree.append(database, "talk", NewMessage(b"x", id="no id!"))
    message_tree.edit(database, question, NewMessage(b"x"))
    with pytest.raises(InvalidInput):
        message_tree.window(database, "talk", before=answer)

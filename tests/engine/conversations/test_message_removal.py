"""Messages are deleted with what follows them, and come back as they were."""

from __future__ import annotations

import pytest

from engine.conversations import message_removal, message_tree, search, storage
from engine.conversations.database import Database
from engine.conversations.exporting import as_json
from engine.conversations.importing import take_in
from engine.conversations.library_file import heading_line
from engine.conversations.message_removal import delete_message, purge_messages, undelete_message
from engine.conversations.records import MessageState, NewMessage
from engine.errors import ConversationNotFound, InvalidInput
from tests.engine.conversations.clock import HandClock
from tests.engine.conversations.trees import reply, say, shown, talk

TEXTS = ("one", "two", "three", "four")


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_what_follows_goes_with_a_message_and_comes_back(database: Database, place: int) -> None:
    ids = talk(database, *TEXTS)

    removal = delete_message(database, ids[place])

    assert removal.removed == len(TEXTS) - place
    assert removal.conversation.id == "talk"
    assert shown(database) == list(TEXTS[:place])
    assert undelete_message(database, ids[place]).id == ids[place]
    assert shown(database) == list(TEXTS)


def test_the_branch_beside_is_selected(database: Database) -> None:
    question = talk(database, "why?")[0]
    answers = [reply(database, question, text) for text in ("first", "second", "third")]

    delete_message(database, answers[2])
    assert shown(database) == ["why?", "second"]
    delete_message(database, answers[0])  # not the selected one
    assert shown(database) == ["why?", "second"]
    assert message_tree.get(database, answers[1]).alternatives == (answers[1],)
    delete_message(database, answers[1])
    assert shown(database) == ["why?"]

    undelete_message(database, answers[0])
    assert shown(database) == ["why?", "first"]


def test_a_deleted_first_question_leaves_its_edited_sibling(database: Database) -> None:
    first = talk(database, "first", "answer")[0]
    other = message_tree.edit(database, first, NewMessage(b"edited")).id

    delete_message(database, other)

    assert shown(database) == ["first", "answer"]


def test_a_message_deleted_before_its_parent_stays_deleted(database: Database) -> None:
    ids = talk(database, *TEXTS)
    delete_message(database, ids[2])
    delete_message(database, ids[1])

    with pytest.raises(InvalidInput):
        undelete_message(database, ids[2])
    undelete_message(database, ids[1])

    assert shown(database) == ["one", "two"]


def test_undeleting_what_is_there_changes_no_branch(database: Database) -> None:
    ids = talk(database, "why?", "first")
    reply(database, ids[0], "second")

    undelete_message(database, ids[1])

    assert shown(database) == ["why?", "second"]


def test_a_deleted_message_cannot_be_reached(database: Database) -> None:
    ids = talk(database, *TEXTS)
    delete_message(database, ids[1])

    for reach in (
        lambda: message_tree.get(database, ids[2]),
        lambda: message_tree.select(database, ids[1]),
        lambda: message_tree.append(database, "talk", NewMessage(b"more"), ids[3]),
        lambda: delete_message(database, ids[1]),
    ):
        with pytest.raises(ConversationNotFound):
            reach()
    assert search.search(database, "three").hits == ()
    assert [hit.match for hit in search.search(database, "one").hits if hit.message] == ["one"]
    assert b"three" not in as_json(database, "talk")


def test_an_answer_that_is_being_written_may_be_deleted(database: Database) -> None:
    question = talk(database, "why?")[0]
    answer = message_tree.begin_answer(database, question)
    delete_message(database, answer.id)

    message_tree.save_partial(database, answer.id, b"because")
    message_tree.finish(database, answer)

    assert shown(database) == ["why?"]
    assert undelete_message(database, answer.id).state is MessageState.PARTIAL


def test_deleted_messages_are_removed_for_good_when_their_time_is_over(
    database: Database, clock: HandClock
) -> None:
    ids = talk(database, *TEXTS)
    before = clock()
    delete_message(database, ids[2])

    assert purge_messages(database, before) == 0
    assert purge_messages(database, clock() + 1) == 1

    assert storage.storage_numbers(database).messages == 2
    with pytest.raises(ConversationNotFound):
        undelete_message(database, ids[2])
    if database.has_index:
        database.connection.execute(
            "INSERT INTO message_index (message_index) VALUES ('integrity-check')"
        )
    say(database, "talk", "five")
    assert shown(database) == ["one", "two", "five"]


def test_an_import_brings_deleted_messages_back(database: Database) -> None:
    ids = talk(database, *TEXTS)
    exported = as_json(database, "talk")
    delete_message(database, ids[0])
    assert shown(database) == []

    count = take_in(database, [heading_line(), exported])

    assert (count.messages_added, count.messages_known) == (0, len(TEXTS))
    assert shown(database) == list(TEXTS)
    assert message_removal.undelete_message(database, ids[1]).id == ids[1]

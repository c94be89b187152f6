"""Builds conversations in few words."""

from __future__ import annotations

from msgspec.structs import replace

from engine.conversations import message_tree, shelves
from engine.conversations.database import Database
from engine.conversations.records import MessageState, NewMessage


def say(database: Database, conversation: str, text: str | bytes, *, name: str = "") -> str:
    """Append a user's message and return its id."""
    content = text.encode() if isinstance(text, str) else text
    return message_tree.append(database, conversation, NewMessage(content, id=name)).id


def reply(database: Database, question: str, text: str) -> str:
    """Keep a whole answer and return its id."""
    answer = message_tree.begin_answer(database, question)
    done = replace(answer, content=text.encode(), state=MessageState.COMPLETE)
    message_tree.finish(database, done)
    return answer.id


def talk(database: Database, *texts: str, name: str = "talk") -> list[str]:
    """Make a conversation of questions and answers in turn; return the messages' ids."""
    shelves.create(database, name)
    ids: list[str] = []
    for place, text in enumerate(texts):
        is_question = place % 2 == 0
        ids.append(say(database, name, text) if is_question else reply(database, ids[-1], text))
    return ids


def shown(database: Database, name: str = "talk") -> list[str]:
    """Return the texts of the selected branch."""
    window = message_tree.window(database, name, size=1000)
    return [message.content.decode() for message in window.messages]

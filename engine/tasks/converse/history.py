"""Makes a chat's turns of the messages that lead to a question."""

from __future__ import annotations

from collections.abc import Sequence

from engine.conversations.records import Author, KeptAttachment, Message
from engine.prompts.chat_task import ChatTask
from engine.prompts.turns import Attachment, Speaker, Turn

_SPEAKERS = {Author.USER: Speaker.USER, Author.ASSISTANT: Speaker.ASSISTANT}


def turns_of(messages: Sequence[Message], task: ChatTask) -> tuple[Turn, ...]:
    """Return the turns of a path, of which the last message is the question.

    Attachments of earlier messages are written into their turns, in the words in which they were
    asked about, so that the model's cache still knows them. Two turns of one speaker in a row, as
    after an answer that never began, become one: many models know only turns that alternate.
    """
    turns: list[Turn] = []
    for message in messages:
        attached = () if message is messages[-1] else attachments_of(message)
        content = task.question_with(attached, message.content) if attached else message.content
        if not content.strip() and message is not messages[-1]:
            continue
        speaker = _SPEAKERS[message.author]
        if turns and turns[-1].speaker is speaker:
            content = b"\n\n".join([turns.pop().content, content])
        turns.append(Turn(speaker, content))
    return tuple(turns)


def attachments_of(message: Message) -> tuple[Attachment, ...]:
    """Return a message's attachments as a prompt takes them."""
    return tuple(_attachment(each) for each in message.attachments)


def _attachment(kept: KeptAttachment) -> Attachment:
    return Attachment(kept.path, kept.content or b"", kept.first_line, kept.last_line)

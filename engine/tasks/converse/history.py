"""Makes a chat's turns of the messages that lead to a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.conversations.records import Author, KeptAttachment, Message
from engine.prompts.chat_task import ChatTask
from engine.prompts.turns import Attachment, Speaker, Turn

_CHINESE = re.compile("[\u3400-\u9fff]")
_SPEAKERS = {Author.USER: Speaker.USER, Author.ASSISTANT: Speaker.ASSISTANT}


def turns_of(messages: Sequence[Message], task: ChatTask) -> tuple[Turn, ...]:
    """Return the turns of a path, of which the last message is the question.

    Attachments of earlier messages are written into their turns, in the words in which they were
    asked about, so that the model's cache still knows them. Two turns of one speaker in a row, as
    after an answer that never began, become one: many models know only turns that alternate. What a
    summary stands for is left out; the summary stands in front of the first turn.
    """
    summarised, behind = after_summary(messages)
    turns: list[Turn] = []
    for message in behind:
        attached = () if message is messages[-1] else attachments_of(message)
        content = task.question_with(attached, message.content) if attached else message.content
        if not content.strip() and message is not messages[-1]:
            continue
        speaker = _SPEAKERS[message.author]
        if turns and turns[-1].speaker is speaker:
            content = b"\n\n".join([turns.pop().content, content])
        turns.append(Turn(speaker, content))
    if summarised is not None and summarised.summary is not None:
        summary = task.render_summary(summarised.summary.content)
        turns[0] = Turn(turns[0].speaker, b"\n\n".join([summary, turns[0].content]))
    return tuple(turns)


def after_summary(path: Sequence[Message]) -> tuple[Message | None, Sequence[Message]]:
    """Return the last message of a path that has a summary, and the messages behind it.

    The path's own last message is never left to its summary: that is what is asked, or summarised.
    """
    for number in range(len(path) - 1, 0, -1):
        if path[number - 1].summary is not None:
            return path[number - 1], path[number:]
    return None, path


def language_of_text(text: bytes) -> str:
    """Return the language of a question as the engine's words know it."""
    return "zh" if _CHINESE.search(text.decode("utf-8", "replace")) else "en"


def attachments_of(message: Message) -> tuple[Attachment, ...]:
    """Return a message's attachments as a prompt takes them."""
    return tuple(_attachment(each) for each in message.attachments)


def _attachment(kept: KeptAttachment) -> Attachment:
    return Attachment(kept.path, kept.content or b"", kept.first_line, kept.last_line)

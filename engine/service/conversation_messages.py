"""Puts kept conversations on the wire, and reads what clients send to be kept."""

from __future__ import annotations

from engine.conversations.records import (
    LARGEST_DRAFT_BYTES,
    LARGEST_MESSAGE_BYTES,
    Author,
    Conversation,
    Hit,
    KeptAttachment,
    Message,
    MessageState,
    NewMessage,
    Shelf,
    StorageNumbers,
    Summary,
)
from engine.errors import InvalidInput, UnreadableText
from engine.service.chat_servicer import attachment_of, finished_message
from engine.service.figures import figures_message
from engine.service.text_limits import check_size
from engine.tasks.converse.steps import AnswerDone, AnswerKept, AnswerPiece, ConversationStep
from engine.tasks.converse.summaries import SummaryProgress
from rpc.stubs.limpet.v1 import chat_pb2, conversations_pb2

_SHELVES = {
    conversations_pb2.SHELF_UNSPECIFIED: Shelf.ACTIVE,
    conversations_pb2.SHELF_ACTIVE: Shelf.ACTIVE,
    conversations_pb2.SHELF_ARCHIVED: Shelf.ARCHIVED,
    conversations_pb2.SHELF_DELETED: Shelf.DELETED,
}
_STATES = {
    MessageState.PARTIAL: conversations_pb2.MESSAGE_STATE_PARTIAL,
    MessageState.COMPLETE: conversations_pb2.MESSAGE_STATE_COMPLETE,
    MessageState.FAILED: conversations_pb2.MESSAGE_STATE_FAILED,
}
_AUTHORS = {Author.USER: chat_pb2.ROLE_USER, Author.ASSISTANT: chat_pb2.ROLE_ASSISTANT}


def shelf_of(number: int) -> Shelf:
    """Return the shelf that a request names. Raises InvalidInput."""
    for wire, shelf in _SHELVES.items():
        if wire == number:
            return shelf
    raise InvalidInput(f"The engine does not know the shelf {number}.")


def size_of(wanted: int, usual: int, most: int) -> int:
    """Return how many a request asks for. Raises InvalidInput."""
    if wanted > most:
        raise InvalidInput(f"The request asks for {wanted} at once; {most} are the most.")
    return wanted or usual


def new_message(message: conversations_pb2.NewMessage) -> NewMessage:
    """Return what a user sends to be kept. Raises InvalidInput, UnreadableText."""
    if not message.content.strip() and not message.attachments:
        raise InvalidInput("The message is empty.")
    check_size(len(message.content), "The message")
    attachments = tuple(_kept(each) for each in message.attachments)
    total = len(message.content) + sum(each.size_bytes for each in attachments)
    if total > LARGEST_MESSAGE_BYTES:
        raise UnreadableText(
            f"The message and what is attached have {total / (1 << 20):.1f} MiB together; "
            f"{LARGEST_MESSAGE_BYTES >> 20} MiB can be kept.",
            advice="Attach a part of it.",
        )
    return NewMessage(message.content, attachments, message.id)


def checked_draft(draft: bytes) -> bytes:
    """Return a draft that can be kept. Raises UnreadableText."""
    if len(draft) > LARGEST_DRAFT_BYTES:
        raise UnreadableText(
            f"The draft has {len(draft) / (1 << 20):.1f} MiB; "
            f"{LARGEST_DRAFT_BYTES >> 20} MiB can be kept.",
            advice="Send it, or attach it as a file.",
        )
    return draft


def conversation_message(conversation: Conversation) -> conversations_pb2.Conversation:
    """Return a conversation for the wire."""
    return conversations_pb2.Conversation(
        id=conversation.id,
        title=conversation.title,
        created_ms=conversation.created_ms,
        updated_ms=conversation.updated_ms,
        pinned=conversation.is_pinned,
        archived=conversation.is_archived,
        deleted_ms=conversation.deleted_ms,
        draft=conversation.draft,
    )


def message_message(message: Message) -> conversations_pb2.Message:
    """Return a message for the wire."""
    figures = message.figures
    return conversations_pb2.Message(
        id=message.id,
        conversation=message.conversation,
        parent=message.parent,
        author=_AUTHORS[message.author],
        state=_STATES[message.state],
        content=message.content,
        created_ms=message.created_ms,
        updated_ms=message.updated_ms,
        model=message.model,
        failure=message.failure,
        figures=None if figures is None else figures_message(figures, message.model),
        attachments=[_attachment_message(each) for each in message.attachments],
        alternatives=message.alternatives,
        summary=None if message.summary is None else _summary_message(message.summary),
    )


def step_message(step: ConversationStep) -> conversations_pb2.AnswerResponse:
    """Return a step of an answer for the wire."""
    match step:
        case AnswerKept():
            prompt = chat_pb2.ChatStarted(
                prompt_tokens=step.prompt.prompt_tokens,
                context_length=step.prompt.context_length,
                dropped_turns=step.prompt.dropped_turns,
            )
            started = conversations_pb2.AnswerStarted(
                message=message_message(step.message), prompt=prompt
            )
            return conversations_pb2.AnswerResponse(started=started)
        case AnswerPiece():
            return conversations_pb2.AnswerResponse(text=step.text)
        case AnswerDone():
            return conversations_pb2.AnswerResponse(
                finished=finished_message(step.end, step.figures, step.model)
            )


def summary_step_message(step: SummaryProgress | Message) -> conversations_pb2.SummariseResponse:
    """Return a step of a summary for the wire."""
    if isinstance(step, Message):
        return conversations_pb2.SummariseResponse(message=message_message(step))
    progress = conversations_pb2.SummaryProgress(done_parts=step.done_parts, parts=step.parts)
    return conversations_pb2.SummariseResponse(progress=progress)


def hit_message(hit: Hit) -> conversations_pb2.SearchHit:
    """Return a place that a search has found for the wire."""
    return conversations_pb2.SearchHit(
        conversation=hit.conversation,
        title=hit.title,
        message=hit.message,
        updated_ms=hit.updated_ms,
        before=hit.before,
        match=hit.match,
        after=hit.after,
    )


def storage_message(numbers: StorageNumbers) -> conversations_pb2.GetStorageResponse:
    """Return the store's numbers for the wire."""
    return conversations_pb2.GetStorageResponse(
        conversations=numbers.conversations,
        deleted_conversations=numbers.deleted_conversations,
        messages=numbers.messages,
        attachments=numbers.attachments,
        attachment_bytes=numbers.attachment_bytes,
        file_bytes=numbers.file_bytes,
        path=numbers.path.encode("utf-8", "replace").decode(),
        sqlite_version=numbers.sqlite_version,
        has_index=numbers.has_index,
    )


def _summary_message(summary: Summary) -> conversations_pb2.Summary:
    return conversations_pb2.Summary(
        content=summary.content, model=summary.model, created_ms=summary.created_ms
    )


def _kept(attachment: chat_pb2.Attachment) -> KeptAttachment:
    checked = attachment_of(attachment)
    return KeptAttachment(
        checked.path,
        checked.content,
        checked.first_line,
        checked.last_line,
        len(checked.content),
    )


def _attachment_message(attachment: KeptAttachment) -> conversations_pb2.KeptAttachment:
    return conversations_pb2.KeptAttachment(
        path=attachment.path,
        content=attachment.content or b"",
        first_line=attachment.first_line,
        last_line=attachment.last_line,
        size_bytes=attachment.size_bytes,
    )

"""Reads, adds to and answers in the conversations that the engine keeps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Literal

from rpc.chat import (
    ANSWER_TIMEOUT_SECONDS,
    AnswerBegan,
    AnswerText,
    Attachment,
    Overflow,
    attachment_for_wire,
    finished_from_wire,
)
from rpc.connection import Connection
from rpc.conversation_deletions import KEEP_TIMEOUT_SECONDS, ConversationDeletions
from rpc.conversation_files import ConversationFilesClient
from rpc.conversation_records import (
    AnswerKept,
    BranchWindow,
    Conversation,
    ConversationChanges,
    ConversationEvent,
    ConversationPage,
    Message,
    SearchPage,
    Shelf,
    changes_from_wire,
    conversation_from_wire,
    hit_from_wire,
    message_from_wire,
)
from rpc.conversation_summaries import SummariesClient
from rpc.enumerations import name_for_wire, text_for_wire
from rpc.prompt_measure import MODEL_TIMEOUT_SECONDS, PromptMeter
from rpc.streams import Stream
from rpc.stubs.limpet.v1 import conversations_pb2 as wire
from rpc.stubs.limpet.v1.conversations_pb2_grpc import ConversationServiceStub as Stub

WATCH_TIMEOUT_SECONDS = 30 * 86_400.0


class ConversationAnswer(Stream[ConversationEvent]):
    """An answer being written and kept: one AnswerKept, AnswerText*, one AnswerFinished.

    Cancelling keeps what was written, as partial. `again()` writes another answer beside it.
    """


class ConversationWatch(Stream[ConversationChanges]):
    """Changes, as they come; the first event names nothing. Cancel it to end it."""


class ConversationsClient(ConversationDeletions):
    """Asks the engine's conversation service. What a method returns is on the disk.

    `files` exports and imports, `meter` tells what a message would cost, `summaries` shortens what
    no longer fits. All requests but the deletion of a message may be sent again: ids are made here,
    and nothing is kept twice under one.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.files = ConversationFilesClient(connection)
        self.meter = PromptMeter(connection)
        self.summaries = SummariesClient(connection)

    def list(
        self, shelf: Shelf = Shelf.ACTIVE, *, size: int = 0, cursor: str = ""
    ) -> ConversationPage:
        """Return conversations: pinned ones first, then the last changed first."""
        response = self._connection.unary(
            lambda channel: Stub(channel).ListConversations,
            wire.ListConversationsRequest(
                shelf=name_for_wire(shelf, "SHELF"), size=size, cursor=cursor
            ),
        )
        found = tuple(conversation_from_wire(each) for each in response.conversations)
        return ConversationPage(found, response.cursor)

    def window(self, conversation: str, *, before: str = "", size: int = 0) -> BranchWindow:
        """Return the last messages of the selected branch, or the last ones before one on it."""
        response = self._connection.unary(
            lambda channel: Stub(channel).GetConversation,
            wire.GetConversationRequest(conversation=conversation, before=before, size=size),
        )
        return BranchWindow(
            conversation_from_wire(response.conversation),
            tuple(message_from_wire(each) for each in response.messages),
            response.has_older,
        )

    def message(self, message: str) -> Message:
        """Return a message with its attachments' contents."""
        response = self._connection.unary(
            lambda channel: Stub(channel).GetMessage, wire.GetMessageRequest(message=message)
        )
        return message_from_wire(response.message)

    def create(self, title: str = "") -> Conversation:
        """Make a conversation; without a title its first message names it."""
        response = self._connection.unary(
            lambda channel: Stub(channel).CreateConversation,
            wire.CreateConversationRequest(conversation=new_id(), title=text_for_wire(title)),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return conversation_from_wire(response.conversation)

    def update(
        self,
        conversation: str,
        *,
        title: str | None = None,
        draft: bytes | None = None,
        pinned: bool | None = None,
        archived: bool | None = None,
    ) -> Conversation:
        """Change what is given."""
        response = self._connection.unary(
            lambda channel: Stub(channel).UpdateConversation,
            wire.UpdateConversationRequest(
                conversation=conversation,
                title=None if title is None else text_for_wire(title),
                draft=draft,
                pinned=pinned,
                archived=archived,
            ),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return conversation_from_wire(response.conversation)

    def append(
        self,
        conversation: str,
        content: bytes,
        attachments: Sequence[Attachment] = (),
        *,
        parent: str = "",
        message_id: str = "",
    ) -> Message:
        """Keep a user's message at the selected branch's end, or behind `parent`.

        Who sends one again after a failure gives the same `message_id` (see `new_id`).
        """
        response = self._connection.unary(
            lambda channel: Stub(channel).AppendMessage,
            wire.AppendMessageRequest(
                conversation=conversation,
                parent=parent,
                message=_new_message(content, attachments, message_id),
            ),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return message_from_wire(response.message)

    def edit(
        self,
        replaces: str,
        content: bytes,
        attachments: Sequence[Attachment] = (),
        *,
        message_id: str = "",
    ) -> Message:
        """Keep a user's message beside the one that it replaces, and select it."""
        response = self._connection.unary(
            lambda channel: Stub(channel).EditMessage,
            wire.EditMessageRequest(
                replaces=replaces, message=_new_message(content, attachments, message_id)
            ),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return message_from_wire(response.message)

    def select(self, message: str) -> Message:
        """Select the branch through a message."""
        response = self._connection.unary(
            lambda channel: Stub(channel).SelectBranch,
            wire.SelectBranchRequest(message=message),
            timeout_seconds=KEEP_TIMEOUT_SECONDS,
        )
        return message_from_wire(response.message)

    def answer(
        self,
        conversation: str,
        message: str = "",
        *,
        model: str = "",
        max_tokens: int = 0,
        temperature: float | None = None,
        seed: int = 0,
        overflow: Overflow = Overflow.REFUSE,
        language: Literal["en", "zh", ""] = "",
        timeout_seconds: float = ANSWER_TIMEOUT_SECONDS,
    ) -> ConversationAnswer:
        """Answer a user's message, or write an answer anew; without one the branch's last message.

        Failures come while iterating.
        """
        request = wire.AnswerRequest(
            conversation=conversation,
            message=message,
            model=text_for_wire(model),
            max_tokens=max_tokens,
            temperature=temperature,
            seed=seed,
            overflow=name_for_wire(overflow, "OVERFLOW"),
            language=language,
        )
        return ConversationAnswer(
            self._connection.opening(
                lambda channel: Stub(channel).Answer,
                request,
                _event_from_wire,
                timeout_seconds=timeout_seconds,
            )
        )

    def write_title(
        self, conversation: str, *, model: str = "", language: Literal["en", "zh", ""] = ""
    ) -> Conversation:
        """Let the model name a conversation that no user has named. May take long."""
        response = self._connection.unary(
            lambda channel: Stub(channel).WriteTitle,
            wire.WriteTitleRequest(
                conversation=conversation, model=text_for_wire(model), language=language
            ),
            timeout_seconds=MODEL_TIMEOUT_SECONDS,
        )
        return conversation_from_wire(response.conversation)

    def watch(self) -> ConversationWatch:
        """Stream which conversations change, from the first event on, until it is cancelled."""
        return ConversationWatch(
            self._connection.opening(
                lambda channel: Stub(channel).WatchConversations,
                wire.WatchConversationsRequest(),
                changes_from_wire,
                timeout_seconds=WATCH_TIMEOUT_SECONDS,
            )
        )

    def search(self, query: str, *, size: int = 0, cursor: str = "") -> SearchPage:
        """Return where all words of the query are, in messages and titles, the newest first."""
        while True:
            response = self._connection.unary(
                lambda channel: Stub(channel).SearchConversations,
                wire.SearchConversationsRequest(
                    query=text_for_wire(query), size=size, cursor=cursor
                ),
            )
            cursor = response.cursor
            if response.hits or not cursor:  # else the engine looks on behind the cursor
                return SearchPage(tuple(hit_from_wire(each) for each in response.hits), cursor)


def new_id() -> str:
    """Return a fresh id for a message or a conversation."""
    return uuid.uuid4().hex


def _new_message(
    content: bytes, attachments: Sequence[Attachment], message_id: str
) -> wire.NewMessage:
    attached = [attachment_for_wire(each) for each in attachments]
    return wire.NewMessage(id=message_id or new_id(), content=content, attachments=attached)


def _event_from_wire(message: wire.AnswerResponse) -> ConversationEvent | None:
    match message.WhichOneof("step"):
        case "started":
            prompt = message.started.prompt
            return AnswerKept(
                message_from_wire(message.started.message),
                AnswerBegan(prompt.prompt_tokens, prompt.context_length, prompt.dropped_turns),
            )
        case "text":
            return AnswerText(message.text)
        case "finished":
            return finished_from_wire(message.finished)
    return None

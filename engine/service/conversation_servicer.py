"""Kept conversations on the wire: checks, asks the store or the task, converts back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from engine.conversations.store import ConversationStore
from engine.errors import InvalidInput
from engine.service.chat_options import chat_options, language_of
from engine.service.client_name import client_name
from engine.service.conversation_messages import (
    checked_draft,
    conversation_message,
    hit_message,
    message_message,
    new_message,
    shelf_of,
    size_of,
    step_message,
    storage_message,
    summary_step_message,
)
from engine.service.conversation_transfer import pieces_of, take_in
from engine.service.measure_messages import measure_message, measure_wish
from engine.service.seams import ConversationTask, MeterTask, SummaryTask, TitleTask
from engine.service.streams import closing
from engine.tasks.converse.steps import AnswerWish
from engine.tasks.converse.summaries import SummaryWish
from engine.tasks.converse.titles import TitleWish
from rpc.stubs.limpet.v1 import conversations_pb2 as wire
from rpc.stubs.limpet.v1.conversations_pb2_grpc import ConversationServiceServicer

_MOST_LISTED = 500
_MOST_SHOWN = 200


class ConversationServicer(ConversationServiceServicer):
    """The service `limpet.v1.ConversationService`."""

    def __init__(
        self,
        store: ConversationStore,
        task: ConversationTask,
        meter: MeterTask,
        titles: TitleTask,
        summaries: SummaryTask,
    ) -> None:
        self._store = store
        self._task = task
        self._meter = meter
        self._titles = titles
        self._summaries = summaries

    async def ListConversations(
        self, request: wire.ListConversationsRequest, context: Any
    ) -> wire.ListConversationsResponse:
        """List conversations."""
        page = await self._store.page(
            shelf_of(request.shelf),
            size=size_of(request.size, 100, _MOST_LISTED),
            cursor=request.cursor,
        )
        return wire.ListConversationsResponse(
            conversations=[conversation_message(each) for each in page.conversations],
            cursor=page.cursor,
        )

    async def GetConversation(
        self, request: wire.GetConversationRequest, context: Any
    ) -> wire.GetConversationResponse:
        """Show a part of the selected branch."""
        window = await self._store.window(
            request.conversation,
            before=request.before,
            size=size_of(request.size, 50, _MOST_SHOWN),
        )
        return wire.GetConversationResponse(
            conversation=conversation_message(window.conversation),
            messages=[message_message(each) for each in window.messages],
            has_older=window.has_older,
        )

    async def GetMessage(
        self, request: wire.GetMessageRequest, context: Any
    ) -> wire.GetMessageResponse:
        """Show one message."""
        message = await self._store.message(request.message)
        return wire.GetMessageResponse(message=message_message(message))

    async def CreateConversation(
        self, request: wire.CreateConversationRequest, context: Any
    ) -> wire.CreateConversationResponse:
        """Make a conversation."""
        made = await self._store.create(request.conversation, request.title)
        return wire.CreateConversationResponse(conversation=conversation_message(made))

    async def UpdateConversation(
        self, request: wire.UpdateConversationRequest, context: Any
    ) -> wire.UpdateConversationResponse:
        """Change what is given."""
        changed = await self._store.change(
            request.conversation,
            title=request.title if request.HasField("title") else None,
            draft=checked_draft(request.draft) if request.HasField("draft") else None,
            is_pinned=request.pinned if request.HasField("pinned") else None,
            is_archived=request.archived if request.HasField("archived") else None,
        )
        return wire.UpdateConversationResponse(conversation=conversation_message(changed))

    async def AppendMessage(
        self, request: wire.AppendMessageRequest, context: Any
    ) -> wire.AppendMessageResponse:
        """Keep a user's message."""
        message = new_message(request.message)
        kept = await self._store.append(request.conversation, message, request.parent)
        return wire.AppendMessageResponse(message=message_message(kept))

    async def EditMessage(
        self, request: wire.EditMessageRequest, context: Any
    ) -> wire.EditMessageResponse:
        """Keep a user's message beside another one."""
        kept = await self._store.edit(request.replaces, new_message(request.message))
        return wire.EditMessageResponse(message=message_message(kept))

    async def SelectBranch(
        self, request: wire.SelectBranchRequest, context: Any
    ) -> wire.SelectBranchResponse:
        """Select a branch."""
        message = await self._store.select(request.message)
        return wire.SelectBranchResponse(message=message_message(message))

    async def DeleteMessage(
        self, request: wire.DeleteMessageRequest, context: Any
    ) -> wire.DeleteMessageResponse:
        """Take a message and what follows it out of the tree."""
        removal = await self._store.delete_message(request.message)
        return wire.DeleteMessageResponse(
            conversation=conversation_message(removal.conversation), removed=removal.removed
        )

    async def UndeleteMessage(
        self, request: wire.UndeleteMessageRequest, context: Any
    ) -> wire.UndeleteMessageResponse:
        """Bring back what went with a message."""
        message = await self._store.undelete_message(request.message)
        return wire.UndeleteMessageResponse(message=message_message(message))

    async def MeasurePrompt(
        self, request: wire.MeasurePromptRequest, context: Any
    ) -> wire.MeasurePromptResponse:
        """Tell what a message would cost."""
        return measure_message(await self._meter.measure(measure_wish(request)))

    async def WriteTitle(
        self, request: wire.WriteTitleRequest, context: Any
    ) -> wire.WriteTitleResponse:
        """Let the model name a conversation."""
        language = language_of(request.language) if request.language else ""
        wish = TitleWish(request.conversation, request.model, language, client_name(context))
        named = await self._titles.write(wish)
        return wire.WriteTitleResponse(conversation=conversation_message(named))

    async def Summarise(
        self, request: wire.SummariseRequest, context: Any
    ) -> AsyncIterator[wire.SummariseResponse]:
        """Have a branch's beginning shortened."""
        wish = SummaryWish(
            request.conversation,
            request.message,
            request.model,
            language_of(request.language) if request.language else "",
            client_name(context),
        )
        async with closing(self._summaries.write(wish)) as steps:
            async for step in steps:
                yield summary_step_message(step)

    async def DeleteSummary(
        self, request: wire.DeleteSummaryRequest, context: Any
    ) -> wire.DeleteSummaryResponse:
        """Remove a summary."""
        message = await self._store.delete_summary(request.message)
        return wire.DeleteSummaryResponse(message=message_message(message))

    async def WatchConversations(
        self, request: wire.WatchConversationsRequest, context: Any
    ) -> AsyncIterator[wire.WatchConversationsResponse]:
        """Tell which conversations change."""
        async with closing(self._store.changes()) as changes:
            async for each in changes:
                yield wire.WatchConversationsResponse(
                    conversations=sorted(each.conversations), everything=each.everything
                )

    async def Answer(
        self, request: wire.AnswerRequest, context: Any
    ) -> AsyncIterator[wire.AnswerResponse]:
        """Answer a user's message."""
        options = chat_options(request)
        wish = AnswerWish(
            conversation=request.conversation,
            message=request.message,
            model=request.model,
            max_tokens=request.max_tokens,
            temperature=options.temperature,
            seed=request.seed,
            drop_oldest=options.drop_oldest,
            language=options.language,
            client=client_name(context),
        )
        async with closing(self._task.answer(wish)) as steps:
            async for step in steps:
                yield step_message(step)

    async def DeleteConversation(
        self, request: wire.DeleteConversationRequest, context: Any
    ) -> wire.DeleteConversationResponse:
        """Delete a conversation."""
        deleted = await self._store.delete(request.conversation)
        return wire.DeleteConversationResponse(conversation=conversation_message(deleted))

    async def UndeleteConversation(
        self, request: wire.UndeleteConversationRequest, context: Any
    ) -> wire.UndeleteConversationResponse:
        """Bring a conversation back."""
        back = await self._store.undelete(request.conversation)
        return wire.UndeleteConversationResponse(conversation=conversation_message(back))

    async def PurgeConversations(
        self, request: wire.PurgeConversationsRequest, context: Any
    ) -> wire.PurgeConversationsResponse:
        """Remove deleted conversations for good."""
        removed = await self._store.purge(tuple(request.conversations))
        return wire.PurgeConversationsResponse(removed=removed)

    async def SearchConversations(
        self, request: wire.SearchConversationsRequest, context: Any
    ) -> wire.SearchConversationsResponse:
        """Find messages and titles."""
        page = await self._store.search(
            request.query, size=size_of(request.size, 50, _MOST_SHOWN), cursor=request.cursor
        )
        return wire.SearchConversationsResponse(
            hits=[hit_message(each) for each in page.hits], cursor=page.cursor
        )

    async def ExportConversations(
        self, request: wire.ExportConversationsRequest, context: Any
    ) -> AsyncIterator[wire.ExportConversationsResponse]:
        """Write conversations as a file."""
        names = tuple(request.conversations)
        match request.format:
            case wire.EXPORT_FORMAT_UNSPECIFIED | wire.EXPORT_FORMAT_JSON:
                lines = self._store.export_json(names)
            case wire.EXPORT_FORMAT_MARKDOWN:
                lines = self._store.export_markdown(names)
            case _:
                raise InvalidInput(f"The engine does not know the form {request.format}.")
        async for piece in pieces_of(lines):
            yield wire.ExportConversationsResponse(content=piece)

    async def ImportConversations(
        self, request_iterator: AsyncIterator[wire.ImportConversationsRequest], context: Any
    ) -> AsyncIterator[wire.ImportConversationsResponse]:
        """Take an exported file in."""
        pieces = (request.content async for request in request_iterator)
        async for count in take_in(self._store, pieces):
            yield wire.ImportConversationsResponse(
                conversations_added=count.conversations_added,
                messages_added=count.messages_added,
                messages_known=count.messages_known,
                lines_refused=count.lines_refused,
            )

    async def GetStorage(
        self, request: wire.GetStorageRequest, context: Any
    ) -> wire.GetStorageResponse:
        """Tell how much is kept."""
        return storage_message(await self._store.storage_numbers())

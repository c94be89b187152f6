/** The conversations that the engine keeps, the same for all clients. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.AnswerRequest
import dev.limpet.engine.v1.AnswerResponse
import dev.limpet.engine.v1.AppendMessageRequest
import dev.limpet.engine.v1.AppendMessageResponse
import dev.limpet.engine.v1.ConversationServiceGrpc
import dev.limpet.engine.v1.CreateConversationRequest
import dev.limpet.engine.v1.CreateConversationResponse
import dev.limpet.engine.v1.DeleteConversationRequest
import dev.limpet.engine.v1.DeleteConversationResponse
import dev.limpet.engine.v1.DeleteMessageRequest
import dev.limpet.engine.v1.DeleteMessageResponse
import dev.limpet.engine.v1.EditMessageRequest
import dev.limpet.engine.v1.EditMessageResponse
import dev.limpet.engine.v1.GetConversationRequest
import dev.limpet.engine.v1.GetConversationResponse
import dev.limpet.engine.v1.GetMessageRequest
import dev.limpet.engine.v1.GetMessageResponse
import dev.limpet.engine.v1.ListConversationsRequest
import dev.limpet.engine.v1.ListConversationsResponse
import dev.limpet.engine.v1.MeasurePromptRequest
import dev.limpet.engine.v1.MeasurePromptResponse
import dev.limpet.engine.v1.SearchConversationsRequest
import dev.limpet.engine.v1.SearchConversationsResponse
import dev.limpet.engine.v1.SelectBranchRequest
import dev.limpet.engine.v1.SelectBranchResponse
import dev.limpet.engine.v1.UndeleteConversationRequest
import dev.limpet.engine.v1.UndeleteConversationResponse
import dev.limpet.engine.v1.UndeleteMessageRequest
import dev.limpet.engine.v1.UndeleteMessageResponse
import dev.limpet.engine.v1.UpdateConversationRequest
import dev.limpet.engine.v1.UpdateConversationResponse
import dev.limpet.engine.v1.WatchConversationsRequest
import dev.limpet.engine.v1.WatchConversationsResponse
import dev.limpet.engine.v1.WriteTitleRequest
import dev.limpet.engine.v1.WriteTitleResponse

/** Methods that wait throw an EngineFailure; streams return at once. */
class ConversationsClient(
    private val connection: EngineConnection,
) {
    /** A page of the list; waits. */
    fun list(request: ListConversationsRequest): ListConversationsResponse =
        connection.call(ConversationServiceGrpc.getListConversationsMethod(), request)

    /** A conversation and its latest messages; waits. */
    fun get(request: GetConversationRequest): GetConversationResponse =
        connection.call(ConversationServiceGrpc.getGetConversationMethod(), request)

    /** One message; waits. */
    fun message(request: GetMessageRequest): GetMessageResponse =
        connection.call(ConversationServiceGrpc.getGetMessageMethod(), request)

    /** Begins a conversation under an id of the caller's; waits. */
    fun create(request: CreateConversationRequest): CreateConversationResponse =
        connection.call(ConversationServiceGrpc.getCreateConversationMethod(), request)

    /** Changes title, draft, pin or shelf; waits. */
    fun update(request: UpdateConversationRequest): UpdateConversationResponse =
        connection.call(ConversationServiceGrpc.getUpdateConversationMethod(), request)

    /** Adds the user's message; waits. */
    fun append(request: AppendMessageRequest): AppendMessageResponse =
        connection.call(ConversationServiceGrpc.getAppendMessageMethod(), request, idempotent = false)

    /** Puts another message beside one; waits. */
    fun edit(request: EditMessageRequest): EditMessageResponse =
        connection.call(ConversationServiceGrpc.getEditMessageMethod(), request, idempotent = false)

    /** Shows another branch; waits. */
    fun selectBranch(request: SelectBranchRequest): SelectBranchResponse =
        connection.call(ConversationServiceGrpc.getSelectBranchMethod(), request)

    /** Has the model answer a message; cancelling stops it and keeps what came. */
    fun answer(
        request: AnswerRequest,
        listener: StreamListener<AnswerResponse>,
    ): EngineStream<AnswerRequest, AnswerResponse> = connection.stream(ConversationServiceGrpc.getAnswerMethod(), request, listener)

    /** How much of the context the next prompt takes; waits. */
    fun measure(request: MeasurePromptRequest): MeasurePromptResponse =
        connection.call(ConversationServiceGrpc.getMeasurePromptMethod(), request)

    /** Has a title written; waits. */
    fun writeTitle(request: WriteTitleRequest): WriteTitleResponse =
        connection.call(ConversationServiceGrpc.getWriteTitleMethod(), request, deadlineMillis = SLOW_MILLIS)

    /** Tells of changes by any client. */
    fun watch(
        request: WatchConversationsRequest,
        listener: StreamListener<WatchConversationsResponse>,
    ): EngineStream<WatchConversationsRequest, WatchConversationsResponse> = connection.stream(ConversationServiceGrpc.getWatchConversationsMethod(), request, listener)

    /** Moves a conversation to the bin; waits. */
    fun delete(request: DeleteConversationRequest): DeleteConversationResponse =
        connection.call(ConversationServiceGrpc.getDeleteConversationMethod(), request)

    /** Takes it out again; waits. */
    fun undelete(request: UndeleteConversationRequest): UndeleteConversationResponse =
        connection.call(ConversationServiceGrpc.getUndeleteConversationMethod(), request)

    /** Removes a message and what follows; waits. */
    fun deleteMessage(request: DeleteMessageRequest): DeleteMessageResponse =
        connection.call(ConversationServiceGrpc.getDeleteMessageMethod(), request)

    /** Brings it back; waits. */
    fun undeleteMessage(request: UndeleteMessageRequest): UndeleteMessageResponse =
        connection.call(ConversationServiceGrpc.getUndeleteMessageMethod(), request)

    /** Finds words in all conversations; waits. */
    fun search(request: SearchConversationsRequest): SearchConversationsResponse =
        connection.call(ConversationServiceGrpc.getSearchConversationsMethod(), request)

    private companion object {
        /** A model may have to be loaded first. */
        const val SLOW_MILLIS = 300_000L
    }
}

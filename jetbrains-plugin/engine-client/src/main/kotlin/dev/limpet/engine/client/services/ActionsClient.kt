/** Changes selected code and talks about it. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.ActionServiceGrpc
import dev.limpet.engine.v1.EditRequest
import dev.limpet.engine.v1.EditResponse
import dev.limpet.engine.v1.ListActionsRequest
import dev.limpet.engine.v1.ListActionsResponse
import dev.limpet.engine.v1.TalkRequest
import dev.limpet.engine.v1.TalkResponse

/** Methods that wait throw an EngineFailure; streams return at once. */
class ActionsClient(
    private val connection: EngineConnection,
) {
    /** The actions in the order of a menu; waits. */
    fun list(request: ListActionsRequest): ListActionsResponse =
        connection.call(ActionServiceGrpc.getListActionsMethod(), request)

    /** The edit comes with the last step; the caller puts it in its place. */
    fun edit(
        request: EditRequest,
        listener: StreamListener<EditResponse>,
    ): EngineStream<EditRequest, EditResponse> = connection.stream(ActionServiceGrpc.getEditMethod(), request, listener)

    /** Markdown about the code, piece by piece. */
    fun talk(
        request: TalkRequest,
        listener: StreamListener<TalkResponse>,
    ): EngineStream<TalkRequest, TalkResponse> = connection.stream(ActionServiceGrpc.getTalkMethod(), request, listener)
}

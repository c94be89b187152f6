/** Questions about code, answered in turns that the client keeps. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.ChatRequest
import dev.limpet.engine.v1.ChatResponse
import dev.limpet.engine.v1.ChatServiceGrpc

/** Methods that wait throw an EngineFailure; streams return at once. */
class ChatClient(
    private val connection: EngineConnection,
) {
    /** Answers the last turn; cancelling the stream stops the model. */
    fun ask(
        request: ChatRequest,
        listener: StreamListener<ChatResponse>,
    ): EngineStream<ChatRequest, ChatResponse> = connection.stream(ChatServiceGrpc.getChatMethod(), request, listener)
}

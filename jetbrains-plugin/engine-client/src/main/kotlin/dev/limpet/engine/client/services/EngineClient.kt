/** The engine itself: how it does, and its end. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.EngineServiceGrpc
import dev.limpet.engine.v1.GetStatusRequest
import dev.limpet.engine.v1.GetStatusResponse
import dev.limpet.engine.v1.PrepareModelRequest
import dev.limpet.engine.v1.PrepareModelResponse
import dev.limpet.engine.v1.ShutdownRequest
import dev.limpet.engine.v1.ShutdownResponse

/** Methods that wait throw an EngineFailure; streams return at once. */
class EngineClient(
    private val connection: EngineConnection,
) {
    /** What the engine does at this moment; waits. */
    fun status(request: GetStatusRequest): GetStatusResponse =
        connection.call(EngineServiceGrpc.getGetStatusMethod(), request)

    /** Loads a model ahead of the first request. */
    fun prepare(
        request: PrepareModelRequest,
        listener: StreamListener<PrepareModelResponse>,
    ): EngineStream<PrepareModelRequest, PrepareModelResponse> = connection.stream(EngineServiceGrpc.getPrepareModelMethod(), request, listener)

    /** Ends the engine; waits. */
    fun shutDown(request: ShutdownRequest): ShutdownResponse =
        connection.call(EngineServiceGrpc.getShutdownMethod(), request, idempotent = false)
}

/** Writes tests for functions. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.TestWritingServiceGrpc
import dev.limpet.engine.v1.WriteTestsRequest
import dev.limpet.engine.v1.WriteTestsResponse

/** Methods that wait throw an EngineFailure; streams return at once. */
class TestWritingClient(
    private val connection: EngineConnection,
) {
    /** Reports what is tried, kept and dropped, then the whole file. */
    fun write(
        request: WriteTestsRequest,
        listener: StreamListener<WriteTestsResponse>,
    ): EngineStream<WriteTestsRequest, WriteTestsResponse> = connection.stream(TestWritingServiceGrpc.getWriteTestsMethod(), request, listener)
}

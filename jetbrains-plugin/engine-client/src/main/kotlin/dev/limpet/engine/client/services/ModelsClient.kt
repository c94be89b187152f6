/** The models of this machine and of the catalogue. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.DownloadModelRequest
import dev.limpet.engine.v1.DownloadModelResponse
import dev.limpet.engine.v1.GetModelRequest
import dev.limpet.engine.v1.GetModelResponse
import dev.limpet.engine.v1.ImportModelRequest
import dev.limpet.engine.v1.ImportModelResponse
import dev.limpet.engine.v1.ListModelsRequest
import dev.limpet.engine.v1.ListModelsResponse
import dev.limpet.engine.v1.ModelServiceGrpc
import dev.limpet.engine.v1.RemoveModelRequest
import dev.limpet.engine.v1.RemoveModelResponse
import dev.limpet.engine.v1.VerifyModelRequest
import dev.limpet.engine.v1.VerifyModelResponse

/** Methods that wait throw an EngineFailure; streams return at once. */
class ModelsClient(
    private val connection: EngineConnection,
) {
    /** All models; waits. */
    fun list(request: ListModelsRequest): ListModelsResponse =
        connection.call(ModelServiceGrpc.getListModelsMethod(), request)

    /** One model; waits. */
    fun get(request: GetModelRequest): GetModelResponse =
        connection.call(ModelServiceGrpc.getGetModelMethod(), request)

    /** Fetches a model; cancelling pauses it. */
    fun download(
        request: DownloadModelRequest,
        listener: StreamListener<DownloadModelResponse>,
    ): EngineStream<DownloadModelRequest, DownloadModelResponse> = connection.stream(ModelServiceGrpc.getDownloadModelMethod(), request, listener)

    /** Takes a file as a model. */
    fun `import`(
        request: ImportModelRequest,
        listener: StreamListener<ImportModelResponse>,
    ): EngineStream<ImportModelRequest, ImportModelResponse> = connection.stream(ModelServiceGrpc.getImportModelMethod(), request, listener)

    /** Checks a model's digest. */
    fun verify(
        request: VerifyModelRequest,
        listener: StreamListener<VerifyModelResponse>,
    ): EngineStream<VerifyModelRequest, VerifyModelResponse> = connection.stream(ModelServiceGrpc.getVerifyModelMethod(), request, listener)

    /** Deletes a model's file; waits. */
    fun remove(request: RemoveModelRequest): RemoveModelResponse =
        connection.call(ModelServiceGrpc.getRemoveModelMethod(), request, idempotent = false)
}

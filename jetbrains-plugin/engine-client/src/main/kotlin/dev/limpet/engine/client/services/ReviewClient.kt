/** Looks for defects in files. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.client.link.EngineStream
import dev.limpet.engine.client.link.StreamListener
import dev.limpet.engine.v1.FindFilesRequest
import dev.limpet.engine.v1.FindFilesResponse
import dev.limpet.engine.v1.ReviewRequest
import dev.limpet.engine.v1.ReviewResponse
import dev.limpet.engine.v1.ReviewServiceGrpc

/** Methods that wait throw an EngineFailure; streams return at once. */
class ReviewClient(
    private val connection: EngineConnection,
) {
    /** Reports findings as they are made. */
    fun review(
        request: ReviewRequest,
        listener: StreamListener<ReviewResponse>,
    ): EngineStream<ReviewRequest, ReviewResponse> = connection.stream(ReviewServiceGrpc.getReviewMethod(), request, listener)

    /** The files of a folder that can be reviewed; waits. */
    fun findFiles(request: FindFilesRequest): FindFilesResponse =
        connection.call(ReviewServiceGrpc.getFindFilesMethod(), request)
}

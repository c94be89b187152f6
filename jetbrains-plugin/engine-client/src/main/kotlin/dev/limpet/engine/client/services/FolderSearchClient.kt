/** Finds passages of a folder's files. */
package dev.limpet.engine.client.services

import dev.limpet.engine.client.EngineConnection
import dev.limpet.engine.v1.FolderSearchServiceGrpc
import dev.limpet.engine.v1.SearchFolderRequest
import dev.limpet.engine.v1.SearchFolderResponse

/** Methods that wait throw an EngineFailure. */
class FolderSearchClient(
    private val connection: EngineConnection,
) {
    /** The passages that fit best; waits, at most [deadlineMillis], as a large folder takes long. */
    fun search(
        request: SearchFolderRequest,
        deadlineMillis: Long = DEADLINE_MILLIS,
    ): SearchFolderResponse =
        connection.call(FolderSearchServiceGrpc.getSearchFolderMethod(), request, deadlineMillis = deadlineMillis)

    private companion object {
        const val DEADLINE_MILLIS = 60_000L
    }
}

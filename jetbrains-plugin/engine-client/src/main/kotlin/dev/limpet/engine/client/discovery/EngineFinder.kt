/** Finds the running engine by its endpoint file. */
package dev.limpet.engine.client.discovery

import dev.limpet.engine.client.Patience
import dev.limpet.engine.client.failure.EngineUnreachable
import dev.limpet.engine.client.failure.NotAllowed
import dev.limpet.engine.client.link.Caller
import dev.limpet.engine.client.link.Channels
import dev.limpet.engine.client.link.Link
import java.util.concurrent.TimeUnit

/** Looks for the engine that the endpoint file names; may be asked many times a second. */
class EngineFinder(
    private val surroundings: Surroundings,
    private val channels: Channels,
    private val caller: Caller,
    private val patience: Patience,
) {
    private var silent: Endpoint? = null
    private var silentAt = 0L

    /** Returns a link, or null where there is no engine. Throws as Link.open, but EngineUnreachable. */
    fun find(): Link? {
        val folder = surroundings.runtimeDirectory()
        val endpoint = readEndpoint(folder)
        if (endpoint == null || !isAlive(endpoint.pid) || wasJustTried(endpoint)) return null
        return try {
            open(endpoint)
        } catch (_: EngineUnreachable) {
            // Left behind by an engine that was killed, or one that is ending.
            silent = endpoint
            silentAt = System.nanoTime()
            null
        } catch (refused: NotAllowed) {
            val newer = readEndpoint(folder)
            if (newer == null || newer == endpoint) throw refused
            // The engine was restarted between our reading the file and our call.
            open(newer)
        }
    }

    private fun open(endpoint: Endpoint) = Link.open(channels, endpoint, caller, patience)

    private fun wasJustTried(endpoint: Endpoint): Boolean =
        endpoint == silent && System.nanoTime() - silentAt < TimeUnit.MILLISECONDS.toNanos(TRY_AGAIN_MILLIS)

    private companion object {
        /** While an engine is being started, an endpoint that did not answer is not tried more often. */
        const val TRY_AGAIN_MILLIS = 250L
    }
}

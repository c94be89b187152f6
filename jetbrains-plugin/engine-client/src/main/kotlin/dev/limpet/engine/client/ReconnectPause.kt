/** How long a failed connection is not tried again: bounded, and doubled each time. */
package dev.limpet.engine.client

import dev.limpet.engine.client.failure.EngineFailure
import java.util.concurrent.TimeUnit

/** Keeps the last failure for as long as its pause lasts. Belongs to no thread. */
internal class ReconnectPause(
    private val firstMillis: Long,
    private val longestMillis: Long,
    private val nanoTime: () -> Long = System::nanoTime,
) {
    private var failure: EngineFailure? = null
    private var until = 0L
    private var nextMillis = firstMillis

    /** The failure that still stands, or null where a new attempt may be made. */
    @Synchronized
    fun lastFailure(): EngineFailure? = failure?.takeIf { nanoTime() < until }

    /** An attempt failed. */
    @Synchronized
    fun failed(failure: EngineFailure) {
        this.failure = failure
        until = nanoTime() + TimeUnit.MILLISECONDS.toNanos(nextMillis)
        nextMillis = minOf(2 * nextMillis, longestMillis)
    }

    /** An attempt succeeded, or the user wants one now. */
    @Synchronized
    fun reset() {
        failure = null
        nextMillis = firstMillis
    }
}

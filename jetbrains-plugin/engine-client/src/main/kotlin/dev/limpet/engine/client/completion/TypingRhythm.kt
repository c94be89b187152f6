/** How long to wait after a keystroke before the engine is asked. */
package dev.limpet.engine.client.completion

/** Learns how fast the user types and how fast the engine answers. Belongs to one thread. */
class TypingRhythm(
    private val nanoTime: () -> Long = System::nanoTime,
) {
    private var lastKeyAt = 0L
    private var gapMillis = USUAL_GAP_MILLIS
    private var latencyMillis = USUAL_LATENCY_MILLIS

    /** The user typed. */
    fun keyPressed() {
        val now = nanoTime()
        val gap = (now - lastKeyAt) / 1e6
        // A pause for thought says nothing about how fast somebody types.
        if (lastKeyAt != 0L && gap < THOUGHT_MILLIS) gapMillis += WEIGHT * (gap - gapMillis)
        lastKeyAt = now
    }

    /** The engine gave its first suggestion after this time. */
    fun answered(millis: Double) {
        latencyMillis += WEIGHT * (minOf(millis, THOUGHT_MILLIS) - latencyMillis)
    }

    /**
     * An answer that comes before the next keystroke is asked for at once. One that would come too
     * late anyway is asked for only when the next keystroke is overdue: the user has stopped.
     */
    fun delayMillis(): Long {
        val wait = if (latencyMillis < gapMillis / 2) SHORTEST_MILLIS else OVERDUE * gapMillis
        return wait.coerceIn(SHORTEST_MILLIS, LONGEST_MILLIS).toLong()
    }

    private companion object {
        const val USUAL_GAP_MILLIS = 150.0
        const val USUAL_LATENCY_MILLIS = 300.0
        const val THOUGHT_MILLIS = 1_000.0
        const val WEIGHT = 0.2
        const val OVERDUE = 1.25
        const val SHORTEST_MILLIS = 10.0
        const val LONGEST_MILLIS = 250.0
    }
}

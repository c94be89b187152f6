/** How long the client waits for the engine before it says so. */
package dev.limpet.engine.client

/** Deadlines, in milliseconds. */
data class Patience(
    /** From the start of an engine's process until it answers; a busy machine is slow. */
    val startMillis: Long = 15_000,
    /** A handshake takes about a millisecond; only an engine that hangs takes longer than this. */
    val handshakeMillis: Long = 5_000,
    /** For a call with one answer. */
    val unaryMillis: Long = 10_000,
    /** For an answer that comes in steps; a model may have to be loaded first. */
    val streamMillis: Long = 3_600_000,
    /** A stream without a step for so long makes the client ask for a sign of life. */
    val silenceMillis: Long = 10_000,
    /** The pause after the first failed attempt to connect; it doubles up to the longest. */
    val firstPauseMillis: Long = 250,
    val longestPauseMillis: Long = 30_000,
)

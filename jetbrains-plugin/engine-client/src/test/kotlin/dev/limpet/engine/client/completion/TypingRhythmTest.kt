/** The wait after a keystroke, at speeds of typing and of answering. */
package dev.limpet.engine.client.completion

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource

class TypingRhythmTest {
    @ParameterizedTest(name = "keys every {0} ms, answers in {1} ms: wait {2} ms")
    @CsvSource("200, 20, 10", "100, 400, 125", "60, 400, 75", "300, 900, 250")
    fun `the wait follows the typist and the engine`(
        gap: Long,
        latency: Double,
        expected: Long,
    ) {
        var now = 1L
        val rhythm = TypingRhythm { now }
        repeat(60) {
            now += gap * 1_000_000
            rhythm.keyPressed()
            rhythm.answered(latency)
        }
        assertEquals(expected.toDouble(), rhythm.delayMillis().toDouble(), 1.0)
    }
}

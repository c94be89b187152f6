/** Every failure has words for the user, in English and in Chinese. */
package dev.limpet.engine.client.failure

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.Locale
import java.util.Properties

class MessagesTest {
    private val chineseLetter = Regex("\\p{IsHan}")

    @Test
    fun `every failure says what happened in both languages`() {
        val failures = leavesOf(EngineFailure::class.java).map(::made)
        assertTrue(failures.size > 10) { "$failures" }
        for (failure in failures) {
            val (english, chinese) = listOf(Locale.ENGLISH, Locale.CHINESE).map(failure::sentence)
            assertTrue(english.isNotBlank() && chineseLetter !in english) { english }
            assertTrue(chineseLetter in chinese) { chinese }
            assertEquals(failure.advice(Locale.ENGLISH).isEmpty(), failure.advice(Locale.CHINESE).isEmpty()) { english }
        }
        assertEquals(failures.size, failures.map { it.sentence(Locale.ENGLISH) }.toSet().size)
    }

    @Test
    fun `both bundles have the same keys`() = assertEquals(keysOf("Failures"), keysOf("Failures_zh"))

    private fun keysOf(bundle: String): Set<String> =
        Properties().also { it.load(EngineFailure::class.java.getResourceAsStream("$bundle.properties")) }.stringPropertyNames()

    private fun leavesOf(type: Class<*>): List<Class<*>> = type.permittedSubclasses?.flatMap(::leavesOf) ?: listOf(type)

    private fun made(type: Class<*>): EngineFailure {
        val constructor = type.declaredConstructors.filter { !it.isSynthetic }.maxBy { it.parameterCount }
        val values =
            constructor.parameterTypes.map {
                when (it) {
                    String::class.java -> ""
                    List::class.java -> emptyList<String>()
                    Long::class.java -> 0L
                    Int::class.java -> 0
                    else -> null
                }
            }
        return constructor.newInstance(*values.toTypedArray()) as EngineFailure
    }
}

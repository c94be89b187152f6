/** Guards against tests that JUnit leaves out without a word. */
package dev.limpet.engine.client

import dev.limpet.engine.client.completion.CompletionSessionTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource

class TestMethodsTest {
    @ParameterizedTest
    @ValueSource(classes = [EngineConnectionTest::class, StandInTest::class, CompletionSessionTest::class])
    fun `a test returns nothing`(tests: Class<*>) {
        val leftOut = tests.methods.filter { it.isAnnotationPresent(Test::class.java) && it.returnType != Void.TYPE }
        assertEquals(emptyList<Any>(), leftOut.map { it.name })
    }
}

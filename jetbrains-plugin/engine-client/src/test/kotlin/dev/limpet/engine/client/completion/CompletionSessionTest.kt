/** A completion session with the real daemon. */
package dev.limpet.engine.client.completion

import dev.limpet.engine.client.EngineHome
import dev.limpet.engine.client.Patience
import dev.limpet.engine.client.Wish
import dev.limpet.engine.client.failure.EngineHangs
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.concurrent.ExecutionException

@Timeout(120)
class CompletionSessionTest {
    private val file = EditedFile("a.py", "x = 1\n")

    /** The fake engine suggests the version of the text that it was asked about. */
    @Test
    fun `changes are sent before the wish that follows them`() =
        EngineHome().use { home ->
            val session = home.connection().completionSession(file)
            session.changed(5, 5, "2")
            assertEquals(listOf("2"), Wish().also { session.suggest(6, true, it) }.texts())
            session.changed(6, 6, "😀")
            session.changed(0, 1, "y")
            assertEquals(listOf("4"), Wish().also { session.suggest(6, false, it) }.texts())
        }

    @Test
    fun `a newer wish silences an older one`() =
        EngineHome().use { home ->
            val session = home.connection().completionSession(file)
            val older = Wish().also { session.suggest(5, false, it) }
            assertEquals(listOf("1"), Wish().also { session.suggest(5, true, it) }.texts())
            assertFalse(older.isAnswered)
        }

    @Test
    fun `what is typed through is answered here`() =
        EngineHome().use { home ->
            val session = home.connection().completionSession(file)
            repeat(11) { session.changed(0, 0, "a") }
            assertEquals(listOf("12"), Wish().also { session.suggest(5, true, it) }.texts())
            home.kill()
            session.changed(5, 5, "1")
            assertEquals(listOf("2"), Wish().also { session.suggest(6, false, it) }.texts())
        }

    @Test
    fun `a session outlives its engine`() =
        EngineHome().use { home ->
            val session = home.connection().completionSession(file)
            assertEquals(listOf("1"), Wish().also { session.suggest(5, true, it) }.texts())
            home.kill()
            session.changed(0, 0, "b")
            assertEquals(listOf("2"), Wish().also { session.suggest(5, true, it) }.texts())
        }

    @Test
    fun `a wish that an engine leaves unanswered because it hangs fails, and the session goes on`() =
        EngineHome().use { home ->
            val impatient = Patience(startMillis = 60_000, firstPauseMillis = 1, silenceMillis = 100, handshakeMillis = 2_000)
            val session = home.connection(patience = impatient).completionSession(file)
            assertEquals(listOf("1"), Wish().also { session.suggest(5, true, it) }.texts())
            home.signal("STOP")
            val unanswered = Wish().also { session.suggest(4, true, it) }
            try {
                assertInstanceOf(EngineHangs::class.java, assertThrows(ExecutionException::class.java) { unanswered.texts() }.cause)
            } finally {
                home.signal("CONT")
            }
            session.changed(0, 0, "b")
            assertEquals(listOf("2"), Wish().also { session.suggest(5, true, it) }.texts())
        }

    @Test
    fun `the model sees the text after its edits, and its answer is typed through`() =
        EngineHome(script = SCRIPT).use { home ->
            val session = home.connection().completionSession(EditedFile("a.py", "def wrong(a, b):\n    "))
            session.changed(4, 9, "add")
            val caret = "def add(a, b):\n    ".length
            assertEquals(listOf("return a + b"), Wish().also { session.suggest(caret, true, it) }.texts())
            session.changed(caret, caret, "ret")
            assertEquals(listOf("urn a + b"), Wish().also { session.suggest(caret + 3, false, it) }.texts())
        }

    private companion object {
        /** Only the edited text gets the answer. */
        const val SCRIPT = "[[answers]]\nwhen = \"def add\"\ntext = \"return a + b\"\n"
    }
}

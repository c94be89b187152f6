/** The connection and the real daemon: found, started once, lost, stuck, refused. */
package dev.limpet.engine.client

import dev.limpet.engine.client.discovery.Surroundings
import dev.limpet.engine.client.failure.Busy
import dev.limpet.engine.client.failure.Cancelled
import dev.limpet.engine.client.failure.EngineGone
import dev.limpet.engine.client.failure.EngineNotInstalled
import dev.limpet.engine.client.failure.EngineNotRunning
import dev.limpet.engine.client.failure.EngineNotStarted
import dev.limpet.engine.client.failure.PromptOverflow
import dev.limpet.engine.client.link.Caller
import dev.limpet.engine.client.services.ChatClient
import dev.limpet.engine.client.services.EngineClient
import dev.limpet.engine.v1.ChatResponse
import dev.limpet.engine.v1.GetStatusRequest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.Callable
import java.util.concurrent.Executors

@Timeout(120)
class EngineConnectionTest {
    @Test
    fun `fifty clients at once get one engine`(): Unit =
        EngineHome().use { home ->
            val threads = Executors.newFixedThreadPool(CLIENTS)
            val connections = List(CLIENTS) { home.connection() }
            val runs = threads.invokeAll(connections.map { Callable { it.connect().runId } }).map { it.get() }
            threads.shutdown()
            assertEquals(1, runs.toSet().size)
        }

    @Test
    fun `a restarted engine has another token, and the next call goes to it`(): Unit =
        EngineHome().use { home ->
            val connection = home.connection()
            val first = connection.connect()
            home.kill()
            EngineClient(connection).status(GetStatusRequest.getDefaultInstance())
            assertNotEquals(first.runId, connection.handshake?.runId)
        }

    @Test
    fun `an engine killed in a stream is gone, and the next question starts another`(): Unit =
        EngineHome().use { home ->
            val chat = ChatClient(home.connection())
            val steps = Steps<ChatResponse>()
            chat.ask(question("hold"), steps)
            repeat(3) { steps.next() }
            home.kill()
            assertInstanceOf(EngineGone::class.java, steps.awaitEnd())
            val again = Steps<ChatResponse>()
            chat.ask(question("again"), again)
            assertNull(again.awaitEnd())
        }

    @Test
    fun `a question after the engine's idle end is asked anew by itself`(): Unit =
        EngineHome().use { home ->
            val connection = home.connection()
            connection.connect()
            home.kill()
            val steps = Steps<ChatResponse>()
            ChatClient(connection).ask(question("again"), steps)
            assertNull(steps.awaitEnd())
            assertTrue(steps.steps.any { it.text.toStringUtf8() == "again" })
        }

    @Test
    fun `cancelling reaches what the engine does`(): Unit =
        EngineHome().use { home ->
            val steps = Steps<ChatResponse>()
            val stream = ChatClient(home.connection()).ask(question("hold"), steps)
            repeat(3) { steps.next() }
            stream.cancel()
            assertInstanceOf(Cancelled::class.java, steps.awaitEnd())
            until("the model's end") { Files.exists(home.folder.resolve("closed")) }
        }

    @Test
    fun `the engine's details come along with a failure`(): Unit =
        EngineHome().use { home ->
            val chat = ChatClient(home.connection())
            val tooLong = Steps<ChatResponse>().also { chat.ask(question("fail PromptTooLong"), it) }.awaitEnd()
            assertEquals(listOf("src/app.py" to 8000, "turn 1" to 1000), assertInstanceOf(PromptOverflow::class.java, tooLong).parts)
            val busy = Steps<ChatResponse>().also { chat.ask(question("fail EngineBusy"), it) }.awaitEnd()
            assertEquals(2500L, assertInstanceOf(Busy::class.java, busy).retryAfterMillis)
        }

    @Test
    fun `without an engine a client that must not start one says so`(): Unit =
        EngineHome().use { home ->
            assertThrows(EngineNotRunning::class.java) { home.connection(startsEngine = false).connect() }
        }

    @Test
    fun `nothing installed is said as that`(): Unit =
        EngineHome().use { home ->
            val bare = Surroundings(home.surroundings.variables + ("PATH" to "${home.folder}"))
            EngineConnection(Caller("test"), bare).use { connection ->
                assertThrows(EngineNotInstalled::class.java) { connection.connect() }
            }
        }

    @Test
    fun `what the engine says at its failed start is told`(): Unit =
        EngineHome(command = listOf("/bin/sh", "-c", "echo 'limpet-engine: No room.' >&2; echo 'Make some.' >&2; exit 2")).use { home ->
            val failure = assertThrows(EngineNotStarted::class.java) { home.connection().connect() }
            assertEquals("No room.", failure.details)
            assertEquals("Make some.", failure.advice())
        }

    @Test
    fun `a failed start is not tried again before its pause is over, unless the user asks`(): Unit =
        EngineHome(command = listOf("/bin/sh", "-c", "echo x >> \"\$HOME/starts\"; exit 2")).use { home ->
            val connection = home.connection(patience = Patience(firstPauseMillis = 60_000))
            val first = assertThrows(EngineNotStarted::class.java) { connection.connect() }
            assertSame(first, assertThrows(EngineNotStarted::class.java) { connection.connect() })
            connection.tryAgainNow()
            assertThrows(EngineNotStarted::class.java) { connection.connect() }
            assertEquals(2, Files.readAllLines(home.folder.resolve("starts")).size)
        }

    @Test
    fun `a proxy of the environment and of the JVM is not used for loopback`() {
        val names = listOf("https.proxyHost" to "127.0.0.1", "https.proxyPort" to "9")
        names.forEach { (name, value) -> System.setProperty(name, value) }
        try {
            EngineHome(variables = mapOf("LIMPET_TEST_LISTEN" to "127.0.0.1:0", "https_proxy" to "http://127.0.0.1:9")).use { home ->
                home.connection().connect()
                assertTrue(Files.readString(home.runtime.resolve("endpoint.json")).contains("BEGIN CERTIFICATE"))
            }
        } finally {
            names.forEach { (name, _) -> System.clearProperty(name) }
        }
    }

    @Test
    fun `an endpoint that others can read is not trusted`(): Unit =
        EngineHome().use { home ->
            home.connection().connect()
            val path = home.runtime.resolve("endpoint.json")
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"))
            assertThrows(EngineNotRunning::class.java) { home.connection(startsEngine = false).connect() }
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"))
        }

    private companion object {
        const val CLIENTS = 50
    }
}

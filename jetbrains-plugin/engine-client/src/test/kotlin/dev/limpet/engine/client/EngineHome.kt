/** An empty home of its own with the real engine's daemon in it. */
package dev.limpet.engine.client

import dev.limpet.engine.client.discovery.Surroundings
import dev.limpet.engine.client.discovery.isAlive
import dev.limpet.engine.client.discovery.readEndpoint
import dev.limpet.engine.client.link.Caller
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.function.BooleanSupplier

/** The daemon's tasks are fakes that obey the question, or a [script]ed model behind the real tasks. */
class EngineHome(
    script: String? = null,
    variables: Map<String, String> = emptyMap(),
    command: List<String>? = null,
) : AutoCloseable {
    // Short, because a socket's path must be.
    val folder: Path = Files.createTempDirectory("limpet-")
    private val repository = Path.of(System.getProperty("limpet.repository")).toRealPath()
    private val python = System.getProperty("limpet.python").ifEmpty { repository.resolve(".venv/bin/python").toString() }
    private val module = if (script == null) "tests.engine.daemon.fake_engine" else "engine"
    val surroundings =
        Surroundings(
            buildMap {
                put("HOME", "$folder")
                put("PATH", "/usr/bin:/bin")
                for (name in listOf("CONFIG", "DATA", "STATE", "CACHE")) put("XDG_${name}_HOME", "$folder/${name.lowercase()}")
                put("XDG_RUNTIME_DIR", "$folder")
                put("PYTHONPATH", "$repository")
                put("LIMPET_TEST_FOLDER", "$folder")
                if (script != null) put("LIMPET_SCRIPTED_MODEL", "${Files.writeString(folder.resolve("model.toml"), script)}")
                putAll(variables)
            },
            command ?: listOf(python, "-m", module),
        )
    val runtime: Path get() = surroundings.runtimeDirectory()
    private val connections = mutableListOf<EngineConnection>()

    fun connection(
        startsEngine: Boolean = true,
        patience: Patience = Patience(startMillis = 60_000, firstPauseMillis = 1),
    ) = EngineConnection(Caller("test", "1.2.3"), surroundings, startsEngine, patience).also { synchronized(connections) { connections += it } }

    fun enginePid(): Long = checkNotNull(readEndpoint(runtime)) { "no endpoint" }.pid

    /** Ends the engine as a crash would, and waits until it is gone. */
    fun kill() {
        val pid = enginePid()
        ProcessHandle.of(pid).ifPresent { it.destroyForcibly() }
        until("the engine's end") { !isAlive(pid) }
    }

    /** Stops the engine in its tracks, or lets it go on. */
    fun signal(name: String) = check(ProcessBuilder("kill", "-$name", "${enginePid()}").start().waitFor() == 0) { "kill -$name" }

    override fun close() {
        connections.forEach { it.close() }
        readEndpoint(runtime)?.let { endpoint ->
            ProcessHandle.of(endpoint.pid).ifPresent { it.destroy() }
            until("the engine's end") { !isAlive(endpoint.pid) }
        }
        folder.toFile().deleteRecursively()
    }
}

/** Looks at a condition until it holds; fails after twenty seconds. */
fun until(
    what: String,
    condition: BooleanSupplier,
) {
    val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)
    while (!condition.asBoolean) {
        check(System.nanoTime() < deadline) { "not within $DEADLINE_SECONDS s: $what" }
        Thread.onSpinWait()
        java.util.concurrent.locks.LockSupport
            .parkNanos(5_000_000)
    }
}

const val DEADLINE_SECONDS = 20L

/** An empty home of its own with the real engine's daemon in it. */
package dev.limpet.jetbrains.engine

import com.intellij.util.ui.UIUtil
import dev.limpet.engine.client.discovery.Surroundings
import dev.limpet.engine.client.discovery.isAlive
import dev.limpet.engine.client.discovery.readEndpoint
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport
import javax.swing.SwingUtilities

/** The daemon's tasks are fakes that obey the question; [command] replaces the program. */
class EngineHome(
    command: List<String>? = null,
) : AutoCloseable {
    // Short, because a socket's path must be.
    val folder: Path = Files.createTempDirectory("limpet-")
    private val repository = Path.of(System.getProperty("limpet.repository")).toRealPath()
    private val python = System.getProperty("limpet.python").ifEmpty { "$repository/.venv/bin/python" }
    val surroundings =
        Surroundings(
            buildMap {
                put("HOME", "$folder")
                put("PATH", "/usr/bin:/bin")
                for (name in listOf("CONFIG", "DATA", "STATE", "CACHE")) put("XDG_${name}_HOME", "$folder/${name.lowercase()}")
                put("XDG_RUNTIME_DIR", "$folder")
                put("PYTHONPATH", "$repository")
                put("LIMPET_TEST_FOLDER", "$folder")
            },
            command ?: listOf(python, "-m", "tests.engine.daemon.fake_engine"),
        )

    /** Ends the engine as a crash would, and waits until it is gone. */
    fun kill() {
        val pid = checkNotNull(readEndpoint(surroundings.runtimeDirectory())) { "no endpoint" }.pid
        ProcessHandle.of(pid).ifPresent { it.destroyForcibly() }
        until("the engine's end") { !isAlive(pid) }
    }

    override fun close() {
        readEndpoint(surroundings.runtimeDirectory())?.let { endpoint ->
            ProcessHandle.of(endpoint.pid).ifPresent { it.destroy() }
            until("the engine's end") { !isAlive(endpoint.pid) }
        }
        folder.toFile().deleteRecursively()
    }
}

/** Waits, and lets the event thread work where it is that one, until a condition holds; fails after thirty seconds. */
fun until(
    what: String,
    condition: () -> Boolean,
) {
    val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)
    while (!condition()) {
        check(System.nanoTime() < deadline) { "not within $DEADLINE_SECONDS s: $what" }
        if (SwingUtilities.isEventDispatchThread()) UIUtil.dispatchAllInvocationEvents()
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5))
    }
}

private const val DEADLINE_SECONDS = 30L

/** Starts an engine process and waits until it, or one that somebody else started, answers. */
package dev.limpet.engine.client.discovery

import com.google.gson.JsonParseException
import com.google.gson.JsonParser
import dev.limpet.engine.client.failure.EngineNotStarted
import dev.limpet.engine.client.failure.EngineUnreachable
import dev.limpet.engine.client.failure.NotAllowed
import dev.limpet.engine.client.link.Link
import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.channels.FileLock
import java.nio.channels.OverlappingFileLockException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.TimeUnit

/**
 * One client's attempt to get an engine running.
 *
 * Many IDEs may try at once: a lock lets one of them start a process while the others wait for the
 * endpoint. That there is only ever one engine is not decided here but by the engine's own lock,
 * which also holds against clients in Python, whose kind of lock the JVM does not see.
 */
class EngineStart(
    private val surroundings: Surroundings,
    private val timeoutMillis: Long,
    private val find: () -> Link?,
) {
    private var lockFile: FileChannel? = null
    private var lock: FileLock? = null
    private var started: StartedEngine? = null
    private var wasRefused = false
    private var pauseMillis = 250L
    private var nextAttemptAt = System.nanoTime()

    /** Returns a link to the engine; waits. Throws an EngineUnavailable. */
    fun waitForLink(): Link {
        val deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis)
        val folder = privateFolder(surroundings.runtimeDirectory())
        try {
            while (true) {
                find()?.let { return it }
                advance(folder)
                if (System.nanoTime() > deadline) giveUp()
                Thread.sleep(POLL_MILLIS)
            }
        } finally {
            lock?.release()
            lockFile?.close()
        }
    }

    /** Does the next thing: takes the lock, starts the process, or looks how it does. */
    private fun advance(folder: Path) {
        val running = started
        when {
            running != null -> check(running, folder)
            // The process is started only in the next round, after one more look: whoever had the
            // lock until now may just have succeeded.
            lock == null -> takeLock(folder)
            System.nanoTime() >= nextAttemptAt -> started = startEngine(surroundings)
        }
    }

    private fun check(
        running: StartedEngine,
        folder: Path,
    ) {
        if (running.process.isAlive) return
        started = null
        val status = running.process.exitValue()
        if (status != EXIT_UNAVAILABLE || !isEngineAlive(folder)) throw notStarted("exit status $status", running)
        // Another engine is about to be ready, or about to end.
        wasRefused = true
        nextAttemptAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis)
        pauseMillis = minOf(2 * pauseMillis, LONGEST_PAUSE_MILLIS)
    }

    private fun giveUp(): Nothing {
        val running = started
        if (running != null) {
            running.end()
            throw notStarted("$timeoutMillis ms", running)
        }
        if (wasRefused) throw EngineUnreachable("$timeoutMillis ms")
        throw EngineNotStarted("$timeoutMillis ms")
    }

    private fun notStarted(
        how: String,
        running: StartedEngine,
    ): EngineNotStarted {
        val lines = running.lastLines()
        val index = lines.indexOfLast { it.startsWith(ENGINE_SAYS) }
        if (index < 0) return EngineNotStarted(lines.lastOrNull()?.trim() ?: how, lines)
        // What the engine advises follows on the next lines.
        return EngineNotStarted(lines[index].removePrefix(ENGINE_SAYS), lines, lines.drop(index + 1).joinToString(" "))
    }

    private fun takeLock(folder: Path) {
        try {
            val file =
                lockFile
                    ?: FileChannel.open(
                        folder.resolve("start.lock"),
                        setOf(StandardOpenOption.CREATE, StandardOpenOption.WRITE, NOFOLLOW_LINKS),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")),
                    )
            lockFile = file
            lock = file.tryLock()
        } catch (_: OverlappingFileLockException) {
            // Another connection of this same JVM starts the engine.
            lock = null
        } catch (error: IOException) {
            throw NotAllowed("$folder: ${error.message}", error)
        }
    }

    private companion object {
        const val POLL_MILLIS = 20L
        const val LONGEST_PAUSE_MILLIS = 2_000L
        const val ENGINE_SAYS = "limpet-engine: "

        /** The engine's exit status where it cannot start, among others because another one runs. */
        const val EXIT_UNAVAILABLE = 3

        /** Creates [folder] for this user alone, or checks that it is. */
        fun privateFolder(folder: Path): Path {
            try {
                Files.createDirectories(folder.parent)
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            } catch (_: FileAlreadyExistsException) {
                if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) throw NotAllowed("$folder is not a folder.")
                if (Files.getAttribute(folder, "unix:uid", NOFOLLOW_LINKS) != userId()) {
                    throw NotAllowed("$folder belongs to another user.")
                }
                if (!isPrivate(folder)) Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"))
            } catch (error: IOException) {
                throw NotAllowed("$folder: ${error.message}", error)
            }
            return folder
        }

        /** Whether the process lives that last took the engine's lock; its content outlives it. */
        fun isEngineAlive(folder: Path): Boolean =
            try {
                val holder = JsonParser.parseString(Files.readString(folder.resolve("engine.lock"))).asJsonObject
                isAlive(holder.get("pid").asLong)
            } catch (_: IOException) {
                false
            } catch (_: JsonParseException) {
                true
            } catch (_: IllegalStateException) {
                true
            }
    }
}

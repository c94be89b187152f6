/** Finds the engine's program and starts it. */
package dev.limpet.engine.client.discovery

import dev.limpet.engine.client.failure.EngineNotInstalled
import dev.limpet.engine.client.failure.EngineNotStarted
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.TimeUnit

/** A process that was started, and where it says what is wrong. */
class StartedEngine(
    val process: Process,
    private val log: Path,
) {
    /** The last words of the process. */
    fun lastLines(): List<String> =
        try {
            Files
                .readString(log, Charsets.ISO_8859_1)
                .toByteArray(Charsets.ISO_8859_1)
                .decodeToString()
                .lines()
                .filter { it.isNotBlank() }
                .takeLast(LINES)
        } catch (_: IOException) {
            emptyList()
        }

    /** Ends the process, gently first. */
    fun end() {
        process.destroy()
        if (!process.waitFor(2, TimeUnit.SECONDS)) process.destroyForcibly()
    }

    private companion object {
        const val LINES = 8
    }
}

/** Starts the engine's program. Throws EngineNotInstalled, EngineNotStarted. */
fun startEngine(surroundings: Surroundings): StartedEngine {
    val command = engineCommand(surroundings)
    val log = startLog(surroundings)
    val builder = ProcessBuilder(detached(command, surroundings))
    builder.environment().apply {
        clear()
        putAll(surroundings.variables)
        // Variables of the IDE's own Python consoles must not lead the engine to other modules.
        if (surroundings.engineCommand.isEmpty() && COMMAND_VARIABLE !in surroundings.variables) {
            remove("PYTHONPATH")
            remove("PYTHONHOME")
        }
    }
    builder.directory(File("/"))
    builder.redirectInput(ProcessBuilder.Redirect.from(File("/dev/null")))
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
    builder.redirectError(ProcessBuilder.Redirect.to(log.toFile()))
    return try {
        StartedEngine(builder.start(), log)
    } catch (error: IOException) {
        throw EngineNotStarted("${command.first()}: ${error.message}")
    }
}

/** The program and its arguments: what the user has set, else what is found. */
fun engineCommand(surroundings: Surroundings): List<String> {
    if (surroundings.engineCommand.isNotEmpty()) return surroundings.engineCommand
    surroundings.variables[COMMAND_VARIABLE]?.takeIf { it.isNotBlank() }?.let { return shellWords(it) }
    val program =
        surroundings.programFolders().map { it.resolve(PROGRAM) }.firstOrNull { Files.isExecutable(it) && !Files.isDirectory(it) }
            // Where only the command itself is linked into a folder of programs, the engine lies beside it.
            ?: surroundings.programFolders().firstNotNullOfOrNull { besideCommand(it.resolve("limpet")) }
            ?: throw EngineNotInstalled()
    return listOf(program.toString())
}

private const val COMMAND_VARIABLE = "LIMPET_ENGINE_COMMAND"
private const val PROGRAM = "limpet-engine"

private fun besideCommand(command: Path): Path? =
    try {
        command.toRealPath().resolveSibling(PROGRAM).takeIf { Files.isExecutable(it) }
    } catch (_: IOException) {
        null
    }

/** The engine outlives the IDE: in a session of its own, no signal to the IDE's group reaches it. */
private fun detached(
    command: List<String>,
    surroundings: Surroundings,
): List<String> {
    val setsid = surroundings.programFolders().map { it.resolve("setsid") }.firstOrNull { Files.isExecutable(it) }
    return if (setsid == null) command else listOf(setsid.toString()) + command
}

private fun startLog(surroundings: Surroundings): Path =
    try {
        val folder = Files.createDirectories(surroundings.stateDirectory())
        val log = folder.resolve("engine-start.log")
        if (Files.isSymbolicLink(log)) Files.delete(log)
        if (!Files.exists(log)) Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        log
    } catch (_: IOException) {
        // A home that cannot be written is no reason not to start.
        Files.createTempFile("limpet-engine-start-", ".log").apply { toFile().deleteOnExit() }
    }

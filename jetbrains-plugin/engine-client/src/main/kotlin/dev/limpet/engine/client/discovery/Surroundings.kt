/** What the client knows of the user's machine: variables and folders, the same as the engine's. */
package dev.limpet.engine.client.discovery

import java.nio.file.Path

/**
 * The environment that the engine is looked for in. [engineCommand] is what the user has set, as
 * program and arguments; empty means that it is looked for.
 */
class Surroundings(
    val variables: Map<String, String> = System.getenv(),
    val engineCommand: List<String> = emptyList(),
) {
    private val home: Path = Path.of(variables["HOME"] ?: System.getProperty("user.home"))

    /** The folder of the socket, the endpoint file and the locks. */
    fun runtimeDirectory(): Path {
        val runtime = variables["XDG_RUNTIME_DIR"]
        if (!runtime.isNullOrEmpty()) return Path.of(runtime, APPLICATION)
        val temporary = variables["TMPDIR"] ?: "/tmp"
        return Path.of(temporary, "$APPLICATION-${userId()}")
    }

    /** The folder of logs. */
    fun stateDirectory(): Path =
        variables["XDG_STATE_HOME"]?.takeIf { it.isNotBlank() }?.let { Path.of(it, APPLICATION) }
            ?: home.resolve(".local/state/$APPLICATION")

    /** The folders in which programs are looked for, in this order. */
    fun programFolders(): List<Path> {
        val fromPath = variables["PATH"].orEmpty().split(':').filter { it.startsWith("/") }.map { Path.of(it) }
        // An IDE that a desktop starts often has a shorter PATH than the user's shell.
        val usual =
            listOf(
                home.resolve(".local/bin"),
                home.resolve(".local/share/pipx/venvs/limpet/bin"),
                home.resolve(".local/pipx/venvs/limpet/bin"),
                home.resolve(".local/share/uv/tools/limpet/bin"),
                Path.of("/usr/local/bin"),
                Path.of("/opt/homebrew/bin"),
            )
        return (fromPath + usual).distinct()
    }

    private companion object {
        const val APPLICATION = "limpet"
    }
}

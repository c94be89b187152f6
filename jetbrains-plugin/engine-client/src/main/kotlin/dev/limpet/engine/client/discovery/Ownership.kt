/** Asks the operating system who owns a file and whether a process lives. */
package dev.limpet.engine.client.discovery

import java.io.IOException
import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.Path

private const val OTHERS = 0b000_111_111
private val ownId: Int by lazy { Files.getAttribute(Path.of("/proc/self"), "unix:uid") as Int }

/** The id of the user whose process this is. */
fun userId(): Int =
    try {
        ownId
    } catch (_: IOException) {
        // No /proc, as on macOS: the home folder is the user's own.
        Files.getAttribute(Path.of(System.getProperty("user.home")), "unix:uid") as Int
    }

/** Whether [path] itself, not what a link names, is this user's and closed to all others. */
fun isPrivate(path: Path): Boolean {
    val attributes = Files.readAttributes(path, "unix:uid,mode", NOFOLLOW_LINKS)
    return attributes["uid"] == userId() && (attributes["mode"] as Int) and OTHERS == 0
}

/** Whether this user has a process [pid] that has not ended yet. */
fun isAlive(pid: Long): Boolean {
    if (pid <= 0 || !ProcessHandle.of(pid).map { it.isAlive }.orElse(false)) return false
    return try {
        // A process whose parent never collects it, as happens in containers, is gone all the same.
        !Files.readString(Path.of("/proc/$pid/stat"), Charsets.ISO_8859_1).substringAfterLast(") ").startsWith("Z")
    } catch (_: IOException) {
        true
    }
}
